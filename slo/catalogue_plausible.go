package slo

import (
	"strconv"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
)

// ImplausibleValue is what a metric's values in the catalogue speak against.
var ImplausibleValue = &diag.Kind{Name: "implausible-value", Severity: diag.Warning, Doc: `By its values in the catalogue, a metric is not what the alert takes it for.

More bytes are available than there are where the two selectors are swapped, and such an alert never fires. What should be an
instant, in seconds since 1970, is none where the gauge holds an age, or milliseconds. If the page was made up, mend its values.`}

// What instants in seconds since 1970 lie between: 1973 and 5138. Others are ages, or milliseconds.
const leastInstant, mostInstant = 1e8, 1e11

// Instant is Gauge for a selector of instants, in seconds since 1970; 0 stands
// for never.
func (c *Catalogue) Instant(of Selector, r *diag.Report) bool {
	if !c.Gauge(of, r) {
		return false
	}
	for _, v := range c.seen(of.Selector) {
		if v != 0 && !(v >= leastInstant && v < mostInstant) {
			help := "select the time at which it happened; of an age use above, of milliseconds an expression"
			r.Add(ImplausibleValue, of.Pos(), help, "%s is %s in the catalogue, which is no time in seconds since 1970", of.Selector.Name, strconv.FormatFloat(v, 'g', -1, 64))
			break
		}
	}
	return true
}

// PartOf reports a selector whose values are larger than those of what they
// should be parts of.
func (c *Catalogue) PartOf(part, whole Selector, r *diag.Report) {
	if part.Selector == nil || whole.Selector == nil {
		return // reported where it was read
	}
	some, all := largest(c.seen(part.Selector)), largest(c.seen(whole.Selector))
	if some > all && all > 0 {
		r.Add(ImplausibleValue, part.Pos(), "swap the two, or mend the catalogue", "in the catalogue %s is larger than %s, of which it should be a part", part.Selector.Name, whole.Selector.Name)
	}
}

// seen are the values of the catalogue's series that a selector matches.
func (c *Catalogue) seen(s expr.Selector) []float64 {
	if c == nil || c.metrics[s.Name] == nil {
		return nil
	}
	m := c.metrics[s.Name]
	matchers := expr.LabelMatchers(s)
	var values []float64
	for i, lset := range m.series {
		if c.matches(lset, matchers) {
			values = append(values, m.values[i])
		}
	}
	return values
}

func largest(values []float64) float64 {
	most := 0.0
	for _, v := range values {
		most = max(most, v)
	}
	return most
}
