package generators

import (
	"encoding/json"
	"testing"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/slo"
)

// TestNoTriggers holds that an autoscaler whose triggers could not be read,
// which is told where it is, makes no resource.
func TestNoTriggers(t *testing.T) {
	for _, document := range []bool{false, true} {
		s := &alerts.Service{Service: &slo.Service{Name: "shop"}, Autoscalers: []alerts.Autoscaler{{Name: "api", Target: "api", Document: document}}}
		if made := ScaledObjects(s, KubernetesSpec{}, new(diag.Report)); len(made) != 0 {
			t.Errorf("document %v: got %s", document, made[0].Bytes)
		}
	}
}

// TestValuesSchema holds that each value is described by its own words, and that
// a chart may be a part of another one, which has a condition and global values.
func TestValuesSchema(t *testing.T) {
	var schema struct {
		Properties struct {
			Enabled, Global struct{ Type string }
			Metrics         struct {
				Properties map[string]struct {
					Properties map[string]struct{ Description string }
				}
			}
		}
	}
	c := chart{name: "shop", families: []*family{prometheusRuleFamily}}
	if err := json.Unmarshal(c.settings().schemaFile("shop"), &schema); err != nil {
		t.Fatal(err)
	}
	if p := schema.Properties; p.Enabled.Type != "boolean" || p.Global.Type != "object" {
		t.Errorf("a part has no condition or global values: %+v", p)
	}
	of := schema.Properties.Metrics.Properties["prometheusRule"].Properties
	if labels, annotations := of["labels"].Description, of["annotations"].Description; labels == annotations || annotations != "Annotations." {
		t.Errorf("labels are %q, annotations are %q", labels, annotations)
	}
}
