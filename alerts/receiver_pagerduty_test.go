package alerts

import (
	"strings"
	"testing"
	"text/template"
)

// TestPagerDutyResource holds that the operator, which reads the addresses of an
// AlertmanagerConfig's links as templates without Alertmanager's functions, can do
// so; and that the incident says how to silence it nevertheless.
func TestPagerDutyResource(t *testing.T) {
	_, made := new(PagerDuty).resource(setting{})
	resource := made.(pagerdutyResource)
	for _, l := range resource.Links {
		if _, err := template.New("").Parse(l.Href); err != nil {
			t.Errorf("%s: %v", l.Alt, err)
		}
	}
	if len(resource.Links) == 0 || !strings.Contains(resource.Details[0].Value, silenceLink) {
		t.Errorf("%d links; the details are %s", len(resource.Links), resource.Details[0].Value)
	}
}
