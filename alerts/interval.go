package alerts

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
	"github.com/prometheus/alertmanager/timeinterval"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// IntervalSpec is a part of the week or the year by name. All that is given
// must hold: hours of those days of those months. Routes name intervals.
type IntervalSpec struct {
	spec.Node
	// Name of the interval.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Location whose clock counts, such as Europe/Warsaw, or UTC.
	Location spec.Text `json:"location" jsonschema:"required"`
	// Times of the day, such as 09:00-17:00; the end does not belong to it. One over midnight is two: 22:00-24:00 and
	// 00:00-06:00. Default: the whole day.
	Times []spec.Text `json:"times,omitempty"`
	// Weekdays, such as saturday or monday-friday. Default: all.
	Weekdays []spec.Text `json:"weekdays,omitempty"`
	// Days of the month, such as 1 or 1-7; -1 is the last one. Default: all.
	Days []NumberRange `json:"days,omitempty"`
	// Months, such as december or june-august. Default: all.
	Months []spec.Text `json:"months,omitempty"`
	// Years, such as 2027 or 2027-2029. Default: all.
	Years []NumberRange `json:"years,omitempty"`
}

// NumberRange is a number, or two with a dash between: 1, -1, 1-7.
type NumberRange struct{ spec.Text }

// DecodeSpec implements spec.Decoder.
func (n *NumberRange) DecodeSpec(v *spec.Value, r *diag.Report) {
	if v.Kind == spec.Number {
		text := *v // 1 and "1" are the same here
		text.Kind = spec.String
		v = &text
	}
	n.Text.DecodeSpec(v, r)
}

// JSONSchema describes a range to editors.
func (NumberRange) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "integer"}, {Type: "string", Pattern: `^-?[0-9]+(--?[0-9]+)?$`}}}
}

// Interval is a resolved interval.
type Interval struct {
	Name, Location                string
	Times                         []TimeRange
	Weekdays, Days, Months, Years []string
}

// TimeRange is a part of a day, in the form 09:00; the end does not belong to it.
type TimeRange struct{ Start, End string }

var timeRange = pattern.New(`^((?:[01][0-9]|2[0-4]):[0-5][0-9])-((?:[01][0-9]|2[0-4]):[0-5][0-9])$`)

const endOfDay = "24:00"

// resolve holds an interval against Alertmanager's own reader.
func (s *IntervalSpec) resolve(r *diag.Report) Interval {
	in := Interval{Name: s.Name.Text, Location: s.Location.Text}
	if _, err := time.LoadLocation(s.Location.Text); err != nil || s.Location.Text == "Local" {
		r.Add(spec.BadValue, s.Location.Pos(), "write one of the tz database, such as Europe/Warsaw, or UTC", "there is no location %q", s.Location.Text)
	}
	for _, t := range s.Times {
		if made, ok := resolveTimes(t, r); ok {
			in.Times = append(in.Times, made)
		}
	}
	in.Weekdays = ranges(s.Weekdays, "write a day in English, in lower case, or two with a dash between: monday-friday; the week begins on sunday",
		func(text string) error { return new(timeinterval.WeekdayRange).UnmarshalYAML(given(text)) }, r)
	in.Days = ranges(texts(s.Days), "write a day, or the first and the last: 1-7; -1 is the last of the month",
		func(text string) error { return new(timeinterval.DayOfMonthRange).UnmarshalYAML(given(text)) }, r)
	in.Months = ranges(s.Months, "write a month in English, in lower case, or two with a dash between: june-august; one over the new year is two",
		func(text string) error { return new(timeinterval.MonthRange).UnmarshalYAML(given(text)) }, r)
	in.Years = ranges(texts(s.Years), "write a year, or the first and the last: 2027-2029",
		func(text string) error { return new(timeinterval.YearRange).UnmarshalYAML(given(text)) }, r)
	return in
}

func resolveTimes(t spec.Text, r *diag.Report) (TimeRange, bool) {
	m := timeRange().FindStringSubmatch(t.Text)
	switch {
	case t.IsUnreadable():
	case m == nil || m[1] >= endOfDay || m[2] > endOfDay:
		r.Add(spec.BadValue, t.Pos(), "write start and end, such as 09:00-17:00", "%q is no part of a day", t.Text)
	case m[1] > m[2]:
		r.Add(spec.BadValue, t.Pos(), overMidnight(m[1], m[2]), "%s ends before it begins", t.Text)
	case m[1] == m[2]:
		r.Add(spec.BadValue, t.Pos(), "leave times out for the whole day", "%s is empty", t.Text)
	default:
		return TimeRange{m[1], m[2]}, true
	}
	return TimeRange{}, false
}

// overMidnight is the way out of a range over midnight.
func overMidnight(start, end string) string {
	if end == "00:00" {
		return fmt.Sprintf("write %s-%s", start, endOfDay)
	}
	return fmt.Sprintf("write two: %s-%s and 00:00-%s; with weekdays, the second belongs to an interval of the days after", start, endOfDay, end)
}

// ranges are texts that Alertmanager's reader of their kind accepts.
func ranges(texts []spec.Text, help string, read func(string) error, r *diag.Report) []string {
	var list []string
	for _, t := range texts {
		if t.IsUnreadable() {
			continue
		}
		// Upstream reads days:6 and monday:friday; a dash is what people write.
		text := colons(t.Text)
		if err := read(text); err != nil {
			r.Add(spec.BadValue, t.Pos(), help, "%q cannot be read: %s", t.Text, strings.ReplaceAll(err.Error(), text, t.Text))
			continue
		}
		list = append(list, text)
	}
	return list
}

func texts(numbers []NumberRange) []spec.Text {
	var list []spec.Text
	for _, n := range numbers {
		list = append(list, n.Text)
	}
	return list
}

var dashed = pattern.New(`^(-?[a-z0-9]+)-(-?[a-z0-9]+)$`)

func colons(text string) string { return dashed().ReplaceAllString(text, "$1:$2") }

// given is what a reader of YAML gets for a text.
func given(text string) func(any) error {
	return func(into any) error {
		*into.(*string) = text
		return nil
	}
}

// resolveIntervals resolves the intervals of a routing.
func resolveIntervals(docs []IntervalSpec, r *diag.Report) []Interval {
	var list []Interval
	for i := range docs {
		name := docs[i].Name
		if slices.ContainsFunc(list, func(in Interval) bool { return in.Name == name.Text }) {
			r.Add(slo.DuplicateName, name.Pos(), "rename one of them", "interval %q exists already", name.Text)
		}
		list = append(list, docs[i].resolve(r))
	}
	return list
}

// intervalNames are the names of intervals that a route refers to.
func intervalNames(names []spec.Name, known []Interval, r *diag.Report) []string {
	var exist, list []string
	for _, in := range known {
		exist = append(exist, in.Name)
	}
	for _, n := range names {
		if n.Text != "" && !slices.Contains(exist, n.Text) {
			r.Add(spec.UnknownReference, n.Pos(), spec.Suggest(n.Text, exist), "there is no interval %q", n.Text)
		}
		list = append(list, n.Text)
	}
	return list
}
