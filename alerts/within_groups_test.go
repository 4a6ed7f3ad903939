package alerts

import (
	"maps"
	"strings"
	"testing"
)

// TestWithinGroups holds that an inhibition within an SLO stays within a group
// of it: what fails for one queue says nothing of another.
func TestWithinGroups(t *testing.T) {
	const text = `name: shop
period: 30d
burn:
  - {name: Fast, budget: 2%, windows: [1h, 5m], labels: {severity: page}}
  - {name: Slow, budget: 5%, windows: [6h, 30m], labels: {severity: ticket}}
absence: {labels: {severity: ticket}}
slos:
  - {name: all, objective: 99%, availability: {total: requests_total, bad: status="500"}}
  - {name: queues, per: [path], objective: 99%, availability: {total: requests_total, bad: status="500"}}
  - {name: cells, per: [instance, path], objective: 99%, availability: {total: requests_total, bad: status="500"}}
`
	of := func(slo string, group ...string) map[string]string {
		set := map[string]string{"service": "shop", "slo": slo}
		for _, g := range group {
			name, value, _ := strings.Cut(g, "=")
			set[name] = value
		}
		return set
	}
	for _, c := range []struct {
		same           string
		source, target map[string]string
		want           bool
	}{
		{"service, slo", of("all"), of("all"), true},
		{"service, slo", of("queues", "path=/a"), of("queues", "path=/a"), true},
		{"service, slo", of("queues", "path=/a"), of("queues", "path=/b"), false},
		{"service, slo", of("queues", "path=/a"), of("queues"), false}, // everything is gone
		{"service, slo", of("cells", "path=/a", "instance=1"), of("cells", "path=/a", "instance=1"), true},
		{"service, slo", of("cells", "path=/a", "instance=1"), of("cells", "path=/a", "instance=2"), false},
		{"service, slo", of("cells", "path=/a", "instance=1"), of("queues", "path=/a"), false},
		{"service, slo, path", of("queues", "path=/a"), of("queues", "path=/b"), false},
		{"service, slo, path", of("cells", "path=/a", "instance=1"), of("cells", "path=/a", "instance=2"), false},
		{"service", of("queues", "path=/a"), of("queues", "path=/b"), true}, // not within an SLO at all
		{"service", of("queues", "path=/a"), of("all"), true},
	} {
		routing, _ := dependents(t, dependentsRouting+"inhibit: [{when: {severity: page}, mute: {severity: ticket}, same: ["+c.same+"]}]\n", text)
		source, target := maps.Clone(c.source), maps.Clone(c.target)
		source["severity"], target["severity"] = "page", "ticket"
		if got := routing.mutes(Firing{Labels: source}, Firing{Labels: target}); got != c.want {
			t.Errorf("same: [%s]: %v mutes %v: %v\n%+v", c.same, source, target, got, routing.Inhibit)
		}
	}
}
