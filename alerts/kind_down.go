package alerts

import (
	"slices"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Down fires while nothing of what a selector selects is up: while all its series are 0, and while it has none, since a
// target that is gone from discovery has no series.
type Down struct {
	spec.Node
	// Of selects series that are 1 while something is up, or ready: up{job="api"}, pg_up, probe_success.
	Of slo.Selector `json:"of" jsonschema:"required"`
	// Per are labels whose values are judged apart: with per: [instance], each instance that is down fires. One that is gone
	// cannot be named then; list those that must exist in each.
	Per []spec.Ident `json:"per,omitempty"`
	// Each lists the values of one label that must exist, such as job: [api, worker]. Each gets a rule of its own, so that
	// one that is gone keeps its name.
	Each spec.Choices `json:"each,omitempty"`
	// ComponentFrom is the label of each whose value is the component.
	ComponentFrom spec.Ident `json:"componentFrom,omitempty"`

	of  expr.Selector
	per []string
}

func (d *Down) resolve(s *slo.Service, r *diag.Report) bool {
	ok := s.Catalogue.Gauge(d.Of, r) && checkPer(d.Per, d.Of, s.Catalogue, r)
	if len(d.Each) > 1 {
		r.Add(spec.BadValue, d.Each[1].Name.Pos(), "keep one label; write a second alert for the other", "each lists the members of %d labels", len(d.Each))
		ok = false
	}
	if len(d.Each) > 0 && len(d.Per) > 0 {
		r.Add(spec.UnknownKey, d.KeyPos("each"), "keep one of them", "members are either listed (each) or found (per)")
		ok = false
	}
	if from := d.ComponentFrom; from.Text != "" && (len(d.Each) == 0 || d.Each[0].Name.Text != from.Text) {
		r.Add(spec.UnknownReference, from.Pos(), "name the label that each lists", "each does not list values of %q", from.Text)
		ok = false
	}
	d.of, d.per = d.Of.Selector, idents(d.Per)
	return ok && d.checkEach(s, r)
}

// checkEach holds the listed members against the selector.
func (d *Down) checkEach(s *slo.Service, r *diag.Report) bool {
	ok := true
	for _, each := range d.Each {
		label := each.Name.Text
		if !s.Catalogue.HasLabel(d.of.Name, label) {
			r.Add(slo.UnknownLabel, each.Name.Pos(), spec.Suggest(label, append(s.Catalogue.Labels(d.of.Name), s.Catalogue.TargetLabels()...)), "%s has no label %q", d.of.Name, label)
			ok = false
		}
		values := s.Catalogue.Values(d.of.Name, label)
		listed := func(value string) bool { return slices.Contains(values, value) }
		known := 0
		for _, v := range each.Values {
			if listed(v.Text) {
				known++
			}
		}
		var seen []string
		for _, v := range each.Values {
			excluded := slices.ContainsFunc(d.of.LabelMatchers, func(m *labels.Matcher) bool { return m.Name == label && !m.Matches(v.Text) })
			switch {
			case excluded:
				r.Add(slo.OneSided, v.Pos(), "match it, or take it out", "%s does not select %s=%q: it would be down for ever", expr.String(d.of), label, v.Text)
				ok = false
			case slices.Contains(seen, v.Text):
				r.Add(slo.DuplicateName, v.Pos(), "list it once", "%s %q is listed already", label, v.Text)
				ok = false
			case !listed(v.Text) && known > 1:
				// A page that shows several of them shows all, unless it is of one of them.
				r.Add(slo.UnknownValue, v.Pos(), "take it out, or add it to the catalogue", "no series of %s in the catalogue has %s=%q, and others that are listed: it would be down for ever", d.of.Name, label, v.Text)
			}
			seen = append(seen, v.Text)
		}
	}
	return ok
}

// parts implements divided: a rule for each listed member.
func (d *Down) parts(component string) []part {
	if len(d.Each) == 0 {
		return []part{{kind: d, component: component}}
	}
	var parts []part
	label := d.Each[0].Name.Text
	for _, v := range d.Each[0].Values {
		member := *d
		member.of = expr.Narrow(d.of, expr.Equal(label, v.Text))
		p := part{kind: &member, labels: spec.NewLabels(label, v.Text), component: component, member: v.Text, group: label, listed: label}
		if d.ComponentFrom.Text == label {
			p.component, p.componentPos, p.group = v.Text, v.Pos(), "" // it is all of the component
		}
		parts = append(parts, p)
	}
	return parts
}

// condition implements Kind. The aggregation drops the labels of series: an
// alert is the same one, and its for goes on, when what was down is gone.
func (d *Down) condition() expr.Expr {
	best := expr.Max(d.of, d.per...)
	return expr.Or(expr.Equals(best, zero), expr.Absent(expr.Max(d.of)))
}

func (d *Down) words() Words {
	return Words{Condition: short(d.of) + " is 0 everywhere, or gone", Per: d.per, Gone: true}
}

// imitate implements Kind: the level is 1 while it is down.
func (d *Down) imitate(t Timing) Imitation {
	levels := jumps(t, limit{at: 0.5, whole: true}, 0, 1)
	levels.Gauges = []Gauge{gauge(d.of, func(level, _ float64) float64 { return 1 - level })}
	levels.Per, levels.Gone, levels.Together, levels.Steady = d.per, len(d.per) == 0, len(d.per) == 0, true
	if levels.Together {
		levels.oneOfTwo()
	}
	return Imitation{Levels: levels}
}

func (*Down) quantity() Quantity { return QuantityState }

func (*Down) bearing() bearing { return isDown }
