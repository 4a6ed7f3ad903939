package dashfile

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

func read(t testing.TB, text string) []*Dashboard {
	var r diag.Report
	var all []*Dashboard
	src := &diag.Source{Name: "d.json", Text: []byte(text)}
	for _, doc := range spec.ReadYAML(src, &r) {
		if Is(doc) {
			all = append(all, Read(src, doc))
		}
	}
	return all
}

// queryIn is a dashboard with one query.
func queryIn(t testing.TB, query string) *Query {
	t.Helper()
	text := fmt.Sprintf(`{"title": "t", "panels": [{"type": "stat", "targets": [{"expr": %q}]}]}`, query)
	return read(t, text)[0].Panels[0].Queries[0]
}

func TestQueries(t *testing.T) {
	for _, c := range []struct{ query, uses string }{
		{`sum(rate(a{job="$job"}[$__rate_interval]))`, "job, __rate_interval*"},
		{`sum by ($label) (a) / ${metric}_total{x=~"${x:regex}"}`, "label, metric, x"},
		{`topk($k, a offset $ago)`, "k, ago*"},
		{`delta(a[5m] offset - $__interval)`, "__interval*"},
		{`max_over_time(rate([[m]]_count[${w}])[$__range:$step])`, "m, w*, __range*, step*"},
		{`increase(a[${__range_s}s]) / $__range_s > $limit`, "__range_s*, __range_s, limit"},
		{`histogram_quantile(${q}, sum by (le, ${by:csv}) (rate(a_bucket[$__interval])))`, "q, by, __interval*"},
		{`a{x="[[b]]", y="\"[$c"}`, "b, c"},
		{`a{x="^/a$"}`, ""},
		{`label_replace(a, "b", "${1}-$2", "c", "(.*)/(.*)")`, ""},
	} {
		q := queryIn(t, c.query)
		if q.Expr == nil {
			t.Errorf("%s does not parse: %v", c.query, q.Errors)
		}
		var uses []string
		for _, u := range q.Uses {
			name := u.Name
			if u.Range {
				name += "*"
			}
			uses = append(uses, name)
		}
		if got := strings.Join(uses, ", "); got != c.uses {
			t.Errorf("%s uses %s, want %s", c.query, got, c.uses)
		}
	}
	if q := queryIn(t, `sum(rate(a[$__interval])`); q.Expr != nil || len(q.Errors) == 0 {
		t.Error("an open parenthesis parses")
	}
	if q := queryIn(t, `a{x="y"} $operator on (z) b`); q.Expr != nil || len(q.Errors) > 0 {
		t.Errorf("a variable is no operator: %v", q.Errors)
	}
}

// TestKnown holds what is left of a query for whom the values of its variables
// are unknown.
func TestKnown(t *testing.T) {
	for _, c := range []struct{ query, known string }{
		{`sum(rate(a{job="$job",x="1"}[$__rate_interval]))`, `sum(rate(a{x="1"}[5m]))`},
		{`a{x=~"p-$y|q"} / on (x) ${metric}_total{z="1"}`, `a / on (x) {z="1"}`},
		{`a{$label="x",b="c"}`, `a{b="c"}`},
		{`sum by ($label) (a)`, ``},
		{`topk($k, a)`, ``},
		{`label_replace(a, "$x", "1", "", "")`, ``},
		{`label_replace(a, "x", "$1", "y", "(.*)")`, `label_replace(a, "x", "$1", "y", "(.*)")`},
		{`a[$__range`, ``},
		{`rate(a[$w:$s] offset $o)`, `rate(a[5m:5m] offset 5m)`},
	} {
		got := ""
		if q := queryIn(t, c.query); q.Known != nil {
			got = q.Known.String()
		}
		if got != c.known {
			t.Errorf("%s: %q is known, want %q", c.query, got, c.known)
		}
	}
}

func TestRead(t *testing.T) {
	const panels = `"panels": [
  {"type": "row", "title": "r", "gridPos": {"x": 0, "y": 1, "w": 24, "h": 1}, "panels": [{"type": "table", "title": "inner", "targets": [{"expr": "up"}]}]},
  {"type": "logs", "datasource": {"type": "loki"}, "targets": [{"expr": "{a=\"b\"} |= \"c\""}]}]`
	for _, text := range []string{
		`{"title": "t", "uid": "u", ` + panels + `}`,
		`{"meta": {}, "dashboard": {"title": "t", "uid": "u", ` + panels + `}}`,
		`{"apiVersion": "dashboard.grafana.app/v1beta1", "kind": "Dashboard", "spec": {"title": "t", "uid": "u", ` + panels + `}}`,
	} {
		all := read(t, text)
		if len(all) != 1 || all[0].UID != "u" || len(all[0].Panels) != 3 {
			t.Fatalf("%s: %v", text, all)
		}
		row, inner, logs := all[0].Panels[0], all[0].Panels[1], all[0].Panels[2]
		if inner.Row != row || len(inner.Queries) != 1 || len(logs.Queries) != 0 || row.Grid.W != 24 {
			t.Errorf("%s: %+v %+v %+v", text, row, inner, logs)
		}
	}
	for _, text := range []string{`{"panels": 1, "title": "t"}`, `{"groups": []}`, `[]`, `{"panels": []}`, `{"dashboard": []}`} {
		if all := read(t, text); len(all) > 0 {
			t.Errorf("%s is taken for a dashboard", text)
		}
	}
}

// TestRows holds which row a panel belongs to: the one that it stands in, or the
// open one before it.
func TestRows(t *testing.T) {
	d := read(t, `{"title": "t", "panels": [
		{"type": "stat", "title": "a"},
		{"type": "row", "title": "open", "collapsed": false, "panels": []}, {"type": "stat", "title": "b"}, {"type": "stat", "title": "c"},
		{"type": "row", "title": "closed", "collapsed": true, "panels": [{"type": "stat", "title": "d"}]}, {"type": "stat", "title": "e"}]}`)[0]
	got := map[string]string{}
	for _, p := range d.Panels {
		if p.Row != nil {
			got[p.Title] = p.Row.Title
		}
		if p.Closed != nil {
			got[p.Title] += ", within"
		}
	}
	if diff := cmp.Diff(map[string]string{"b": "open", "c": "open", "d": "closed, within"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestOldRows reads the form of before Grafana 5.
func TestOldRows(t *testing.T) {
	d := read(t, `{"title": "t", "schemaVersion": 14, "rows": [
		{"title": "r", "repeat": "job", "panels": [{"type": "graph", "title": "a", "span": 6, "gridPos": {}, "targets": [{"expr": "up"}]}]}, {"panels": []}, 1]}`)[0]
	if len(d.Panels) != 3 || d.Panels[1].Row != d.Panels[0] || d.Panels[1].Title != "a" || len(d.Panels[1].Queries) != 1 || d.Panels[1].Grid != nil {
		t.Errorf("%+v", d.Panels)
	}
}

// TestOperatorDashboards reads what GrafanaDashboards hold, plain and packed; in
// a block, at its place.
func TestOperatorDashboards(t *testing.T) {
	const plain = `{"title": "t", "panels": [{"type": "stat", "title": "a", "targets": [{"expr": "up"}]}]}`
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write([]byte(plain)) // a buffer takes all
	_ = w.Close()
	for spec, line := range map[string]int{
		"json: |\n    " + plain: 4,
		"json: '" + plain + "'": 3,
		"gzipJson: " + base64.StdEncoding.EncodeToString(packed.Bytes()): 3,
	} {
		all, r := held(t, "kind: GrafanaDashboard\nspec:\n  "+strings.ReplaceAll(spec, "\\n", "\n")+"\n")
		if r.Len() > 0 || len(all) != 1 || len(all[0].Panels) != 1 || all[0].Panels[0].Queries[0].Value.Pos.Line != line {
			t.Errorf("%s: %v %v", spec, all, r.Findings())
		}
	}
	for _, spec := range []string{"gzipJson: '!'", "gzipJson: abcd"} {
		if all, r := held(t, "kind: GrafanaDashboard\nspec: {"+spec+"}\n"); len(all) > 0 || r.Len() != 1 {
			t.Errorf("%s: %v %v", spec, all, r.Findings())
		}
	}
	if all, r := held(t, "kind: GrafanaDashboard\nspec: {url: https://example.com/a.json}\n"); len(all)+r.Len() > 0 {
		t.Error("an address holds a dashboard")
	}
}

func held(t *testing.T, text string) ([]*Dashboard, *diag.Report) {
	t.Helper()
	var r diag.Report
	src := &diag.Source{Name: "d.yaml", Text: []byte(text)}
	return Held(src, spec.ReadYAML(src, &r)[0], &r), &r
}

// TestDataSources holds which queries are for Prometheus: those for Loki look
// alike.
func TestDataSources(t *testing.T) {
	for source, want := range map[string]int{
		`{"type": "loki", "uid": "$metrics"}`: 0,
		`{"type": "prometheus"}`:              2,
		`{"uid": "$logs"}`:                    0,
		`{"uid": "${metrics}"}`:               2,
		`"$logs"`:                             0,
		`"${metrics}"`:                        2,
		`"Prometheus"`:                        2,
		`null`:                                2,
	} {
		d := read(t, `{"title": "t", "panels": [{"type": "stat", "datasource": `+source+`, "targets": [{"expr": "up"}]}],
			"annotations": {"list": [{"name": "a", "datasource": `+source+`, "expr": "up"}]},
			"templating": {"list": [{"name": "logs", "type": "datasource", "query": "loki"}, {"name": "metrics", "type": "datasource", "query": "prometheus"}]}}`)[0]
		if got := len(d.Panels[0].Queries) + len(d.Annotations); got != want {
			t.Errorf("%s: %d queries, want %d", source, got, want)
		}
	}
}

// FuzzRead wants no text to be too much, and what a query has in place of its
// variables to be as long.
func FuzzRead(f *testing.F) {
	f.Add(`{"title": "t", "panels": [{"targets": [{"expr": "rate(a[$x])"}]}]}`)
	f.Add(`{"title": "t", "panels": [{"type": "row", "panels": [{"targets": [{"expr": "a{b=\"${c:d}\"} offset [[e]]"}]}]}], "templating": {"list": [1]}}`)
	f.Add(`{"dashboard": {"panels": [null], "annotations": {"list": [{"expr": "$"}]}, "schemaVersion": 1}}`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range read(t, text) {
			for _, p := range d.Panels {
				p.Pos()
				for _, q := range p.Queries {
					for _, as := range []bool{false, true} {
						if got := q.filled(func(string) bool { return as }); len(got) != len(q.Text) {
							t.Errorf("%q becomes %q", q.Text, got)
						}
					}
				}
			}
		}
	})
}
