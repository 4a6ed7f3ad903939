package expr

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// printed are expressions of every kind of node, long and short.
var printed = []string{
	`up`, `1`, `"text"`, `-up`, `-(a + b)`, `time()`, `absent(up{job="x"})`, `up offset 5m`, `up @ 12.5`, `up @ start()`,
	`rate(x{a="b"}[5m] offset 1h)`, `sum by (a, "b c") (rate(http_requests_total{job="a",code=~"5.."}[5m]))`,
	`sum without () (rate(http_requests_total_of_some_length{job="a",code=~"5..",instance="one"}[5m])) / sum(rate(http_requests_total{job="a"}[5m]))`,
	`topk(5, sum by (instance, job, namespace) (rate(http_requests_total_of_some_length{job="a",code=~"5..",instance="one"}[5m])))`,
	`quantile_over_time(0.9, (sum(rate(http_requests_total_of_some_length{job="a",code=~"5..",instance="one"}[5m])) by (a, b, c))[30m:1m] offset 5m)`,
	`label_replace(sum by (instance, job, namespace) (rate(http_requests_total{job="a",instance="one"}[5m])), "a", "$1", "b", "(.*)")`,
	`a_metric_with_a_very_long_name{label="value",other="another value",third="a third value"} * on (label, other) group_left (x) b_metric{label="value"} > bool 1`,
	`-sum(rate(http_requests_total_of_some_length{job="a",code=~"5..",instance="one"}[5m])) + -sum(rate(http_requests_total{job="a"}[5m]))`,
	`((a_metric_with_a_very_long_name{label="value",other="another value"} or b_metric_with_a_long_name{label="value"}) unless on () vector(0)) ^ 2`,
	`sum(({__name__="x y", a="b"}))`, `{"x y"}`, `count_values("some_label_of_some_length", a_metric_with_a_very_long_name{label="value",other="another value"})`,
}

// What is printed is what Prometheus' printer prints, byte for byte, whatever
// was printed before.
func FuzzPrinter(f *testing.F) {
	for _, text := range printed {
		f.Add(text)
	}
	names, err := filepath.Glob("../../golden/*/prometheus/*.rules.yaml")
	if err != nil || len(names) == 0 {
		f.Fatal("no rule files:", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		var file struct {
			Groups []struct{ Rules []struct{ Expr string } }
		}
		if err := yaml.Unmarshal(text, &file); err != nil {
			f.Fatal(err)
		}
		for _, g := range file.Groups {
			for _, r := range g.Rules {
				f.Add(r.Expr)
			}
		}
	}
	p := NewPrinter()
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Parse(text)
		if err != nil {
			return
		}
		for range 2 {
			if got, want := p.String(e), parser.Prettify(e); got != want {
				t.Fatalf("printed\n%s\nPrometheus prints\n%s", got, want)
			}
		}
	})
}
