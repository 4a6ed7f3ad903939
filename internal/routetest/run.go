package routetest

import (
	"maps"
	"slices"
	"strings"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// run runs one assertion.
func (s *Spec) run(c *amconfig.Config) Result {
	var r diag.Report
	alert := labelsOf(s.Labels)
	result := Result{Name: s.Name.Text, Pos: s.Pos()}
	if result.Name == "" {
		result.Name = Describe(alert)
	}
	s.checkReceivers(c, &r)
	var firing []amconfig.Labels
	for _, other := range s.While {
		firing = append(firing, labelsOf(other))
	}
	at, timed := s.at(&r)
	in, source := c.MutedBy(alert, firing)
	result.Muted = in != nil
	var silent []string
	for _, route := range c.Match(alert) {
		hours := len(route.Active)+len(route.Mute) > 0
		switch {
		case hours && !timed && s.At.Text == "":
			r.Add(Invalid, s.Pos(), "add at: with a time", "whether %s is told depends on the time", route.Receiver)
		case hours && timed && c.Silent(route, at):
			silent = append(silent, route.Receiver)
		case in == nil:
			result.Tells = append(result.Tells, route.Receiver)
		}
	}
	if !r.HasErrors() {
		s.compare(result, in, source, silent, &r)
	}
	result.Findings = r.Findings()
	return result
}

// compare reports where an assertion and its outcome differ.
func (s *Spec) compare(got Result, in *amconfig.Inhibition, source amconfig.Labels, silent []string, r *diag.Report) {
	switch {
	case got.Muted && !s.Muted:
		r.Add(WrongRoute, s.Pos(), "expect muted: true, or mend the inhibition", "it is muted: %s mutes it, by the inhibition in line %d", Describe(source), in.Value.Pos.Line)
		return
	case !got.Muted && s.Muted:
		r.Add(WrongRoute, s.KeyPos("muted"), "mend the inhibitions, or say in while what fires", "it is not muted")
		return
	}
	var want []string
	for _, name := range s.Tells {
		want = append(want, name.Text)
	}
	if slices.Equal(want, got.Tells) {
		return
	}
	help := ""
	if len(silent) > 0 {
		help = "it is not the hour of " + strings.Join(silent, ", ")
	}
	r.Add(WrongRoute, s.KeyPos("tells"), help, "it tells %s, not %s", nobody(got.Tells), nobody(want))
}

// checkReceivers reports expected receivers that do not exist.
func (s *Spec) checkReceivers(c *amconfig.Config, r *diag.Report) {
	var known []string
	for _, to := range c.Receivers {
		known = append(known, to.Name)
	}
	for _, name := range s.Tells {
		if name.Text != "" && !slices.Contains(known, name.Text) {
			r.Add(Invalid, name.Pos(), spec.Suggest(name.Text, known), "there is no receiver %q", name.Text)
		}
	}
}

func nobody(names []string) string {
	if len(names) == 0 {
		return "nobody"
	}
	return strings.Join(names, ", ")
}

func labelsOf(ls spec.Labels) amconfig.Labels {
	set := amconfig.Labels{}
	for _, l := range ls {
		set[l.Name.Text] = l.Value.Text
	}
	return set
}

// Describe writes labels for people, the alert's name first.
func Describe(ls amconfig.Labels) string {
	const name = "alertname"
	var parts []string
	if ls[name] != "" {
		parts = append(parts, ls[name])
	}
	for _, n := range slices.Sorted(maps.Keys(ls)) {
		if n != name {
			parts = append(parts, n+"="+ls[n])
		}
	}
	return strings.Join(parts, " ")
}
