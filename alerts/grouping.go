package alerts

import (
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// GroupingSpec says how alerts join into notifications, and when those are sent.
type GroupingSpec struct {
	// GroupBy are the labels by which alerts join into one notification. Default: alertname, service and slo.
	GroupBy []GroupLabel `json:"groupBy,omitempty"`
	// GroupWait is how long a new group waits for more alerts before it is told. Default: 30s.
	GroupWait spec.Duration `json:"groupWait,omitempty"`
	// GroupInterval is how long news of a group that was told wait. Default: 5m.
	GroupInterval spec.Duration `json:"groupInterval,omitempty"`
	// RepeatInterval is when a group without news is told again. Default: 4h.
	RepeatInterval spec.Duration `json:"repeatInterval,omitempty"`
}

// GroupLabel is a label by which alerts join.
type GroupLabel struct{ spec.Ident }

// DecodeSpec implements spec.Decoder.
func (l *GroupLabel) DecodeSpec(v *spec.Value, r *diag.Report) {
	if v.Text == "..." {
		r.Add(spec.BadValue, v.Pos, "list the labels, such as alertname and instance", "of all labels no two alerts join, and each is told alone")
		return
	}
	l.Ident.DecodeSpec(v, r)
}

// Grouping is how alerts join into notifications. Zero means inherited.
type Grouping struct {
	By                     []string
	Wait, Interval, Repeat time.Duration
	NoWait                 bool // Wait is zero and meant
}

// Upstream's defaults, written out in what is compiled so that nobody has to
// look them up.
const (
	defaultGroupWait      = 30 * time.Second
	defaultGroupInterval  = 5 * time.Minute
	defaultRepeatInterval = 4 * time.Hour
)

// resolve is the grouping of a route; what it leaves out is inherited from above.
func (s GroupingSpec) resolve(above Grouping, r *diag.Report) Grouping {
	g := Grouping{
		By: idents(s.GroupBy), Wait: s.GroupWait.Duration, Interval: s.GroupInterval.Duration, Repeat: s.RepeatInterval.Duration,
		NoWait: s.GroupWait.IsSet() && s.GroupWait.Duration == 0,
	}
	for _, d := range []spec.Duration{s.GroupInterval, s.RepeatInterval} {
		if d.IsSet() && d.Duration <= 0 {
			r.Add(spec.BadValue, d.Pos(), "write more than 0", "Alertmanager refuses an interval of 0")
		}
	}
	whole := g.over(above)
	if whole.Repeat < whole.Interval {
		at := s.RepeatInterval
		if !at.IsSet() {
			at = s.GroupInterval
		}
		r.Add(spec.BadValue, at.Pos(), "write a repeatInterval of at least "+spec.FormatDuration(whole.Interval), "a group is looked at every %s, so that it cannot be repeated after %s",
			spec.FormatDuration(whole.Interval), spec.FormatDuration(whole.Repeat))
	}
	return g
}

// over is g with what it lacks taken from above.
func (g Grouping) over(above Grouping) Grouping {
	if len(g.By) == 0 {
		g.By = above.By
	}
	if g.Wait == 0 && !g.NoWait {
		g.Wait, g.NoWait = above.Wait, above.NoWait
	}
	if g.Interval == 0 {
		g.Interval = above.Interval
	}
	if g.Repeat == 0 {
		g.Repeat = above.Repeat
	}
	return g
}
