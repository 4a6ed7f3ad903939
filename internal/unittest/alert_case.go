package unittest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// alertCase is an item of alert_rule_test.
type alertCase struct {
	value           *spec.Value
	at              time.Duration
	name            string
	firing, pending []expectedAlert
	anyFiring       bool // only exp_pending is given
	checksPending   bool
}

// expectedAlert is an alert that must be there: exactly as it is given, or like
// its patterns.
type expectedAlert struct {
	labels, annotations map[string]string
	patterns            *alertPatterns
}

// alertPatterns are regular expressions for some labels and annotations of an alert.
type alertPatterns struct{ labels, annotations []*labels.Matcher }

var expectedKeys = []string{"exp_labels", "exp_annotations", "match_labels", "match_annotations"}

func readAlertCase(v *spec.Value, rd reader) *alertCase {
	rd.fields(v, "an alert_rule_test", alertKeys)
	c := &alertCase{value: v}
	c.at = rd.duration(v.Get("eval_time"), "eval_time")
	c.name = rd.text(v.Get("alertname"), "alertname")
	c.firing = readExpected(v.Get("exp_alerts"), "exp_alerts", rd)
	c.pending = readExpected(v.Get("exp_pending"), "exp_pending", rd)
	c.checksPending = v.Get("exp_pending") != nil
	c.anyFiring = c.checksPending && v.Get("exp_alerts") == nil
	return c
}

func readExpected(list *spec.Value, what string, rd reader) []expectedAlert {
	var all []expectedAlert
	for _, v := range rd.items(list, what) {
		rd.fields(v, "an expected alert", expectedKeys)
		e := expectedAlert{
			labels:      rd.texts(v.Get("exp_labels"), "exp_labels"),
			annotations: rd.texts(v.Get("exp_annotations"), "exp_annotations"),
		}
		matchLabels, matchAnnotations := v.Get("match_labels"), v.Get("match_annotations")
		if matchLabels != nil || matchAnnotations != nil {
			if v.Get("exp_labels") != nil || v.Get("exp_annotations") != nil {
				rd.report.Add(Invalid, v.Pos, "write all of it with match_labels and match_annotations", "an expected alert has exact labels or annotations, and patterns")
			}
			e.patterns = &alertPatterns{rd.patterns(matchLabels, "match_labels"), rd.patterns(matchAnnotations, "match_annotations")}
		}
		all = append(all, e)
	}
	return all
}

// patterns reads regular expressions, which match the whole of a text.
func (rd reader) patterns(v *spec.Value, what string) []*labels.Matcher {
	var all []*labels.Matcher
	for name, text := range rd.texts(v, what) {
		m, err := labels.NewMatcher(labels.MatchRegexp, name, text)
		if err != nil {
			rd.report.Add(Invalid, v.Get(name).Pos, "", "%s %s: %s", what, name, err)
			continue
		}
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *labels.Matcher) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// pos is where a finding about the case stands.
func (c *alertCase) pos() diag.Pos {
	if name := c.value.Get("alertname"); name != nil {
		return name.Pos
	}
	return c.value.Pos
}

// wantedAlert is an expected alert in the form in which it is compared.
type wantedAlert struct {
	activeAlert // unless there are patterns
	patterns    *alertPatterns
	shown       []string
}

func (e expectedAlert) wanted(alertname string) wantedAlert {
	w := wantedAlert{patterns: e.patterns}
	if e.patterns != nil {
		w.shown = e.patterns.lines(alertname)
		return w
	}
	// No alert has an empty label: one that is expected stays, and fits none, as for promtool.
	of := map[string]string{}
	maps.Copy(of, e.labels)
	of[labels.AlertName] = alertname
	w.activeAlert = activeAlert{labels.FromMap(of), labels.FromMap(e.annotations)}
	w.shown = w.lines()
	return w
}

// fits tells whether an alert is the one that is wanted.
func (w wantedAlert) fits(a activeAlert) bool {
	if w.patterns == nil {
		return labels.Equal(w.labels, a.labels) && labels.Equal(w.annotations, a.annotations)
	}
	return matchesAll(w.patterns.labels, a.labels) && matchesAll(w.patterns.annotations, a.annotations)
}

func matchesAll(matchers []*labels.Matcher, lset labels.Labels) bool {
	return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(lset.Get(m.Name)) })
}

// activeAlert is an alert that fires or is pending.
type activeAlert struct{ labels, annotations labels.Labels }

// lines show an alert: its labels, and its annotations below.
func (a activeAlert) lines() []string {
	lines := []string{a.labels.String()}
	a.annotations.Range(func(l labels.Label) { lines = append(lines, fmt.Sprintf("  %s: %q", l.Name, l.Value)) })
	return lines
}

// lines show patterns like an alert, with what they leave free.
func (p *alertPatterns) lines(alertname string) []string {
	of := []string{fmt.Sprintf("%s=%q", labels.AlertName, alertname)}
	for _, m := range p.labels {
		of = append(of, m.String())
	}
	lines := []string{"{" + strings.Join(append(of, "…"), ", ") + "}"}
	for _, m := range p.annotations {
		lines = append(lines, fmt.Sprintf("  %s =~ %q", m.Name, m.Value))
	}
	return lines
}
