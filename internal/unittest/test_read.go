package unittest

import (
	"math"
	"strconv"
	"time"

	"slowburn/internal/spec"
)

var (
	testKeys = []string{
		"name", "interval", "input_series", "alert_rule_test", "promql_expr_test", "exp_silent",
		"external_labels", "external_url", "start_timestamp",
	}
	seriesKeys = []string{"series", "values", "profile"}
	alertKeys  = []string{"eval_time", "alertname", "exp_alerts", "exp_pending"}
	exprKeys   = []string{"expr", "eval_time", "exp_samples"}
	sampleKeys = []string{"labels", "value", "histogram"}
)

func readTest(v *spec.Value, index int, interval time.Duration) *test {
	t := &test{value: v, index: index}
	rd := reader{&t.report}
	rd.fields(v, "a test", testKeys)
	t.name = rd.text(v.Get("name"), "a test's name")
	t.interval = rd.duration(v.Get("interval"), "interval")
	if t.interval == 0 {
		t.interval = interval
	}
	for _, item := range rd.items(v.Get("input_series"), "input_series") {
		t.series = append(t.series, readSeries(item, rd))
	}
	for _, item := range rd.items(v.Get("alert_rule_test"), "alert_rule_test") {
		t.alerts = append(t.alerts, readAlertCase(item, rd))
	}
	for _, item := range rd.items(v.Get("promql_expr_test"), "promql_expr_test") {
		t.exprs = append(t.exprs, readExprCase(item, rd))
	}
	for _, item := range rd.items(v.Get("exp_silent"), "exp_silent") {
		t.silences = append(t.silences, readSilence(item, rd))
	}
	t.labels = rd.texts(v.Get("external_labels"), "external_labels")
	t.url = rd.text(v.Get("external_url"), "external_url")
	t.start = rd.instant(v.Get("start_timestamp"))
	t.hasAssertions = len(t.alerts)+len(t.exprs)+len(t.silences) > 0
	if t.silences != nil && t.length() == 0 {
		t.report.Add(Invalid, v.Get("exp_silent").Pos, "say until when: to: 1h", "the test ends before anything can fire")
	}
	return t
}

func readSeries(item *spec.Value, rd reader) inputSeries {
	rd.fields(item, "an input series", seriesKeys)
	s := inputSeries{item, item.Get("series"), item.Get("values"), item.Get("profile")}
	rd.text(s.series, "series")
	rd.text(s.values, "values")
	if s.values != nil && s.profile != nil {
		rd.report.Add(Invalid, s.profile.Pos, "keep one of the two", "an input series has values or a profile, not both")
	}
	return s
}

// length is how long the test goes on: until the last moment that it asserts
// something about.
func (t *test) length() time.Duration {
	var last time.Duration
	for _, a := range t.alerts {
		last = max(last, a.at)
	}
	for _, e := range t.exprs {
		last = max(last, e.at)
	}
	for _, s := range t.silences {
		last = max(last, s.To.Duration)
	}
	return last
}

// firstYear and lastYear bound the start of a test. They are those of RFC 3339.
const firstYear, lastYear = 0, 9999

// instant reads start_timestamp: seconds since 1970, or RFC 3339.
func (rd reader) instant(v *spec.Value) time.Time {
	epoch := time.Unix(0, 0).UTC()
	if isBlank(v) {
		return epoch
	}
	text := rd.text(v, "start_timestamp")
	var at time.Time
	var err error
	if seconds, notNumber := strconv.ParseFloat(text, 64); notNumber == nil {
		whole, part := math.Modf(seconds)
		if math.Abs(whole) < 1e12 {
			at = time.Unix(int64(whole), int64(part*float64(time.Second)))
		} else {
			at = time.Unix(1e12, 0)
		}
	} else {
		at, err = time.Parse(time.RFC3339Nano, text)
	}
	if year := at.UTC().Year(); err != nil || year < firstYear || year > lastYear {
		rd.report.Add(Invalid, v.Pos, "write 2024-01-01T00:00:00Z, or seconds since 1970", "%q is not a timestamp", text)
		return epoch
	}
	if at.IsZero() {
		return epoch // the zero of Go's time is how promtool says that there is none
	}
	return time.UnixMilli(at.UnixMilli()).UTC()
}
