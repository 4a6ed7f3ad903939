package generators

import (
	"slowburn/alerts"
	"slowburn/internal/expr"
)

// watchdogInterval is how often the rule of a watchdog is evaluated: as often
// as one may be told.
const watchdogInterval = "1m"

// Watchdog prints the rule of a routing's dead man's switch, if it has one: an
// alert that always fires, as a rule file and, where there is Kubernetes, as a
// PrometheusRule.
func Watchdog(r *alerts.Routing, k KubernetesSpec) []Artifact {
	w := r.Watchdog
	if w == nil {
		return nil
	}
	always := rule{Alert: alerts.WatchdogName, Expr: expr.String(w.Expr()), Annotations: map[string]string{}}
	for _, a := range w.Annotations() {
		always.Annotations[a.Name] = a.Text
	}
	always.says = always.Annotations["summary"]
	name := r.Name + "-watchdog"
	file := ruleFile{
		name:    name,
		owner:   r.Name,
		Groups:  []ruleGroup{{Name: name, Interval: watchdogInterval, Rules: []rule{always}}},
		origins: [][]Origin{{{Pos: w.Pos}}},
	}
	file.print(new(rulePrinter))
	artifacts := []Artifact{file.artifact()}
	if k.Enabled != nil && !*k.Enabled {
		return artifacts
	}
	return append(artifacts, file.resource(k))
}
