package mutate

import (
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

// Survived is a mutant that no test notices.
var Survived = &diag.Kind{Name: "surviving-mutant", Severity: diag.Note, Doc: `A rule can be broken, and no test notices.

With --mutate, slowburn test breaks rules one place at a time: it drops a window, turns a comparison round, moves a threshold by
a tenth. What no test notices could happen to the rule by mistake. The finding names a test that would notice;
docs/mutation.md lists the ways in which rules are broken.`}

// Verdict is what became of a mutant.
type Verdict struct {
	Mutant
	By     string // the test that noticed; empty if none did
	Unread bool   // no test depends on the rule
}

// Noticed tells whether a test failed.
func (v Verdict) Noticed() bool { return v.By != "" }

// Findings are the surviving mutants, for people. A rule that no test reads is
// one finding, however many mutants it has.
func Findings(verdicts []Verdict) []diag.Finding {
	var r diag.Report
	unread := map[*rulefile.Rule]bool{}
	survived := map[site][]string{}
	var sites []site
	for _, v := range verdicts {
		switch {
		case v.Noticed() || v.Equivalent != "":
		case !v.Unread:
			at := site{v.Was, v.Operator, v.Pos}
			if survived[at] == nil {
				sites = append(sites, at)
			}
			survived[at] = append(survived[at], v.Says)
		case !unread[v.Was]:
			unread[v.Was] = true
			at, help := v.Was.Value.Get("record"), "assert its value with promql_expr_test"
			if v.Was.Alert != "" {
				at, help = v.Was.Value.Get("alert"), "assert with alert_rule_test when it fires and when not"
			}
			r.Add(Survived, at.Pos, help, "%s: no test reads the rule, so that none notices any change", v.Was.Name())
		}
	}
	for _, at := range sites {
		r.Add(Survived, at.pos, at.operator.Hint, "%s: no test notices that %s (%s)", at.rule.Name(), strings.Join(survived[at], ", nor that "), at.operator.Name)
	}
	return r.Findings()
}

// site is where an operator breaks a rule. What survives there is one finding:
// one test would notice all of it.
type site struct {
	rule     *rulefile.Rule
	operator *Operator
	pos      diag.Pos
}

// Score counts mutants.
type Score struct {
	Mutants    int `json:"mutants"`
	Noticed    int `json:"noticed"`
	Survived   int `json:"survived"` // although a test reads the rule
	Unread     int `json:"unread"`   // of rules that no test reads
	Equivalent int `json:"equivalent"`
}

// Share is the part that was noticed of those that some test could notice,
// between 0 and 1.
func (s Score) Share() float64 { return share(s.Noticed, s.Survived+s.Unread) }

// ShareOfRead is Share among the rules that a test reads.
func (s Score) ShareOfRead() float64 { return share(s.Noticed, s.Survived) }

func share(noticed, not int) float64 {
	if noticed+not == 0 {
		return 1
	}
	return float64(noticed) / float64(noticed+not)
}

func (s *Score) add(v Verdict) {
	s.Mutants++
	switch {
	case v.Noticed():
		s.Noticed++
	case v.Equivalent != "":
		s.Equivalent++
	case v.Unread:
		s.Unread++
	default:
		s.Survived++
	}
}

// OperatorScore is the score of one operator.
type OperatorScore struct {
	Operator *Operator
	Score
}

// Scores are those of each operator that made a mutant, in their order.
func Scores(verdicts []Verdict) (each []OperatorScore, all Score) {
	by := map[*Operator]*Score{}
	for _, v := range verdicts {
		if by[v.Operator] == nil {
			by[v.Operator] = &Score{}
		}
		by[v.Operator].add(v)
		all.add(v)
	}
	for _, o := range Operators {
		if by[o] != nil {
			each = append(each, OperatorScore{o, *by[o]})
		}
	}
	return each, all
}
