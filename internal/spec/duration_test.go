package spec

import (
	"strings"
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		source  string
		want    time.Duration
		finding string
	}{
		{"30s", 30 * time.Second, ""},
		{"5m", 5 * time.Minute, ""},
		{"1h30m", 90 * time.Minute, ""},
		{"30d", 30 * day, ""},
		{"1w", 7 * day, ""},
		{"1y", 365 * day, ""},
		{"500ms", 500 * time.Millisecond, ""},
		{"'0'", 0, ""},
		{"0", 0, ""},
		{"259.2s", 259200 * time.Millisecond, ""},
		{"4m19.2s", 259200 * time.Millisecond, ""},
		{"1d12h30m", 36*time.Hour + 30*time.Minute, ""},
		{"30", 0, `"30"` + notDuration},
		{"1.5", 0, `"1.5"` + notDuration},
		{"''", 0, `""` + notDuration},
		{"-5m", 0, `"-5m"` + notDuration},
		{"5 m", 0, `"5 m"` + notDuration},
		{"5M", 0, `"5M"` + notDuration},
		{"30m1h", 90 * time.Minute, ""},
		{"1.5d", 0, `"1.5d"` + notDuration},
		{"tomorrow", 0, `"tomorrow"` + notDuration},
		{"1e999999999h", 0, `"1e999999999h"` + notDuration},
		{"99999999999999999999y", 0, `"99999999999999999999y"` + notDuration},
		{"9999999999h", 0, `"9999999999h"` + notDuration},
		{strings.Repeat("9", 100_000) + "h", 0, `"` + strings.Repeat("9", 60) + `…"` + notDuration},
		{"true", 0, `"true" is not a duration such as 30s, 5m or 30d; write a duration such as 30s, 5m or 30d (wrong-type)`},
	} {
		var d Duration
		findings := decodeValue(t, c.source, &d)
		checkDecoded(t, c.source, findings, d.Duration.String(), c.want.String(), c.finding)
	}
}

func TestFormatDuration(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0s"},
		{30 * time.Second, "30s"},
		{90 * time.Second, "1m30s"},
		{5 * time.Minute, "5m"},
		{90 * time.Minute, "1h30m"},
		{day, "1d"},
		{36 * time.Hour, "1d12h"},
		{7 * day, "7d"},
		{28 * day, "28d"},
		{30 * day, "30d"},
		{365 * day, "365d"},
		{30*day + time.Second, "30d1s"},
		{500 * time.Millisecond, "500ms"},
		{time.Second, "1s"},
		{1500 * time.Millisecond, "1.5s"},
		{259200 * time.Millisecond, "4m19.2s"},
		{51840 * time.Millisecond, "51.8s"},
		{500 * time.Microsecond, "500µs"}, // not 0s
		{1, "1ns"},
		{259199999999, "4m19.2s"},
		{59999999999, "1m"}, // what rounding makes whole is written as such
		{time.Hour - time.Millisecond, "1h"},
	} {
		if got := FormatDuration(c.d); got != c.want {
			t.Errorf("%d ns: %s, want %s", c.d, got, c.want)
		}
	}
}
