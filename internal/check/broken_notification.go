package check

import (
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/alertmanager/alert"

	"github.com/prometheus/common/model"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

var brokenNotification = &Check{
	Kind: diag.Kind{Name: "broken-notification", Severity: diag.Error, Doc: `A template of a receiver cannot be rendered with what it will get.

Alertmanager renders templates when it tells somebody; if that fails, nobody is told. Each is rendered here, by Alertmanager's
own engine, for one alert that fires, for two of which one is over, and, where the receiver is told of that, for one that is
over. Files that the configuration's key templates names are read; where they cannot be, templates that they may define are
taken for defined.`},
	Bad: `route: {receiver: chat}
receivers:
  - name: chat
    slack_configs:
      - {api_url_file: /run/url, channel: a, send_resolved: true, title: "{{ (index .Alerts.Firing 0).Labels.service }}"}
`,
	Good: `route: {receiver: chat}
receivers:
  - name: chat
    slack_configs:
      - {api_url_file: /run/url, channel: a, send_resolved: true, title: "{{ (index .Alerts 0).Labels.service }}"}
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			renderer := p.renderer(t.Config)
			if renderer == nil {
				continue
			}
			for _, receiver := range t.Receivers {
				for _, in := range receiver.Integrations {
					p.render(renderer, in)
				}
			}
		}
	},
}

// occasion is what a template is rendered for.
type occasion struct {
	name   string
	alerts []*alert.Alert
}

func occasions(resolved bool) []occasion {
	begin, past, future := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	example := func(n string, ends time.Time) *alert.Alert {
		return &alert.Alert{Alert: model.Alert{
			Labels:      model.LabelSet{"alertname": "Example", "severity": "page", "service": "api", "instance": model.LabelValue(n)},
			Annotations: model.LabelSet{"summary": "an example", "description": "an example", "runbook_url": "https://runbooks.example.com/example"},
			StartsAt:    begin, EndsAt: ends, GeneratorURL: "http://prometheus.example.com/graph",
		}}
	}
	firing, over := example("a", future), example("b", past)
	list := []occasion{{"an alert that fires", []*alert.Alert{firing}}}
	if resolved {
		list = append(list, occasion{"two alerts of which one is over", []*alert.Alert{firing, over}}, occasion{"an alert that is over", []*alert.Alert{over}})
	}
	return list
}

// render renders every template of an integration on each occasion, and reports
// the first that fails for each.
func (p *RoutesPass) render(engine *renderer, in amconfig.Integration) {
	list := occasions(in.SendsResolved())
	eachField(in.Value, func(f spec.Field) {
		if !strings.Contains(f.Value.Text, "{{") {
			return
		}
		execute := engine.ExecuteTextString
		if f.Key.Text == "html" {
			execute = engine.ExecuteHTMLString
		}
		for _, on := range list {
			data := engine.Data("receiver", model.LabelSet{"service": "api"}, nil, "", on.alerts...)
			_, err := execute(f.Value.Text, data)
			if err == nil || !engine.complete && strings.Contains(err.Error(), "not defined") && strings.Contains(err.Error(), "template \"") {
				continue
			}
			if at, name := engine.definition(err); name != "" {
				p.Report(at, in.Value.Pos, "mend the template", "for %s, template %q cannot be rendered: %s", on.name, name, complaintOf(err))
				return
			}
			p.Report(placeInTemplateText(f.Value, err.Error()), in.Value.Pos, "mend the template", "for %s, %s cannot be rendered: %s", on.name, f.Key.Text, complaintOf(err))
			return
		}
	})
}

// templateError is how Go's templates complain: template: NAME:LINE:COLUMN: what.
var templateError = pattern.New(`^(?:html/)?template: ?[^:]*:(\d+)(?::(\d+))?: (?:executing "(.*?)" at )?`)

func complaintOf(err error) string { return templateError().ReplaceAllString(err.Error(), "") }

// placeInTemplateText is the place in a value that a complaint names.
func placeInTemplateText(v *spec.Value, complaint string) diag.Pos {
	m := templateError().FindStringSubmatch(complaint)
	if m == nil || m[2] == "" {
		return v.Pos
	}
	line, _ := strconv.Atoi(m[1])
	column, _ := strconv.Atoi(m[2])
	start := 0
	for n, text := range strings.SplitAfter(v.Text, "\n") {
		if n+1 == line {
			return v.Sub(start+column, start+column+1)
		}
		start += len(text)
	}
	return v.Pos
}
