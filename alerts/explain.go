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
	Alert        string              `json:"alert"`
	Service      string              `json:"service"`
	Owner        string              `json:"owner,omitempty"`
	SLO          string              `json:"slo"`
	Summary      string              `json:"summary,omitempty"`
	Objective    Fraction            `json:"objective"`
	Budget       Fraction            `json:"budget"`
	Period       Seconds             `json:"periodSeconds"`
	Events       string              `json:"events"`
	Labels       map[string]string   `json:"labels"`
	Receivers    []string            `json:"receivers,omitempty"`
	Runbook      string              `json:"runbook,omitempty"`
	RunbookURL   string              `json:"runbookURL,omitempty"`
	DashboardURL string              `json:"dashboardURL,omitempty"`
	Burn         *BurnExplanation    `json:"burn,omitempty"`
	Absence      *AbsenceExplanation `json:"absence,omitempty"`
	Delay        Delay               `json:"delay"`
	Cost         Cost                `json:"cost"`
}

// Delay is what reality adds to arithmetic, at most.
type Delay struct {
	Scrape     Seconds `json:"scrapeSeconds"`
	Evaluation Seconds `json:"evaluationSeconds"`
	For        Seconds `json:"forSeconds"`
	Total      Seconds `json:"totalSeconds"`
}

// AbsenceExplanation is what must be gone: all series of any one selector.
type AbsenceExplanation struct {
	Gone []string `json:"gone"`
	For  Seconds  `json:"forSeconds"`
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
	o := a.SLO
	s := o.Service
	x := Explanation{
		Alert: a.Name, Service: s.Name, Owner: s.Owner, SLO: o.Name, Summary: o.Summary,
		Objective: Fraction{o.Objective}, Budget: Fraction{o.Budget()}, Period: Seconds(s.Period), Events: o.SLI.Events(),
		Labels: map[string]string{}, Runbook: a.Runbook, RunbookURL: s.RunbookURL(a.Runbook), DashboardURL: o.DashboardURL(),
		Delay: Delay{
			Scrape: Seconds(s.ScrapeInterval), Evaluation: Seconds(s.EvaluationInterval), For: Seconds(a.For),
			Total: Seconds(s.ScrapeInterval + s.EvaluationInterval + a.For),
		},
		Cost: costOf(a),
	}
	// What fires carries the labels of the series that it is about, too.
	for _, l := range o.Identity().With(a.Labels) {
		x.Labels[l.Name.Text] = l.Value.Text
	}
	if routing != nil {
		x.Receivers = slices.Compact(routing.ReceiversOf(a.LabelSet()))
	}
	if a.Tier == nil {
		x.Absence = explainAbsence(a)
	} else {
		x.Burn = explainBurn(a, x.Delay)
	}
	return x
}

func explainAbsence(a Alert) *AbsenceExplanation {
	x := &AbsenceExplanation{For: Seconds(a.For)}
	for _, input := range a.SLO.SLI.Inputs() {
		x.Gone = append(x.Gone, input.String())
	}
	return x
}
