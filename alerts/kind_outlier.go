package alerts

import (
	"fmt"
	"math/big"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Outlier fires while one member has several times as much as the others: a hot shard, a node that gets all requests.
type Outlier struct {
	spec.Node
	// Of selects the counter of what members have: queries, requests, bytes.
	Of slo.Selector `json:"of" jsonschema:"required"`
	// Member is the label that tells members apart.
	Member spec.Ident `json:"member" jsonschema:"required"`
	// Above is how many times the median of the others a member may have, 2 or more.
	Above spec.Decimal `json:"above" jsonschema:"required"`
	// Members is how many there must be. Default: 3, since of two nobody can tell which one is odd.
	Members spec.Count `json:"members,omitempty"`
	// Traffic is how much all members must have together in a second. Default: any.
	Traffic spec.Decimal `json:"traffic,omitempty"`
	// Over is the window. Default: 5m.
	Over spec.Duration `json:"over,omitempty"`

	over    time.Duration
	members int
}

func (o *Outlier) resolve(s *slo.Service, r *diag.Report) bool {
	ok := s.Catalogue.Counter(o.Of, r) && checkPer([]spec.Ident{o.Member}, o.Of, s.Catalogue, r) && o.Member.Text != ""
	if o.Above.IsSet() && o.Above.Cmp(big.NewRat(2, 1)) < 0 {
		r.Add(spec.BadValue, o.Above.Pos(), "use 2 or more", "%s times as much is nothing unusual", o.Above)
		ok = false
	}
	if o.Members.IsSet() && o.Members.N < 3 {
		r.Add(spec.BadValue, o.Members.Pos(), "use 3 or more", "of %d members nobody can tell which one is odd", o.Members.N)
		ok = false
	}
	if o.Traffic.IsSet() && o.Traffic.Sign() < 0 {
		r.Add(spec.BadValue, o.Traffic.Pos(), "use 0 or more", "traffic cannot be %s", o.Traffic)
		ok = false
	}
	o.over, o.members = 5*time.Minute, 3
	if o.Over.IsSet() {
		o.over = o.Over.Duration
	}
	if o.Members.IsSet() {
		o.members = o.Members.N
	}
	return (o.Over.Value() == nil || checkWindow(o.Over, s, r)) && o.Above.IsSet() && ok
}

// condition implements Kind. The median of all but the largest of n members is
// where n/2 - 1 members are below: (n - 2) / (2 (n - 1)) of the way from the
// smallest to the largest of all. For a member above twice that it is the median
// of the others, whichever it is.
func (o *Outlier) condition() expr.Expr {
	rates := expr.Sum(expr.Rate(o.Of.Selector, o.over), o.Member.Text)
	number := func(n int64) expr.Expr { return expr.Number(big.NewRat(n, 1)) }
	n := expr.Count(rates)
	place := expr.Div(expr.Sub(n, number(2)), expr.Mul(number(2), expr.Sub(n, one)))
	median := expr.Quantile(expr.Scalar(place), rates)
	// As a number it is compared with every member, without matching labels.
	hot := expr.Greater(rates, expr.Mul(expr.Number(o.Above.Rat), expr.Scalar(median)))
	hot = expr.AndOn(hot, expr.AtLeast(n, number(int64(o.members))))
	if o.Traffic.IsSet() {
		hot = expr.AndOn(hot, expr.AtLeast(expr.Sum(expr.Rate(o.Of.Selector, o.over)), expr.Number(o.Traffic.Rat)))
	}
	return hot
}

func (o *Outlier) words() Words {
	return Words{
		Condition: fmt.Sprintf("one %s has more than %s times as much of %s as the median of the others", o.Member, o.Above, short(o.Of.Selector)),
		Per:       []string{o.Member.Text}, Value: "It has {{ $value | humanize }} a second.",
	}
}

// imitate implements Kind: the level is how many times as much as each of the
// others a member has.
func (o *Outlier) imitate(t Timing) Imitation {
	above := toFloat(o.Above.Rat)
	t.Window = o.over
	levels := jumps(t, limit{at: above}, 1, 2*above)
	counter := func(each float64) []Gauge {
		g := gauge(o.Of.Selector, func(level, _ float64) float64 { return level * each })
		g.Counter = true
		return []Gauge{g}
	}
	usual := 10.0
	if o.Traffic.IsSet() {
		usual = max(usual, 2*toFloat(o.Traffic.Rat))
		idle := levels.Outage(t.Noticed())
		idle.Name, idle.Silent = "little traffic", fmt.Sprintf("there must be %s a second", o.Traffic)
		idle.Gauges = counter(toFloat(o.Traffic.Rat) * 4 / 5 / (2*above + float64(o.members)))
		levels.Scenes = append(levels.Scenes, idle)
	}
	few := levels.Outage(t.Noticed())
	few.Name, few.Silent, few.Beside = "too few members", fmt.Sprintf("there must be %d members", o.members), o.members-2
	levels.Scenes = append(levels.Scenes, few)
	levels.Gauges, levels.Beside = counter(usual), o.members-1
	levels.Window, levels.Per, levels.Steady = o.over, []string{o.Member.Text}, true
	return Imitation{Levels: levels}
}
