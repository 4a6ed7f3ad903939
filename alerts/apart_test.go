package alerts

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestApart(t *testing.T) {
	set := func(job string) map[string]string {
		return map[string]string{"alertname": "Down", "component": job, "job": job}
	}
	zone := func(job, zone string) map[string]string { return map[string]string{"job": job, "zone": zone} }
	for _, c := range []struct {
		rows [][]map[string]string
		want []string
	}{
		{[][]map[string]string{{set("a"), set("b")}}, []string{""}},
		{[][]map[string]string{{set("a"), set("b")}, {set("c")}}, []string{"others", "component c"}},
		{[][]map[string]string{{zone("a", "x"), zone("b", "x")}, {zone("a", "y")}}, []string{"zone x", "job a, zone y"}},
	} {
		if diff := cmp.Diff(c.want, Apart(c.rows)); diff != "" {
			t.Errorf("%v (-want +got)\n%s", c.rows, diff)
		}
	}
}
