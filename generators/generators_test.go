package generators

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	amconfig "github.com/prometheus/alertmanager/config"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

const serviceText = `name: shop
labels: {severity: page}
links: {runbook: 'https://r.example.com/{name}'}
burn:
  - {name: Fast, budget: 2%, windows: [1h, 5m]}
  - {name: Slow, budget: 5%, windows: [6h, 30m]}
slos:
  - name: orders
    summary: '*orders* <b> {{ .X }} "quoted"'
    objective: 99.9%
    runbook: orders
    minErrors: 3
    availability: {total: 'requests_total{path="/{{ x }}\n\"\\"}', bad: 'status=~"5.."'}
`

const routingText = `name: shop
receivers:
  - {name: phone, pagerduty: {routingKeyFile: /run/key}}
  - {name: chat, slack: {channel: '#a "b" {{ x', urlFile: /run/url}}
routes:
  - {to: phone, match: {severity: ['pa"ge', 'x\y', 'a|b'], service: shop}, continue: true}
  - {to: chat, match: {severity: ticket}}
default: phone
inhibit:
  - {when: {severity: page}, mute: {severity: ticket}, same: [service, slo]}
`

func decode(t *testing.T, text string, into any, r *diag.Report) {
	t.Helper()
	docs := spec.ReadYAML(&diag.Source{Name: "spec.yaml", Text: []byte(text)}, r)
	if len(docs) != 1 {
		t.Fatalf("%d documents: %v", len(docs), r.Findings())
	}
	spec.Decode(docs[0], into, r)
}

func build(t *testing.T) (*alerts.Service, *alerts.Routing) {
	t.Helper()
	var r diag.Report
	var doc slo.ServiceSpec
	decode(t, serviceText, &doc, &r)
	s := alerts.Build(slo.Resolve(&doc, nil, &r))
	var routing alerts.RoutingSpec
	decode(t, routingText, &routing, &r)
	built := alerts.BuildRouting(&routing, alerts.Routed{Services: []*alerts.Service{s}}, &r)
	if r.HasErrors() {
		t.Fatal(r.Findings())
	}
	return s, built
}

// TestUpstreamLoadsRules holds that Prometheus' own loader accepts the rules,
// whatever characters the spec has, and reads what was meant.
func TestUpstreamLoadsRules(t *testing.T) {
	s, _ := build(t)
	n := 0
	for _, a := range Compose(s).Rules() {
		groups, errs := rulefmt.Parse(a.Bytes, false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
		if len(errs) > 0 {
			t.Fatalf("%s: %v", a.Path, errs)
		}
		for i, g := range groups.Groups {
			n += len(g.Rules)
			if len(a.Origins[i]) != len(g.Rules) {
				t.Errorf("%s, group %s: %d origins of %d rules", a.Path, g.Name, len(a.Origins[i]), len(g.Rules))
			}
		}
	}
	if n != 4+2+1+5+7 {
		t.Errorf("%d rules, want 4 ratios, 2 burn-rate alerts, 1 on absence, 5 sums and 7 on the period", n)
	}
}

// TestPrometheusRulesAreTheRules holds that both forms have the same groups.
func TestPrometheusRulesAreTheRules(t *testing.T) {
	s, _ := build(t)
	raw, resources := Compose(s).Rules(), Compose(s).PrometheusRules(KubernetesSpec{})
	if len(raw) != len(resources) {
		t.Fatalf("%d files, %d resources", len(raw), len(resources))
	}
	for i := range raw {
		var file map[string]any
		var resource struct {
			APIVersion, Kind string
			Metadata         struct{ Name string }
			Spec             map[string]any
		}
		if err := yaml.Unmarshal(raw[i].Bytes, &file); err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(resources[i].Bytes, &resource); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(file, resource.Spec); diff != "" {
			t.Errorf("%s (-file +resource)\n%s", raw[i].Path, diff)
		}
		if got := resource.Kind + " " + resource.Metadata.Name; !strings.HasPrefix(got, "PrometheusRule shop-") {
			t.Error(got)
		}
	}
	off := false
	if got := Compose(s).PrometheusRules(KubernetesSpec{Enabled: &off}); len(got) != 0 {
		t.Errorf("%d resources although Kubernetes is switched off", len(got))
	}
}

// TestUpstreamLoadsAlertmanager holds that Alertmanager's own loader reads the
// receivers, matchers and inhibitions that the spec has.
func TestUpstreamLoadsAlertmanager(t *testing.T) {
	_, routing := build(t)
	config, err := amconfig.Load(string(Alertmanager(routing).Bytes))
	if err != nil {
		t.Fatal(err)
	}
	if config.Route.Receiver != "phone" || len(config.Receivers) != 2 {
		t.Errorf("default receiver %s of %d", config.Route.Receiver, len(config.Receivers))
	}
	for _, c := range []struct {
		labels model.LabelSet
		want   bool
	}{
		{model.LabelSet{"service": "shop", "severity": `pa"ge`}, true},
		{model.LabelSet{"service": "shop", "severity": `x\y`}, true},
		{model.LabelSet{"service": "shop", "severity": `a|b`}, true},
		{model.LabelSet{"service": "shop", "severity": `a`}, false},
		{model.LabelSet{"service": "x", "severity": `a|b`}, false},
	} {
		got := true
		for _, m := range config.Route.Routes[0].Matchers {
			got = got && m.Matches(string(c.labels[model.LabelName(m.Name)]))
		}
		if got != c.want {
			t.Errorf("%v matches: %v", c.labels, got)
		}
	}
	if key := config.Receivers[0].PagerdutyConfigs[0].RoutingKeyFile; key != "/run/key" {
		t.Errorf("routing key file %q", key)
	}
	if channel := config.Receivers[1].SlackConfigs[0].Channel; channel != `#a "b" {{ "{{" }} x` { // the channel is a template
		t.Errorf("channel %q", channel)
	}
}

func TestDeterministic(t *testing.T) {
	print := func() []byte {
		s, routing := build(t)
		var all bytes.Buffer
		for _, a := range append(append(Compose(s).Rules(), Compose(s).PrometheusRules(KubernetesSpec{})...), Alertmanager(routing)) {
			all.Write(a.Bytes)
		}
		return all.Bytes()
	}
	first := print()
	for range 5 {
		if !bytes.Equal(first, print()) {
			t.Fatal("two runs print different bytes")
		}
	}
}
