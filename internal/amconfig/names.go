package amconfig

import (
	"reflect"
	"slices"

	"github.com/prometheus/alertmanager/config"

	"slowburn/internal/spec"
)

// names reports receivers and intervals that routes name and that are not
// there, and those that are there twice.
func (b *blamer) names(doc *spec.Value) {
	receivers := b.unique("receiver", meant(doc, "receivers"))
	intervals := b.unique("time interval", meant(doc, "mute_time_intervals"), meant(doc, "time_intervals"))
	refer := func(name *spec.Value, what string, known map[string]int) {
		if name != nil && isName(name) && known[name.Text] == 0 {
			b.report.Add(Invalid, name.Pos, spec.Suggest(name.Text, sortedKeys(known)), "there is no %s %q", what, name.Text)
		}
	}
	var visit func(*spec.Value)
	visit = func(route *spec.Value) {
		refer(route.Get("receiver"), "receiver", receivers)
		for _, key := range []string{"active_time_intervals", "mute_time_intervals"} {
			for _, name := range items(route.Get(key)) {
				refer(name, "time interval", intervals)
			}
		}
		for _, child := range items(route.Get("routes")) {
			if child.Kind == spec.Null {
				b.report.Add(Invalid, child.Pos, "leave it out", "an empty route crashes Alertmanager")
			}
			visit(child)
		}
	}
	visit(meant(doc, "route"))
}

// meant is the value of a key of the configuration, also where the key is spelt
// a little otherwise.
func meant(doc *spec.Value, key string) *spec.Value {
	known := sortedKeys(fieldsOf(reflect.TypeFor[config.Config]()))
	for _, f := range doc.Fields() {
		if f.Key.Text == key || !slices.Contains(known, f.Key.Text) && spec.Nearest(f.Key.Text, known) == key {
			return f.Value
		}
	}
	return nil
}

// unique are the names of the items of lists with their lines; each may be there once.
func (b *blamer) unique(what string, lists ...*spec.Value) map[string]int {
	lines := map[string]int{}
	for _, list := range lists {
		for _, item := range items(list) {
			name := item.Get("name")
			switch {
			case name == nil || !isName(name):
			case lines[name.Text] > 0:
				b.report.Add(Invalid, name.Pos, "give one of them another name", "%s %q is not unique: there is one in line %d", what, name.Text, lines[name.Text])
			default:
				lines[name.Text] = name.Pos.Line
			}
		}
	}
	return lines
}

func items(list *spec.Value) []*spec.Value {
	if list == nil {
		return nil
	}
	return list.Items()
}

// isName tells whether a value is a name at all.
func isName(v *spec.Value) bool {
	return v.Kind != spec.List && v.Kind != spec.Map && v.Kind != spec.Null && v.Text != ""
}
