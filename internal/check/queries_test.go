package check

import (
	"testing"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// TestQueriesAreRules runs the bad example of each check that judges queries too
// as a query of a dashboard: it is found there, at its place, and no rule is said
// to have it.
func TestQueriesAreRules(t *testing.T) {
	for _, c := range []struct{ check, query string }{
		{"glob-in-regexp", `sum(up{job=~"api*"})`},
		{"impossible-join", `a{x="1"} / a{x="2"}`},
		{"lost-label", `sum by (job) (sum by (instance) (a))`},
		{"mean-of-shares", `avg(rate(requests_total{status="500"}[5m]) / rate(requests_total[5m]))`},
		{"off-bucket", `sum(rate(a_bucket{le="x"}[5m]))`},
		{"unit-mismatch", `a_seconds - a_milliseconds`},
		{"wrong-percent", `(node_filesystem_avail_bytes / node_filesystem_size_bytes) < 10`},
		{"wrong-quantile", `histogram_quantile(95, sum by (le) (rate(a_bucket[5m])))`},
		{"wrong-rate", `rate(process_open_fds[5m])`},
		{"feature-flag", `rate(a[5m * 2])`},
	} {
		src := &diag.Source{Name: "d.json", Text: []byte(exampleDashboard(c.query))}
		var r diag.Report
		d := dashfile.Read(src, spec.ReadYAML(src, &r)[0])
		found := 0
		for _, f := range RunAll(nil, []*dashfile.Dashboard{d}, Options{}) {
			if f.Kind.Name != c.check {
				continue
			}
			found++
			if f.Rule != nil || f.File != nil || f.Pos.Source != src || f.Pos.Line != d.Panels[0].Queries[0].Value.Pos.Line || f.Pos.Col <= d.Panels[0].Queries[0].Value.Pos.Col {
				t.Errorf("%s: found at %v, of %v", c.check, f.Pos, f.Rule)
			}
			if !JudgesQueries(f.Kind) {
				t.Errorf("%s judges no queries", c.check)
			}
		}
		if found == 0 {
			t.Errorf("%s: nothing is found in %s", c.check, c.query)
		}
	}
	if JudgesQueries(&singleMatch.Kind) || JudgesQueries(&neverFires.Kind) {
		t.Error("what is about variables, or about alerts, judges queries")
	}
}
