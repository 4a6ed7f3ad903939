package simulate

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/engine"
	"slowburn/internal/rulefile"
)

// Reading is what one comparison of an alert's expression compared, at a few instants.
type Reading struct {
	Comparison string
	At         []time.Duration
	Values     []string
}

// maxReadings bounds the comparisons that are shown.
const maxReadings = 6

// read evaluates the left sides of an alert's comparisons around the instants
// at which something was expected, or happened.
func (r *Result) read(ctx context.Context, rule *rulefile.Rule, s *engine.Storage) {
	at := r.instants()
	queries := engine.Queries(engine.DefaultMaxSamples, r.Scenario.Service.EvaluationInterval)
	for _, c := range comparisons(rule.Expr) {
		if len(r.Readings) == maxReadings {
			return
		}
		reading := Reading{Comparison: strings.Join(strings.Fields(c.String()), " "), At: at}
		for _, t := range at {
			reading.Values = append(reading.Values, valueAt(ctx, queries, s, c.LHS, start.Add(t)))
		}
		r.Readings = append(r.Readings, reading)
	}
}

// comparisons are the parts of an expression that compare something with a number.
func comparisons(e parser.Expr) []*parser.BinaryExpr {
	var found []*parser.BinaryExpr
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		b, ok := n.(*parser.BinaryExpr)
		if ok && b.Op.IsComparisonOperator() && b.RHS.Type() == parser.ValueTypeScalar {
			found = append(found, b)
		}
		return nil
	})
	return found
}

// instants are those of predicted and observed changes, with an evaluation before and after.
func (r *Result) instants() []time.Duration {
	step := r.Scenario.Service.EvaluationInterval
	var at []time.Duration
	for _, spans := range [][]Span{r.Prediction.Fires[:min(1, len(r.Prediction.Fires))], r.Observed[:min(1, len(r.Observed))]} {
		for _, s := range spans {
			for _, edge := range []time.Duration{s.From, s.Until} {
				edge = edge.Truncate(step)
				at = append(at, edge-step, edge, edge+step)
			}
		}
	}
	if len(at) == 0 {
		at = []time.Duration{r.Scenario.Event.From, r.Scenario.Event.Until}
	}
	slices.Sort(at)
	at = slices.Compact(at)
	return slices.DeleteFunc(at, func(t time.Duration) bool { return t < r.Scenario.Watch.From || t > r.Scenario.Watch.Until })
}

// valueAt is the value of an expression at an instant, or how many it has.
func valueAt(ctx context.Context, queries *promql.Engine, s *engine.Storage, e parser.Expr, at time.Time) string {
	q, err := queries.NewInstantQuery(ctx, s, nil, e.String(), at)
	if err != nil {
		return "?"
	}
	defer q.Close()
	result := q.Exec(ctx)
	if result.Err != nil {
		return "?"
	}
	vector, err := engine.Vector(result)
	switch {
	case err != nil:
		return "?"
	case len(vector) == 0:
		return "none"
	case len(vector) > 1:
		return fmt.Sprintf("%d series", len(vector))
	}
	return fmt.Sprintf("%.6g", vector[0].F)
}
