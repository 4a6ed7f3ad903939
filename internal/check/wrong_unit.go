package check

import (
	"slices"
	"strings"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var wrongUnit = &Check{
	Kind: diag.Kind{Name: "wrong-unit", Severity: diag.Warning, Doc: `A panel shows its numbers in another unit than its query yields.

A share of 1 under percent is a hundred times too small, seconds under ms a thousand times, and what happens in a second
under bytes or s is no size and no time. What a query yields is told by its form (a part divided by the whole, a rate, a mean,
a quantile, and what is multiplied by 100 or 1000) and by the units in the names of metrics; where both leave a doubt, nothing is
said. Columns of tables have units of their own, and so have the axes of heatmaps. Recorded series are followed to the rules that
record them.`},
	Bad: strings.ReplaceAll(exampleDashboard(`sum(rate(http_requests_total{status=~"5.."}[$__rate_interval])) / sum(rate(http_requests_total[$__rate_interval]))`),
		`"reqps"`, `"percent"`),
	Good: strings.ReplaceAll(exampleDashboard(`sum(rate(http_requests_total{status=~"5.."}[$__rate_interval])) / sum(rate(http_requests_total[$__rate_interval]))`),
		`"reqps"`, `"percentunit"`),
	Run: func(p *Pass) {
		told := map[*spec.Value]bool{}
		p.EachQuery(func(panel *dashfile.Panel, q *dashfile.Query) {
			if q.Known == nil {
				return
			}
			is := p.yields(panel, q)
			units := shownUnits(panel, q)
			if len(units) == 0 || slices.ContainsFunc(units, func(u *spec.Value) bool { return is.isShownBy(u) || told[u] }) {
				return
			}
			at := units[len(units)-1]
			told[at] = true
			help := "use short"
			if unit := grafanaUnitOf(is); unit != "" {
				help = "use " + unit
			}
			p.Report(at.Pos, help, "%s shows %s, and the query yields %s", at.Text, grafanaUnits[at.Text], is)
		})
	},
}

// yields is what a query of a panel yields, or of a heatmap, the bounds of its buckets.
func (p *Pass) yields(panel *dashfile.Panel, q *dashfile.Query) measure {
	if panel.Type == "heatmap" {
		if base, ok := strings.CutSuffix(soleMetric(q.Known), "_bucket"); ok {
			return measureOfUnit(unitOfMetric(base))
		}
		return measure{}
	}
	is := p.measureOf(q.Known, 0)
	if is == (measure{}) && p.isNumber(q.Known) {
		return happenings
	}
	return is
}

// isShownBy tells whether a unit is one for the measure, or may be: seconds in a
// second are a share, and a time that something took.
func (m measure) isShownBy(unit *spec.Value) bool {
	shown, ok := grafanaUnits[unit.Text]
	switch {
	case !ok || m.dimension == "":
		return true
	case m.dimension == "time" && m.perSecond && shown.dimension == "share":
		return isNear(m.size, shown.size)
	case m.dimension == "time" && m.perSecond && shown.dimension == "time":
		return isNear(m.size, shown.size)
	}
	return m.dimension == shown.dimension && m.perSecond == shown.perSecond && isNear(m.size, shown.size)
}
