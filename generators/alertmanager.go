package generators

import (
	"regexp"
	"strings"
	"time"

	"slowburn/alerts"
	"slowburn/internal/spec"
)

// The structs below are Alertmanager's configuration as far as it is used
// here. Upstream's own would print every secret's place as <secret>.

type alertmanagerConfig struct {
	Route     route          `yaml:"route"`
	Inhibit   []inhibitRule  `yaml:"inhibit_rules,omitempty"`
	Intervals []timeInterval `yaml:"time_intervals,omitempty"`
	Receivers []receiver     `yaml:"receivers"`
}

type route struct {
	Receiver       string   `yaml:"receiver,omitempty"`
	Matchers       []string `yaml:"matchers,omitempty"`
	Continue       bool     `yaml:"continue,omitempty"`
	GroupBy        []string `yaml:"group_by,omitempty,flow"`
	GroupWait      string   `yaml:"group_wait,omitempty"`
	GroupInterval  string   `yaml:"group_interval,omitempty"`
	RepeatInterval string   `yaml:"repeat_interval,omitempty"`
	Active         []string `yaml:"active_time_intervals,omitempty,flow"`
	Mute           []string `yaml:"mute_time_intervals,omitempty,flow"`
	Routes         []route  `yaml:"routes,omitempty"`
}

type inhibitRule struct {
	Source []string `yaml:"source_matchers"`
	Target []string `yaml:"target_matchers"`
	Equal  []string `yaml:"equal,omitempty,flow"`
}

type timeInterval struct {
	Name  string  `yaml:"name"`
	Times []times `yaml:"time_intervals"`
}

type times struct {
	Times    []timeRange `yaml:"times,omitempty"`
	Weekdays []string    `yaml:"weekdays,omitempty,flow"`
	Days     []string    `yaml:"days_of_month,omitempty,flow"`
	Months   []string    `yaml:"months,omitempty,flow"`
	Years    []string    `yaml:"years,omitempty,flow"`
	Location string      `yaml:"location"`
}

type timeRange struct {
	Start string `yaml:"start_time"`
	End   string `yaml:"end_time"`
}

type receiver struct {
	Name    string           `yaml:"name"`
	Configs map[string][]any `yaml:",inline"`
}

// AlertmanagerPath is where the whole configuration is written.
const AlertmanagerPath = "alertmanager/alertmanager.yaml"

// Alertmanager prints the whole configuration of an Alertmanager.
func Alertmanager(r *alerts.Routing) Artifact {
	config := alertmanagerConfig{Route: routeOf(r.Root)}
	for _, in := range r.Inhibit {
		config.Inhibit = append(config.Inhibit, inhibitRule{matcherTexts(in.Source), matcherTexts(in.Target), in.Equal})
	}
	for _, in := range r.Intervals {
		config.Intervals = append(config.Intervals, timeInterval{in.Name, []times{timesOf(in)}})
	}
	for _, to := range r.Receivers {
		configs := map[string][]any{}
		for _, w := range to.Ways {
			configs[w.Config.Key] = append(configs[w.Config.Key], w.Config.Value)
		}
		config.Receivers = append(config.Receivers, receiver{to.Name, configs})
	}
	return Artifact{Path: AlertmanagerPath, Bytes: printYAML(config), Pos: r.Pos}
}

func routeOf(of alerts.Route) route {
	made := route{
		Receiver: of.To, Matchers: matcherTexts(of.Match), Continue: of.Continue,
		GroupBy: of.Grouping.By, GroupInterval: duration(of.Grouping.Interval), RepeatInterval: duration(of.Grouping.Repeat),
		Active: of.Active, Mute: of.Mute,
	}
	if made.GroupWait = duration(of.Grouping.Wait); of.Grouping.NoWait {
		made.GroupWait = "0s"
	}
	for _, child := range of.Routes {
		made.Routes = append(made.Routes, routeOf(child))
	}
	return made
}

// duration is a duration as Alertmanager reads it, or nothing for zero.
func duration(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return spec.PrometheusDuration(d)
}

func timesOf(in alerts.Interval) times {
	made := times{Weekdays: in.Weekdays, Days: in.Days, Months: in.Months, Years: in.Years, Location: in.Location}
	for _, t := range in.Times {
		made.Times = append(made.Times, timeRange{t.Start, t.End})
	}
	return made
}

func matcherTexts(matchers []alerts.Matcher) []string {
	var texts []string
	for _, m := range matchers {
		texts = append(texts, m.Label+operator(m)+quoteMatcher(operand(m)))
	}
	return texts
}

// operator and operand write a matcher: equality for one value, an alternation
// for several.
func operator(m alerts.Matcher) string {
	switch {
	case m.Set:
		return "!="
	case len(m.Values) == 1:
		return "="
	}
	return "=~"
}

func operand(m alerts.Matcher) string {
	switch len(m.Values) {
	case 0:
		return ""
	case 1:
		return m.Values[0]
	}
	alternatives := make([]string, len(m.Values))
	for i, v := range m.Values {
		alternatives[i] = regexp.QuoteMeta(v)
	}
	return strings.Join(alternatives, "|")
}

// quoteMatcher quotes a value as Alertmanager's matcher syntax has it: only
// backslash, quote and line end are escaped.
func quoteMatcher(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(value) + `"`
}
