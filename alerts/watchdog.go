package alerts

import (
	"math/big"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// WatchdogSpec is a dead man's switch: an alert that always fires. Whoever
// watches from outside raises the alarm when it is no longer told.
type WatchdogSpec struct {
	spec.Node
	// To is the receiver that watches: a service outside of what is watched.
	To spec.Name `json:"to" jsonschema:"required"`
	// Every is the longest time between two notifications. Default: 5m.
	Every spec.Duration `json:"every,omitempty"`
}

// Watchdog is a resolved dead man's switch.
type Watchdog struct {
	To    string
	Every time.Duration
	Pos   diag.Pos
}

// WatchdogName is the name of the alert that always fires; Prometheus' own mixins have the same.
const WatchdogName = "Watchdog"

const (
	defaultWatchdogEvery = 5 * time.Minute
	minWatchdogEvery     = time.Minute
)

// resolve fills the defaults of a watchdog in.
func (s *WatchdogSpec) resolve(r *diag.Report) *Watchdog {
	if s == nil {
		return nil
	}
	w := &Watchdog{To: s.To.Text, Every: defaultWatchdogEvery, Pos: s.Pos()}
	if s.Every.IsSet() {
		w.Every = s.Every.Duration
	}
	if w.Every < minWatchdogEvery {
		r.Add(spec.BadValue, s.Every.Pos(), "write "+spec.FormatDuration(minWatchdogEvery)+" or more", "a watchdog every %s is told more often than rules are evaluated", spec.FormatDuration(w.Every))
	}
	return w
}

// route takes the watchdog to its receiver. A group is looked at five times
// within Every, and told again once four fifths of it are over: a repetition
// that is due at one look and a moment too early goes out at the next, in time.
func (w *Watchdog) route() Route {
	const looks = 5
	return Route{
		Match: []Matcher{{Label: alertNameLabel, Values: []string{WatchdogName}}},
		To:    w.To,
		Grouping: Grouping{
			By: []string{alertNameLabel}, NoWait: true,
			Interval: w.Every / looks, Repeat: w.Every / looks * (looks - 1),
		},
		Pos: w.Pos,
	}
}

// Expr is always there.
func (w *Watchdog) Expr() expr.Expr { return expr.Call("vector", expr.Number(big.NewRat(1, 1))) }

// Annotations are the texts of the alert.
func (w *Watchdog) Annotations() []Annotation {
	return []Annotation{
		{"description", "This alert always fires. Whoever is told of it raises the alarm when it stops: then Prometheus or Alertmanager is down, or cannot be reached."},
		{"summary", "alerting works"},
	}
}
