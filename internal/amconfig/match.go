package amconfig

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/alertmanager/pkg/labels"
)

// Labels are an alert's, by name; one that is missing counts as empty.
type Labels = map[string]string

// Matches tells whether all matchers match.
func Matches(matchers labels.Matchers, alert Labels) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(alert[m.Name]) })
}

// Match are the nodes at which an alert ends, in order: depth first, and a child
// that matches stops its siblings unless it continues. A node itself gets what
// matches it and none of its children.
func (c *Config) Match(alert Labels) []*Route { return c.Root.match(alert) }

func (route *Route) match(alert Labels) []*Route {
	if !Matches(route.Matchers, alert) {
		return nil
	}
	var all []*Route
	for _, child := range route.Routes {
		ends := child.match(alert)
		all = append(all, ends...)
		if len(ends) > 0 && !child.Continue {
			break
		}
	}
	if len(all) == 0 {
		all = append(all, route)
	}
	return all
}

// Mutes tells whether a firing alert mutes another. Alertmanager disregards a
// source that matches both sides for a target that does so too, so that no alert
// mutes itself. A label of equal that both lack counts as one on which they agree.
func (in *Inhibition) Mutes(source, target Labels) bool {
	if !Matches(in.Source, source) || !Matches(in.Target, target) {
		return false
	}
	if Matches(in.Source, target) && Matches(in.Target, source) {
		return false
	}
	return !slices.ContainsFunc(in.Equal, func(name string) bool { return source[name] != target[name] })
}

// MutedBy is the first inhibition by which one of the firing alerts mutes an
// alert, with that alert; or nil.
func (c *Config) MutedBy(alert Labels, firing []Labels) (*Inhibition, Labels) {
	for _, in := range c.Inhibit {
		for _, source := range firing {
			if in.Mutes(source, alert) {
				return in, source
			}
		}
	}
	return nil, nil
}

// Muters are, for each of the alerts, the indexes of those that mute it while
// all fire. Sources are looked up by the labels that must agree: comparing each
// with each would take the square of their number.
func (c *Config) Muters(all []Labels) [][]int {
	muters := make([][]int, len(all))
	for _, in := range c.Inhibit {
		sources := map[string][]int{}
		for i, alert := range all {
			if Matches(in.Source, alert) {
				key := in.key(alert)
				sources[key] = append(sources[key], i)
			}
		}
		for j, alert := range all {
			if !Matches(in.Target, alert) {
				continue
			}
			for _, i := range sources[in.key(alert)] {
				if in.Mutes(all[i], alert) && !slices.Contains(muters[j], i) {
					muters[j] = append(muters[j], i)
				}
			}
		}
	}
	return muters
}

// key are the values of the labels that source and target must agree on.
func (in *Inhibition) key(alert Labels) string {
	var b strings.Builder
	for _, name := range in.Equal {
		b.WriteString(alert[name])
		b.WriteByte(0)
	}
	return b.String()
}

// Silent tells whether a node tells nobody at a time: it lies in an interval
// that mutes, or in none of those that the node is active in.
func (c *Config) Silent(route *Route, at time.Time) bool {
	if slices.ContainsFunc(route.Mute, func(name string) bool { return c.within(name, at) }) {
		return true
	}
	return len(route.Active) > 0 && !slices.ContainsFunc(route.Active, func(name string) bool { return c.within(name, at) })
}

// within tells whether a time lies in the interval of a name.
func (c *Config) within(name string, at time.Time) bool {
	for _, in := range c.Intervals {
		if in.Name != name {
			continue
		}
		for _, t := range in.Times {
			if t.ContainsTime(at.UTC()) {
				return true
			}
		}
	}
	return false
}
