package main

import (
	"fmt"
	"time"
)

// report collects what was measured.
type report struct {
	environment string
	pairs       []pair
	growth      []grown
	differences []difference
	alone       []single
}

type row struct {
	who string
	cost
}

// pair is a peer and slowburn at the same work.
type pair struct {
	title, scope string
	theirs, ours row
	aim          float64 // of the ratio of processor times, 0 for none
}

func (r *report) compared(title, scope string, theirs, ours row, aim float64) {
	r.pairs = append(r.pairs, pair{title, scope, theirs, ours, aim})
}

// single is something that no peer does.
type single struct {
	title, who string
	measured   bool
	cost
	wall   time.Duration // aim
	memory int64         // aim
}

// grown is a measurement of the engine with n times as much of something.
type grown struct {
	of   string
	n    int
	what string
	cost
}

func (r *report) grew(of string, n int, what string, c cost) {
	r.growth = append(r.growth, grown{of, n, what, c})
}

func (r *report) differs() bool {
	for _, d := range r.differences {
		if d.bad() {
			return true
		}
	}
	return false
}

// tables are all that was measured, as cells.
func (r *report) tables() []table {
	if len(r.pairs) == 0 {
		return nil // only what is at scale was measured
	}
	costs := table{title: "Cost", head: []string{"", "wall time", "processor time", "peak memory"}}
	for i, p := range r.pairs {
		if i == 0 || r.pairs[i-1].title != p.title {
			costs.add("**" + p.title + "**")
		}
		costs.add(p.theirs.who+", "+p.scope, seconds(p.theirs.Wall), seconds(p.theirs.Processor), megabytes(p.theirs.Memory))
		costs.add(p.ours.who+", "+p.scope, seconds(p.ours.Wall), seconds(p.ours.Processor), megabytes(p.ours.Memory))
		ratio := ratio(p.theirs.Processor, p.ours.Processor)
		costs.add("ratio", times(float64(p.theirs.Wall)/float64(p.ours.Wall)), verdict(ratio, p.aim), times(float64(p.theirs.Memory)/float64(p.ours.Memory)))
	}
	for _, s := range r.alone {
		costs.add("**" + s.title + "**")
		if !s.measured {
			costs.add(s.who, "not yet measured: it fails", "", "")
			continue
		}
		costs.add(s.who, seconds(s.Wall)+within(s.Wall <= s.wall, seconds(s.wall)), seconds(s.Processor), megabytes(s.Memory)+within(s.Memory <= s.memory, megabytes(s.memory)))
	}
	growth := table{title: "4. Growth of the engine's processor time", head: []string{"", "wall time", "processor time", "of the first", "of the first, for each unit of work", "peak memory"}}
	var first time.Duration
	for _, g := range r.growth {
		if g.n == 1 {
			first = g.Processor
		}
		relative := ratio(g.Processor, first)
		growth.add(fmt.Sprintf("%d × %s (%s)", g.n, g.of, g.what), seconds(g.Wall), seconds(g.Processor), times(relative), times(relative/float64(g.n)), megabytes(g.Memory))
	}
	same := table{title: "Results: the engine's and the rule manager's recorded samples", head: []string{"", "samples", "of these alert states", "largest difference", "allowed"}}
	for _, d := range r.differences {
		same.add(d.what, fmt.Sprint(d.Samples), fmt.Sprint(d.Alerts), d.largest(), fmt.Sprintf("%d ulps", bound))
	}
	return []table{costs, growth, same}
}

func (d difference) largest() string {
	switch {
	case len(d.Missing) > 0:
		return "DIFFERS: " + d.Missing[0]
	case d.bad():
		return fmt.Sprintf("DIFFERS: %d ulps, %s", d.ULPs, d.Where)
	}
	return fmt.Sprintf("%d ulps", d.ULPs)
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(max(b, 1)) }

func verdict(ratio, aim float64) string {
	switch {
	case aim == 0:
		return times(ratio)
	case ratio >= aim:
		return fmt.Sprintf("%s (aim %.0f×: met)", times(ratio), aim)
	}
	return fmt.Sprintf("%s (aim %.0f×: MISSED)", times(ratio), aim)
}

func within(met bool, aim string) string {
	if met {
		return " (aim " + aim + ": met)"
	}
	return " (aim " + aim + ": MISSED)"
}

func times(x float64) string {
	if x >= 10 {
		return fmt.Sprintf("%.0f×", x)
	}
	return fmt.Sprintf("%.2f×", x)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

func megabytes(n int64) string { return fmt.Sprintf("%.0f MB", float64(n)/1e6) }
