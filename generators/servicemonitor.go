package generators

import (
	"strconv"

	"slowburn/alerts"
	"slowburn/internal/spec"
)

// ServiceMonitorSpec says where the Prometheus operator finds the service's metrics. How often they are scraped is the
// service's scrapeInterval.
type ServiceMonitorSpec struct {
	spec.Node
	// Selector are the labels of the Kubernetes Service.
	Selector map[spec.Text]spec.Text `json:"selector" jsonschema:"required"`
	// Port is the name of the Service's port.
	Port spec.Text `json:"port" jsonschema:"required"`
	// Path of the metrics. Default: /metrics.
	Path spec.Text `json:"path,omitempty"`
	// Job is the label job of what is scraped, where queries select another one than the operator's own: the name of
	// the Kubernetes Service.
	Job spec.Text `json:"job,omitempty"`
	// Namespaces are those of the Kubernetes Service. Default: that of the ServiceMonitor.
	Namespaces []spec.Name `json:"namespaces,omitempty"`
}

type serviceMonitor struct {
	APIVersion string             `yaml:"apiVersion"`
	Kind       string             `yaml:"kind"`
	Metadata   metadata           `yaml:"metadata"`
	Spec       serviceMonitorSpec `yaml:"spec"`
}

type serviceMonitorSpec struct {
	Selector   labelSelector       `yaml:"selector"`
	Namespaces *namespaceSelector  `yaml:"namespaceSelector,omitempty"`
	Endpoints  []monitoredEndpoint `yaml:"endpoints"`
}

type labelSelector struct {
	MatchLabels map[string]string `yaml:"matchLabels"`
}

type namespaceSelector struct {
	MatchNames []string `yaml:"matchNames"`
}

type monitoredEndpoint struct {
	Port        string      `yaml:"port"`
	Path        string      `yaml:"path,omitempty"`
	Interval    string      `yaml:"interval"`
	Relabelings []relabeled `yaml:"relabelings,omitempty"`
}

type relabeled struct {
	TargetLabel string `yaml:"targetLabel"`
	Replacement string `yaml:"replacement"`
}

// ServiceMonitor prints the resource by which the Prometheus operator scrapes a
// service, if the spec has one.
func ServiceMonitor(s *alerts.Service, doc *ServiceMonitorSpec, k KubernetesSpec) []Artifact {
	if doc == nil || k.Enabled != nil && !*k.Enabled {
		return nil
	}
	interval := spec.FormatDuration(s.ScrapeInterval)
	endpoint := monitoredEndpoint{Port: doc.Port.Text, Path: doc.Path.Text, Interval: interval}
	if doc.Job.Text != "" {
		endpoint.Relabelings = []relabeled{{"job", doc.Job.Text}}
	}
	whole := serviceMonitor{
		APIVersion: "monitoring.coreos.com/v1", Kind: "ServiceMonitor",
		Metadata: metadata{Name: s.Name, Namespace: k.Namespace.Text, Labels: labelMap(k.Labels)},
		Spec:     serviceMonitorSpec{Selector: labelSelector{map[string]string{}}, Endpoints: []monitoredEndpoint{endpoint}},
	}
	for name, value := range doc.Selector {
		whole.Spec.Selector.MatchLabels[name.Text] = value.Text
	}
	if len(doc.Namespaces) > 0 {
		whole.Spec.Namespaces = new(namespaceSelector)
		for _, n := range doc.Namespaces {
			whole.Spec.Namespaces.MatchNames = append(whole.Spec.Namespaces.MatchNames, n.Text)
		}
	}
	return []Artifact{{
		Path: "kubernetes/" + s.Name + ".servicemonitor.yaml", Bytes: printYAML(whole), Pos: doc.Pos(),
		resource: &resource{
			kind: whole.Kind, metadata: whole.Metadata, family: serviceMonitorFamily,
			values: func(of *setting) {
				of.below.text("interval", "How often the services are scraped. Ranges of rules were chosen for that of the specs.", interval, "^([0-9]+(ms|s|m|h))*$")
			},
			cut: func(t *chartTemplate, rest []byte) {
				t.filled(rest, "endpoints", "interval", "(default "+strconv.Quote(interval)+" .Values.metrics.serviceMonitor.interval)")
			},
		},
	}}
}
