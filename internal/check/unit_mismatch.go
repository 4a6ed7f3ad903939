package check

import (
	"fmt"
	"math"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/pattern"
	"slowburn/internal/rulefile"
)

var unitMismatch = &Check{
	Kind: diag.Kind{Name: "unit-mismatch", Severity: diag.Warning, Doc: `Values of different units are compared, added or subtracted.

Units are read from the ends of names, as the naming practices have them: _seconds, _milliseconds, _bytes, _ratio, _percent;
time() is in seconds. A factor between two units of time converts, as in x_milliseconds / 1000 or (time() - x_seconds) / 86400;
any other makes the unit unknown, and with it everything right. A quantile or a mean of requests in seconds that is compared
with 500 was meant to be in milliseconds, an age in days that is compared with 86400 in seconds, and what expires within 14
seconds expires within 14 days.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: BackupIsOld
        expr: time() - backup_finished_milliseconds > 86400
`,
	Good: `groups:
  - name: example
    rules:
      - alert: BackupIsOld
        expr: time() - backup_finished_milliseconds / 1000 > 86400
`,
	Queries: true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		units := unitFlow{&p.units}
		for b := range partsOf[*parser.BinaryExpr](p) {
			if b.Op.IsComparisonOperator() || b.Op == parser.ADD || b.Op == parser.SUB {
				p.checkUnits(r, b, units)
			}
		}
	},
}

func (p *Pass) checkUnits(r *rulefile.Rule, b *parser.BinaryExpr, flow unitFlow) {
	left, right := flow.of(b.LHS), flow.of(b.RHS)
	if left != right && left.dimension == right.dimension && left.dimension != "" {
		p.Report(r.ExprPos(b), "convert one of them, by a factor", "the left side of %s is in %s, the right side in %s", b.Op, left.name, right.name)
	}
	if !b.Op.IsComparisonOperator() {
		return
	}
	for _, sides := range [][2]parser.Expr{{b.LHS, b.RHS}, {b.RHS, b.LHS}} {
		limit, ok := expr.Constant(sides[1])
		if !ok {
			continue
		}
		unit := flow.of(sides[0])
		if isUntilExpiry(sides[0]) && unit.name == "" {
			unit = units["seconds"] // such as time() is in
		}
		report := func(meant, help string) {
			p.Report(r.ExprPos(sides[1]), help, "%s is compared with %s, and was probably meant in %s", unwrap(sides[1]), unit.name, meant)
		}
		switch {
		case isMilliseconds(sides[0], unit, limit):
			report("milliseconds", "write it in seconds")
		case isSeconds(unit, limit):
			report("seconds", fmt.Sprintf("write %s", shortNumber(limit/seconds[unit.name])))
		case unit.name == "seconds" && limit >= 1 && limit <= 365 && isUntilExpiry(sides[0]):
			report("days", fmt.Sprintf("write %s * 86400", shortNumber(limit)))
		}
	}
}

// isSeconds tells whether a limit of what is in days or hours was probably
// written in seconds: whole days or hours of them.
func isSeconds(unit unitOfMeasure, limit float64) bool {
	return (unit.name == "days" || unit.name == "hours") && limit >= seconds["hours"] && math.Mod(limit, seconds["hours"]) == 0
}

// expiring are names of the time at which something ends.
var expiring = pattern.New(`expir|not_?after`)

// isUntilExpiry tells whether an expression is how long something is still valid.
func isUntilExpiry(e parser.Expr) bool {
	switch e := unwrap(e).(type) {
	case *parser.AggregateExpr:
		return isUntilExpiry(e.Expr)
	case *parser.BinaryExpr:
		now, ok := unwrap(e.RHS).(*parser.Call)
		return e.Op == parser.SUB && ok && now.Func.Name == "time" && expiring().MatchString(strings.ToLower(soleMetric(e.LHS)))
	}
	return false
}

// answered are names of what people wait for: no request takes minutes.
var answered = pattern.New(`request|response|latency|query|http|grpc|rpc`)

// isMilliseconds tells whether a limit of what is in seconds was probably
// written in milliseconds.
func isMilliseconds(e parser.Expr, unit unitOfMeasure, limit float64) bool {
	// Round numbers of milliseconds that are no round numbers of minutes.
	if unit.name != "seconds" || limit < 100 || math.Mod(limit, 50) != 0 || math.Mod(limit, 60) == 0 {
		return false
	}
	switch e := unwrap(e).(type) {
	case *parser.Call:
		return e.Func.Name == "histogram_quantile" && answered().MatchString(soleMetric(e))
	case *parser.BinaryExpr:
		return e.Op == parser.DIV && answered().MatchString(soleMetric(e.LHS))
	}
	return false
}
