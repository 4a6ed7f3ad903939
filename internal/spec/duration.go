package spec

import (
	"fmt"
	"time"

	"github.com/prometheus/common/model"

	"slowburn/internal/diag"
)

// Duration is a length of time as Prometheus writes it: 30s, 1h30m, 30d.
type Duration struct {
	Node
	time.Duration

	readable bool
}

// DecodeSpec implements Decoder.
func (d *Duration) DecodeSpec(v *Value, r *diag.Report) {
	d.value = v
	if v.Kind == String || v.Text == "0" {
		if parsed, err := model.ParseDuration(v.Text); err == nil {
			d.Duration, d.readable = time.Duration(parsed), true
			return
		}
		// Predictions come in fractions (259.2s), which Prometheus has no way to write.
		if parsed, err := time.ParseDuration(v.Text); err == nil && parsed >= 0 {
			d.Duration, d.readable = parsed, true
			return
		}
	}
	if v.Kind == String || v.Kind == Number {
		r.Add(BadValue, v.Pos, "write a number with a unit: 30s, 5m, 1h30m, 30d", "%s is not a duration", v.describe())
		return
	}
	decoder{report: r}.wrongType(v, "a duration such as 30s, 5m or 30d")
}

// IsSet tells whether the spec has a value that could be read.
func (d Duration) IsSet() bool { return d.readable }

// String is the duration as Prometheus writes it; below a millisecond, and for
// fractions of seconds, as Go does.
func (d Duration) String() string { return FormatDuration(d.Duration) }

// FormatDuration writes a duration for people: like PrometheusDuration, but with
// fractions of seconds, rounded to tenths: 4m19.2s.
func FormatDuration(d time.Duration) string {
	if d > time.Second {
		d = d.Round(100 * time.Millisecond)
	}
	const day = 24 * time.Hour
	switch {
	case d%time.Millisecond == 0 && (d <= time.Second || d%time.Second == 0):
		return PrometheusDuration(d)
	case d > day:
		return PrometheusDuration(d/day*day) + (d % day).String()
	}
	return d.String()
}

// PrometheusDuration writes a duration as Prometheus reads it, to the
// millisecond, without weeks and years, which no SLO is stated in: 1h30m, 28d,
// 1s500ms.
func PrometheusDuration(d time.Duration) string {
	const day = 24 * time.Hour
	switch days, rest := d/day, model.Duration(d%day).String(); {
	case days == 0:
		return rest
	case d%day == 0:
		return fmt.Sprintf("%dd", days)
	default:
		return fmt.Sprintf("%dd%s", days, rest)
	}
}
