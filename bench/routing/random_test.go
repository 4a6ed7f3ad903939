package routing

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes random configurations over few labels and values, so that
// much matches and much does not.
type generator struct{ *rand.Rand }

func pick[T any](g generator, of ...T) T { return of[g.IntN(len(of))] }

func (g generator) chance(percent int) bool { return g.IntN(100) < percent }

var (
	names  = []string{"a", "b", "c"}
	values = []string{"x", "y", "zz", ""}
)

// matchers are a list of matchers, in each form that Alertmanager reads; the
// prefix is that of the keys of an inhibition.
func (g generator) matchers(prefix string) string {
	matcher := func() string {
		name := pick(g, names...)
		switch g.IntN(4) {
		case 0:
			return fmt.Sprintf(`%s="%s"`, name, pick(g, values...))
		case 1:
			return fmt.Sprintf(`%s!="%s"`, name, pick(g, values...))
		case 2:
			return fmt.Sprintf(`%s=~"%s"`, name, pick(g, "x|y", ".+", "z*", ".*", "[xy]", ""))
		}
		return fmt.Sprintf(`%s!~"%s"`, name, pick(g, "x|y", "z+", "x.*"))
	}
	var list []string
	for range 1 + g.IntN(2) {
		list = append(list, "'"+matcher()+"'")
	}
	switch g.IntN(5) {
	case 0:
		return fmt.Sprintf("%smatch: {%s: %q}", prefix, pick(g, names...), pick(g, "x", "y"))
	case 1:
		return fmt.Sprintf("%smatch_re: {%s: %q}", prefix, pick(g, names...), pick(g, "x|y", "z.*"))
	}
	return prefix + "matchers: [" + strings.Join(list, ", ") + "]"
}

// config is a whole configuration. Every node has a receiver of its own, by
// which it is told apart, or inherits one.
func (g generator) config() string {
	var b strings.Builder
	receivers := 1
	b.WriteString("route:\n  receiver: r0\n")
	var children func(indent string, depth int)
	children = func(indent string, depth int) {
		n := g.IntN(5)
		if depth > 3 || n == 0 {
			return
		}
		fmt.Fprintf(&b, "%sroutes:\n", indent)
		for range n {
			fmt.Fprintf(&b, "%s- %s\n", indent, g.matchers(""))
			if g.chance(70) {
				fmt.Fprintf(&b, "%s  receiver: r%d\n", indent, receivers)
				receivers++
			}
			if g.chance(35) {
				fmt.Fprintf(&b, "%s  continue: true\n", indent)
			}
			if g.chance(25) {
				fmt.Fprintf(&b, "%s  group_by: %s\n", indent, pick(g, "[a]", "[a, b]", "['...']", "[]"))
			}
			if g.chance(25) {
				fmt.Fprintf(&b, "%s  %s: [%s]\n", indent, pick(g, "mute_time_intervals", "active_time_intervals"), pick(g, "nights", "weekend", "nights, weekend"))
			}
			if g.chance(25) {
				fmt.Fprintf(&b, "%s  %s: %s\n", indent, pick(g, "group_wait", "group_interval", "repeat_interval"), pick(g, "10s", "7m", "1d"))
			}
			children(indent+"  ", depth+1)
		}
	}
	children("  ", 0)
	b.WriteString("receivers:\n")
	for i := range receivers {
		fmt.Fprintf(&b, "- name: r%d\n", i)
	}
	b.WriteString("inhibit_rules:\n")
	for range 1 + g.IntN(3) {
		fmt.Fprintf(&b, "- %s\n  %s\n  equal: %s\n", g.matchers("source_"), g.matchers("target_"), pick(g, "[]", "[a]", "[b, c]", "[d]"))
	}
	b.WriteString(`time_intervals:
- name: nights
  time_intervals: [{times: [{start_time: "22:00", end_time: "24:00"}, {start_time: "00:00", end_time: "06:00"}], location: Europe/Warsaw}]
- name: weekend
  time_intervals: [{weekdays: [saturday, sunday]}, {days_of_month: ["-1"], months: ["january:march"]}]
`)
	return b.String()
}

// alert is the labels of an alert.
func (g generator) alert() map[string]string {
	alert := map[string]string{"alertname": "A"}
	for _, name := range append(names, "d") {
		if value := pick(g, values...); value != "" {
			alert[name] = value
		}
	}
	return alert
}
