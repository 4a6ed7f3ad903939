package generators

import (
	"os"
	"path/filepath"
	"testing"

	amconfig "github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/featurecontrol"
	"github.com/prometheus/alertmanager/matcher/compat"
	"github.com/prometheus/common/promslog"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/routetest"
	"slowburn/internal/spec"
)

// routingFuzz is what a fuzzed document is decoded into: a whole routing.
type routingFuzz struct {
	APIVersion spec.Text `json:"apiVersion"`
	Kind       spec.Text `json:"kind"`
	Env        spec.Name `json:"env"`
	alerts.RoutingSpec
	RoutingOutputSpec
	routetest.ListSpec
}

// FuzzRouting holds that nothing panics, and that a routing without errors
// compiles to what Alertmanager loads.
func FuzzRouting(f *testing.F) {
	compat.InitFromFlags(promslog.NewNopLogger(), featurecontrol.NoopFlags{})
	names, err := filepath.Glob("../specs/*/routing.yaml")
	if err != nil || len(names) == 0 {
		f.Fatal("no routings", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(routingText)
	f.Add("name: a\nreceivers: [{name: a, email: {to: a@b}}]\nmail: {host: 'a:1', from: 'a@b', user: '{{'}\ndefault: a\nroutes: [{to: [a, team/a], match: {a: [\"x\\u2028\", '']}}]\n")
	f.Add("name: a\nreceivers: [{name: a, webhook: {urlSecret: {name: a, key: '{{ x'}}}]\ndefault: a\nintervals: [{name: a, location: UTC, days: [1--1], years: [2026]}]\nroutes: [{to: a, mute: [a], groupWait: 1ms, repeatInterval: 99999d}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		var r diag.Report
		for _, value := range spec.ReadYAML(&diag.Source{Name: "routing.yaml", Text: []byte(text)}, &r) {
			var doc routingFuzz
			spec.Decode(value, &doc, &r)
			routing := alerts.BuildRouting(&doc.RoutingSpec, alerts.Routed{}, &r)
			written := Alertmanager(routing)
			Routes(routing, nil)
			AlertmanagerConfig(routing, nil, doc.Kubernetes, &r)
			Watchdog(routing, doc.Kubernetes.KubernetesSpec)
			if r.HasErrors() {
				continue
			}
			if _, err := amconfig.Load(string(written.Bytes)); err != nil {
				t.Errorf("%s\ncompiles to\n%s\nAlertmanager says: %v", text, written.Bytes, err)
			}
		}
	})
}
