package differential

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/engine/enginetest"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// world is rules and series to evaluate them over.
type world struct {
	text   string
	groups []*rulefile.Group
	series []enginetest.Series
	opts   engine.Options
}

func newWorld(t testing.TB, g *enginetest.Generator) world {
	t.Helper()
	from := enginetest.Start.Add(time.Duration(g.IntN(60)) * time.Second)
	w := world{opts: engine.Options{
		Start:                from,
		End:                  from.Add(time.Duration(5+g.IntN(12)) * time.Minute),
		Interval:             enginetest.Pick(g, 30*time.Second, time.Minute, time.Minute),
		IgnoreGroupIntervals: g.Chance(50),
		ExternalLabels:       labels.FromStrings("cluster", "eu"),
		ExternalURL:          "https://prometheus.example",
	}}
	w.series = g.Series(from.Add(-9*time.Minute), w.opts.End.Add(2*time.Minute))
	w.text = g.Rules()
	w.groups = readGroups(t, w.text)
	return w
}

func readGroups(t testing.TB, text string) []*rulefile.Group {
	t.Helper()
	var r diag.Report
	src := &diag.Source{Name: "rules.yaml", Text: []byte(text)}
	files := rulefile.Read(src, spec.ReadYAML(src, &r)[0], &r)
	if r.HasErrors() {
		t.Fatalf("%v\n%s", r.Findings(), text)
	}
	return files[0].Groups
}

// interval is that at which a group is evaluated.
func (w world) interval(g *rulefile.Group) time.Duration {
	if g.Interval == 0 || w.opts.IgnoreGroupIntervals {
		return w.opts.Interval
	}
	return g.Interval
}

// instants are those at which any group is evaluated, ascending.
func (w world) instants() []time.Time {
	var all []time.Time
	for _, g := range w.groups {
		for at := w.opts.Start; !at.After(w.opts.End); at = at.Add(w.interval(g)) {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return slices.Compact(all)
}

func (w world) String() string {
	return fmt.Sprintf("%s to %s, every %s, own intervals ignored: %v\n%s", w.opts.Start.Sub(enginetest.Start), w.opts.End.Sub(enginetest.Start), w.opts.Interval, w.opts.IgnoreGroupIntervals, w.text)
}

// ours is what this engine does, and the error that it ends with.
func ours(t testing.TB, w world, plan *engine.Plan) (outcomes, error) {
	t.Helper()
	s := engine.NewStorage()
	if err := enginetest.Fill(s, w.series); err != nil {
		t.Fatal(err)
	}
	opts := w.opts
	opts.Observe = w.instants()
	result, err := engine.Run(context.Background(), plan, s, opts)
	if err != nil {
		return outcomes{}, err
	}
	got := outcomes{series: seriesOf(t, s)}
	for i, active := range result.Observed {
		now := map[spot][]string{}
		for _, o := range active {
			fired := o.Fired
			if fired.After(opts.Observe[i]) {
				fired = time.Time{}
			}
			now[spotOf(o.Rule)] = append(now[spotOf(o.Rule)], describe(o.Labels, o.Annotations, o.Value, o.Active, fired, o.Firing))
		}
		for where := range now {
			slices.Sort(now[where])
		}
		got.observed = append(got.observed, now)
	}
	return got, nil
}

// expected is the error that a plan's evaluation must end with: the earliest of
// the first rules evaluated together that have any. What comes later cannot have
// been the reason, so that it does not matter that upstream went on with it.
func (o outcomes) expected(p *engine.Plan) (*rulefile.Rule, failure) {
	for _, together := range p.Order() {
		var first *rulefile.Rule
		var why failure
		for _, r := range together {
			if f, failed := o.errors[spotOf(r)]; failed && (first == nil || f.at < why.at) {
				first, why = r, f
			}
		}
		if first != nil {
			return first, why
		}
	}
	return nil, failure{}
}

// sameError compares an error with the one that upstream had. The reason's
// wording is upstream's where the engine or a template says it.
func sameError(err error, rule *rulefile.Rule, want failure) string {
	var e *engine.RuleError
	switch {
	case rule == nil && err == nil:
		return ""
	case rule == nil:
		return fmt.Sprintf("error: %v; upstream has none", err)
	case !errors.As(err, &e):
		return fmt.Sprintf("error: %v; upstream: %s at %d: %v", err, rule.Name(), want.at, want.err)
	case e.Rule != rule || e.At.UnixMilli() != want.at:
		return fmt.Sprintf("error: %s at %d: %v; upstream: %s at %d: %v", e.Rule.Name(), e.At.UnixMilli(), e.Err, rule.Name(), want.at, want.err)
	}
	return ""
}

// compare runs a world with and without the engine's short cuts and tells
// whether it differs from upstream.
func compare(t testing.TB, w world, g *enginetest.Generator) bool {
	t.Helper()
	plan := engine.NewPlan(w.groups, nil)
	want := upstream(t, w, plan)
	rule, why := want.expected(plan)
	for _, exhaustive := range []bool{false, true} {
		w := w
		w.opts.Exhaustive = exhaustive
		got, err := ours(t, w, plan)
		diff := sameError(err, rule, why)
		if diff == "" && err == nil {
			diff = cmp.Diff(want.series, got.series) + cmp.Diff(want.observed, got.observed)
		}
		if diff != "" {
			t.Errorf("exhaustive %v: (-upstream +ours)\n%s\n%s", exhaustive, diff, w)
			return true
		}
	}
	return pruned(t, w, g, plan, want)
}

// pruned evaluates what a random choice of alerts and series needs, and wants
// those as upstream has them. If a rule fails, it must fail here too, needed or not.
func pruned(t testing.TB, w world, g *enginetest.Generator, plan *engine.Plan, want outcomes) (failed bool) {
	t.Helper()
	needs := engine.Needs{Given: []string{"c", "g", "h", "b"}}
	all := slices.Concat(plan.Order()...)
	for _, r := range all {
		if !g.Chance(30) {
			continue
		}
		if r.Alert != "" && g.Chance(70) {
			needs.Alerts = append(needs.Alerts, r.Alert)
		} else {
			name := r.Record
			if r.Alert != "" {
				name = "ALERTS"
			}
			needs.Selectors = append(needs.Selectors, expr.Select(name))
		}
	}
	only := plan.Only(needs)
	stays := map[spot]bool{}
	for _, r := range slices.Concat(only.Order()...) {
		stays[spotOf(r)] = true
	}
	got, err := ours(t, w, only)
	rule, why := want.expected(only)
	for where, f := range want.errors {
		if enginetest.Refused(f.err) && !stays[where] {
			continue
		}
		if rule == nil || !stays[where] && f.at == earliest(want.errors) {
			t.Errorf("pruned: rule %v failed upstream: %v\n%s", where, f.err, w)
			return true
		}
	}
	if diff := sameError(err, rule, why); diff != "" {
		t.Errorf("pruned: %s\n%s", diff, w)
		return true
	}
	if err != nil {
		return false
	}
	for i := range want.observed {
		for _, r := range all {
			if r.Alert != "" && slices.Contains(needs.Alerts, r.Alert) {
				if diff := cmp.Diff(want.observed[i][spotOf(r)], got.observed[i][spotOf(r)]); diff != "" {
					t.Errorf("pruned: alert %s (-upstream +ours)\n%s\n%s", r.Alert, diff, w)
					return true
				}
			}
		}
	}
	return differ(t, w, needs.Selectors, want, got)
}

// differ compares the series that are needed.
func differ(t testing.TB, w world, needed []*parser.VectorSelector, want, got outcomes) bool {
	t.Helper()
	for name := range want.series {
		e, err := expr.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		metric, _ := expr.MetricName(e.(*parser.VectorSelector))
		if slices.ContainsFunc(needed, func(s *parser.VectorSelector) bool { return s.Name == metric }) {
			if diff := cmp.Diff(want.series[name], got.series[name]); diff != "" {
				t.Errorf("pruned: %s (-upstream +ours)\n%s\n%s", name, diff, w)
				return true
			}
		}
	}
	return false
}

func earliest(errors map[spot]failure) int64 {
	first := int64(0)
	for _, f := range errors {
		if first == 0 || f.at < first {
			first = f.at
		}
	}
	return first
}

// TestAgainstUpstream evaluates random rules with this engine and with
// Prometheus' rule manager: mostly usual ones, and some of each rare kind.
func TestAgainstUpstream(t *testing.T) {
	cases := uint64(240)
	if testing.Short() {
		cases = 60
	}
	rare := []enginetest.Shape{{Later: 60}, {Ahead: 60}, {Limits: 30, Clashes: 60}, {Clashes: 10, Risky: 60}, {Odd: 60}}
	for seed, failures := uint64(0), 0; seed < cases && failures < 3; seed++ {
		s := enginetest.Usual
		if seed%2 == 1 {
			s = rare[seed/2%uint64(len(rare))]
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			g := enginetest.New(seed, s)
			if compare(t, newWorld(t, g), g) {
				failures++
			}
		})
	}
}

// FuzzAgainstUpstream does the same with cases that are mostly rare ones.
func FuzzAgainstUpstream(f *testing.F) {
	f.Add(uint64(1), []byte{6, 4, 10, 8, 3, 8})
	f.Add(uint64(2), []byte{60})
	f.Add(uint64(3), []byte{0, 60})
	f.Add(uint64(4), []byte{0, 0, 60, 60, 60, 60})
	f.Fuzz(func(t *testing.T, seed uint64, percent []byte) {
		var s enginetest.Shape
		for i, p := range []*int{&s.Later, &s.Ahead, &s.Limits, &s.Clashes, &s.Risky, &s.Odd} {
			if i < len(percent) {
				*p = int(percent[i]) % 101
			}
		}
		g := enginetest.New(seed, s)
		compare(t, newWorld(t, g), g)
	})
}
