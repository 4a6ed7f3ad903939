package generators

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/alertmanager/alert"
	amconfig "github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/template"
	"github.com/prometheus/common/model"
)

// rendered renders a template of the compiled configuration as Alertmanager does.
func rendered(t *testing.T, text string, alerts ...*alert.Alert) string {
	t.Helper()
	engine, err := template.FromGlobs(nil)
	if err != nil {
		t.Fatal(err)
	}
	engine.ExternalURL = &url.URL{Scheme: "https", Host: "alertmanager.example.com"}
	got, err := engine.ExecuteTextString(text, engine.Data("chat", model.LabelSet{"service": "shop"}, nil, "", alerts...))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// example is an alert whose texts have what Slack and addresses give a meaning to.
func example(name string, over bool) *alert.Alert {
	ends := time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	if over {
		ends = time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC)
	}
	return &alert.Alert{Alert: model.Alert{
		Labels:      model.LabelSet{"alertname": model.LabelValue(name), "service": "shop", "path": `/a b+"c"`},
		Annotations: model.LabelSet{"summary": model.LabelValue(name + " <burns> & burns"), "description": "More than 5%.", "runbook_url": "https://r.example.com/orders"},
		StartsAt:    time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), EndsAt: ends,
	}}
}

// TestNotification holds what somebody reads who is woken, and that the link
// silences exactly what it is about.
func TestNotification(t *testing.T) {
	_, routing := build(t)
	config, err := amconfig.Load(string(Alertmanager(routing).Bytes))
	if err != nil {
		t.Fatal(err)
	}
	phone, chat := config.Receivers[0].PagerdutyConfigs[0], config.Receivers[1].SlackConfigs[0]
	const silence = "https://alertmanager.example.com/#/silences/new?filter=%7Balertname%3D%22Orders%22%2Cpath%3D%22%2Fa%20b%2B%5C%22c%5C%22%22%2Cservice%3D%22shop%22%7D"
	for _, c := range []struct {
		name, template string
		alerts         []*alert.Alert
		want           string
	}{
		{"a title for a phone", phone.Description, []*alert.Alert{example("Orders", false)}, "Orders <burns> & burns"},
		{"it is over", phone.Description, []*alert.Alert{example("Orders", true)}, "Resolved: Orders <burns> & burns"},
		{"several alerts", phone.Description, []*alert.Alert{example("Orders", false), example("Search", false)}, "2 alerts: shop"},
		{"a title for Slack", chat.Title, []*alert.Alert{example("Orders", false)}, "Orders &lt;burns&gt; &amp; burns"},
		{"the meaning", phone.Details["meaning"].(string), []*alert.Alert{example("Orders", false)}, "More than 5%.\nRunbook: https://r.example.com/orders\nSilence: " + silence},
		{"in Slack", chat.Text, []*alert.Alert{example("Orders", false)}, "More than 5%.\n<https://r.example.com/orders|Runbook>\n<" + silence + "|Silence>"},
		{"one of two is over", chat.Text, []*alert.Alert{example("Orders", false), example("Search", true)},
			"Orders &lt;burns&gt; &amp; burns\nMore than 5%.\n<https://r.example.com/orders|Runbook>\n" +
				"Resolved: Search &lt;burns&gt; &amp; burns\nMore than 5%.\n<https://r.example.com/orders|Runbook>\n" +
				"<https://alertmanager.example.com/#/silences/new?filter=%7Bpath%3D%22%2Fa%20b%2B%5C%22c%5C%22%22%2Cservice%3D%22shop%22%7D|Silence>"},
	} {
		if diff := cmp.Diff(c.want, rendered(t, c.template, c.alerts...)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.name, diff)
		}
	}
	filter, err := url.PathUnescape(strings.TrimPrefix(silence, "https://alertmanager.example.com/#/silences/new?filter="))
	if want := `{alertname="Orders",path="/a b+\"c\"",service="shop"}`; err != nil || filter != want {
		t.Errorf("the form is filled with %s, not %s", filter, want)
	}
}
