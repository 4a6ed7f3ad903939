package expr

import (
	"errors"
	"fmt"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Syntax is PromQL that does not parse.
var Syntax = &diag.Kind{Name: "promql-syntax", Severity: diag.Error, Doc: `An expression does not parse as PromQL, or is not what belongs there.

The caret stands where Prometheus' own parser gave up. In YAML, an expression that begins with { or holds ": " or " #" must
be quoted; single quotes need no escapes.`}

// Parser parses the language as Prometheus has it with no feature flag set.
var Parser = parser.NewParser(parser.Options{})

// maxParens bounds how deep parentheses nest: Prometheus' parser takes time in
// the square of that, minutes at a million.
const maxParens = 1000

// Parse parses a PromQL expression.
func Parse(text string) (Expr, error) {
	if strings.Count(text, "(") > maxParens && parenDepth(text) > maxParens {
		return nil, fmt.Errorf("parentheses nest deeper than %d levels", maxParens)
	}
	return Parser.ParseExpr(text)
}

// parenDepth is how deep parentheses nest. Those in quotes count too, which
// matters to no expression that anybody writes.
func parenDepth(text string) int {
	depth, deepest := 0, 0
	for _, c := range []byte(text) {
		switch c {
		case '(':
			depth++
			deepest = max(deepest, depth)
		case ')':
			depth--
		}
	}
	return deepest
}

// ParseAt parses text, which stands in v, and reports each place that is wrong
// in it. The byte i of text is the byte i+shift of v's own text. It returns nil
// if there is anything to report.
func ParseAt(v *spec.Value, text string, shift int, r *diag.Report) Expr {
	e, err := Parse(text)
	if err == nil {
		return e
	}
	var all parser.ParseErrors
	if !errors.As(err, &all) {
		r.Add(Syntax, v.Pos, "", "%s", err)
	}
	// What is missing at the end is shown behind the last word, not on the blank line below it.
	last := len(strings.TrimRight(text, " \t\r\n"))
	for _, one := range all {
		start, end := min(int(one.PositionRange.Start), last), min(int(one.PositionRange.End), last)
		r.Add(Syntax, v.Sub(start+shift, end+shift), "", "%s", one.Err)
	}
	return nil
}
