package check

import (
	"maps"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

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

// seenRules are rules by their name and labels.
type seenRules map[string][]seenRule

type seenRule struct {
	*rulefile.Rule
	carried carried
}

// maxCompared is how many rules of one name and the same labels a further one
// is compared with.
const maxCompared = 20

// add adds the rule that a pass is at, and returns one seen before that may
// make the same series, or nil.
func (s seenRules) add(p *Pass, r *rulefile.Rule) *rulefile.Rule {
	set := map[string]string{model.MetricNameLabel: r.Name()}
	maps.Copy(set, p.group.Labels)
	maps.Copy(set, r.Labels)
	key := labels.FromMap(set).String()
	before := s[key]
	if len(before) == 0 {
		s[key] = []seenRule{{r, nil}}
		return nil
	}
	if before[0].carried == nil { // most rules are alone, and need not be looked into
		before[0].carried = p.carriedBy(before[0].Expr)
	}
	one := seenRule{r, p.carriedBy(r.Expr)}
	if len(before) < maxCompared {
		s[key] = append(before, one)
	}
	for _, o := range before {
		if !areDisjoint(o.carried, one.carried, set) {
			return o.Rule
		}
	}
	return nil
}

// areDisjoint tells whether the series of two rules that set the same labels are
// never the same: the values of another label never agree.
func areDisjoint(a, b carried, set map[string]string) bool {
	for name, value := range a {
		other, ok := b[name]
		if _, isSet := set[name]; ok && !isSet && value.excludes(other) {
			return true
		}
	}
	return false
}
