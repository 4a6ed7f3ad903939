package check

import (
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/pattern"
)

// measure is what a number counts, and how much one of it is: the unit of what a
// query yields, or that in which a panel shows it. The zero measure is unknown.
type measure struct {
	dimension string  // time, data, share or events
	size      float64 // in seconds, bytes, wholes or events
	perSecond bool
}

var (
	shareOfOne    = measure{"share", 1, false}
	percentOf     = measure{"share", 0.01, false}
	eventsASecond = measure{"events", 1, true}
	happenings    = measure{"events", 1, false}
)

// String says what is counted.
func (m measure) String() string {
	name := map[measure]string{
		shareOfOne: "a share of 1", percentOf: "a percentage", happenings: "a plain number", eventsASecond: "events a second", {"events", 1.0 / 60, true}: "events a minute",
		{"data", 1, false}: "bytes", {"data", 1.0 / 8, false}: "bits",
	}
	for unit, long := range seconds {
		name[measure{"time", long, false}] = unit
	}
	if text, ok := name[m]; ok {
		return text
	}
	if m.perSecond {
		m.perSecond = false
		return m.String() + " a second"
	}
	return "larger units of " + m.dimension
}

// measureOf is what an expression yields, as far as it is certain.
func (u *Unit) measureOf(e parser.Expr, depth int) measure {
	switch u.scaleOf(e, depth) {
	case ofOne:
		return shareOfOne
	case ofHundred:
		return percentOf
	}
	switch e := unwrap(e).(type) {
	case *parser.AggregateExpr:
		switch e.Op {
		case parser.SUM, parser.AVG, parser.MIN, parser.MAX, parser.QUANTILE, parser.TOPK, parser.BOTTOMK:
			return u.measureOf(e.Expr, depth)
		}
	case *parser.Call:
		return u.measureOfCall(e, depth)
	case *parser.BinaryExpr:
		return u.measureOfBinary(e, depth)
	case *parser.VectorSelector:
		if len(u.recordings(e)) == 0 {
			if strings.HasSuffix(metricOf(e), "_bucket") {
				return happenings
			}
			return measureOfUnit(unitOfMetric(metricOf(e)))
		}
		return alike(u, e, func(r *recording) measure {
			if r.rule.Expr == nil || depth >= maxSteps {
				return measure{}
			}
			return u.measureOf(r.rule.Expr, depth+1)
		})
	}
	return measure{}
}

func (u *Unit) measureOfCall(call *parser.Call, depth int) measure {
	switch name := call.Func.Name; {
	case name == "rate" || name == "irate" || name == "increase":
		m := measureOfCounter(soleMetric(call.Args[0]))
		m.perSecond = m.dimension != "" && name != "increase"
		return m
	case slices.Contains(keepUnit, name) && len(call.Args) > 0 && call.Args[0].Type() == parser.ValueTypeVector:
		return u.measureOf(call.Args[0], depth)
	}
	return measureOfUnit(newUnitFlow().of(call))
}

func (u *Unit) measureOfBinary(b *parser.BinaryExpr, depth int) measure {
	switch {
	case b.Op == parser.ADD, b.Op == parser.SUB, b.Op == parser.LOR:
		left, right := u.measureOf(b.LHS, depth), u.measureOf(b.RHS, depth)
		if left == right || b.Op == parser.LOR && isVector(b.RHS) {
			return left
		}
	case b.Op == parser.LAND, b.Op == parser.LUNLESS, b.Op.IsComparisonOperator() && !b.ReturnBool && !hasScalarLeft(b):
		return u.measureOf(b.LHS, depth)
	case b.Op == parser.DIV && b.VectorMatching != nil:
		return measureOfUnit(ofMean(b.LHS, b.RHS))
	case b.Op == parser.MUL, b.Op == parser.DIV:
		of, number := b.LHS, b.RHS
		if hasScalarLeft(b) && b.Op == parser.MUL {
			of, number = number, of
		}
		k, ok := expr.Constant(number)
		m := u.measureOf(of, depth)
		if !ok || k == 0 || m.dimension == "" || overRange(of) && m.dimension == "events" {
			return measure{}
		}
		return m.times(k, b.Op == parser.DIV)
	}
	return measure{}
}

// times is the measure of values that are multiplied or divided by a number, if
// that converts them to another one.
func (m measure) times(k float64, divided bool) measure {
	size := m.size / k
	if divided {
		size = m.size * k
	}
	if m.dimension == "time" && m.perSecond && isNear(size, 0.01) {
		return percentOf // of a second
	}
	for _, known := range converted[m.dimension] {
		if isNear(size, known) {
			return measure{m.dimension, known, m.perSecond}
		}
	}
	return measure{}
}

// converted are the sizes to which one converts by a number.
var converted = map[string][]float64{
	"time": {1e-9, 1e-6, 1e-3, 1, 60, 3600, 86400},
	"data": {1.0 / 8, 1, 1000, 1024, 1e6, 1 << 20, 1e9, 1 << 30},
}

// measureOfUnit is that of a unit in a name, of which those of shares are not believed.
func measureOfUnit(unit unitOfMeasure) measure {
	switch {
	case unit.dimension == "time":
		return measure{"time", seconds[unit.name], false}
	case unit.name == "bytes":
		return measure{"data", 1, false}
	case unit.name == "bits":
		return measure{"data", 1.0 / 8, false}
	}
	return measure{}
}

// measured finds words in names that say what is counted, if not events.
var measured = pattern.New(`byte|bit|second|sec|milli|micro|nano|_ms|_us|time|duration|latency|percent|ratio|ticks|cycles|joules|amount|size`)

// measureOfCounter is what a counter counts.
func measureOfCounter(metric string) measure {
	base, isCount := strings.CutSuffix(metric, "_count")
	if bucket, ok := strings.CutSuffix(metric, "_bucket"); ok {
		base, isCount = bucket, true
	}
	switch {
	case strings.ContainsRune(metric, ':') || base == "":
		return measure{}
	case isCount, isTotal(metric) && !measured().MatchString(metric):
		return happenings
	}
	return measureOfUnit(unitOfMetric(metric))
}

// isNumber tells whether an expression is how many there are of something.
func (p *Pass) isNumber(e parser.Expr) bool {
	switch e := unwrap(e).(type) {
	case *parser.AggregateExpr:
		return e.Op == parser.COUNT || (e.Op == parser.SUM || e.Op == parser.MAX || e.Op == parser.MIN) && p.isNumber(e.Expr)
	case *parser.VectorSelector:
		return p.typeOf(e) == model.MetricTypeGauge && numbers().MatchString(metricOf(e))
	}
	return false
}

// numbers are names of gauges that are no rates.
var numbers = pattern.New(`^(go_goroutines|go_threads|process_(open|max)_fds|.*_(queue_length|queue_depth|in_flight|inflight|connections|goroutines))$`)
