// Package simulate runs rules, the bytes that ship, over synthetic series
// through Prometheus' own engine, and holds what fires against what arithmetic
// says must fire.
//
// A scenario is an outage of an SLO: series that its indicator counts are made
// up from the selector and classifier of the spec, never from the rules. The
// prediction comes from the arithmetic of the burn rate alone.
package simulate

import (
	"embed"
	"math/big"
	"slices"
	"time"

	"github.com/invopop/jsonschema"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Sources are the files that declare spec types; their comments document the JSON Schema.
//
//go:embed scenario.go
var Sources embed.FS

// ScenariosSpec are the scenarios of a service.
type ScenariosSpec struct {
	// Scenarios are outages with the alerts that they must cause, or must not.
	Scenarios []ScenarioSpec `json:"scenarios,omitempty"`
}

// ScenarioSpec is one outage.
type ScenarioSpec struct {
	spec.Node
	// Name of the scenario.
	Name spec.Name `json:"name" jsonschema:"required"`
	// SLO that suffers.
	SLO spec.Name `json:"slo" jsonschema:"required"`
	// Outage is how long it lasts. Before it, traffic was steady and healthy for as long as the longest window.
	Outage spec.Duration `json:"outage" jsonschema:"required"`
	// Errors is the share of events that are bad meanwhile. Default: 100%.
	Errors spec.Ratio `json:"errors,omitempty"`
	// Traffic is the number of events an hour. Default: 36000.
	Traffic spec.Count `json:"traffic,omitempty"`
	// Expect says which tiers fire. A tier that is not named must stay silent.
	Expect Expectation `json:"expect" jsonschema:"required"`
}

// Expectation is "silent", or the tiers that fire.
type Expectation struct {
	spec.Node
	Tiers []TierExpectation

	unusable bool // what is wrong was reported where it was read
}

// TierExpectation is when a tier's alert must fire and clear.
type TierExpectation struct {
	spec.Node
	Name string
	// Fires is the time from the beginning of the outage to the alert, before scraping and evaluation add theirs.
	Fires spec.Duration `json:"fires,omitempty"`
	// Clears is the time from the end of the outage to the end of the alert.
	Clears spec.Duration `json:"clears,omitempty"`
}

// DecodeSpec implements spec.Decoder.
func (e *Expectation) DecodeSpec(v *spec.Value, r *diag.Report) {
	e.Node = spec.NodeOf(v)
	switch {
	case v.Kind == spec.String && v.Text == "silent":
	case v.Kind == spec.Map:
		for _, f := range v.Fields {
			tier := TierExpectation{Name: f.Key.Text}
			spec.Decode(f.Value, &tier, r)
			tier.Node = spec.NodeOf(f.Key)
			e.Tiers = append(e.Tiers, tier)
		}
	default:
		e.unusable = true
		r.Add(spec.BadValue, v.Pos, "write silent, or {FastBurn: {fires: 4m20s}}", "an expectation is silent or a map of tiers")
	}
}

// WrongPrediction is an expectation that contradicts arithmetic.
var WrongPrediction = &diag.Kind{Name: "wrong-prediction", Severity: diag.Error, Doc: `A scenario expects what arithmetic rules out.

With threshold t = factor · (1 - objective), an outage with error ratio e fires after long · t / e, if it lasts that long, and
clears short · (1 - t / e) after it ended. At 99.5 % and 14.4 over 1h and 5m a full outage must last 259.2 s. Times are
compared to the second.`}

// Scenario is a resolved scenario.
type Scenario struct {
	Name        string
	SLO         *slo.SLO
	Load        Load
	Predictions []Prediction // one for each tier
	Pos         diag.Pos
}

// Outage is how long the scenario's errors last.
func (s Scenario) Outage() time.Duration { return s.Load.Until - s.Load.From }

// defaultRate is the traffic of a scenario, in events a second: enough that
// rounding to whole events does not matter.
const defaultRate = 10

// Resolve prepares the scenarios of a service and holds their expectations
// against arithmetic.
func Resolve(doc ScenariosSpec, s *slo.Service, r *diag.Report) []Scenario {
	var scenarios []Scenario
	var known []string
	byName := map[string]*slo.SLO{}
	for _, o := range s.SLOs {
		known = append(known, o.Name)
		byName[o.Name] = o
	}
	for _, d := range doc.Scenarios {
		o := byName[d.SLO.Text]
		if o == nil {
			if d.SLO.Text != "" && len(known) > 0 {
				r.Add(spec.UnknownReference, d.SLO.Pos(), spec.Suggest(d.SLO.Text, known), "there is no SLO %q", d.SLO.Text)
			}
			continue
		}
		scenarios = append(scenarios, resolve(d, o, r))
	}
	return scenarios
}

func resolve(d ScenarioSpec, o *slo.SLO, r *diag.Report) Scenario {
	errors := big.NewRat(1, 1)
	if d.Errors.IsSet() {
		errors = d.Errors.Rat
	}
	load := Load{Rate: defaultRate}
	if d.Traffic.N > 0 {
		load.Rate = float64(d.Traffic.N) / 3600
	}
	load.ErrorRatio, _ = errors.Float64()
	for _, w := range o.Windows() {
		load.From = max(load.From, w+settle)
	}
	load.Until = load.From + d.Outage.Duration
	s := Scenario{Name: d.Name.Text, SLO: o, Load: load, Pos: d.Pos()}
	for i := range o.Tiers {
		s.Predictions = append(s.Predictions, predict(o, &o.Tiers[i], load, errors))
	}
	d.Expect.check(s, r)
	return s
}

// settle is the time before an outage that the longest window does not need.
const settle = 10 * time.Minute

// check holds what the spec expects against what arithmetic predicts.
func (e Expectation) check(s Scenario, r *diag.Report) {
	var names []string
	for _, p := range s.Predictions {
		names = append(names, p.Tier.Name)
	}
	for _, t := range e.Tiers {
		if !slices.Contains(names, t.Name) {
			e.unusable = true
			r.Add(spec.UnknownReference, t.Pos(), spec.Suggest(t.Name, names), "there is no tier %q", t.Name)
		}
	}
	if e.Value() == nil || e.unusable {
		return
	}
	for _, p := range s.Predictions {
		e.checkTier(p, r)
	}
}

func (e Expectation) checkTier(p Prediction, r *diag.Report) {
	for _, t := range e.Tiers {
		if t.Name != p.Tier.Name {
			continue
		}
		if !p.Fires {
			r.Add(WrongPrediction, t.Pos(), "expect it to be silent: "+p.Why, "%s cannot fire in this outage", p.Tier.Name)
			return
		}
		checkTime(t.Fires, p.FiresAfter, p.Tier.Name+" fires", r)
		checkTime(t.Clears, p.ClearsAfter, p.Tier.Name+" clears", r)
		return
	}
	if p.Fires {
		r.Add(WrongPrediction, e.Pos(), "expect {"+p.Tier.Name+": {fires: "+spec.FormatDuration(p.FiresAfter)+"}}, or a shorter outage", "%s fires in this outage, after %s", p.Tier.Name, spec.FormatDuration(p.FiresAfter))
	}
}

func checkTime(expected spec.Duration, predicted time.Duration, what string, r *diag.Report) {
	if !expected.IsSet() || (expected.Duration-predicted).Abs() <= time.Second {
		return
	}
	r.Add(WrongPrediction, expected.Pos(), "write "+predicted.Round(100*time.Millisecond).String(), "%s after %s, not %s", what, spec.FormatDuration(predicted), expected)
}

// JSONSchema describes an expectation to editors.
func (Expectation) JSONSchema() *jsonschema.Schema {
	duration := spec.Duration{}.JSONSchema()
	tier := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	tier.Properties.Set("fires", duration)
	tier.Properties.Set("clears", duration)
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{
		{Type: "string", Enum: []any{"silent"}},
		{Type: "object", AdditionalProperties: tier},
	}}
}
