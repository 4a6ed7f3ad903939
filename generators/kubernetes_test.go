package generators

import (
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
