package alerts

import (
	"strings"
	"testing"
)

func TestTitle(t *testing.T) {
	for _, c := range []struct{ name, service, want string }{
		{"CourierQueueDeep", "courier", "queue deep"},
		{"StemeDBHighLatency", "stemedb", "high latency"},
		{"AlexandriaAPIDown", "alexandria", "API down"},
		{"ContainerCPUThrottled", "qalita", "container CPU throttled"},
		{"CertificateExpires30d", "qalita", "certificate expires 30d"},
		{"Shop", "shop", "shop"},
		{"Shopping", "shop", "shopping"},
		{"MyShopDown", "my-shop", "down"},
		{"disk_almost-full", "shop", "disk almost full"},
		{"A", "shop", "a"},
	} {
		if got := title(c.name, c.service); got != c.want {
			t.Errorf("%s of %s: %q, want %q", c.name, c.service, got, c.want)
		}
	}
}

// TestSummaries holds that a summary can be read on a phone and names what
// fires, also where the spec has words of its own; what exactly is compared
// stands in the description.
func TestSummaries(t *testing.T) {
	for _, c := range []struct{ spec, want string }{
		{`name: LagHigh, lag: {of: lag_seconds, above: 30s, per: [topic]}`, "shop: lag high (topic {{ $labels.topic }})"},
		{`name: LagHigh, summary: the replica is late, lag: {of: lag_seconds, above: 30s, per: [topic]}`, "shop: the replica is late (topic {{ $labels.topic }})"},
		{`name: NodeDown, down: {of: node_up, each: {node: [n1]}}`, "shop: node down (node n1)"},
		{`name: NodeDown, down: {of: node_up, per: [node]}`, "shop: node down{{ if $labels.node }} (node {{ $labels.node }}){{ end }}"},
		{`name: QueueGrows, summary: the queue grows, expr: 'sum by (topic, job) (deriv(lag_seconds[30m])) > 1 and max by (topic) (lag_seconds) > 5'`, "shop: the queue grows (topic {{ $labels.topic }}, job {{ $labels.job }})"},
		{`name: Late, expr: lag_seconds > 5`, "shop: late"},
		{`name: Late, expr: 'max by (topic) (lag_seconds) > 5 or absent(lag_seconds)'`, "shop: late{{ if $labels.topic }} (topic {{ $labels.topic }}){{ end }}"},
	} {
		s, findings := resolveAlerts(t, c.spec)
		if len(findings) > 0 {
			t.Errorf("%s: %v", c.spec, findings)
			continue
		}
		for _, a := range s.Thresholds[0].Annotations {
			switch {
			case a.Name == "summary" && a.Text != c.want:
				t.Errorf("%s: got %s, want %s", c.spec, a.Text, c.want)
			case a.Name == "description" && !strings.Contains(a.Text, s.Thresholds[0].Threshold.Condition):
				t.Errorf("%s: the description has no condition: %s", c.spec, a.Text)
			}
		}
	}
}
