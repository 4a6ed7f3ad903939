package check

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
)

// inFull are findings in the order in which they were found.
func inFull(findings []Finding) string {
	var all []diag.Finding
	for _, f := range findings {
		all = append(all, f.Finding)
	}
	return shown(all)
}

// TestRunOnAllProcessors holds that findings, and their order, are the same on
// one processor and on several, also of rules that read each other.
func TestRunOnAllProcessors(t *testing.T) {
	var text strings.Builder
	text.WriteString("groups:\n")
	const groups = 5 * groupsAtOnce
	for i := range groups {
		numbers := strings.NewReplacer("NEXT", fmt.Sprint((i+1)%groups), "OTHER", fmt.Sprint((i+7)%groups), "#", fmt.Sprint(i))
		fmt.Fprintf(&text, "- name: g%d\n  rules:\n", i)
		for _, rule := range []string{
			`{record: 'a:ring:#', expr: 'a:ring:NEXT / on (job) sum by (job) (x)', labels: {n: '#'}}`,
			`{alert: Ring#, expr: 'a:ring:OTHER > 1', annotations: {a: '{{ $labels.n }}{{ $labels.job }}{{ $labels.pod }}'}}`,
			`{alert: Never#, expr: 'sum(rate(x{a="#"}[5m])) / sum(rate(x[5m])) > 2 and up', for: 5m}`,
			`{alert: Twice, expr: 'up == 0'}`,
		} {
			text.WriteString("  - " + numbers.Replace(rule) + "\n")
		}
	}
	files, _ := unit(t, text.String())
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	want := inFull(Run(files, Options{}))
	if n := strings.Count(want, "\n") + 1; n < 3*groups {
		t.Fatalf("only %d findings of %d groups:\n%s", n, groups, want)
	}
	runtime.GOMAXPROCS(8)
	for range 3 {
		if got := inFull(Run(files, Options{})); got != want {
			t.Fatalf("on several processors\n%s\non one\n%s", got, want)
		}
	}
}

// TestParts holds that the parts of an expression, and the ways to them, are
// those that Prometheus' own walk goes.
func TestParts(t *testing.T) {
	for _, text := range []string{
		"1", "-a", `a{b="c"}[5m:1m] offset 1m`, "sum by (x) (rate(a[5m])) / on (x) group_left () (b or vector(0)) > bool 3",
		`topk(3, label_replace(a, "b", "$1", "c", "(.*)"))`, `quantile by (a) (0.9, clamp(x, 0, 1)) unless absent(y @ end())`,
	} {
		e, err := expr.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var want []parser.Node
		parser.Inspect(e, func(n parser.Node, path []parser.Node) error {
			if n != nil {
				want = append(want, n)
				if got := pathTo(e, n); !slices.Equal(got, append(slices.Clone(path), n)) {
					t.Errorf("%s: the path to %s is %v", text, n, got)
				}
			}
			return nil
		})
		if got := appendParts(nil, e); !slices.Equal(got, want) {
			t.Errorf("%s: parts are %v, want %v", text, got, want)
		}
	}
}
