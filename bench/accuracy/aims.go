package main

import (
	"fmt"
	"strings"
	"time"
)

// What slowburn's own rules are to reach.
const (
	// wholePeriod is the most that a ratio over more than an alert reads may be off, at any instant.
	wholePeriod = 0.002
	// longestAlertWindow is the longest that an alert reads: up to that, ratios are no worse than raw ranges.
	longestAlertWindow = 3 * day
	// lessThanSloth is how many times fewer samples the rules read than Sloth's. They read fewer than Pyrra's, too.
	lessThanSloth = 20
)

// aims compares slowburn's candidates with what they are to reach.
func (r *report) aims(columns []time.Duration) table {
	t := table{title: "What was aimed at", head: []string{"measured (at most)"}}
	for _, of := range r.results {
		t.head = append(t.head, of.name)
	}
	if len(r.results) == 0 {
		return t
	}
	for i, m := range r.results[0].of {
		if m.candidate == nil || !strings.HasPrefix(m.name, "slowburn") {
			continue
		}
		for _, c := range columns {
			if c > longestAlertWindow {
				t.aim(r, m.name+", "+window(c)+", worst, %", func(of result) (float64, float64) { return of.of[i].errors(c).worst * 100, wholePeriod * 100 })
				continue
			}
			t.aim(r, m.name+", "+window(c)+", median, %", func(of result) (float64, float64) {
				return of.of[i].errors(c).median * 100, of.named("raw ranges").errors(c).median * 100
			})
			t.aim(r, m.name+", "+window(c)+", p99, %", func(of result) (float64, float64) {
				return of.of[i].errors(c).p99 * 100, of.named("raw ranges").errors(c).p99 * 100
			})
		}
		for _, peer := range r.results[0].of {
			share := 0.0
			switch {
			case peer.candidate == nil:
			case strings.HasPrefix(peer.name, "Sloth"):
				share = 1.0 / lessThanSloth
			case strings.HasPrefix(peer.name, "Pyrra"):
				share = 1
			}
			if share > 0 {
				t.aim(r, m.name+", samples a minute, beside "+peer.name, func(of result) (float64, float64) {
					return of.of[i].cost.samples, share * of.named(peer.name).cost.samples
				})
			}
		}
	}
	return t
}

// aim adds a row: what was measured in each setting, and the most that it may be.
func (t *table) aim(r *report, what string, get func(result) (is, most float64)) {
	cells := []string{what}
	for _, of := range r.results {
		is, most := get(of)
		cell := ""
		switch {
		case is < 0:
			cell = "no value: MISSED"
		case most > 0 && is <= most:
			cell = fmt.Sprintf("%s (%s)", digits(is), digits(most))
		case most > 0:
			cell = fmt.Sprintf("%s (%s): MISSED", digits(is), digits(most))
		}
		cells = append(cells, cell)
	}
	t.rows = append(t.rows, cells)
}

// digits are as many as show a small difference.
func digits(x float64) string {
	if x >= 1000 {
		return thousands(x)
	}
	return fmt.Sprintf("%.3g", x)
}

// errors are those of a window, less than zero where there is no value at all.
func (m measured) errors(column time.Duration) accuracy {
	a, ok := m.columns[column]
	if !ok || a.without == a.of {
		return accuracy{median: -1, p99: -1, worst: -1}
	}
	return a
}

// named finds a candidate; one that was not measured has no value.
func (t result) named(name string) measured {
	for _, m := range t.of {
		if m.candidate != nil && m.name == name {
			return m
		}
	}
	return measured{}
}
