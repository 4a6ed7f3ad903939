package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/template"

	"slowburn/internal/rulefile"
)

// Expander expands the templates of an alerting rule for one sample, as
// Prometheus does.
type Expander struct {
	Rule           *rulefile.Rule
	Sample         promql.Sample
	At             time.Time // of the evaluation
	ExternalLabels labels.Labels
	ExternalURL    string
	Query          template.QueryFunc // for templates that query
}

// definitions are the variables of Prometheus' templates.
const definitions = "{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}"

// Expand is the text with its templates expanded. A template that fails reads
// as Prometheus shows it.
func (e Expander) Expand(text string) string {
	if !isTemplate(text) {
		return text
	}
	data := template.AlertTemplateData(e.Sample.Metric.Map(), e.ExternalLabels.Map(), e.ExternalURL, e.Sample)
	x := template.NewTemplateExpander(context.Background(), definitions+text, "__alert_"+e.Rule.Alert, data,
		model.TimeFromUnixNano(e.At.UnixNano()), e.Query, nil, nil)
	expanded, err := x.Expand()
	if err != nil {
		return fmt.Sprintf("<error expanding template: %s>", err)
	}
	return expanded
}

func isTemplate(text string) bool { return strings.Contains(text, "{{") }
