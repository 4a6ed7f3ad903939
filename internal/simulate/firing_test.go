package simulate

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestFiring holds when an alert fires whose conditions hold in some spans, in minutes.
func TestFiring(t *testing.T) {
	type spans = [][2]int
	for _, c := range []struct {
		name       string
		held       []spans // of each tier
		wait, keep int
		want       spans
	}{
		{"as they hold", []spans{{{5, 9}, {12, 13}}}, 0, 0, spans{{5, 9}, {12, 13}}},
		{"tiers that overlap", []spans{{{5, 9}}, {{8, 20}}}, 0, 0, spans{{5, 20}}},
		{"one within the other", []spans{{{5, 30}}, {{8, 20}}}, 0, 0, spans{{5, 30}}},
		{"tiers apart", []spans{{{15, 19}}, {{5, 8}}}, 0, 0, spans{{5, 8}, {15, 19}}},
		{"for", []spans{{{5, 9}, {12, 13}}}, 2, 0, spans{{7, 9}}},
		{"for, held by two tiers in turn", []spans{{{5, 7}}, {{7, 10}}}, 3, 0, spans{{8, 10}}},
		{"keep", []spans{{{5, 9}, {12, 13}}}, 0, 2, spans{{5, 11}, {12, 15}}},
		{"keep until the next", []spans{{{5, 9}, {12, 13}}}, 0, 3, spans{{5, 16}}},
		{"no for while it goes on", []spans{{{5, 9}, {12, 13}}}, 2, 4, spans{{7, 17}}},
		{"no further than the simulation", []spans{{{90, 99}}}, 0, 4, spans{{90, 100}}},
	} {
		minutes := func(n int) time.Duration { return time.Duration(n) * time.Minute }
		h := hold{minutes(c.wait), minutes(c.keep), time.Minute}
		var held [][]Span
		for _, tier := range c.held {
			var of []Span
			for _, s := range tier {
				of = append(of, Span{minutes(s[0]), minutes(s[1])})
			}
			held = append(held, of)
		}
		var got spans
		for _, s := range h.firing(held, 0, Span{0, minutes(100)}) {
			got = append(got, [2]int{int(s.From.Minutes()), int(s.Until.Minutes())})
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
}
