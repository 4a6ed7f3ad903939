package alerts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// ResetCascade is a notification that an inhibition held back for too long.
var ResetCascade = &diag.Kind{Name: "reset-cascade", Severity: diag.Warning, Doc: `After a recovery the same receiver is told a second time.

A fast tier mutes a slower one while it fires, and clears first: its short window is shorter. The slower one still fires, is no
longer muted, and notifies when everything is well again. Let the fast one go on for as long as the slow one (keepFiringFor), join
the two into one alert (alert, where their labels are the same), tell somebody else of one of them, or let both be heard.`}

// Firing is a time during which an alert fires.
type Firing struct {
	Labels      map[string]string
	From, Until time.Duration
}

// SecondNotice is that an alert notifies receivers after everything has
// recovered, since what muted it has cleared.
type SecondNotice struct {
	Alert Firing // from when it notifies
	Muter Firing // what muted it last
	To    []string
}

// SecondNotices are those of receivers that knew of the incident from another alert.
func (routing *Routing) SecondNotices(firings []Firing, recovered time.Duration) []SecondNotice {
	var second []SecondNotice
	for _, late := range firings {
		heard, muter := routing.audible(late, firings)
		if muter == nil || heard <= recovered || heard >= late.Until {
			continue
		}
		var knew []string
		for _, f := range firings {
			if at, _ := routing.audible(f, firings); at <= recovered && at < f.Until {
				knew = append(knew, routing.ReceiversOf(f.Labels)...)
			}
		}
		again := slices.DeleteFunc(routing.ReceiversOf(late.Labels), func(to string) bool { return !slices.Contains(knew, to) })
		if len(again) > 0 {
			late.From = heard
			second = append(second, SecondNotice{late, *muter, again})
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

// cascade is one alert that mutes another of the same SLO, by an inhibition, and
// clears before it: of a service, by the names of their tiers.
type cascade struct {
	by                   diag.Pos
	service, muter, late string
}

// cascades is of how many SLOs, and by how much the muted one clears later at most.
type cascades struct {
	SecondNotice
	objects int
	early   time.Duration
	keep    time.Duration // that the muting alert has
}

// checkCascades reports what would notify after the recovery from a full outage,
// once for each inhibition and pair of tiers. Everything follows from the
// arithmetic that scenarios hold the alerts to.
func (routing *Routing) checkCascades(services []*Service, r *diag.Report) {
	// What components need mutes other SLOs.
	own := *routing
	own.Inhibit = slices.DeleteFunc(slices.Clone(routing.Inhibit), func(in Inhibition) bool { return in.Why != "" || in.doubtful })
	found := map[cascade]*cascades{}
	for _, s := range services {
		for _, o := range s.SLOs {
			own.addCascades(o, found)
		}
	}
	for _, c := range slices.SortedFunc(maps.Keys(found), func(a, b cascade) int {
		return cmp.Or(cmp.Compare(a.service, b.service), cmp.Compare(a.muter, b.muter), cmp.Compare(a.late, b.late))
	}) {
		of := found[c]
		others := ""
		if n := of.objects - 1; n == 1 {
			others = ", and likewise of another SLO"
		} else if n > 1 {
			others = fmt.Sprintf(", and likewise of %d other SLOs", n)
		}
		// A minute more, since both are evaluated at times of their own.
		keep := (of.keep + of.early + 2*time.Minute - 1).Truncate(time.Minute)
		r.Add(ResetCascade, c.by, "let tier "+c.muter+" go on: keepFiringFor: "+spec.FormatDuration(keep)+", or join the two (alert), or tell somebody else, or let both be heard",
			"after the recovery from an outage %s clears %s before %s, which it mutes: %s is told once more%s", of.Muter.Labels[alertNameLabel],
			spec.FormatDuration(of.early), of.Alert.Labels[alertNameLabel], strings.Join(of.To, ", "), others)
	}
}

// addCascades finds those of an SLO.
func (routing *Routing) addCascades(o SLOAlerts, found map[cascade]*cascades) {
	firings, tiers, recovered := fullOutage(o)
	if len(firings) < 2 {
		return
	}
	for _, second := range routing.SecondNotices(firings, recovered) {
		by := slices.IndexFunc(routing.Inhibit, func(in Inhibition) bool { return in.Mutes(second.Muter.Labels, second.Alert.Labels) })
		muter, late := tiers[second.Muter.Labels[alertNameLabel]], tiers[second.Alert.Labels[alertNameLabel]]
		at := cascade{routing.Inhibit[by].Pos, o.Service.Name, muter.Name, late.Name}
		if found[at] == nil {
			found[at] = &cascades{SecondNotice: second}
		}
		of := found[at]
		of.objects++
		of.early, of.keep = max(of.early, second.Alert.Until-second.Muter.Until), muter.KeepFiringFor
	}
}

// fullOutage is when the burn-rate alerts of an SLO fire in an outage that lasts
// until all of them do, the tiers by the alerts' names, and when it ends.
func fullOutage(o SLOAlerts) (firings []Firing, tiers map[string]slo.Tier, recovered time.Duration) {
	tiers = map[string]slo.Tier{}
	for _, a := range o.Burn {
		var from, reset time.Duration
		fires := false
		for _, t := range a.Tiers {
			detection, after, ok := t.FullOutage(o.SLI.Slice())
			if !ok {
				continue
			}
			if !fires || detection < from {
				from = detection
			}
			fires, reset = true, max(reset, after)
		}
		if !fires {
			continue
		}
		from += a.For
		recovered = max(recovered, from+a.Tiers[0].Long)
		tiers[a.Name] = a.Tiers[0]
		firings = append(firings, Firing{Labels: a.LabelSet(), From: from, Until: reset + a.KeepFiringFor})
	}
	for i := range firings {
		firings[i].Until += recovered
	}
	return firings, tiers, recovered
}
