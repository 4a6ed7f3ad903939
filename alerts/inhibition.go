package alerts

import (
	"math/big"
	"slices"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// What inhibitions are found to do.
var (
	IdleInhibition = &diag.Kind{Name: "idle-inhibition", Severity: diag.Warning, Doc: `An inhibition can mute nothing.

No alert that the specs compile to matches its source and another its target with the same values of the labels that must agree.
Alerts that lack one of those labels take no part. Mend the labels, or remove the inhibition.`}
	LateInhibition = &diag.Kind{Name: "late-inhibition", Severity: diag.Warning, Doc: `An alert that should be muted is told before the one that mutes it fires.

Alertmanager looks for the muting alert when the group of the muted one has waited (groupWait), and not again until the next
look. Let the alert that mutes wait less (for), or the muted one more.`}
)

// Inhibition mutes targets while a source fires and they agree on Equal.
type Inhibition struct {
	Source, Target []Matcher
	Equal          []string
	Why            string // what makes it, where that is not the spec's own rule
	Pos            diag.Pos

	places   map[string]diag.Pos // by the component that is muted, where its needs make it
	doubtful bool                // something about it was reported already
}

// newInhibition makes an inhibition of which the sources carry every label of
// equal: Alertmanager takes a label that both sides lack for one on which they
// agree, and an alert that lacks it would mute everything.
func newInhibition(in Inhibition) Inhibition {
	for _, label := range in.Equal {
		if !slices.ContainsFunc(in.Source, func(m Matcher) bool { return m.Label == label }) {
			in.Source = append(slices.Clone(in.Source), Matcher{Label: label, Set: true})
		}
	}
	return in
}

// Mutes tells whether an alert with labels source mutes one with labels target,
// as Alertmanager has it: not if both are both, so that no alert mutes itself.
func (in Inhibition) Mutes(source, target map[string]string) bool {
	if !matchesAll(in.Source, source) || !matchesAll(in.Target, target) {
		return false
	}
	if matchesAll(in.Source, target) && matchesAll(in.Target, source) {
		return false
	}
	return !slices.ContainsFunc(in.Equal, func(label string) bool { return !agree(source[label], target[label]) })
}

// agree tells whether a label has the same value on both, or can have: any group may be that one.
func agree(a, b string) bool {
	return a == b || a != "" && b != "" && (a == anyGroup || b == anyGroup)
}

// checkInhibitions holds the inhibitions against all alerts.
func (routing *Routing) checkInhibitions(all []Alert, foreign []string, r *diag.Report) {
	if len(all) == 0 {
		return // those of services elsewhere
	}
	muting := routing.Muting(all)
	used := make([]bool, len(routing.Inhibit))
	for j, target := range all {
		source, by := -1, -1
		for i, n := range muting.First(j) {
			used[n] = true
			if source < 0 || muting.soonest[i] < muting.soonest[source] {
				source, by = i, n
			}
		}
		if source < 0 || routing.Inhibit[by].doubtful {
			continue
		}
		if wait := routing.Land(muting.sets[j][0])[0].Grouping.Wait; muting.soonest[source] > muting.soonest[j]+wait {
			r.Add(LateInhibition, routing.Inhibit[by].place(muting.sets[j][0]), "let the first fire sooner, or the second later", "%s fires after %s in the worst outage, and %s, which it should mute, after %s",
				all[source].Name, spec.FormatDuration(muting.soonest[source]), target.Name, spec.FormatDuration(muting.soonest[j]))
		}
	}
	busy := map[diag.Pos]bool{} // of one of the spec there may be several, for groups
	for n, in := range routing.Inhibit {
		busy[in.Pos] = busy[in.Pos] || used[n]
	}
	for _, in := range routing.Inhibit {
		// What needs make may concern parts without alerts.
		if !busy[in.Pos] && in.Why == "" && !in.doubtful && !in.mentions(foreign) {
			busy[in.Pos] = true // once is enough
			r.Add(IdleInhibition, in.Pos, "mend its labels, or remove it", "no alert mutes another by this")
		}
	}
}

// place is what makes the inhibition for one of its targets.
func (in Inhibition) place(target map[string]string) diag.Pos {
	if at, ok := in.places[target[slo.ComponentLabel]]; ok {
		return at
	}
	return in.Pos
}

// mentions tells whether an inhibition is about labels of alerts from elsewhere.
func (in Inhibition) mentions(foreign []string) bool {
	about := func(m Matcher) bool { return slices.Contains(foreign, m.Label) }
	return slices.ContainsFunc(in.Source, about) || slices.ContainsFunc(in.Target, about)
}

// soonest is how long the worst outage lasts when an alert fires: everything
// fails, from one moment on, at steady traffic.
func (a Alert) soonest() time.Duration {
	switch {
	case len(a.Tiers) > 0:
		var detections []time.Duration
		for _, t := range a.Tiers {
			if d, ever := t.Detection(big.NewRat(1, 1)); ever {
				detections = append(detections, d)
			}
		}
		if len(detections) > 0 {
			return slices.Min(detections) + a.For
		}
	case a.Threshold != nil:
		// A share of the events of a window is exceeded after the same share of the window.
		if events := a.Imitate().Events; events != nil {
			crossed := new(big.Rat).Mul(events.Share, big.NewRat(int64(events.Window), 1))
			nanoseconds, _ := crossed.Float64()
			return time.Duration(nanoseconds) + a.For
		}
	}
	return a.For
}
