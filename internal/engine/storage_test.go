package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"slowburn/internal/engine/enginetest"
	"slowburn/internal/expr"
)

func TestAppend(t *testing.T) {
	h := enginetest.NativeHistogram
	negative := h(3)
	negative.ZeroCount = -1
	for _, c := range []struct {
		name   string
		append []point
		want   []string // times and values
		errors []string
	}{
		{"in order", []point{{t: 1, f: 1}, {t: 2, f: 2}}, []string{"1 1", "2 2"}, nil},
		{"in the middle and before", []point{{t: 5, f: 5}, {t: 9, f: 9}, {t: 7, f: 7}, {t: 1, f: 1}}, []string{"1 1", "5 5", "7 7", "9 9"}, nil},
		{"the same again", []point{{t: 5, f: 5}, {t: 9, f: 9}, {t: 5, f: 5}, {t: 9, f: 9}}, []string{"5 5", "9 9"}, nil},
		{"another value: the first stays", []point{{t: 5, f: 5}, {t: 9, f: 9}, {t: 5, f: 6}, {t: 9, f: Stale}}, []string{"5 5", "9 9"},
			[]string{"duplicate sample for timestamp", "duplicate sample for timestamp"}},
		{"a stale marker twice", []point{{t: 5, f: Stale}, {t: 5, f: Stale}}, []string{"5 stale"}, nil},
		{"histograms among floats", []point{{t: 5, f: 5}, {t: 9, f: 9}, {t: 7, h: h(7)}, {t: 1, h: h(1)}}, []string{"1 h1", "5 5", "7 h7", "9 9"}, nil},
		{"a histogram again", []point{{t: 5, h: h(5)}, {t: 5, h: h(5)}}, []string{"5 h5"}, nil},
		{"another histogram, or none", []point{{t: 5, h: h(5)}, {t: 5, h: h(6)}, {t: 5, f: 0}}, []string{"5 h5"},
			[]string{"duplicate sample for timestamp", "duplicate sample for timestamp"}},
		{"a histogram that Prometheus does not store", []point{{t: 5, h: negative}}, nil,
			[]string{"zero bucket has observation count of -1: histogram has a bucket whose observation count is negative"}},
	} {
		s := NewStorage()
		var failures []string
		for _, p := range c.append {
			if err := s.append(s.series(metric("x")), p); err != nil {
				failures = append(failures, err.Error())
			}
		}
		of := s.series(metric("x"))
		var got []string
		for i := range of.times {
			p := of.point(i)
			text := fmt.Sprint(p.f)
			if p.h != nil {
				text = fmt.Sprintf("h%g", p.h.PositiveBuckets[0])
			} else if p.String() == "stale" {
				text = "stale"
			}
			got = append(got, fmt.Sprintf("%d %s", p.t, text))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.errors, failures); diff != "" {
			t.Errorf("%s: errors (-want +got)\n%s", c.name, diff)
		}
		if s.Samples() != len(c.want) || len(s.all) != 1 {
			t.Errorf("%s: %d samples of %d series", c.name, s.Samples(), len(s.all))
		}
	}
}

// TestWriteOrder holds that rules cannot write what Prometheus would have
// refused as out of order, though they are evaluated one after the other.
func TestWriteOrder(t *testing.T) {
	type write struct {
		t, offset int64
		err       string
	}
	const late = "out of order sample"
	for _, c := range []struct {
		name   string
		given  []int64
		writes []write
	}{
		{"two rules, each over its whole range", nil, []write{{1, 0, ""}, {5, 0, ""}, {2, 0, ""}, {4, 0, ""}}},
		{"a rule with an offset after one without", nil, []write{{9, 0, ""}, {4, 5, late}, {10, 0, ""}}},
		{"a rule with an offset that keeps up", nil, []write{{4, 0, ""}, {5, 5, ""}, {9, 0, ""}}},
		{"given samples at the evaluation", []int64{3, 8}, []write{{3, 5, late}, {2, 5, late}, {1, 1, ""}, {4, 3, ""}}},
		{"given samples after the evaluation", []int64{3, 8}, []write{{4, 0, ""}, {7, 0, ""}}},
	} {
		s := NewStorage()
		for _, at := range c.given {
			if err := s.Append(metric("x"), at, 0); err != nil {
				t.Fatal(err)
			}
		}
		for _, w := range c.writes {
			got := ""
			if err := s.write(s.series(metric("x")), point{t: w.t}, w.offset); err != nil {
				got = err.Error()
			}
			// What is given at that time has the same value.
			if got != w.err {
				t.Errorf("%s: at %d with offset %d: %q, want %q", c.name, w.t, w.offset, got, w.err)
			}
		}
	}
}

func TestMatching(t *testing.T) {
	s := NewStorage()
	for _, lset := range []labels.Labels{metric("b", "x", "2"), metric("a", "x", "2"), metric("b", "x", "1"), metric("b"), labels.FromStrings("x", "1")} {
		if err := s.Append(lset, 1, 1); err != nil {
			t.Fatal(err)
		}
	}
	s.series(metric("b", "x", "0")) // without samples there is no series
	for _, c := range []struct {
		selector string
		want     []string
	}{
		{`b`, []string{`{__name__="b"}`, `{__name__="b", x="1"}`, `{__name__="b", x="2"}`}},
		{`b{x=""}`, []string{`{__name__="b"}`}},
		{`{x="2"}`, []string{`{__name__="a", x="2"}`, `{__name__="b", x="2"}`}},
		{`{__name__=~"a|b", x!=""}`, []string{`{__name__="a", x="2"}`, `{__name__="b", x="1"}`, `{__name__="b", x="2"}`}},
		{`{__name__="", x=~".+"}`, []string{`{x="1"}`}},
		{`c`, nil},
	} {
		var got []string
		for _, of := range s.matching(selectorOf(t, c.selector).LabelMatchers) {
			got = append(got, of.labels.String())
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.selector, diff)
		}
	}
}

// TestIterator compares within, until and the iterator with a walk over a list.
func TestIterator(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		s := NewStorage()
		var naive []point
		for at := int64(-5); at < 30; at += 1 + rng.Int64N(5) {
			p := point{t: at, f: float64(rng.IntN(9))}
			if rng.IntN(3) == 0 {
				p.h = enginetest.NativeHistogram(p.f)
			}
			naive = append(naive, p)
		}
		for _, i := range rng.Perm(len(naive)) {
			if err := s.append(s.series(metric("x")), naive[i]); err != nil {
				t.Fatal(err)
			}
		}
		mint, now := rng.Int64N(40)-8, rng.Int64N(40)-8
		maxt := mint + rng.Int64N(20)
		querier, err := until{s, now}.Querier(mint, maxt)
		if err != nil {
			t.Fatal(err)
		}
		naive = slices.DeleteFunc(naive, func(p point) bool { return p.t < mint || p.t > min(maxt, now) })
		set := querier.Select(t.Context(), true, nil, expr.Equal(model.MetricNameLabel, "x"))
		if !set.Next() {
			if len(naive) > 0 {
				t.Fatalf("no series in [%d, %d] at %d, want %v", mint, maxt, now, naive)
			}
			continue
		}
		walk(t, rng, set.At().Iterator(nil), naive)
	}
}

// walk calls Next and Seek at random. i is where the iterator must be.
func walk(t *testing.T, rng *rand.Rand, it chunkenc.Iterator, naive []point) {
	t.Helper()
	i := -1
	for i < len(naive) {
		var kind chunkenc.ValueType
		if rng.IntN(2) == 0 {
			kind = it.Next()
			i++
		} else {
			to := rng.Int64N(40) - 8
			kind = it.Seek(to)
			for i < 0 || i < len(naive) && naive[i].t < to { // never back
				i++
			}
		}
		var got point
		switch kind {
		case chunkenc.ValNone:
			if i < len(naive) {
				t.Fatalf("ends at %d of %v", i, naive)
			}
			return
		case chunkenc.ValFloat:
			got.t, got.f = it.At()
		case chunkenc.ValFloatHistogram:
			got.t, got.h = it.AtFloatHistogram(nil)
		}
		if i >= len(naive) || got.t != naive[i].t || got.String() != naive[i].String() || it.AtT() != got.t {
			t.Fatalf("%v at %d of %v", got, i, naive)
		}
	}
}
