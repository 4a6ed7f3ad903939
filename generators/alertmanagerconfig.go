package generators

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// RoutingOutputSpec says what is generated of a routing besides alertmanager.yaml.
type RoutingOutputSpec struct {
	// Kubernetes sets the resources for clusters.
	Kubernetes RoutingKubernetesSpec `json:"kubernetes,omitempty"`
}

// RoutingKubernetesSpec sets the AlertmanagerConfig. Without enabled, there is one if all receivers name their
// Kubernetes secrets.
type RoutingKubernetesSpec struct {
	spec.Node
	KubernetesSpec
	// NamespaceMatcher is false where the Alertmanager resource has alertmanagerConfigMatcherStrategy None, or names
	// this AlertmanagerConfig as its own. Otherwise the operator routes only alerts with the label namespace of the
	// resource's namespace. Default: true.
	NamespaceMatcher *bool `json:"namespaceMatcher,omitempty"`
}

// DifferentResource is an AlertmanagerConfig that does something else than alertmanager.yaml.
var DifferentResource = &diag.Kind{Name: "different-resource", Severity: diag.Warning, Doc: `An AlertmanagerConfig cannot do what alertmanager.yaml does.

The Prometheus operator adds a matcher for the resource's namespace to its routes and inhibitions: alerts without the label
namespace, or with another one, are told to nobody. Set the label on the service, or switch the matcher off in the Alertmanager
resource and say so: kubernetes: {namespaceMatcher: false}. Intervals have no location there: hours count in UTC.`}

// MissingSecret is a receiver whose secrets an AlertmanagerConfig cannot refer to.
var MissingSecret = &diag.Kind{Name: "missing-secret", Severity: diag.Error, Doc: `A receiver has its secret in a file, and Kubernetes resources are asked for.

An AlertmanagerConfig refers to keys of Kubernetes secrets. Name the key beside the file: urlSecret: {name: slack, key: url}. A file
is then not needed either: the operator mounts secrets below /etc/alertmanager/secrets.`}

type alertmanagerConfigResource struct {
	APIVersion string                 `yaml:"apiVersion"`
	Kind       string                 `yaml:"kind"`
	Metadata   metadata               `yaml:"metadata"`
	Spec       alertmanagerConfigSpec `yaml:"spec"`
}

type alertmanagerConfigSpec struct {
	Route     resourceRoute      `yaml:"route"`
	Inhibit   []resourceInhibit  `yaml:"inhibitRules,omitempty"`
	Intervals []resourceInterval `yaml:"muteTimeIntervals,omitempty"`
	Receivers []receiver         `yaml:"receivers"`
}

type resourceRoute struct {
	Receiver       string            `yaml:"receiver,omitempty"`
	Matchers       []resourceMatcher `yaml:"matchers,omitempty"`
	Continue       bool              `yaml:"continue,omitempty"`
	GroupBy        []string          `yaml:"groupBy,omitempty,flow"`
	GroupWait      string            `yaml:"groupWait,omitempty"`
	GroupInterval  string            `yaml:"groupInterval,omitempty"`
	RepeatInterval string            `yaml:"repeatInterval,omitempty"`
	Active         []string          `yaml:"activeTimeIntervals,omitempty,flow"`
	Mute           []string          `yaml:"muteTimeIntervals,omitempty,flow"`
	Routes         []resourceRoute   `yaml:"routes,omitempty"`
}

type resourceMatcher struct {
	Name  string `yaml:"name"`
	Type  quoted `yaml:"matchType"`
	Value string `yaml:"value"`
}

// quoted is a text that is always quoted: = is not a text to every reader of YAML.
type quoted string

// MarshalYAML implements yaml.Marshaler.
func (q quoted) MarshalYAML() (any, error) {
	return &yaml.Node{Kind: yaml.ScalarNode, Style: yaml.SingleQuotedStyle, Value: string(q)}, nil
}

type resourceInhibit struct {
	Source []resourceMatcher `yaml:"sourceMatch"`
	Target []resourceMatcher `yaml:"targetMatch"`
	Equal  []string          `yaml:"equal,omitempty,flow"`
}

type resourceInterval struct {
	Name  string          `yaml:"name"`
	Times []resourceTimes `yaml:"timeIntervals"`
}

type resourceTimes struct {
	Times    []resourceTimeRange `yaml:"times,omitempty"`
	Weekdays []string            `yaml:"weekdays,omitempty,flow"`
	Days     []resourceDays      `yaml:"daysOfMonth,omitempty"`
	Months   []string            `yaml:"months,omitempty,flow"`
	Years    []string            `yaml:"years,omitempty,flow"`
}

type resourceTimeRange struct {
	Start string `yaml:"startTime"`
	End   string `yaml:"endTime"`
}

type resourceDays struct {
	Start int `yaml:"start"`
	End   int `yaml:"end"`
}

// AlertmanagerConfig prints a routing as a resource of the Prometheus operator,
// and reports the alerts for which it would not do the same.
func AlertmanagerConfig(routing *alerts.Routing, services []*alerts.Service, k RoutingKubernetesSpec, r *diag.Report) []Artifact {
	missing := unreferenced(routing)
	asked := k.Enabled != nil && *k.Enabled
	switch {
	case k.Enabled != nil && !asked, !asked && len(missing) > 0:
		return nil
	case len(missing) > 0:
		for _, at := range missing {
			r.Add(MissingSecret, at, "name the key of a Kubernetes secret beside the file", "an AlertmanagerConfig cannot read a file")
		}
		return nil
	}
	reportDifferences(routing, services, k, r)
	config := alertmanagerConfigResource{
		APIVersion: "monitoring.coreos.com/v1alpha1",
		Kind:       "AlertmanagerConfig",
		Metadata:   metadata{Name: routing.Name, Namespace: k.Namespace.Text, Labels: k.Labels},
		Spec:       alertmanagerConfigSpec{Route: resourceRouteOf(routing.Root)},
	}
	for _, in := range routing.Inhibit {
		config.Spec.Inhibit = append(config.Spec.Inhibit, resourceInhibit{resourceMatchers(in.Source), resourceMatchers(in.Target), in.Equal})
	}
	for _, in := range routing.Intervals {
		config.Spec.Intervals = append(config.Spec.Intervals, resourceInterval{in.Name, []resourceTimes{resourceTimesOf(in)}})
	}
	for _, to := range routing.Receivers {
		configs := map[string][]any{}
		for _, w := range to.Ways {
			configs[w.Resource.Key] = append(configs[w.Resource.Key], w.Resource.Value)
		}
		config.Spec.Receivers = append(config.Spec.Receivers, receiver{to.Name, configs})
	}
	return []Artifact{{
		Path: "kubernetes/" + routing.Name + ".alertmanagerconfig.yaml", Bytes: printYAML(config), Pos: routing.Pos,
		resource: &resource{kind: config.Kind, metadata: config.Metadata, family: alertmanagerConfigFamily},
	}}
}

// unreferenced are the places of secrets that only a file holds.
func unreferenced(routing *alerts.Routing) []diag.Pos {
	var all []diag.Pos
	for _, to := range routing.Receivers {
		for _, w := range to.Ways {
			all = append(all, w.Unreferenced...)
		}
	}
	return all
}

const namespaceLabel = "namespace"

// reportDifferences reports what the resource does otherwise: alerts that the
// operator's namespace matcher keeps out, and hours in another location.
func reportDifferences(routing *alerts.Routing, services []*alerts.Service, k RoutingKubernetesSpec, r *diag.Report) {
	if k.NamespaceMatcher == nil || *k.NamespaceMatcher {
		var out []string
		for _, s := range services {
			for _, a := range s.All() {
				ns := a.LabelSet()[namespaceLabel]
				if ns == "" || k.Namespace.Text != "" && ns != k.Namespace.Text {
					out = append(out, a.Name)
				}
			}
		}
		if routing.Watchdog != nil {
			out = append(out, alerts.WatchdogName)
		}
		if len(out) > 0 {
			r.Add(DifferentResource, atKubernetes(routing, k), "set the label on the services (labels: {namespace: NAME}), or say kubernetes: {namespaceMatcher: false} where the operator adds no matcher",
				"the operator routes only alerts of the resource's namespace: nobody is told of %s", listed(out))
		}
	}
	for _, in := range routing.Intervals {
		if in.Location != "UTC" {
			if told := muted(routing, services, in.Name); len(told) > 0 {
				r.Add(DifferentResource, atKubernetes(routing, k), "state the hours in UTC, or deploy alertmanager.yaml", "interval %q counts in UTC in an AlertmanagerConfig, and not in %s: other hours for %s", in.Name, in.Location, listed(told))
			}
		}
	}
}

func atKubernetes(routing *alerts.Routing, k RoutingKubernetesSpec) diag.Pos {
	if k.Value() != nil {
		return k.Pos()
	}
	return routing.Pos
}

// muted are the alerts that an interval has a say in.
func muted(routing *alerts.Routing, services []*alerts.Service, interval string) []string {
	var names []string
	for _, s := range services {
		for _, a := range s.All() {
			for _, l := range routing.Land(a.LabelSet()) {
				if slices.Contains(slices.Concat(l.Active, l.Mute), interval) && !slices.Contains(names, a.Name) {
					names = append(names, a.Name)
				}
			}
		}
	}
	return names
}

const maxListed = 5

// listed names a few of many.
func listed(names []string) string {
	if len(names) > maxListed {
		return strings.Join(names[:maxListed], ", ") + " and " + strconv.Itoa(len(names)-maxListed) + " more"
	}
	return strings.Join(names, ", ")
}

func resourceRouteOf(of alerts.Route) resourceRoute {
	plain := routeOf(of)
	made := resourceRoute{
		Receiver: plain.Receiver, Matchers: resourceMatchers(of.Match), Continue: plain.Continue,
		GroupBy: plain.GroupBy, GroupWait: plain.GroupWait, GroupInterval: plain.GroupInterval, RepeatInterval: plain.RepeatInterval,
		Active: plain.Active, Mute: plain.Mute,
	}
	for _, child := range of.Routes {
		made.Routes = append(made.Routes, resourceRouteOf(child))
	}
	return made
}

func resourceMatchers(matchers []alerts.Matcher) []resourceMatcher {
	var list []resourceMatcher
	for _, m := range matchers {
		list = append(list, resourceMatcher{m.Label, quoted(operator(m)), operand(m)})
	}
	return list
}

func resourceTimesOf(in alerts.Interval) resourceTimes {
	made := resourceTimes{Weekdays: in.Weekdays, Months: in.Months, Years: in.Years}
	for _, t := range in.Times {
		made.Times = append(made.Times, resourceTimeRange{t.Start, t.End})
	}
	for _, d := range in.Days {
		first, last, isRange := strings.Cut(d, ":")
		if !isRange {
			last = first
		}
		start, _ := strconv.Atoi(first) // both were read by upstream's reader
		end, _ := strconv.Atoi(last)
		made.Days = append(made.Days, resourceDays{start, end})
	}
	return made
}
