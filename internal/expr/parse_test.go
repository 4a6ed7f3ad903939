package expr

import (
	"fmt"
	"strings"
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// parsedAt are the findings about an expression that is written in YAML.
func parsedAt(t *testing.T, yaml string) string {
	t.Helper()
	var r diag.Report
	doc := spec.ReadYAML(&diag.Source{Name: "x", Text: []byte(yaml)}, &r)[0]
	v := doc.Get("expr")
	ParseAt(v, v.Text, 0, &r)
	var all []string
	for _, f := range r.Findings() {
		all = append(all, fmt.Sprintf("%d:%d+%d %s", f.Pos.Line, f.Pos.Col, f.Pos.Width, f.Text()))
	}
	return strings.Join(all, "\n")
}

// TestPlaceAndHelp holds that the caret stands under the culprit, and that
// every complaint has a way out.
func TestPlaceAndHelp(t *testing.T) {
	for _, c := range []struct{ yaml, want string }{
		{"expr: '      )'", "1:14+1 unexpected right parenthesis ')'; remove it, or open it before"},
		{"expr: up) + sum(a)", "1:9+1 unexpected right parenthesis ')'; remove it, or open it before"},
		{`expr: "up + \u0029"`, "1:13+1 unexpected right parenthesis ')'; remove it, or open it before"},
		{"expr: sum(up", "1:13+1 unclosed left parenthesis; close it"},
		{"expr: sum()", "1:7+5 no arguments for aggregate expression provided; aggregate something: sum(metric)"},
		{"expr: rate(up)", `1:12+2 expected type range vector in call to function "rate", got instant vector; give it a window: metric[5m]`},
		{"expr: rte(up[5m])", `1:7+3 unknown function with name "rte"; did you mean "rate"?`},
		{"expr: average(up)", `1:7+7 unknown function with name "average"; see https://prometheus.io/docs/prometheus/latest/querying/functions/`},
		{"expr: a b", `1:9+1 unexpected identifier "b"; remove it, or complete what stands before it`},
		{"expr: 1 > 2", "1:9+1 comparisons between scalars must use BOOL modifier; write bool behind the operator, or compare a metric"},
		{"expr: up and on(a) group_left() up", "1:7+28 no grouping allowed for \"and\" operation; see https://prometheus.io/docs/prometheus/latest/querying/basics/\n" +
			"1:7+28 set operations must always be many-to-many; see https://prometheus.io/docs/prometheus/latest/querying/basics/"},
	} {
		if got := parsedAt(t, c.yaml); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.yaml, got, c.want)
		}
	}
}

// TestComputedDurations holds that what promtool takes is taken.
func TestComputedDurations(t *testing.T) {
	for _, text := range []string{"rate(x[5m + 5m])", "x offset (2 * 1m)", "max_over_time(x[1h:step() / 2])"} {
		if _, err := Parse(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestSize holds that an expression which would take the parser minutes is
// refused, whatever it is made of, and that one long word is not.
func TestSize(t *testing.T) {
	const n = 200_000
	for _, text := range []string{
		"1" + strings.Repeat(" + 1", n), strings.Repeat("(", n) + "1" + strings.Repeat(")", n), strings.Repeat("-", n) + "1",
		strings.Repeat("abs(", n), "x{" + strings.Repeat(`a="b",`, n) + "}",
	} {
		if _, err := Parse(text); err != errTooLarge {
			t.Errorf("%.20s…: %v", text, err)
		}
	}
	if _, err := Parse(`x{a=~"` + strings.Repeat("b|", n) + `"}`); err != nil {
		t.Error(err)
	}
	if _, err := Parse("1" + strings.Repeat(" + 1", maxWords/2-1)); err != nil {
		t.Error(err)
	}
	if got, want := parsedAt(t, "expr: "+strings.Repeat("-", n)+"1"), "the expression has more than 10000 words; record parts of it with rules of their own"; !strings.HasSuffix(got, want) {
		t.Errorf("%s, want %s", got, want)
	}
}
