package alerts

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// AutoscalersSpec are what KEDA scales by the service's signals.
type AutoscalersSpec struct {
	// Autoscalers scale workloads on Kubernetes by signals: KEDA's ScaledObjects.
	Autoscalers []AutoscalerSpec `json:"autoscalers,omitempty"`
}

// AutoscalerSpec scales one workload.
type AutoscalerSpec struct {
	spec.Node
	// Name of the resource.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Target is the name of the Deployment that is scaled. Default: the autoscaler's name. The chart has a value for it.
	Target spec.Name `json:"target,omitempty"`
	// Namespace of the Deployment, where the ScaledObject must be. Default: that of kubernetes.
	Namespace spec.Name `json:"namespace,omitempty"`
	// Replicas are the fewest and the most that there may be. Default: KEDA's, 0 and 100.
	Replicas ReplicasSpec `json:"replicas,omitempty"`
	// Polling is how often KEDA asks. Default: KEDA's, 30s.
	Polling spec.Duration `json:"polling,omitempty"`
	// Cooldown is how long no trigger must be active before KEDA scales to zero. Default: KEDA's, 5m.
	Cooldown spec.Duration `json:"cooldown,omitempty"`
	// Server is the address of the Prometheus that KEDA asks. The chart has a value for it.
	Server spec.Text `json:"server" jsonschema:"required"`
	// Document makes it a document below keda, for a program that creates the resource at run time. It is then no part
	// of kubernetes and the chart.
	Document bool `json:"document,omitempty"`
	// Triggers say when there are too few replicas: each wants its own number of them, and the largest counts.
	Triggers []TriggerSpec `json:"triggers" jsonschema:"required"`
}

// ReplicasSpec are bounds on the number of replicas.
type ReplicasSpec struct {
	spec.Node
	// Min is the fewest.
	Min spec.Count `json:"min,omitempty"`
	// Max is the most.
	Max spec.Count `json:"max,omitempty"`
}

// TriggerSpec compares a signal with a threshold.
type TriggerSpec struct {
	spec.Node
	// Signal is the name of one of the service's signals; it must have one series.
	Signal spec.Name `json:"signal" jsonschema:"required"`
	// Threshold is how much of the signal one replica is there for, or of Value, how much there should be at all.
	Threshold spec.Decimal `json:"threshold" jsonschema:"required"`
	// MetricType is AverageValue, where the signal is shared among the replicas (requests, jobs), or Value, where it is
	// not (a latency). Default: AverageValue.
	MetricType spec.Text `json:"metricType,omitempty"`
}

// Autoscaler is a resolved autoscaler.
type Autoscaler struct {
	Name, Target, Server string
	Namespace            string // "" for that of all resources
	Min, Max             *int   // nil for KEDA's default
	Polling, Cooldown    time.Duration
	Document             bool
	Triggers             []Trigger
	Pos                  diag.Pos
}

// Trigger is one signal that an autoscaler goes by.
type Trigger struct {
	Signal     slo.Signal
	Threshold  spec.Decimal
	MetricType string
}

// metricTypes are those that a query of Prometheus can have.
var metricTypes = []string{"AverageValue", "Value"}

// maxReplicas is KEDA's default.
const maxReplicas = 100

// NeverScaledUp is an autoscaler that cannot undo what it does.
var NeverScaledUp = &diag.Kind{Name: "never-scaled-up", Severity: diag.Warning, Doc: `An autoscaler goes to zero by what only its target exports.

KEDA goes down to 0 replicas unless a minimum is said. Where every trigger reads only series with the job of what is scaled (or of
the service or autoscaler that has its name), these end with the last replica: the answer is empty, which KEDA takes for 0, and
nothing is scaled up again.`}

// Resolve resolves the autoscalers of a service.
func (doc AutoscalersSpec) Resolve(s *Service, r *diag.Report) []Autoscaler {
	var all []Autoscaler
	for _, a := range doc.Autoscalers {
		if slices.ContainsFunc(all, func(have Autoscaler) bool { return have.Name == a.Name.Text }) {
			r.Add(slo.DuplicateName, a.Name.Pos(), "rename one of them", "autoscaler %q exists already", a.Name.Text)
			continue
		}
		resolved := a.resolve(s, r)
		if i := slices.IndexFunc(all, resolved.contends); i >= 0 {
			r.Add(slo.DuplicateName, a.KeyPos("target"), "let one autoscaler have the triggers of both", "autoscaler %q scales %s already, and KEDA refuses a second one", all[i].Name, resolved.Target)
		}
		all = append(all, resolved)
	}
	return all
}

// contends tells whether two autoscalers that are applied scale the same.
func (a Autoscaler) contends(other Autoscaler) bool {
	return !a.Document && !other.Document && a.Target == other.Target && a.Namespace == other.Namespace
}

func (doc AutoscalerSpec) resolve(s *Service, r *diag.Report) Autoscaler {
	a := Autoscaler{Name: doc.Name.Text, Target: doc.Target.Text, Server: doc.Server.Text, Namespace: doc.Namespace.Text, Document: doc.Document, Pos: doc.Pos()}
	if a.Target == "" {
		a.Target = a.Name
	}
	if address, err := url.Parse(a.Server); err == nil && address.User != nil {
		at := doc.Server.Pos()
		at.Hide()
		r.Add(InlineSecret, at, "let KEDA have it from a TriggerAuthentication, and write the address alone", "the address has a user or a password in it")
	} else if a.Server != "" && !strings.HasPrefix(a.Server, "http://") && !strings.HasPrefix(a.Server, "https://") {
		r.Add(spec.BadValue, doc.Server.Pos(), "begin it with http:// or https://", "%q is no address", a.Server)
	}
	doc.bounds(&a, r)
	a.Polling, a.Cooldown = wholeSeconds(doc.Polling, r), wholeSeconds(doc.Cooldown, r)
	if doc.Triggers != nil && len(doc.Triggers) == 0 {
		r.Add(spec.BadValue, doc.KeyPos("triggers"), "name a signal and a threshold", "an autoscaler without triggers scales nothing")
	}
	for _, t := range doc.Triggers {
		resolved := t.resolve(s, r)
		if resolved.Signal.Name != "" && slices.ContainsFunc(a.Triggers, func(have Trigger) bool { return have.Signal.Name == resolved.Signal.Name }) {
			r.Add(slo.DuplicateName, t.Signal.Pos(), "leave one of them out: the lower threshold wants more replicas", "signal %q has a trigger already, and KEDA refuses a second one of the name", resolved.Signal.Name)
			continue
		}
		a.Triggers = append(a.Triggers, resolved)
	}
	if len(a.Triggers) > 0 && !a.Document && a.Fewest() == 0 && a.exportsAll(s) {
		r.Add(NeverScaledUp, doc.KeyPos("triggers"), "write replicas: {min: 1}, or go by what others count: a queue, a proxy", "with 0 replicas %s exports nothing any more, and is never scaled up again", a.Target)
	}
	return a
}

func (doc AutoscalerSpec) bounds(a *Autoscaler, r *diag.Report) {
	least, most := 0, maxReplicas
	if doc.Replicas.Min.IsSet() {
		least = doc.Replicas.Min.N
		a.Min = &least
	}
	if doc.Replicas.Max.IsSet() {
		most = doc.Replicas.Max.N
		a.Max = &most
	}
	if least > most || most == 0 {
		r.Add(spec.BadValue, doc.Replicas.Pos(), "let max be at least min, and 1", "%d to %d replicas are none", least, most)
	}
}

// exportsAll tells whether every series that triggers read has the job of what
// is scaled, by one of its names.
func (a Autoscaler) exportsAll(s *Service) bool {
	for _, t := range a.Triggers {
		if t.Signal.Expr == nil {
			return false
		}
		for _, read := range expr.Reads(t.Signal.Expr, time.Minute) {
			if !slices.ContainsFunc(read.Selector.LabelMatchers, func(m *labels.Matcher) bool {
				return m.Name == model.JobLabel && m.Type == labels.MatchEqual && slices.Contains([]string{a.Target, a.Name, s.Name}, m.Value)
			}) {
				return false
			}
		}
	}
	return true
}

// wholeSeconds is a duration as KEDA takes it.
func wholeSeconds(d spec.Duration, r *diag.Report) time.Duration {
	if d.Duration%time.Second != 0 {
		r.Add(spec.BadValue, d.Pos(), "write whole seconds", "KEDA counts in seconds, and %s is no number of them", spec.FormatDuration(d.Duration))
	}
	return d.Duration
}

func (doc TriggerSpec) resolve(s *Service, r *diag.Report) Trigger {
	t := Trigger{Signal: s.Signal(doc.Signal, r), Threshold: doc.Threshold, MetricType: doc.MetricType.Text}
	if t.MetricType != "" && !slices.Contains(metricTypes, t.MetricType) {
		r.Add(spec.BadValue, doc.MetricType.Pos(), spec.Suggest(t.MetricType, metricTypes), "there is no metric type %q", t.MetricType)
	}
	if doc.Threshold.IsSet() && doc.Threshold.Sign() <= 0 {
		r.Add(spec.BadValue, doc.Threshold.Pos(), "write how much one replica is there for", "a threshold of %s asks for endless replicas", doc.Threshold)
	}
	return t
}

// IsShared tells whether replicas share the signal, so that each is there for a
// part of it: KEDA's default.
func (t Trigger) IsShared() bool { return t.MetricType != "Value" }

// Quantity is what the signal measures.
func (t Trigger) Quantity() Quantity { return quantityOf(t.Signal.Expr) }

// Fewest is how many replicas there are at least.
func (a Autoscaler) Fewest() int {
	if a.Min == nil {
		return 0
	}
	return *a.Min
}

// Query is what KEDA asks; "" where the signal could not be read.
func (t Trigger) Query() string {
	if t.Signal.Expr == nil {
		return ""
	}
	return t.Signal.Expr.String()
}
