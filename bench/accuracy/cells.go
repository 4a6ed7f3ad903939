package main

import (
	"fmt"
	"math"
	"time"

	"github.com/prometheus/common/model"
)

// cell is what a table says of a window: its errors, the window if it is
// another, and how often there was no value.
func (a accuracy) cell(ok bool, column time.Duration) string {
	if !ok {
		return "–"
	}
	text := "no value"
	if a.without < a.of {
		text = fmt.Sprintf("%s / %s / %s", percent(a.median), percent(a.p99), percent(a.worst))
		if a.without > 0 {
			text += fmt.Sprintf(", none %s %%", percent(float64(a.without)/float64(a.of)))
		}
	}
	if a.window != column {
		text += " (" + window(a.window) + ")"
	}
	return text
}

// when tells of the worst values when they were read, since the measured time began.
func (m measured) when(columns []time.Duration, from time.Duration) []string {
	cells := []string{fmt.Sprintf("  worst at (evaluated in %s)", m.took.Truncate(10*time.Millisecond))}
	for _, c := range columns {
		at := m.columns[c].at - from
		if at < 0 {
			cells = append(cells, "")
			continue
		}
		cells = append(cells, fmt.Sprintf("%dd %02d:%02d", at/day, at%day/time.Hour, at%time.Hour/time.Minute))
	}
	return cells
}

func window(d time.Duration) string { return model.Duration(d).String() }

// percent has two significant digits, so that columns can be compared at a glance.
func percent(x float64) string {
	x *= 100
	switch {
	case x == 0:
		return "0"
	case x < 0.0095:
		return fmt.Sprintf("%.3f", x)
	case x < 0.95:
		return fmt.Sprintf("%.2f", x)
	case x < 9.5:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

func thousands(x float64) string {
	text := fmt.Sprintf("%.0f", x)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// share is a ratio as people say it: 3.2 times, or 1/20.
func share(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case x < 1:
		return fmt.Sprintf("1/%.3g", 1/x)
	}
	return fmt.Sprintf("%.2g×", x)
}
