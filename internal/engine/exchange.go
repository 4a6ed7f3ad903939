package engine

import "slowburn/internal/rulefile"

// Exchange is a rule in the place of another: what has to be evaluated again,
// over a storage that has all that the plan with the other one recorded.
type Exchange struct {
	Alone   *Again                  // the rule itself; nil where it cannot be evaluated by itself
	Reached *Again                  // all rules that it reaches
	Rules   map[*rulefile.Rule]bool // of those, both of the exchanged ones
}

// Again are rules that are evaluated again. What others have recorded stays.
type Again struct {
	Plan    *Plan
	Metrics []string // that they write, or wrote
}

// Exchange finds what a rule reaches that stands, in another plan, in the place of one of this.
func (p *Plan) Exchange(was, is *rulefile.Rule, other *Plan) Exchange {
	before, rules := p.Reached(was), other.Reached(is)
	for r := range before {
		rules[r] = true
	}
	x := Exchange{Reached: newAgain(other.Part(rules), p.Part(before)), Rules: rules}
	if alone, ok := other.Alone(is); ok && was.Record == is.Record {
		x.Alone = newAgain(alone, alone)
	}
	return x
}

func newAgain(plan, before *Plan) *Again {
	return &Again{plan, append(before.Metrics(), plan.Metrics()...)}
}

// Within are groups with those of their rules alone that a plan has, and a rule in
// the place of another.
func (p *Plan) Within(groups []*rulefile.Group, was, is *rulefile.Rule) []*rulefile.Group {
	wanted := map[*rulefile.Rule]bool{}
	for _, r := range p.rules {
		wanted[r.Rule] = true
	}
	var parts []*rulefile.Group
	for _, g := range groups {
		part := *g
		part.Rules = nil
		for _, r := range g.Rules {
			if !wanted[r] {
				continue
			}
			if r == was {
				r = is
			}
			part.Rules = append(part.Rules, r)
		}
		if len(part.Rules) > 0 {
			parts = append(parts, &part)
		}
	}
	return parts
}
