package main

import (
	"cmp"
	"slices"
	"strings"

	"slowburn/generators"
	"slowburn/internal/simulate"
)

// rawRules are the rule files among the artifacts; the PrometheusRules hold the
// same rules once more.
func (b *build) rawRules() []generators.Artifact {
	return slices.DeleteFunc(slices.Clone(b.artifacts), func(a generators.Artifact) bool { return !strings.HasPrefix(a.Path, "prometheus/") })
}

func (b *build) generate() {
	if len(b.services)+len(b.routings) == 0 {
		return // a folder of something else, perhaps with runbooks of its own: earlier output, say
	}
	b.broken = stops(b.report) || b.partial && len(b.services) == 0
	cluster := b.only.want("kubernetes", "chart")
	for i, s := range b.alerting {
		composed := generators.Compose(s)
		b.composed = append(b.composed, composed)
		b.artifacts = append(b.artifacts, composed.Rules()...)
		if cluster {
			b.artifacts = append(b.artifacts, composed.PrometheusRules(b.services[i].Kubernetes)...)
			b.artifacts = append(b.artifacts, generators.ServiceMonitor(s, b.services[i].ServiceMonitor, b.services[i].Kubernetes, b.report)...)
		}
		b.artifacts = append(b.artifacts, generators.ScaledObjects(s, b.services[i].Kubernetes, b.report)...)
	}
	if b.routing != nil {
		k := b.routingKubernetes()
		b.artifacts = append(b.artifacts, generators.Alertmanager(b.routing), generators.Routes(b.routing, b.alerting))
		b.artifacts = append(b.artifacts, generators.AlertmanagerConfig(b.routing, b.alerting, k, b.report)...)
		b.artifacts = append(b.artifacts, generators.AlertmanagerSecret(b.routing, k, b.report)...)
		b.artifacts = append(b.artifacts, generators.Watchdog(b.routing, k.KubernetesSpec)...)
	}
	b.artifacts = append(b.artifacts, generators.Grafana(b.shown)...)
	for _, d := range b.shown {
		b.artifacts = append(b.artifacts, generators.GrafanaConfigMap(d, b.services[d.Owner].Kubernetes)...)
	}
	b.styles(b.report)
	b.runbooks = b.readPages()
	pages := generators.Runbooks(b.alerting, b.routing, b.runbooks, b.report)
	b.artifacts = append(b.artifacts, pages...)
	if cluster && len(b.services) > 0 {
		b.artifacts = append(b.artifacts, generators.RunbooksConfigMap(b.system(), pages, b.services[0].Kubernetes)...)
	}
	if b.only.want("chart") {
		b.artifacts = append(b.artifacts, generators.Chart(b.system(), b.chartVersion(), b.artifacts, b.report)...)
	}
	slices.SortFunc(b.artifacts, func(a, c generators.Artifact) int { return strings.Compare(a.Path, c.Path) })
}

// routingKubernetes is what holds for the resources of the routing.
func (b *build) routingKubernetes() generators.RoutingKubernetesSpec {
	k := b.routings[0].Kubernetes
	var services []generators.KubernetesSpec
	for _, doc := range b.services {
		if doc.Kubernetes.Enabled == nil || *doc.Kubernetes.Enabled {
			services = append(services, doc.Kubernetes)
		}
	}
	k.KubernetesSpec = k.Beside(services)
	return k
}

// system is what the services of the unit are called together: as their
// routing is, or else the first of them.
func (b *build) system() string {
	if b.routing != nil {
		return b.routing.Name
	}
	return b.resolved[0].Name
}

// chartVersion is the version that the specs have for the chart of the system,
// or "".
func (b *build) chartVersion() string {
	var all []string
	for _, doc := range b.routings[:min(1, len(b.routings))] {
		all = append(all, doc.Kubernetes.Chart.Version.String())
	}
	for _, doc := range b.services {
		all = append(all, doc.Kubernetes.Chart.Version.String())
	}
	return cmp.Or(all...)
}

// export adds the scenarios as unit tests to the artifacts: no stage, since only
// what is written needs them, and they take longer than all the rest.
func (b *build) export(x *simulate.Exporter) {
	for i, of := range b.composed {
		b.artifacts = append(b.artifacts, of.UnitTests(b.scenarios[i], x)...)
	}
	slices.SortFunc(b.artifacts, func(a, c generators.Artifact) int { return strings.Compare(a.Path, c.Path) })
}
