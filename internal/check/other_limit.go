package check

import (
	"math"
	"slices"
	"strconv"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

var otherLimit = &Check{
	Kind: diag.Kind{Name: "other-limit", Severity: diag.Warning, Doc: `A panel draws another limit than the alert on the same expression has.

Whoever looks at the graph believes that nothing is wrong below the line, or that somebody was woken above it. Of a panel whose
query is what an alert of the same files compares with a number, the thresholds that are drawn must be such numbers.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: QueueIsLong
        expr: max(queue_length) > 100
---
{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Queue", "description": "Waiting jobs.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "short", "custom": {"thresholdsStyle": {"mode": "line"}}, "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 80}]}}, "overrides": []},
      "targets": [{"refId": "A", "expr": "max(queue_length)"}]}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Good: `groups:
  - name: example
    rules:
      - alert: QueueIsLong
        expr: max(queue_length) > 100
---
{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Queue", "description": "Waiting jobs.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "short", "custom": {"thresholdsStyle": {"mode": "line"}}, "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 100}]}}, "overrides": []},
      "targets": [{"refId": "A", "expr": "max(queue_length)"}]}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Run: func(p *Pass) {
		if len(p.Dashboards) == 0 {
			return
		}
		limits := p.limitsOfAlerts()
		p.EachPanel(func(_ *dashfile.Dashboard, panel *dashfile.Panel) {
			var wanted []limitOfAlert
			for _, q := range panel.Queries {
				if q.Expr != nil {
					wanted = append(wanted, limits[q.Expr.String()]...)
				}
			}
			if len(wanted) == 0 {
				return
			}
			for _, drawn := range drawnLimits(panel) {
				if !slices.ContainsFunc(wanted, func(l limitOfAlert) bool { return isNear(l.at, drawn.at) }) {
					l := wanted[0]
					p.Report(drawn.value.Pos, "draw "+strconv.FormatFloat(l.at, 'g', -1, 64), "the line at %s is not where %s fires: %s %s",
						drawn.value.Text, l.alert, l.op, strconv.FormatFloat(l.at, 'g', -1, 64))
				}
			}
		})
	},
}

// limitOfAlert is a number that an alert compares an expression with.
type limitOfAlert struct {
	alert, op string
	at        float64
}

// limitsOfAlerts are those of all alerts, by what is compared.
func (u *Unit) limitsOfAlerts() map[string][]limitOfAlert {
	limits := map[string][]limitOfAlert{}
	for _, f := range u.Files {
		for _, r := range f.Rules() {
			if r.Alert == "" || r.Expr == nil {
				continue
			}
			for _, c := range expr.Comparisons(r.Expr) {
				if c.Is {
					limits[c.Of.String()] = append(limits[c.Of.String()], limitOfAlert{r.Alert, c.Op.String(), c.At})
				}
			}
		}
	}
	return limits
}

// isNear allows what computing a limit rounds: 14.4 * 0.005 is not quite 0.072.
func isNear(a, b float64) bool { return math.Abs(a-b) <= 1e-9*max(math.Abs(a), math.Abs(b)) }

// drawnLimit is a threshold that a graph draws.
type drawnLimit struct {
	at    float64
	value *spec.Value
}

// drawnLimits are those of a panel, if it draws any.
func drawnLimits(panel *dashfile.Panel) []drawnLimit {
	defaults := panel.Value.Get("fieldConfig").Get("defaults")
	mode := textOf(defaults.Get("custom").Get("thresholdsStyle"), "mode")
	if mode == "" || mode == "off" || textOf(defaults.Get("thresholds"), "mode") == "percentage" {
		return nil
	}
	var drawn []drawnLimit
	for _, step := range each(defaults.Get("thresholds").Get("steps")) {
		v := step.Get("value")
		if v == nil || v.Kind != spec.Number {
			continue
		}
		if at, err := strconv.ParseFloat(v.Text, 64); err == nil {
			drawn = append(drawn, drawnLimit{at, v})
		}
	}
	return drawn
}
