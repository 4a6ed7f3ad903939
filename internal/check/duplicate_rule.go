package check

import (
	"maps"

	"github.com/prometheus/common/model"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var duplicateRule = &Check{
	Kind: diag.Kind{Name: "duplicate-rule", Severity: diag.Warning, Doc: `Two rules of a file have the same name and the same labels.

Two recording rules would write the same series, and which value is stored depends on the order of evaluation. Two alerts
could not be told apart. promtool's lint of the same name looks for this too; here, rules are let pass whose series always
differ in a label (code=~"2.." and code=~"3..").`},
	Bad: `groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - record: job:up:sum
        expr: sum by (job) (up{job!=""})
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - record: job:up:count
        expr: count by (job) (up)
`,
	Run: func(p *Pass) {
		p.EachFile(func(*rulefile.File) {
			seen := seenRules{}
			p.EachRuleOfFile(func(r *rulefile.Rule) {
				switch first := seen.add(p, r); {
				case first == nil:
				case first.Value.Pos == r.Value.Pos:
					// An alias puts the same lines into two groups.
					p.Report(p.group.Value.Pos, "write the rules out, each with labels of its own", "%s with the same labels stands already at %s: an alias takes it from there", r.Name(), first.Value.Pos)
				default:
					p.Report(r.Value.Pos, "rename one, or give it another label", "%s with the same labels stands already at %s", r.Name(), first.Value.Pos)
				}
			})
		})
	},
}

// seenRules are rules by a sum of their name and labels, which is the same for
// few that have not the same.
type seenRules map[uint64]*seenRule

type seenRule struct {
	*rulefile.Rule
	set     map[string]string // the labels that it sets
	carried carried
	next    *seenRule // with the same sum
}

// maxCompared is how many rules of one name and the same labels a further one
// is compared with.
const maxCompared = 20

// add adds the rule that a pass is at, and returns one seen before that may
// make the same series, or nil.
func (s seenRules) add(p *Pass, r *rulefile.Rule) *rulefile.Rule {
	one := &seenRule{Rule: r, set: p.group.LabelsOf(r)}
	sum := rulefile.Sum(r.Name(), one.set)
	end, alike := s.like(sum, one)
	if len(alike) > 0 { // most rules are alone, and need not be looked into
		one.carried = p.carriedBy(r.Expr)
	}
	switch {
	case end == nil:
		s[sum] = one
	case len(alike) < maxCompared:
		end.next = one
	}
	for _, o := range alike {
		if o.carried == nil {
			o.carried = p.carriedBy(o.Expr)
		}
		if !areDisjoint(o.carried, one.carried, one.set) {
			return o.Rule
		}
	}
	return nil
}

// like are the rules of one name and the same labels, and the last one with a sum.
func (s seenRules) like(sum uint64, one *seenRule) (end *seenRule, alike []*seenRule) {
	for o := s[sum]; o != nil; o = o.next {
		end = o
		if o.Name() == one.Name() && maps.Equal(o.set, one.set) {
			alike = append(alike, o)
		}
	}
	return end, alike
}

// areDisjoint tells whether the series of two rules that set the same labels are
// never the same: the values of another label never agree.
func areDisjoint(a, b carried, set map[string]string) bool {
	for _, l := range a {
		i, ok := b.find(l.name)
		if _, isSet := set[l.name]; ok && !isSet && l.name != model.MetricNameLabel && l.excludes(b[i].carriedValue) {
			return true
		}
	}
	return false
}
