package simulate

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// snapshot is a short time over a past that is given: what was scraped, and what
// had been recorded, of the SLO and of others like it. What rules record then,
// and which alerts are active, is known by arithmetic, series by series.
type snapshot struct {
	name  string
	given func() *engine.Storage
	watch Span
	// interval is that of evaluations, unless a group has its own.
	interval time.Duration
	of       func(r *rulefile.Rule) bool // the rules that are evaluated
	records  []record
	active   []activeAlert // of the rules that are alerts, all that are active at the end
	unsure   []string      // alerts of which nothing is said
}

// record is one series that a rule must record, at an instant.
type record struct {
	metric    string
	labels    labels.Labels // of the series, with its name
	at        time.Duration
	low, high float64
	absent    bool
	unknown   bool // it may be recorded or not, and have any value
}

// activeAlert is an alert that must be pending or firing.
type activeAlert struct{ labels labels.Labels }

// recorded is the scenario that is made of the snapshots of an SLO.
func recorded(o *slo.SLO) Scenario {
	return Scenario{
		Subject: Subject{Service: o.Service, SLO: o}, Name: "records", Generated: true, Pos: o.Pos,
		Predictions: []Prediction{{Recorded: true}},
		snapshots:   sync.OnceValue(func() []*snapshot { return slices.Concat(records(o), tiers(o), absences(o)) }),
	}
}

// runSnapshots evaluates what each snapshot is about. The first one that is not
// as it must be is told.
func (p proof) runSnapshots(ctx context.Context) ([]Result, error) {
	r := Result{Scenario: p.scenario, Prediction: p.scenario.Predictions[0]}
	for _, s := range p.scenario.snapshots() {
		r.Pasts, r.Values = r.Pasts+1, r.Values+len(s.records)
		given := s.given()
		over := given.Without(nil)
		evaluated, err := s.evaluate(ctx, s.plan(p.groups), over, p.opts)
		if err != nil {
			return p.failed(err)
		}
		if r.Failure = s.differs(over, given, evaluated.Alerts, nil); r.Failure != "" {
			break
		}
	}
	return []Result{r}, nil
}

// evaluate runs a plan over what is given.
func (s *snapshot) evaluate(ctx context.Context, plan *engine.Plan, over *engine.Storage, opts Options) (*engine.Result, error) {
	return engine.Run(ctx, plan, over, engine.Options{
		Start: start.Add(s.watch.From), End: start.Add(s.watch.Until), Interval: s.interval, MaxSamples: opts.MaxSamples,
	})
}

// plan has the rules of the snapshot alone.
func (s *snapshot) plan(groups []*rulefile.Group) *engine.Plan {
	return engine.NewPlan(s.rules(groups), nil)
}

func (s *snapshot) rules(groups []*rulefile.Group) []*rulefile.Group {
	return within(groups, s.of)
}

// differs says what is not as it must be, or "". Of alerts are those that were
// evaluated; nil stands for all.
func (s *snapshot) differs(evaluated, given *engine.Storage, alerts []*engine.Alert, of map[string]bool) string {
	type moment struct {
		metric string
		at     time.Duration
	}
	at := map[moment][]record{}
	for _, r := range s.records {
		m := moment{r.metric, r.at}
		at[m] = append(at[m], r)
	}
	for _, r := range s.records {
		m := moment{r.metric, r.at}
		wanted, ok := at[m]
		if !ok {
			continue
		}
		delete(at, m)
		when := start.Add(r.at).UnixMilli()
		found, before := evaluated.At(r.metric, when), given.At(r.metric, when)
		found = slices.DeleteFunc(found, func(f engine.Sample) bool {
			return slices.ContainsFunc(before, func(g engine.Sample) bool { return labels.Equal(f.Labels, g.Labels) })
		})
		if why := compareRecords(wanted, found); why != "" {
			return fmt.Sprintf("%s: %s", s.name, why)
		}
	}
	return s.differsIn(alerts, of)
}

// compareRecords says what of the series that were recorded at an instant is not wanted so.
func compareRecords(wanted []record, found []engine.Sample) string {
	for _, w := range wanted {
		i := slices.IndexFunc(found, func(f engine.Sample) bool { return labels.Equal(f.Labels, w.labels) })
		switch {
		case w.unknown && i < 0:
			continue
		case w.absent && i >= 0:
			return fmt.Sprintf("%s is %v, and should not be recorded", w.labels, found[i].Value)
		case w.absent:
			continue
		case i < 0:
			return fmt.Sprintf("%s is not recorded", w.labels)
		}
		if v := found[i].Value; !w.unknown && (math.IsNaN(v) || v < w.low || v > w.high) {
			return fmt.Sprintf("%s is %v, and not %s", w.labels, v, w.bounds())
		}
		found = slices.Delete(slices.Clone(found), i, i+1)
	}
	if len(found) > 0 {
		return fmt.Sprintf("%s is recorded, which nobody wants", found[0].Labels)
	}
	return ""
}

func (r record) bounds() string {
	if r.low == r.high {
		return strconv.FormatFloat(r.low, 'g', 6, 64)
	}
	return fmt.Sprintf("between %.6g and %.6g", r.low, r.high)
}

// differsIn says which alert is active and should not be, or the other way round.
func (s *snapshot) differsIn(alerts []*engine.Alert, of map[string]bool) string {
	missing := slices.DeleteFunc(slices.Clone(s.active), func(w activeAlert) bool { return of != nil && !of[w.labels.Get(labels.AlertName)] })
	for _, a := range alerts {
		if !a.Ended.IsZero() || slices.Contains(s.unsure, a.Rule.Alert) {
			continue
		}
		i := slices.IndexFunc(missing, func(w activeAlert) bool { return labels.Equal(w.labels, a.Labels) })
		if i < 0 {
			return fmt.Sprintf("%s: %s is active, and should not be", s.name, a.Labels)
		}
		missing = slices.Delete(missing, i, i+1)
	}
	if len(missing) > 0 {
		return fmt.Sprintf("%s: %s is not active", s.name, missing[0].labels)
	}
	return ""
}

// series are the labels of what is recorded of a group of an SLO.
func series(metric string, o *slo.SLO, of member) labels.Labels {
	return seriesOf(metric, o.Identity(), of)
}

func seriesOf(metric string, identity spec.Labels, of member) labels.Labels {
	b := labels.NewBuilder(labels.FromStrings(model.MetricNameLabel, metric))
	for _, l := range identity {
		b.Set(l.Name.Text, l.Value.Text)
	}
	for _, l := range of.labels {
		b.Set(l.Name, l.Value)
	}
	return b.Labels()
}

// others are the identities of SLOs that are like one: another SLO of the
// service, and one of the same name elsewhere. Nothing of theirs may be counted.
func others(o *slo.SLO) []spec.Labels {
	elsewhere := *o.Service
	elsewhere.Name += "-elsewhere"
	return []spec.Labels{o.Service.IdentityOf(o.Name + "-other"), elsewhere.IdentityOf(o.Name)}
}

// within are groups with some of their rules alone.
func within(groups []*rulefile.Group, wanted func(*rulefile.Rule) bool) []*rulefile.Group {
	var parts []*rulefile.Group
	for _, g := range groups {
		part := *g
		part.Rules = slices.DeleteFunc(slices.Clone(g.Rules), func(r *rulefile.Rule) bool { return !wanted(r) })
		if len(part.Rules) > 0 {
			parts = append(parts, &part)
		}
	}
	return parts
}
