package alerts

import (
	"encoding/json"
	"math/big"
	"slices"
	"time"
)

// Explanation is what an alert means to somebody who is woken by it, and to
// somebody who reviews it. It holds numbers and names; how they are laid out is
// up to who prints it.
type Explanation struct {
	Alert        string                `json:"alert"`
	Service      string                `json:"service"`
	Owner        string                `json:"owner,omitempty"`
	SLO          string                `json:"slo,omitempty"`
	Per          []string              `json:"per,omitempty"` // labels of which each combination is judged alone
	Summary      string                `json:"summary,omitempty"`
	Objective    Fraction              `json:"objective,omitzero"`
	Budget       Fraction              `json:"budget,omitzero"`
	Period       Seconds               `json:"periodSeconds,omitempty"`
	Events       string                `json:"events,omitempty"`
	Labels       map[string]string     `json:"labels"`
	Receivers    []string              `json:"receivers,omitempty"`
	Runbook      string                `json:"runbook,omitempty"`
	RunbookURL   string                `json:"runbookURL,omitempty"`
	DashboardURL string                `json:"dashboardURL,omitempty"`
	Burn         *BurnExplanation      `json:"burn,omitempty"`
	OrBurn       []BurnExplanation     `json:"orBurn,omitempty"` // of further tiers, any of which fires the alert too
	Absence      *AbsenceExplanation   `json:"absence,omitempty"`
	Threshold    *ThresholdExplanation `json:"threshold,omitempty"`
	Delay        Delay                 `json:"delay"`
	Cost         Cost                  `json:"cost"`
}

// Delay is what reality adds to arithmetic, at most.
type Delay struct {
	Scrape     Seconds `json:"scrapeSeconds"`
	Evaluation Seconds `json:"evaluationSeconds"`
	For        Seconds `json:"forSeconds"`
	KeepFiring Seconds `json:"keepFiringForSeconds,omitempty"` // after the end, which it delays
	Slice      Seconds `json:"sliceSeconds,omitempty"`         // that ends, where events are slices of time
	Total      Seconds `json:"totalSeconds"`
}

// AbsenceExplanation is what must be gone: all series of any one selector.
type AbsenceExplanation struct {
	Gone []string `json:"gone"`
	For  Seconds  `json:"forSeconds"`
	// Remembered is how long a group that has gone is missed; 0 without groups.
	Remembered Seconds `json:"rememberedSeconds,omitempty"`
}

// Fraction is exact here, and in JSON the nearest number.
type Fraction struct{ *big.Rat }

// MarshalJSON implements json.Marshaler.
func (q Fraction) MarshalJSON() ([]byte, error) {
	f, _ := q.Float64()
	return json.Marshal(f)
}

// Seconds is a duration that JSON gets in seconds.
type Seconds time.Duration

// MarshalJSON implements json.Marshaler.
func (s Seconds) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(s).Seconds()) }

// Explain says what an alert means. Routing, if there is any, knows who is told.
func Explain(a Alert, routing *Routing) Explanation {
	s := a.Service
	x := Explanation{
		Alert: a.Name, Service: s.Name, Owner: s.Owner,
		Labels: map[string]string{}, Runbook: a.Runbook, RunbookURL: s.RunbookURL(a.Runbook), DashboardURL: a.DashboardURL(),
		Delay: Delay{
			Scrape: Seconds(s.ScrapeInterval), Evaluation: Seconds(s.EvaluationInterval), For: Seconds(a.For),
			KeepFiring: Seconds(a.KeepFiringFor), Total: Seconds(s.ScrapeInterval + s.EvaluationInterval + a.For),
		},
		Cost: costOf(a),
	}
	// What fires carries the labels of the series that it is about, too.
	for _, l := range a.Identity().With(a.Labels) {
		x.Labels[l.Name.Text] = l.Value.Text
	}
	if routing != nil {
		x.Receivers = slices.Compact(routing.ReceiversOf(a.LabelSet()))
	}
	if o := a.SLO; o != nil {
		x.SLO, x.Summary, x.Objective, x.Budget = o.Name, o.Summary, Fraction{o.Objective}, Fraction{o.Budget()}
		x.Period, x.Events, x.Per = Seconds(s.Period), o.SLI.Events(), o.Per
	}
	switch {
	case a.Threshold != nil:
		x.Threshold = &ThresholdExplanation{
			Kind: a.Threshold.Kind, Condition: a.Threshold.Condition, Expr: a.Expr.String(),
			For: Seconds(a.For), KeepFiringFor: Seconds(a.KeepFiringFor), ByShare: byShare(a),
		}
	case len(a.Tiers) == 0:
		x.Absence = explainAbsence(a)
	default:
		x.Delay.Slice = Seconds(a.SLO.SLI.Slice())
		x.Delay.Total += x.Delay.Slice
		x.Burn = explainBurn(a, a.Tiers[0], x.Delay)
		for _, t := range a.Tiers[1:] {
			x.OrBurn = append(x.OrBurn, *explainBurn(a, t, x.Delay))
		}
	}
	return x
}

// ThresholdExplanation is the condition of a threshold alert.
type ThresholdExplanation struct {
	Kind          string  `json:"kind"`
	Condition     string  `json:"condition"` // in words
	Expr          string  `json:"expr"`
	For           Seconds `json:"forSeconds"`
	KeepFiringFor Seconds `json:"keepFiringForSeconds,omitempty"`
	// ByShare is, of an alert that counts events, when it fires by the share of bad ones.
	ByShare []ShareRow `json:"byShare,omitempty"`
}

// ShareRow is when an alert fires about a share of bad events that begin at once.
type ShareRow struct {
	Share      Fraction `json:"share"`
	FiresAfter Seconds  `json:"firesAfterSeconds"`
}

// byShare is, for some shares above the limit, when the alert fires: the window
// holds enough bad events after window · limit / share, and for counts from then.
func byShare(a Alert) []ShareRow {
	events := a.Imitate().Events
	if events == nil {
		return nil
	}
	var rows []ShareRow
	for _, times := range []int64{2, 5, 10} {
		share := new(big.Rat).Mul(events.Share, big.NewRat(times, 1))
		if share.Cmp(whole) < 0 {
			rows = append(rows, ShareRow{Fraction{share}, firesAfter(a, events, share)})
		}
	}
	return append(rows, ShareRow{Fraction{whole}, firesAfter(a, events, whole)})
}

func firesAfter(a Alert, events *Events, share *big.Rat) Seconds {
	part := toFloat(new(big.Rat).Quo(events.Share, share))
	return Seconds(time.Duration(part*float64(events.Window)) + a.For)
}

func explainAbsence(a Alert) *AbsenceExplanation {
	x := &AbsenceExplanation{For: Seconds(a.For)}
	if len(a.SLO.Per) > 0 {
		x.Remembered = Seconds(remembered)
	}
	for _, input := range a.SLO.SLI.Inputs() {
		x.Gone = append(x.Gone, input.Expr().String())
	}
	return x
}
