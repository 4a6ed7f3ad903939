package engine

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// errLongRange says that a query over a range is too large for its length. At
// each of its instants it may not be.
var errLongRange = errors.New("the range query is too large")

// CheckSize refuses an expression whose subqueries are evaluated at more
// instants than the samples that a query may hold. Prometheus' engine counts
// samples as it reads them, but makes room for every instant of a subquery
// before that: with a step of a millisecond that is all memory there is. The
// expression is evaluated over a range of a given length, or at one instant if
// that is 0; subquery is the step of a subquery without one. The error is a
// promql.ErrTooManySamples.
func CheckSize(text string, length, step, subquery time.Duration, maxSamples int) error {
	if !strings.Contains(text, "[") || !strings.Contains(text, ":") {
		return nil // no subquery
	}
	e, err := expr.Parse(text) // a tree of its own: what follows changes it
	if err != nil {
		return nil // the engine says so
	}
	// The engine's own preparation computes durations, and finds what is evaluated once only.
	start := time.UnixMilli(0)
	if e, err = promql.PreprocessExpr(e, start, start.Add(length), step); err != nil {
		return nil
	}
	if n := subqueryInstants(e, length.Milliseconds(), subquery.Milliseconds()); n > int64(maxSamples) {
		return promql.ErrTooManySamples(fmt.Sprintf("subqueries at %d instants", n))
	}
	return nil
}

// subqueryInstants is at how many instants the subqueries of an expression are
// evaluated at once, if it is itself read over a span of so many milliseconds.
// The engine evaluates a subquery in a subquery once, over the spans of both
// together, so that their instants add up. Of two that stand side by side one
// follows the other.
func subqueryInstants(n parser.Node, span, subquery int64) int64 {
	own := int64(0)
	switch n := n.(type) {
	case *parser.StepInvariantExpr:
		span = 0
	case *parser.SubqueryExpr:
		step := n.Step.Milliseconds()
		if step == 0 {
			step = max(subquery, 1)
		}
		own = (span+n.Range.Milliseconds())/step + 1
		span += n.Range.Milliseconds()
	}
	most := int64(0)
	for child := range parser.ChildrenIter(n) {
		most = max(most, subqueryInstants(child, span, subquery))
	}
	return own + most
}

// CountsValues tells whether an expression makes series of values, so that each
// instant may have series of its own. A range query makes room for many samples
// of each, whatever it has: 80 kB a series where the instants are thousands.
func CountsValues(e parser.Expr) bool {
	found := false
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		a, ok := n.(*parser.AggregateExpr)
		found = found || ok && a.Op == parser.COUNT_VALUES
		return nil
	})
	return found
}
