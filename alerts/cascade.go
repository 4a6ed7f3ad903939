package alerts

import (
	"slices"
	"time"

	"slowburn/internal/diag"
)

// ResetCascade is a notification that an inhibition held back for too long.
var ResetCascade = &diag.Kind{Name: "reset-cascade", Severity: diag.Error, Doc: `After a recovery the same receiver is told a second time.

A fast tier mutes a slower one while it fires, and clears first: its short window is shorter. The slower one still fires, is no
longer muted, and notifies when everything is well again. Do not let an alert mute another that goes to the same receiver, or let
the fast one fire for as long as the slow one.`}

// Firing is a time during which an alert fires.
type Firing struct {
	Labels      map[string]string
	From, Until time.Duration
	// Group of the SLO that the alert is of: who knows of one does not know of another.
	Group string
}

// SecondNotice is that an alert notifies a receiver after everything has
// recovered, since what muted it has cleared.
type SecondNotice struct {
	Alert Firing // from when it notifies
	Muter Firing // what muted it last
}

// SecondNotices are those of receivers that knew of the incident from another alert.
func (routing *Routing) SecondNotices(firings []Firing, recovered time.Duration) []SecondNotice {
	var second []SecondNotice
	for _, late := range firings {
		heard, muter := routing.audible(late, firings)
		if muter == nil || heard <= recovered || heard >= late.Until {
			continue
		}
		knew := func(f Firing) bool {
			at, _ := routing.audible(f, firings)
			return f.Group == late.Group && at <= recovered && at < f.Until && routing.shareReceiver(f, late)
		}
		if slices.ContainsFunc(firings, knew) {
			late.From = heard
			second = append(second, SecondNotice{late, *muter})
		}
	}
	return second
}

// audible is when an alert is no longer muted, which may be after it has
// cleared, and what muted it until then: nil if nothing did.
func (routing *Routing) audible(f Firing, firings []Firing) (at time.Duration, muter *Firing) {
	at = f.From
	for moved := true; moved; {
		moved = false
		for _, source := range firings {
			if source.From <= at && at < source.Until && routing.mutes(source, f) {
				at, muter, moved = source.Until, &source, true
			}
		}
	}
	return at, muter
}

func (routing *Routing) mutes(source, target Firing) bool {
	return slices.ContainsFunc(routing.Inhibit, func(in Inhibition) bool { return in.Mutes(source.Labels, target.Labels) })
}

func (routing *Routing) shareReceiver(a, b Firing) bool {
	of := routing.ReceiversOf(b.Labels)
	return slices.ContainsFunc(routing.ReceiversOf(a.Labels), func(name string) bool { return slices.Contains(of, name) })
}
