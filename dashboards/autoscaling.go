package dashboards

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"slowburn/alerts"
)

// autoscaling shows each signal by which something is scaled, with the trigger's
// own query, beside what KEDA compares it with.
func autoscaling(s *alerts.Service) []dashboard.Panel {
	var panels []dashboard.Panel
	for _, a := range s.Autoscalers {
		for _, t := range a.Triggers {
			if t.Signal.Expr != nil && t.Threshold.IsSet() {
				panel := triggerGraph(s, a, t).panel()
				panel.Id = given(a.PanelID(t))
				panels = append(panels, panel)
			}
		}
	}
	return panels
}

func triggerGraph(s *alerts.Service, a alerts.Autoscaler, t alerts.Trigger) graph {
	name := plain(t.Signal.Name)
	g := graph{
		title: "Scaling " + plain(a.Target) + " by " + name, unit: quantities[t.Quantity()],
		queries: []query{{of: t.Signal.Expr, legend: name, every: s.ScrapeInterval}},
	}
	if summary := t.Signal.Summary; summary != "" {
		g.description = strings.TrimSuffix(plain(summary), ".") + ". "
	}
	if !t.IsShared() {
		g.description += fmt.Sprintf("KEDA adds replicas of %s while %s is above the line: of twice as much, twice as many.", plain(a.Target), name)
		g.drawn(level{inReplicas(t, 1), colourPlain})
		return g
	}
	first := max(1, a.Fewest())
	g.description += fmt.Sprintf("KEDA wants a replica of %s for each %s of %s: from the line on, more than %d.", plain(a.Target), t.Threshold, name, first)
	lines := []level{{inReplicas(t, first), colourPlain}}
	if a.Max != nil && *a.Max > first {
		g.description += fmt.Sprintf(" At the red line there are all %d, which have to bear what is above it.", *a.Max)
		lines = append(lines, level{inReplicas(t, *a.Max), colourBad})
	}
	g.drawn(lines...)
	return g
}

// inReplicas is the value of a signal from which on more than n replicas are wanted.
func inReplicas(t alerts.Trigger, n int) float64 {
	at, _ := new(big.Rat).Mul(t.Threshold.Rat, big.NewRat(int64(n), 1)).Float64()
	return at
}

// drawn draws lines, of which the first is always in view.
func (g *graph) drawn(lines ...level) {
	g.limits, g.floor, g.ceiling = levels(colourNone, lines...), given(0.0), given(lines[0].from)
}
