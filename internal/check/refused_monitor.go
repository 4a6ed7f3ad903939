package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/relabel"
	"k8s.io/apimachinery/pkg/util/validation"

	"slowburn/internal/crd"
	"slowburn/internal/spec"
)

// monitored are the lists of what is scraped, by the kind of resource.
var monitored = map[string]string{"ServiceMonitor": "endpoints", "PodMonitor": "podMetricsEndpoints"}

// refuseMonitor reports what the Prometheus operator refuses of a ServiceMonitor
// or PodMonitor: it then leaves out the whole.
func refuseMonitor(p *ResourcesPass, r *crd.Resource) {
	body := r.Value.Get("spec")
	if labels := body.Get("selector").Get("matchLabels"); labels != nil {
		for _, f := range labels.Fields() {
			p.checkName(f.Key, "a label's name", validation.IsQualifiedName)
			p.checkName(f.Value, "a label's value", validation.IsValidLabelValue)
		}
	}
	for _, endpoint := range each(body.Get(monitored[r.Kind])) {
		if endpoint.Kind != spec.Map {
			continue
		}
		p.refuseTimeout(endpoint)
		p.refuseTwoAuthentications(endpoint)
		for _, key := range []string{"relabelings", "metricRelabelings"} {
			for _, item := range each(endpoint.Get(key)) {
				p.refuseRelabeling(item)
			}
		}
	}
}

// refuseTimeout reports a scrape that could take longer than until the next one.
func (p *ResourcesPass) refuseTimeout(endpoint *spec.Value) {
	timeout := endpoint.Get("scrapeTimeout")
	longest, err := model.ParseDuration(textOf(endpoint, "scrapeTimeout"))
	every, bad := model.ParseDuration(textOf(endpoint, "interval"))
	if timeout != nil && err == nil && bad == nil && longest > every {
		p.Report(timeout.Pos, endpoint.Pos, "let it be the interval at most", "the timeout of %s is longer than the interval of %s", longest, every)
	}
}

// authentications are the ways to log in where something is scraped.
var authentications = []string{"authorization", "basicAuth", "bearerTokenSecret", "oauth2"}

// refuseTwoAuthentications reports a second way to log in beside the first.
func (p *ResourcesPass) refuseTwoAuthentications(endpoint *spec.Value) {
	first := ""
	for _, f := range endpoint.Fields() {
		switch key := f.Key.Text; {
		case !slices.Contains(authentications, key) || f.Value.Kind == spec.Null:
		case first == "":
			first = key
		default:
			p.Report(f.Key.Pos, endpoint.Pos, "keep one of them", "%s cannot be set beside %s", key, first)
		}
	}
}

// refuseRelabeling has Prometheus judge a relabeling.
func (p *ResourcesPass) refuseRelabeling(item *spec.Value) {
	if item.Kind != spec.Map {
		return
	}
	config := relabel.DefaultRelabelConfig
	if action := textOf(item, "action"); action != "" {
		config.Action = relabel.Action(strings.ToLower(action))
	}
	for key, into := range map[string]*string{"separator": &config.Separator, "targetLabel": &config.TargetLabel, "replacement": &config.Replacement} {
		if v := item.Get(key); v != nil && v.Kind == spec.String {
			*into = v.Text
		}
	}
	for _, label := range each(item.Get("sourceLabels")) {
		config.SourceLabels = append(config.SourceLabels, model.LabelName(label.Text))
	}
	config.Modulus, _ = strconv.ParseUint(textOf(item, "modulus"), 10, 64) // the definition tells of another
	if regex := item.Get("regex"); regex != nil && regex.Kind == spec.String {
		var err error
		if config.Regex, err = relabel.NewRegexp(regex.Text); err != nil {
			what, _, _ := strings.Cut(strings.TrimPrefix(err.Error(), "error parsing regexp: "), ": `")
			p.Report(regex.Pos, item.Pos, "mend the regular expression", "%q does not parse: %s", regex.Text, what)
			return
		}
	}
	if err := config.Validate(model.UTF8Validation); err != nil {
		// Prometheus names keys in its own way.
		what := strings.NewReplacer("target_label", "targetLabel", "source_labels", "sourceLabels", "`", "'").Replace(err.Error())
		p.Report(item.Pos, item.Pos, "", "%s", what)
	}
}
