package simulate

import (
	"fmt"
	"reflect"
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// manySLOs are a service in which SLOs share some of their numbers, and differ in others.
const manySLOs = `name: shop
burn: [{name: Fast, budget: 2%, windows: [1h, 5m]}, {name: Slow, budget: 5%, windows: [6h, 30m], for: 2m}]
slos:
  - {name: orders, objective: 99.5%, availability: {total: 'http_requests_total{job="api",method="GET"}', bad: 'status=~"5.."'}}
  - {name: again, objective: 99.5%, availability: {total: 'http_requests_total{job="other",method="GET"}', bad: 'status=~"5.."'}}
  - {name: strict, objective: 99.9%, availability: {total: 'http_requests_total{job="api",method="GET"}', bad: 'status=~"5.."'}}
  - {name: guarded, objective: 99.5%, minErrors: 5, availability: {total: 'http_requests_total{job="api",method="GET"}', bad: 'status=~"5.."'}}
  - {name: good, objective: 99.5%, availability: {total: 'http_requests_total{job="api",method="GET"}', good: 'status=~"2.."'}}
  - {name: latency, objective: 99.5%, latency: {of: 'latency_seconds{job="api"}', within: 500ms}}
  - {name: slices, objective: 99.5%, timeSlice: {of: 'queue_length{job="api"}', atMost: 10}}
  - {name: each, per: [path], objective: 99.5%, availability: {total: 'http_requests_total{job="api",method="GET"}', bad: 'status=~"5.."'}}
`

func resolveMany(t *testing.T) []Scenario {
	t.Helper()
	var r diag.Report
	var doc struct {
		slo.ServiceSpec
		ScenariosSpec
	}
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(manySLOs)}, &r)[0], &doc, &r)
	catalogue := slo.ReadCatalogue(&diag.Source{Name: "m", Text: []byte(metrics + "# TYPE queue_length gauge\nqueue_length 5\n")}, []string{"job", "instance"}, &r)
	resolved := Resolve(doc.ScenariosSpec, slo.Resolve(&doc.ServiceSpec, catalogue, &r), &r).All()
	if r.HasErrors() {
		t.Fatal(r.Findings())
	}
	return resolved
}

// What SLOs have in common is the same as if each was worked out alone: the
// samples of exported scenarios, and predictions.
func TestSharedNumbers(t *testing.T) {
	shared := NewExporter()
	series := 0
	for _, s := range resolveMany(t) {
		for _, p := range s.Predictions {
			if p.Burn == nil {
				continue
			}
			if alone := predict(s.SLO, p.Burn, p.Of, s.Watch); !reflect.DeepEqual(alone, p) {
				t.Errorf("%s, %s, %s: predicted %+v, alone %+v", s.SLO.Name, s.Name, p.Alert, p, alone)
			}
		}
		if !s.Exported() {
			continue
		}
		alone, together := NewExporter().Export(&s), shared.Export(&s)
		if !reflect.DeepEqual(alone.Series, together.Series) {
			t.Errorf("%s, %s: the series are\n%v\nalone\n%v", s.SLO.Name, s.Name, together.Series, alone.Series)
		}
		if got, want := fmt.Sprint(together.Assertions), fmt.Sprint(alone.Assertions); got != want {
			t.Errorf("%s, %s: asserted %s, alone %s", s.SLO.Name, s.Name, got, want)
		}
		series += len(alone.Series)
	}
	if written := len(shared.notes.written); written == 0 || written > series/2 {
		t.Errorf("%d series were worked out for %d", written, series)
	}
}

// An SLO with the numbers of one that was exported before costs no samples.
func TestExportOnce(t *testing.T) {
	shared := NewExporter()
	export := func(name string) {
		for _, s := range resolveMany(t) {
			if s.SLO.Name == name && s.Exported() {
				shared.Export(&s)
			}
		}
	}
	export("orders")
	before := len(shared.notes.written)
	export("again")
	if after := len(shared.notes.written); before == 0 || after != before {
		t.Errorf("%d series were worked out for the first SLO, %d more for one like it", before, after-before)
	}
	export("strict")
	if len(shared.notes.written) == before {
		t.Error("nothing was worked out for another objective")
	}
}
