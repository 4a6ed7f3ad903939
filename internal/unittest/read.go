package unittest

import (
	"math"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// reader reads values as leniently as promtool does, which decodes them with
// yaml.v2: any scalar is a text, and nothing at all is the zero of everything.
type reader struct{ report *diag.Report }

// isNothing tells whether there is no value, or an empty one.
func isNothing(v *spec.Value) bool { return v == nil || v.Kind == spec.Null }

// isBlank is isNothing as types see it that read themselves: yaml.v2 asks them
// to read Null and NULL.
func isBlank(v *spec.Value) bool {
	return isNothing(v) && (v == nil || v.Text != "Null" && v.Text != "NULL")
}

// fields checks that a value is a map with known keys.
func (rd reader) fields(v *spec.Value, what string, known []string) {
	switch {
	case isNothing(v):
		return
	case v.Kind != spec.Map:
		rd.report.Add(Invalid, v.Pos, "write a map", "%s is a map, not %s", what, v.Kind)
		return
	}
	for _, f := range v.Fields() {
		if !slices.Contains(known, f.Key.Text) || f.Key.Kind == spec.Null {
			rd.report.Add(spec.UnknownKey, f.Key.Pos, spec.Suggest(f.Key.Text, known), "%s has no key %q", what, f.Key.Text)
		}
	}
}

// items are those of a list. An item that is nothing counts.
func (rd reader) items(v *spec.Value, what string) []*spec.Value {
	switch {
	case isNothing(v):
		return nil
	case v.Kind != spec.List:
		rd.report.Add(Invalid, v.Pos, "write a list", "%s is a list, not %s", what, v.Kind)
		return nil
	}
	return v.Items()
}

// text is a scalar as it is written.
func (rd reader) text(v *spec.Value, what string) string {
	switch {
	case isNothing(v):
		return ""
	case v.Kind == spec.List || v.Kind == spec.Map:
		rd.report.Add(Invalid, v.Pos, "write a text", "%s is a text, not %s", what, v.Kind)
		return ""
	}
	return v.Text
}

// texts is a map of texts, nil if there is none.
func (rd reader) texts(v *spec.Value, what string) map[string]string {
	switch {
	case isNothing(v):
		return nil
	case v.Kind != spec.Map:
		rd.report.Add(Invalid, v.Pos, "write a map", "%s is a map, not %s", what, v.Kind)
		return nil
	}
	m := map[string]string{}
	for _, f := range v.Fields() {
		key := f.Key.Text
		if f.Key.Kind == spec.Null {
			key = ""
		}
		m[key] = rd.text(f.Value, what+" "+key)
	}
	return m
}

// maxDuration is the longest that fits a time.Duration in whole milliseconds.
const maxDuration = math.MaxInt64 / int64(time.Millisecond) * int64(time.Millisecond)

func (rd reader) duration(v *spec.Value, what string) time.Duration {
	if isBlank(v) {
		return 0
	}
	text := rd.text(v, what)
	if v.Kind == spec.List || v.Kind == spec.Map {
		return 0
	}
	d, err := model.ParseDuration(text)
	if err != nil {
		rd.report.Add(Invalid, v.Pos, "write 30s, 5m, 1h30m or the like", "%s: %s", what, err)
		return 0
	}
	return min(time.Duration(d), time.Duration(maxDuration))
}

func (rd reader) number(v *spec.Value, what string) float64 {
	var f float64
	switch {
	case isNothing(v):
	case v.Kind != spec.Number:
		rd.report.Add(Invalid, v.Pos, "write a number; .NaN and .inf are two", "%s is a number, not %s", what, v.Kind)
	default:
		// The YAML library knows more numbers than strconv: 0b11, 1_000, .NaN.
		if err := yaml.Unmarshal([]byte(v.Text), &f); err != nil {
			rd.report.Add(Invalid, v.Pos, "write another number", "%s cannot be %s", what, v.Text)
		}
	}
	return f
}

// yes and no are what YAML 1.1 reads as true and false besides those two.
var (
	yes = []string{"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"}
	no  = []string{"n", "N", "no", "No", "NO", "off", "Off", "OFF"}
)

func (rd reader) boolean(v *spec.Value, what string) bool {
	switch {
	case isNothing(v):
		return false
	case v.Kind == spec.Bool:
		return v.Text[0] == 't' || v.Text[0] == 'T'
	case v.Kind == spec.String && v.IsPlain() && slices.Contains(yes, v.Text):
		return true
	case v.Kind == spec.String && v.IsPlain() && slices.Contains(no, v.Text):
		return false
	}
	rd.report.Add(Invalid, v.Pos, "write true or false", "%s is true or false, not %s", what, v.Kind)
	return false
}
