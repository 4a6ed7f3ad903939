// Package simulate runs rules, the bytes that ship, over synthetic series
// through Prometheus' own engine, and holds what fires against what arithmetic
// says must fire.
//
// A scenario is an outage of an SLO, or of what a threshold alert watches: series
// are made up from the selectors of the spec, never from the rules. The prediction
// comes from the arithmetic of the spec's numbers alone.
package simulate

import (
	"embed"
	"math/big"
	"slices"
	"time"

	"github.com/invopop/jsonschema"

	"slowburn/internal/diag"
	"slowburn/internal/parallel"
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
	SLO spec.Name `json:"slo,omitempty" jsonschema:"oneof_required=slo"`
	// Alert whose condition comes true: one of the threshold alerts.
	Alert spec.Ident `json:"alert,omitempty" jsonschema:"oneof_required=alert"`
	// Outage is how long it lasts. Before it, traffic was steady and healthy for as long as the longest window.
	Outage spec.Duration `json:"outage,omitempty"`
	// Vanishes is how long there are no series of what an alert watches, in place of an outage.
	Vanishes spec.Duration `json:"vanishes,omitempty"`
	// Errors is the share of events that are bad meanwhile. Default: 100%.
	Errors spec.Ratio `json:"errors,omitempty"`
	// Baseline is the share of events that are bad before and after. Default: none.
	Baseline spec.Ratio `json:"baseline,omitempty"`
	// Traffic is the number of events an hour. Default: so many that a single one does not matter.
	Traffic spec.Count `json:"traffic,omitempty"`
	// Expect says which tiers fire, or when the alert does. A tier that is not named must stay silent.
	Expect Expectation `json:"expect" jsonschema:"required"`
}

// Expectation is "silent", or the tiers that fire, or when an alert does.
type Expectation struct {
	spec.Node
	Tiers []TierExpectation
	Alert *TierExpectation // of a scenario that names an alert

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
	case v.Kind == spec.Map && isTimes(v):
		e.Alert = &TierExpectation{}
		spec.Decode(v, e.Alert, r)
	case v.Kind == spec.Map:
		for _, f := range v.Fields() {
			switch {
			case f.Value.Kind == spec.Null: // an overlay takes a tier out that the base may not have
				continue
			case f.Value.Kind == spec.String && f.Value.Text == "silent":
				e.unusable = true
				name := f.Key.Text
				r.Add(spec.WrongType, f.Value.Pos, "leave "+name+" out; in an overlay write "+name+": without a value", "a tier that is not listed is silent")
				continue
			}
			tier := TierExpectation{Name: f.Key.Text}
			spec.Decode(f.Value, &tier, r)
			tier.Node = spec.NodeOf(f.Key)
			e.Tiers = append(e.Tiers, tier)
		}
	default:
		e.unusable = true
		r.Add(spec.BadValue, v.Pos, "write silent, or {FastBurn: {fires: 4m20s}}; of an alert {fires: 2m}", "an expectation is silent or a map of tiers")
	}
}

// isTimes tells whether a map holds the times of one alert, and not tiers.
func isTimes(v *spec.Value) bool {
	return slices.ContainsFunc(v.Fields(), func(f spec.Field) bool {
		return (f.Key.Text == "fires" || f.Key.Text == "clears") && f.Value.Kind != spec.Map
	})
}

// WrongPrediction is an expectation that contradicts arithmetic.
var WrongPrediction = &diag.Kind{Name: "wrong-prediction", Severity: diag.Error, Doc: `A scenario expects what arithmetic rules out.

With threshold t = factor · (1 - objective), an outage with error ratio e fires after long · t / e, if it lasts that long, and
clears short · (1 - t / e) after it ended. At 99.5 % and 14.4 over 1h and 5m a full outage must last 259.2 s. Times are
compared to the second.`}

// Scenario is a resolved scenario.
type Scenario struct {
	Subject
	Name        string
	Load        *Load // of events; nil where a level is measured
	scraped     source
	Event       Span // what predictions are told relative to
	Watch       Span // the time during which rules are evaluated
	Slack       time.Duration
	Generated   bool         // otherwise the spec asks for it
	Essential   bool         // is exported however long it takes
	Predictions []Prediction // one for each alert of the subject
	says        string       // what the description of what fires must say, or ""
	// snapshots, in place of all that, are what rules record over a past that is
	// given. They are made when they are needed.
	snapshots func() []*snapshot
	Pos       diag.Pos // of the scenario, or of the SLO if it was generated
}

// Resolved are the scenarios of a service: those of its spec, and those that every SLO is put through.
type Resolved struct {
	asked  []Scenario
	proven []*slo.SLO
	known  predictions
}

// All are the scenarios. Those that every SLO is put through are made only here.
func (r Resolved) All() []Scenario {
	made := make([][]Scenario, len(r.proven))
	parallel.Each(len(made), func(i int) { made[i] = append(generate(r.proven[i], r.known), recorded(r.proven[i])) })
	return slices.Concat(append([][]Scenario{r.asked}, made...)...)
}

// Resolve prepares the scenarios of a service, and holds expectations against arithmetic. What belongs to an SLO that is off is
// left out, and so is what cannot be judged since the SLO, or a tier, is wrong itself.
func Resolve(doc ScenariosSpec, s *slo.Service, r *diag.Report) Resolved {
	var scenarios []Scenario
	var proven []*slo.SLO
	byName, known := map[string]*slo.SLO{}, newPredictions()
	for _, o := range s.SLOs {
		byName[o.Name] = o
	}
	for _, d := range doc.Scenarios {
		if d.Alert.Value() != nil {
			continue // ResolveAlerts has it
		}
		if !d.checkKeys(r) {
			continue
		}
		judged := d.Expect.checkNames(s.Declared.BurnAlerts(), r)
		o := byName[d.SLO.Text]
		if o == nil {
			checkReference(d.SLO.Text, "SLO", d.SLO.Pos(), slo.Names(s.Declared.SLOs), r)
			continue
		}
		if !d.checkLoad(o, r) {
			continue
		}
		resolved := resolve(d, o, known)
		if judged {
			d.Expect.check(resolved, r)
		}
		scenarios = append(scenarios, resolved)
	}
	can := make([]bool, len(s.SLOs))
	reports := make([]diag.Report, len(s.SLOs))
	parallel.Each(len(s.SLOs), func(i int) { can[i] = provable(s.SLOs[i], &reports[i]) })
	for i, o := range s.SLOs {
		r.Append(reports[i].Findings()...)
		if !can[i] {
			scenarios = slices.DeleteFunc(scenarios, func(s Scenario) bool { return s.SLO == o })
			continue
		}
		proven = append(proven, o)
	}
	return Resolved{scenarios, proven, known}
}

// checkKeys reports keys of a scenario that it lacks, or that mean nothing together.
func (d ScenarioSpec) checkKeys(r *diag.Report) bool {
	switch {
	case d.SLO.Value() == nil && d.Alert.Value() == nil:
		r.Add(spec.MissingKey, d.Pos(), "add slo: NAME, or alert: NAME of a threshold alert", "the scenario happens to nothing")
	case d.SLO.Value() != nil && d.Alert.Value() != nil:
		r.Add(spec.UnknownKey, d.Alert.Pos(), "keep one of them", "the scenario names an SLO and an alert")
	case d.SLO.Value() != nil && d.Vanishes.Value() != nil:
		r.Add(spec.UnknownKey, d.Vanishes.Pos(), "write outage; that an SLO's metrics vanish is a scenario of every SLO", "only what an alert watches can vanish")
	case d.Outage.Value() == nil && d.Vanishes.Value() == nil:
		r.Add(spec.MissingKey, d.Pos(), "say how long it lasts: outage: 5m", "key %q is missing", "outage")
	case d.Outage.Value() != nil && d.Vanishes.Value() != nil:
		r.Add(spec.UnknownKey, d.Vanishes.Pos(), "keep one of them", "the scenario has an outage, and its series vanish")
	default:
		return true
	}
	return false
}

// checkReference reports a name that names nothing. Where there is nothing at
// all to name, that is the finding.
func checkReference(name, what string, at diag.Pos, known []string, r *diag.Report) bool {
	if name == "" || len(known) == 0 || slices.Contains(known, name) {
		return true
	}
	r.Add(spec.UnknownReference, at, spec.Suggest(name, known), "there is no %s %q", what, name)
	return false
}

// checkLoad reports an outage that cannot be run. It is false too where a
// number was wrong when it was read: nothing can be predicted then.
func (d ScenarioSpec) checkLoad(o *slo.SLO, r *diag.Report) bool {
	readable := d.Outage.IsSet() && (d.Errors.IsSet() || d.Errors.Value() == nil) &&
		(d.Baseline.IsSet() || d.Baseline.Value() == nil) && (d.Traffic.IsSet() || d.Traffic.Value() == nil)
	s := o.Service
	before := r.Len()
	if d.Traffic.IsSet() && d.Traffic.N == 0 {
		r.Add(spec.BadValue, d.Traffic.Pos(), "use 1 or more, or leave it out", "without events nothing can fail")
	}
	if d.Traffic.IsSet() && o.SLI.Slice() > 0 {
		r.Add(spec.BadValue, d.Traffic.Pos(), "leave it out", "the events of %s are slices of time, and come at their own pace", o.Name)
	}
	scrapes := frameOf(o).scrapes(d.Outage.Duration)
	switch {
	case d.Outage.Duration > s.Period:
		r.Add(spec.BadValue, d.Outage.Pos(), "use an outage within the period", "the outage of %s is longer than the period of %s", d.Outage, spec.FormatDuration(s.Period))
	case scrapes > maxScrapes:
		r.Add(spec.BadValue, d.Outage.Pos(), "use a shorter outage, shorter windows, or a longer scrapeInterval", "the scenario would take %d scrapes, more than the %d that are run", scrapes, maxScrapes)
	}
	return readable && r.Len() == before
}

func resolve(d ScenarioSpec, o *slo.SLO, known predictions) Scenario {
	ratio := func(given spec.Ratio, otherwise *big.Rat) *big.Rat {
		if given.IsSet() {
			return given.Rat
		}
		return otherwise
	}
	f := frameOf(o)
	if d.Traffic.N > 0 {
		f.rate = float64(d.Traffic.N) / 3600
	}
	s := f.outage(d.Outage.Duration, ratio(d.Errors, big.NewRat(1, 1)), ratio(d.Baseline, new(big.Rat)))
	s.Name, s.Pos = d.Name.Text, d.Pos()
	return s.predicted(known)
}

// checkNames reports tiers that do not exist, and tells whether the rest can be judged.
func (e Expectation) checkNames(tiers []string, r *diag.Report) bool {
	ok := e.Value() != nil && !e.unusable
	if e.Alert != nil {
		r.Add(spec.BadValue, e.Pos(), "write {FastBurn: {fires: 4m20s}}", "an SLO has several alerts: say which tier fires")
		return false
	}
	for _, t := range e.Tiers {
		ok = checkReference(t.Name, "tier", t.Pos(), tiers, r) && ok
	}
	return ok
}

// check holds what the spec expects against what arithmetic predicts.
func (e Expectation) check(s Scenario, r *diag.Report) {
	for _, p := range s.burns() {
		e.checkTier(s, p, r)
	}
}

func (e Expectation) checkTier(s Scenario, p Prediction, r *diag.Report) {
	for _, t := range e.Tiers {
		if t.Name != p.Burn.Name {
			continue
		}
		if len(p.Fires) == 0 {
			r.Add(WrongPrediction, t.Pos(), "expect it to be silent: "+p.Why, "%s cannot fire in this outage", p.Burn.Name)
			return
		}
		checkTime(t.Fires, p.Fires[0].From-s.Event.From, p.Burn.Name+" fires", r)
		checkTime(t.Clears, p.Fires[0].Until-s.Event.Until, p.Burn.Name+" clears", r)
		return
	}
	if len(p.Fires) > 0 && p.Fires[0].From < s.Event.From {
		r.Add(WrongPrediction, e.Pos(), "use a smaller baseline, or a scenario without one", "%s fires before the outage: the baseline is above a threshold of %s", p.Burn.Name, spec.FormatPercent(lowest(p.Burn.Tiers).Threshold()))
		return
	}
	if len(p.Fires) > 0 {
		after := spec.FormatDuration(p.Fires[0].From - s.Event.From)
		r.Add(WrongPrediction, e.Pos(), "expect {"+p.Burn.Name+": {fires: "+after+"}}, or a shorter outage", "%s fires in this outage, after %s", p.Burn.Name, after)
	}
}

func checkTime(expected spec.Duration, predicted time.Duration, what string, r *diag.Report) {
	if !expected.IsSet() || (expected.Duration-predicted).Abs() <= time.Second {
		return
	}
	r.Add(WrongPrediction, expected.Pos(), "write "+spec.FormatDuration(predicted), "%s after %s, not %s", what, spec.FormatDuration(predicted), expected)
}

// JSONSchema describes an expectation to editors.
func (Expectation) JSONSchema() *jsonschema.Schema {
	duration := spec.Duration{}.JSONSchema()
	tier := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	tier.Properties.Set("fires", duration)
	tier.Properties.Set("clears", duration)
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Type: "string", Enum: []any{"silent"}},
		tier,
		{Type: "object", AdditionalProperties: tier},
	}}
}
