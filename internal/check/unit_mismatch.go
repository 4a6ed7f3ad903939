package check

import (
	"math"
	"regexp"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var unitMismatch = &Check{
	Kind: diag.Kind{Name: "unit-mismatch", Severity: diag.Warning, Doc: `Values of different units are compared, added or subtracted.

Units are read from the ends of names, as the naming practices have them: _seconds, _milliseconds, _bytes, _ratio, _percent;
time() is in seconds. A factor, as in x_milliseconds / 1000, makes the unit unknown, and with it everything right. A quantile
or a mean of requests in seconds that is compared with 500 was meant to be in milliseconds.`},
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
	Run: func(p *Pass) {
		p.EachRule(func(r *rulefile.Rule) {
			units := unitFlow{}
			parser.Inspect(r.Expr, func(n parser.Node, _ []parser.Node) error {
				if b, ok := n.(*parser.BinaryExpr); ok && (b.Op.IsComparisonOperator() || b.Op == parser.ADD || b.Op == parser.SUB) {
					p.checkUnits(r, b, units)
				}
				return nil
			})
		})
	},
}

func (p *Pass) checkUnits(r *rulefile.Rule, b *parser.BinaryExpr, units unitFlow) {
	left, right := units.of(b.LHS), units.of(b.RHS)
	if left != right && left.dimension == right.dimension && left.dimension != "" {
		p.Report(r.ExprPos(b), "convert one of them, by a factor", "the left side of %s is in %s, the right side in %s", b.Op, left.name, right.name)
	}
	if !b.Op.IsComparisonOperator() {
		return
	}
	for _, sides := range [][2]parser.Expr{{b.LHS, b.RHS}, {b.RHS, b.LHS}} {
		if limit, ok := unwrap(sides[1]).(*parser.NumberLiteral); ok && isMilliseconds(sides[0], units.of(sides[0]), limit.Val) {
			p.Report(r.ExprPos(sides[1]), "write it in seconds", "%s is compared with seconds, and was probably meant in milliseconds", limit)
		}
	}
}

// answered are names of what people wait for: no request takes minutes.
var answered = regexp.MustCompile(`request|response|latency|query|http|grpc|rpc`)

// isMilliseconds tells whether a limit of what is in seconds was probably
// written in milliseconds.
func isMilliseconds(e parser.Expr, unit unitOfMeasure, limit float64) bool {
	// Round numbers of milliseconds that are no round numbers of minutes.
	if unit.name != "seconds" || limit < 100 || math.Mod(limit, 50) != 0 || math.Mod(limit, 60) == 0 {
		return false
	}
	switch e := unwrap(e).(type) {
	case *parser.Call:
		return e.Func.Name == "histogram_quantile" && answered.MatchString(soleMetric(e))
	case *parser.BinaryExpr:
		return e.Op == parser.DIV && answered.MatchString(soleMetric(e.LHS))
	}
	return false
}
