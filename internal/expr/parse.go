package expr

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Syntax is PromQL that does not parse.
var Syntax = &diag.Kind{Name: "promql-syntax", Severity: diag.Error, Doc: `An expression does not parse as PromQL, or is not what belongs there.

The caret stands where Prometheus' own parser gave up. In YAML, an expression that begins with { or holds ": " or " #" must
be quoted; single quotes need no escapes.`}

// Parser parses the language as promtool check rules does with no flag set:
// durations may be computed, which a server takes only with its feature flag.
var Parser = parser.NewParser(parser.Options{ExperimentalDurationExpr: true})

// maxWords bounds the size of an expression, and with it how deep it nests:
// Prometheus' parser takes time in the square of that, minutes at 100,000. It
// is far above what anybody writes, or generates to be evaluated.
const maxWords = 10_000

// errTooLarge is refused here alone.
var errTooLarge = fmt.Errorf("the expression has more than %d words", maxWords)

// Parse parses a PromQL expression.
func Parse(text string) (Expr, error) {
	if isTooLarge(text) {
		return nil, errTooLarge
	}
	return Parser.ParseExpr(text)
}

// isTooLarge tells whether text has more words than an expression may have.
// Each is a byte at least, so that short texts need not be taken apart.
func isTooLarge(text string) bool {
	if len(text) <= maxWords {
		return false
	}
	lexer := parser.Lex(text)
	var word parser.Item
	for range maxWords {
		if lexer.NextItem(&word); word.Typ == parser.EOF || word.Typ == parser.ERROR {
			return false
		}
	}
	return true
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
		r.Add(Syntax, v.Pos, helpFor(err.Error()), "%s", err)
	}
	// An aggregation that is never closed has no arguments: to close it mends both.
	if slices.ContainsFunc(all, func(one parser.ParseErr) bool { return strings.HasPrefix(one.Err.Error(), "unclosed left ") }) {
		all = slices.DeleteFunc(all, func(one parser.ParseErr) bool { return strings.HasPrefix(one.Err.Error(), noArguments) })
	}
	// What is missing at the end is shown behind the last word, not on the blank line below it.
	last := len(strings.TrimRight(text, " \t\r\n"))
	for _, one := range all {
		start, end := min(int(one.PositionRange.Start), last), min(int(one.PositionRange.End), last)
		if strings.HasPrefix(one.Err.Error(), "unexpected right parenthesis") {
			// Prometheus' lexer has moved on already when it says so.
			end = strings.LastIndexByte(text[:int(one.PositionRange.Start)], ')') + 1
			start = end - 1
		}
		r.Add(Syntax, v.Sub(start+shift, end+shift), helpFor(one.Err.Error()), "%s", one.Err)
	}
	return nil
}
