package alerts

import (
	"fmt"
	"math/big"
	"slices"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Outlier fires while one member has several times as much as the others, or far less: a hot shard, a node that gets all
// requests, a consumer that hardly works.
type Outlier struct {
	spec.Node
	// Of selects the counter of what members have: queries, requests, bytes.
	Of slo.Selector `json:"of" jsonschema:"required"`
	// Member is the label that tells members apart.
	Member spec.Ident `json:"member" jsonschema:"required"`
	// Above is how many times the median of the others a member may have, 2 or more.
	Above spec.Decimal `json:"above,omitempty"`
	// Below is which share of the median of the others a member must have, 50% or less.
	Below spec.Ratio `json:"below,omitempty"`
	// Per are labels within whose values members are compared: with per: [queue], consumers of one queue.
	Per []spec.Ident `json:"per,omitempty"`
	// Members is how many there must be. Default: 3, since of two nobody can tell which one is odd.
	Members spec.Count `json:"members,omitempty"`
	// Traffic is how much all members must have together in a second. Default: any, so that in an idle group, where the
	// median of the others is 0, the first request makes an outlier of whoever gets it.
	Traffic spec.Decimal `json:"traffic,omitempty"`
	// Over is the window. Default: 5m.
	Over spec.Duration `json:"over,omitempty"`

	over    time.Duration
	members int
	per     []string
}

func (o *Outlier) resolve(s *slo.Service, r *diag.Report) bool {
	ok := s.Catalogue.Counter(o.Of, r) && checkPer(append([]spec.Ident{o.Member}, o.Per...), o.Of, s.Catalogue, r) && o.Member.Text != ""
	o.over, o.members, o.per = 5*time.Minute, 3, idents(o.Per)
	if at := slices.Index(o.per, o.Member.Text); at >= 0 && o.Member.Text != "" {
		r.Add(spec.BadValue, o.Per[at].Pos(), "leave it out", "of each %s there is one member", o.Member)
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
	if o.Over.IsSet() {
		o.over = o.Over.Duration
	}
	if o.Members.IsSet() {
		o.members = o.Members.N
	}
	return (o.Over.Value() == nil || checkWindow(o.Over, s, r)) && o.checkLimit(r) && ok
}

// checkLimit reports a limit that is none. Between half the median and twice it
// the median of the others depends on the member.
func (o *Outlier) checkLimit(r *diag.Report) bool {
	switch above, below := o.Value().Get("above"), o.Value().Get("below"); {
	case above == nil && below == nil:
		r.Add(spec.MissingKey, o.Pos(), "add above: 3, for one that has three times as much as the others, or below: 25%", "nothing says which member is odd")
	case above != nil && below != nil:
		r.Add(spec.UnknownKey, below.Pos, "keep one of them, and write a second alert for the other", "the outlier has above and below")
	case above != nil && o.Above.IsSet() && o.Above.Cmp(big.NewRat(2, 1)) < 0:
		r.Add(spec.BadValue, above.Pos, "use 2 or more", "%s times as much is nothing unusual", o.Above)
	case below != nil && o.Below.IsSet() && (o.Below.Sign() <= 0 || o.Below.Cmp(big.NewRat(1, 2)) > 0):
		r.Add(spec.BadValue, below.Pos, "use a share above 0% and of 50% at most", "less than %s of the others is no outlier", o.Below)
	default:
		return o.Above.IsSet() || o.Below.IsSet()
	}
	return false
}

// low tells whether it is having little that is odd.
func (o *Outlier) low() bool { return o.Below.IsSet() }

// condition implements Kind. Members are compared with the median of all but the
// one that has most: for a member above twice that it is the median of the
// others, whichever it is. Those that have too little are compared with the
// median of all but the one that has least.
func (o *Outlier) condition() expr.Expr {
	members := append(slices.Clone(o.per), o.Member.Text)
	rates := expr.Sum(expr.Rate(o.Of.Selector, o.over), members...)
	var odd expr.Expr
	if o.low() {
		usual := expr.Median(expr.Unless(rates, expr.BottomK(1, rates, o.per...)), o.per...)
		odd = expr.LessEach(rates, expr.Mul(expr.Number(o.Below.Rat), usual), o.per...)
		// One that came or went within the window has little of it, and is well.
		odd = expr.And(odd, expr.Group(o.Of.Selector, members...))
		odd = expr.And(odd, expr.Group(expr.Before(o.Of.Selector, o.over), members...))
	} else {
		usual := expr.Median(expr.Unless(rates, expr.TopK(1, rates, o.per...)), o.per...)
		odd = expr.GreaterEach(rates, expr.Mul(expr.Number(o.Above.Rat), usual), o.per...)
	}
	odd = expr.AndOn(odd, expr.AtLeast(expr.Count(rates, o.per...), expr.Number(big.NewRat(int64(o.members), 1))), o.per...)
	if o.Traffic.IsSet() {
		odd = expr.AndOn(odd, expr.AtLeast(expr.Sum(expr.Rate(o.Of.Selector, o.over), o.per...), expr.Number(o.Traffic.Rat)), o.per...)
	}
	return odd
}

func (o *Outlier) words() Words {
	condition := fmt.Sprintf("one %s has more than %s times as much of %s as the median of the others", o.Member, o.Above, short(o.Of.Selector))
	if o.low() {
		condition = fmt.Sprintf("one %s has less of %s than %s of the median of the others", o.Member, short(o.Of.Selector), o.Below)
	}
	return Words{
		Condition: condition,
		Per:       append(slices.Clone(o.per), o.Member.Text), Value: "It has {{ $value | humanize }} a second.",
	}
}

// imitate implements Kind: the level is how many times as much as each of the
// others a member has.
func (o *Outlier) imitate(t Timing) Imitation {
	t.Window = o.over
	odd, most := limit{}, 1.0 // the most that a member has
	var levels *Levels
	if o.low() {
		odd = limit{at: toFloat(o.Below.Rat), below: true}
		levels = jumps(t, odd, 1, odd.at/2)
	} else {
		odd = limit{at: toFloat(o.Above.Rat)}
		most = 2 * odd.at
		levels = jumps(t, odd, 1, most)
	}
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
		idle.Gauges = counter(toFloat(o.Traffic.Rat) * 4 / 5 / (most + float64(o.members)))
		levels.Scenes = append(levels.Scenes, idle)
	}
	few := levels.Outage(t.Noticed())
	few.Name, few.Silent, few.Beside = "too few members", fmt.Sprintf("there must be %d members", o.members), o.members-2
	levels.Scenes = append(levels.Scenes, few)
	levels.Gauges, levels.Beside = counter(usual), o.members-1
	levels.Window, levels.Per, levels.Within, levels.Steady = o.over, o.words().Per, o.per, true
	return Imitation{Levels: levels}
}
