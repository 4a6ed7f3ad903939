package alerts

import (
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/slo"
)

// IdleNeeds is a need that nothing comes of.
var IdleNeeds = &diag.Kind{Name: "idle-needs", Severity: diag.Note, Doc: `A component needs others, and nothing mutes its alerts.

Needs make inhibitions: while an alert says that a component does not work, those of the components that need it are muted. None
of the needed ones has such an alert. Where the routing knows which alerts wake somebody, one that does not never mutes one that
does. Write an alert that says that the needed component is down, let one that there is say so (mutesDependents: true), or leave
the need out.`}

// reportIdleNeeds reports components with alerts that none of their needs mutes.
func reportIdleNeeds(s *Service, made []Inhibition, r *diag.Report) {
	has := map[string]bool{} // components that alerts are of
	for _, m := range s.muters() {
		has[m.set[slo.ComponentLabel]] = true
	}
	for _, c := range s.Components {
		muted := slices.ContainsFunc(made, func(in Inhibition) bool { _, ok := in.places[c.Name]; return ok })
		if !has[c.Name] || len(c.Needs) == 0 || muted {
			continue
		}
		r.Add(IdleNeeds, c.Pos, "write an alert that says that one of them is down, or let one say so: mutesDependents: true",
			"nothing mutes the alerts of %s: no alert of %s says that it does not work, and may mute them", c.Name, strings.Join(c.Needs, ", "))
	}
}
