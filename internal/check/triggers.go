package check

import (
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// trigger is a query by which KEDA scales something.
type trigger struct {
	item, query *spec.Value
	expr        parser.Expr // nil if it does not parse
}

// eachTrigger calls f for every trigger of a ScaledObject that asks Prometheus.
func (p *ResourcesPass) eachTrigger(f func(trigger)) {
	for _, r := range p.Resources {
		if r.Kind != "ScaledObject" {
			continue
		}
		p.enter(&rulefile.File{Source: r.Source})
		for _, item := range each(r.Value.Get("spec").Get("triggers")) {
			if query := item.Get("metadata").Get("query"); textOf(item, "type") == "prometheus" && query != nil {
				t := trigger{item: item, query: query}
				if e, err := expr.Parse(query.Text); err == nil {
					t.expr = e
				}
				f(t)
			}
		}
	}
}

// reportIn reports a part of a trigger's query.
func (p *ResourcesPass) reportIn(t trigger, n parser.Node, help, format string, args ...any) {
	at := n.PositionRange()
	p.Report(t.query.Sub(int(at.Start), int(at.End)), t.item.Pos, help, format, args...)
}
