package alerts

import (
	"math/big"
	"slices"
	"time"

	"slowburn/slo"
)

// BurnExplanation is the arithmetic of a burn-rate alert.
type BurnExplanation struct {
	Tier      string   `json:"tier"`
	BadEvents string   `json:"badEvents,omitempty"` // PromQL: how many there were in the long window; "" where nobody counts them
	Factor    Fraction `json:"factor"`
	Threshold Fraction `json:"threshold"`
	Long      Seconds  `json:"longSeconds"`
	Short     Seconds  `json:"shortSeconds,omitempty"`
	// NeedsObjective is set if the alert can never fire: an objective must be above it.
	NeedsObjective *Fraction  `json:"needsObjectiveAbove,omitempty"`
	ByRatio        []RatioRow `json:"byErrorRatio"`
	// SpentWhenFiring is the share of the budget, Lasts how long all of it does at the threshold and in a full outage.
	SpentWhenFiring  Fraction `json:"budgetSpentWhenFiring"`
	LastsAtThreshold Seconds  `json:"budgetLastsAtThresholdSeconds"`
	LastsInOutage    Seconds  `json:"budgetLastsInOutageSeconds"`
	MinErrors        int      `json:"minErrors"`
	Outage           *Outage  `json:"outage,omitempty"`
	Traffic          *Traffic `json:"traffic,omitempty"`
}

// RatioRow is what the alert does about errors of one ratio.
type RatioRow struct {
	Errors Fraction `json:"errorRatio"`
	// JustAbove marks the limit that the row's times approach as the ratio approaches the threshold from above.
	JustAbove bool     `json:"justAbove,omitempty"`
	Rate      Fraction `json:"burnRate"`
	// What follows is nil where the alert never fires.
	FiresAfter  *Seconds  `json:"firesAfterSeconds"`
	ClearsAfter *Seconds  `json:"clearsAfterSeconds"`
	Spent       *Fraction `json:"budgetSpent"`
}

// Outage is when the alert fires in a full outage: by arithmetic, after errors
// at the budget's own rate, and at the latest in reality.
type Outage struct {
	FiresAfter       Seconds `json:"firesAfterSeconds"`
	FiresAfterErrors Seconds `json:"firesAfterErrorsAtBudgetSeconds"`
	FiresWithin      Seconds `json:"firesWithinSeconds"`
}

// Traffic is what few events do to the alert. Errors is the guard, or one.
type Traffic struct {
	Errors    int          `json:"errors"`
	Least     Fraction     `json:"leastEventsAnHour"`
	ByTraffic []TrafficRow `json:"byTraffic"`
}

// TrafficRow is a full outage at some traffic.
type TrafficRow struct {
	Events int `json:"eventsAnHour"`
	// ErrorsTake is how long it takes until the guard's errors happened.
	ErrorsTake Seconds `json:"errorsTakeSeconds"`
	// FiresAfter is nil if the guard never lets the alert fire.
	FiresAfter *Seconds `json:"firesAfterSeconds"`
}

// shownTraffic is the traffic, in events an hour, at which low traffic is shown.
var shownTraffic = []int{10, 100, 1000, 10000}

func explainBurn(a Alert, t slo.Tier, delay Delay) *BurnExplanation {
	o := a.SLO
	x := &BurnExplanation{
		Tier: t.Name, Factor: Fraction{t.Factor()}, Threshold: Fraction{t.Threshold()},
		Long: Seconds(t.Long), Short: Seconds(t.Short), MinErrors: o.MinErrors,
		SpentWhenFiring: Fraction{t.SpentAtDetection()}, LastsAtThreshold: Seconds(t.Lasts(t.Threshold())), LastsInOutage: Seconds(t.BudgetTime()),
	}
	if errors := o.SLI.Errors(t.Long); errors != nil {
		x.BadEvents = errors.String()
	}
	for _, rate := range shownRates(t.Burn) {
		x.ByRatio = append(x.ByRatio, ratioRow(t.Burn, new(big.Rat).Mul(rate, t.Budget), o.SLI.Slice()))
		if rate.Cmp(t.Factor()) == 0 && t.Threshold().Cmp(whole) < 0 {
			x.ByRatio = append(x.ByRatio, justAbove(t.Burn))
		}
	}
	full, _, fires := t.FullOutage(o.SLI.Slice())
	if !fires {
		x.NeedsObjective = &Fraction{slo.LeastObjective(t.Factor())}
		return x
	}
	fromBudget, _ := t.DetectionFrom(t.Budget, whole)
	x.Outage = &Outage{
		FiresAfter: Seconds(full), FiresAfterErrors: Seconds(fromBudget),
		FiresWithin: Seconds(full) + delay.Total - delay.Slice, // which is in it
	}
	if o.SLI.Slice() == 0 { // time is never scarce
		x.Traffic = traffic(o, t.Burn)
	}
	return x
}

var whole = big.NewRat(1, 1)

// shownRates are the multiples of the budget's rate that are shown: 1, 2 and 5
// of every power of ten up to 100, whole powers from there, the alert's factor,
// and what a full outage is; none that would be more than one.
func shownRates(b slo.Burn) []*big.Rat {
	full := b.Rate(whole)
	rates := []*big.Rat{full, b.Factor()}
	for power := big.NewRat(1, 1); power.Cmp(full) <= 0; power = new(big.Rat).Mul(power, big.NewRat(10, 1)) {
		rates = append(rates, power)
		if power.Cmp(big.NewRat(100, 1)) < 0 {
			rates = append(rates, new(big.Rat).Mul(power, big.NewRat(2, 1)), new(big.Rat).Mul(power, big.NewRat(5, 1)))
		}
	}
	rates = slices.DeleteFunc(rates, func(r *big.Rat) bool { return r.Cmp(full) > 0 })
	slices.SortFunc(rates, (*big.Rat).Cmp)
	return slices.CompactFunc(rates, func(a, b *big.Rat) bool { return a.Cmp(b) == 0 })
}

func ratioRow(b slo.Burn, e *big.Rat, slice time.Duration) RatioRow {
	row := RatioRow{Errors: Fraction{e}, Rate: Fraction{b.Rate(e)}}
	if d, reset, ok := b.FullOutage(slice); ok && e.Cmp(whole) == 0 {
		row.FiresAfter, row.ClearsAfter, row.Spent = seconds(d), seconds(reset), &Fraction{b.SpentAtDetection()}
		return row
	}
	if d, ok := b.Detection(e); ok {
		row.FiresAfter, row.ClearsAfter, row.Spent = seconds(d), seconds(b.Reset(e)), &Fraction{b.SpentAtDetection()}
	}
	return row
}

// justAbove is the limit of detection and reset as the error ratio approaches
// the threshold from above: the whole long window, and no time at all.
func justAbove(b slo.Burn) RatioRow {
	return RatioRow{
		Errors: Fraction{b.Threshold()}, JustAbove: true, Rate: Fraction{b.Factor()},
		FiresAfter: seconds(b.Long), ClearsAfter: seconds(b.Reset(b.Threshold())), Spent: &Fraction{b.SpentAtDetection()},
	}
}

func traffic(o *slo.SLO, b slo.Burn) *Traffic {
	k := max(1, o.MinErrors)
	x := &Traffic{Errors: k, Least: Fraction{b.LeastTraffic(k)}}
	full, _ := b.Detection(whole)
	for _, events := range shownTraffic {
		take, ok := b.GuardTime(k, big.NewRat(int64(events), 1))
		row := TrafficRow{Events: events, ErrorsTake: Seconds(take)}
		if ok {
			row.FiresAfter = seconds(max(full, take))
		}
		x.ByTraffic = append(x.ByTraffic, row)
	}
	return x
}
