package expr

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestReads(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{`1 + 1`, ""},
		{`a > 1`, "a 1"},
		{`sum(rate(a{x="1"}[5m])) / (sum(rate(b[5m])) > 0)`, `a{x="1"} 10, b 10`},
		{`sum(rate(a[5m])) / sum(rate(a[5m]))`, "a 10, a 10"},
		{`increase(a[1m15s])`, "a 3"},
		{`rate(a[10s])`, "a 1"},
		{`avg_over_time(a[1h:5m])`, "a 12"},
		{`max_over_time(rate(a[5m])[1h:])`, "a 600"}, // 60 steps of a minute, 10 samples each
		{`max_over_time((rate(a[5m]) > b)[1h:10m])`, "a 60, b 6"},
		{`max_over_time(max_over_time(a[10m:1m])[1h:10m])`, "a 60"},
	} {
		e, err := Parse(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range Reads(e, time.Minute) {
			got = append(got, fmt.Sprintf("%s %d", r.Selector, r.Samples(30*time.Second)))
		}
		if got := strings.Join(got, ", "); got != c.want {
			t.Errorf("%s reads %s, want %s", c.expr, got, c.want)
		}
	}
}
