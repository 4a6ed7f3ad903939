package check

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

// TestSoundness asks Prometheus' own engine whether what the checks take for
// granted is true: it evaluates expressions of every kind over series of every
// kind, and no result may have a label or a value that an expression cannot have,
// lack a label that it always has, nor be there at all where a comparison never
// holds or two sides never match; nor be missing where it is always there, nor
// lose a sample to a comparison that always holds.
func TestSoundness(t *testing.T) {
	w := newWorld(t)
	evaluated := 0
	for seed := range uint64(6000) {
		if w.compare(t, &expressions{rand.New(rand.NewPCG(seed, 1))}) {
			evaluated++
		}
	}
	if w.alwaysHeld < 10 {
		t.Errorf("only %d comparisons always held", w.alwaysHeld)
	}
	if evaluated < 1000 {
		t.Errorf("only %d expressions had a result", evaluated)
	}
}

// FuzzSoundness does the same for expressions of any seed.
func FuzzSoundness(f *testing.F) {
	w := newWorld(f)
	f.Fuzz(func(t *testing.T, seed, stream uint64) {
		w.compare(t, &expressions{rand.New(rand.NewPCG(seed, stream))})
	})
}

// compare evaluates an expression and holds the result against what is known of
// it. It tells whether there was one.
func (w *world) compare(t *testing.T, g *expressions) bool {
	text := g.vector(4)
	q, err := w.engine.NewInstantQuery(context.Background(), w, nil, text, now)
	if err != nil {
		return false // such as a label both in on and group_left
	}
	defer q.Close()
	result, err := q.Exec(context.Background()).Vector()
	if err != nil {
		return false // such as a match of many to many
	}
	e, err := parser.NewParser(parser.Options{}).ParseExpr(text)
	if err != nil {
		t.Fatal(err)
	}
	w.compareAlways(t, e, len(result))
	if len(result) == 0 {
		return false
	}
	set, b := w.unit.labelsOf(e), w.unit.boundsOf(e)
	slack := 1e-9 * max(1, math.Abs(b.low), math.Abs(b.high))
	if math.IsInf(slack, 0) {
		slack = 1e-9
	}
	for _, s := range result {
		s.Metric.Range(func(l labels.Label) {
			if !set.has(l.Name) {
				t.Errorf("%s has a label %s: %s", text, l.Name, s.Metric)
			}
		})
		if s.F < b.low-slack || s.F > b.high+slack {
			t.Errorf("%s is %v, beyond %v", text, s.F, b)
		}
	}
	for _, l := range w.unit.carriedBy(e) {
		name, value := l.name, l.carriedValue
		for _, s := range result {
			if got := s.Metric.Get(name); got == "" || value.value != "" && got != value.value || value.pattern != nil && !value.pattern.Matches(got) {
				t.Errorf("%s has no label %s %s: %s", text, name, value, s.Metric)
			}
		}
	}
	if b, ok := unwrap(e).(*parser.BinaryExpr); ok && b.Op != parser.LUNLESS {
		if why := newJoins(w.unit).neverMatches(b); why != nil {
			t.Errorf("%s has a result, though %s", text, why)
		}
	}
	if c := w.unit.impossible(e); c != nil {
		t.Errorf("%s has a result, though %s:\n%s", text, c.why, result)
	}
	return true
}

// compareAlways holds how many samples an expression has against what is known
// to be there always, and against all that a comparison chooses from.
func (w *world) compareAlways(t *testing.T, e parser.Expr, samples int) {
	if isAlwaysThere(e) && samples == 0 {
		t.Errorf("%s has no result, though it is always there", e)
	}
	c, ok := unwrap(e).(*parser.BinaryExpr)
	if !ok || choosesFrom(c) == nil || !newBoundsFlow(w.unit).alwaysHolds(c) {
		return
	}
	q, err := w.engine.NewInstantQuery(context.Background(), w, nil, choosesFrom(c).String(), now)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	all, err := q.Exec(context.Background()).Vector()
	if err != nil {
		t.Fatal(err)
	}
	passing := 0
	for _, s := range all {
		if !math.IsNaN(s.F) {
			passing++
		}
	}
	if passing > 0 {
		w.alwaysHeld++
	}
	if passing > samples {
		t.Errorf("%s leaves out some of %d samples, though it always holds", e, passing)
	}
}
