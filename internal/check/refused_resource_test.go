package check

import (
	"fmt"
	"strings"
	"testing"
)

// TestLargeResource holds where a resource is too large for a ConfigMap.
func TestLargeResource(t *testing.T) {
	for _, c := range []struct {
		size int
		want bool
	}{{500 << 10, false}, {520 << 10, true}} {
		text := fmt.Sprintf("apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec: {groups: [{name: g, rules: [{alert: A, expr: up == 0, annotations: {a: %s}}]}]}\n", strings.Repeat("a", c.size))
		got := shown(judged(t, text))
		if strings.Contains(got, "1:1: the rules are larger than the 512 KiB that fit into a ConfigMap; split it (refused-resource)") != c.want {
			t.Errorf("%d bytes: %q", c.size, got)
		}
	}
}
