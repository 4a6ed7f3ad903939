package generators

// resource is an object of a cluster: printed whole below kubernetes, and as a
// template of the chart.
type resource struct {
	kind     string
	metadata metadata
	family   *family
	cut      func(t *chartTemplate, rest []byte) // writes what follows the metadata; nil: as it is
	shown    condition                           // besides the family's; "" is always
	switches []switched                          // what values can leave out of it
	values   func(of *setting)                   // adds values of its own to those of its family
}

// switched is an SLO or an alert that values can leave out.
type switched struct {
	isSLO       bool
	owner, name string // owner is the service, or the routing of a watchdog
	doc         string // what an alert says, if it says anything
}

// family is a kind of resource that a chart switches on or off as one.
type family struct {
	key   string // below metrics in the chart's values
	doc   string
	fixed bool // its namespace is not for values to choose
}

// The families, by the names that the values of other charts have for them.
var (
	prometheusRuleFamily     = &family{key: "prometheusRule", doc: "PrometheusRules: recording rules and alerts."}
	alertmanagerConfigFamily = &family{key: "alertmanagerConfig", doc: "The AlertmanagerConfig. Its namespace decides which alerts it routes, and is the spec's.", fixed: true}
	dashboardsFamily         = &family{key: "dashboards", doc: "Dashboards as ConfigMaps, which Grafana's sidecar loads."}
	alertmanagerFamily       = &family{key: "alertmanager", doc: "The whole configuration as a Secret, for configSecret of the Alertmanager resource."}
	runbooksFamily           = &family{key: "runbooks", doc: "Runbooks as a ConfigMap."}
	serviceMonitorFamily     = &family{key: "serviceMonitor", doc: "ServiceMonitors, by which the Prometheus operator scrapes the services."}
	scaledObjectFamily       = &family{key: "scaledObject", doc: "KEDA's ScaledObjects."}
	families                 = []*family{prometheusRuleFamily, serviceMonitorFamily, scaledObjectFamily, alertmanagerConfigFamily, alertmanagerFamily, dashboardsFamily, runbooksFamily}
)

// enabled is the value that switches a family on.
func (f *family) enabled() condition {
	return "and .Values.metrics.enabled .Values.metrics." + condition(f.key) + ".enabled"
}
