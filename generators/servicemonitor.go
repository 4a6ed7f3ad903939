package generators

import (
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
	"k8s.io/apimachinery/pkg/util/validation"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// ServiceMonitorSpec says where the Prometheus operator finds the service's metrics. How often they are scraped is the
// service's scrapeInterval.
type ServiceMonitorSpec struct {
	spec.Node
	// Selector are the labels of the Kubernetes Service.
	Selector ResourceLabels `json:"selector" jsonschema:"required"`
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

// UnreadJob is a job that nothing selects.
var UnreadJob = &diag.Kind{Name: "unread-job", Severity: diag.Warning, Doc: `What a ServiceMonitor scrapes gets a job that no expression of the spec selects.

The rules would see no series, and alerts that watch for their absence fire. Let job be what the selectors say.`}

func (doc *ServiceMonitorSpec) check(s *alerts.Service, k KubernetesSpec, r *diag.Report) {
	if doc.Selector != nil && len(doc.Selector) == 0 && len(doc.Value().Get("selector").Fields()) == 0 {
		r.Add(spec.BadValue, doc.KeyPos("selector"), "name a label of the Kubernetes Service", "an empty selector selects every Service")
	}
	if port := doc.Port.Text; port != "" && len(validation.IsDNS1123Label(strings.ToLower(port))) > 0 {
		r.Add(spec.BadValue, doc.Port.Pos(), "write the name that the Service gives the port", "%q is no name of a port", port)
	}
	if path := doc.Path.Text; path != "" && !strings.HasPrefix(path, "/") {
		r.Add(spec.BadValue, doc.Path.Pos(), "write /"+path, "%q is no path: it begins with a slash", path)
	}
	if len(doc.Namespaces) == 0 && k.Namespace.Text != "" {
		r.Add(UnreachedNamespace, doc.Pos(), "write namespaces: [NAME]: that of the Kubernetes Service", "a ServiceMonitor in namespace %s finds only the Services that are there", k.Namespace.Text)
	}
	if job := doc.Job.Text; job != "" {
		known, reads := readJobs(s, job)
		if len(known) > 0 && !reads {
			r.Add(UnreadJob, doc.Job.Pos(), spec.Suggest(job, known), "no expression of %s selects job %q", s.Name, job)
		}
	}
}

// readJobs are the jobs that expressions of a service select by name, sorted,
// and whether any of them selects this one.
func readJobs(s *alerts.Service, job string) (known []string, reads bool) {
	for _, e := range s.Expressions() {
		parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
			if selector, ok := n.(*parser.VectorSelector); ok {
				for _, m := range selector.LabelMatchers {
					if m.Name == model.JobLabel {
						known = append(known, m.Value)
						reads = reads || m.Matches(job)
					}
				}
			}
			return nil
		})
	}
	slices.Sort(known)
	return slices.Compact(known), reads
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
// service, if the spec has one, and reports where it would scrape nothing, or
// what no rule reads.
func ServiceMonitor(s *alerts.Service, doc *ServiceMonitorSpec, k KubernetesSpec, r *diag.Report) []Artifact {
	if doc == nil || k.Enabled != nil && !*k.Enabled {
		return nil
	}
	doc.check(s, k, r)
	interval := spec.FormatDuration(s.ScrapeInterval)
	endpoint := monitoredEndpoint{Port: doc.Port.Text, Path: doc.Path.Text, Interval: interval}
	if doc.Job.Text != "" {
		endpoint.Relabelings = []relabeled{{"job", doc.Job.Text}}
	}
	whole := serviceMonitor{
		APIVersion: "monitoring.coreos.com/v1", Kind: "ServiceMonitor",
		Metadata: metadata{Name: s.Name, Namespace: k.Namespace.Text, Labels: k.Labels},
		Spec:     serviceMonitorSpec{Selector: labelSelector{doc.Selector}, Endpoints: []monitoredEndpoint{endpoint}},
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
				of.below.choice("interval", "How often the services are scraped: the rules need enough samples within their ranges.", interval, scrapeChoices(s))
			},
			cut: func(t *chartTemplate, rest []byte) {
				t.filled(rest, "endpoints", "interval", "(default "+strconv.Quote(interval)+" .Values.metrics.serviceMonitor.interval)")
			},
		},
	}}
}
