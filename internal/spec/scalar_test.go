package spec

import (
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
)

// decodeValue reads a YAML value into a type that decodes itself.
func decodeValue(t *testing.T, source string, into Decoder) []string {
	t.Helper()
	var r diag.Report
	into.DecodeSpec(readOne(t, "v: "+source).Get("v"), &r)
	return list(&r)
}

// checkDecoded compares one finding, or none, and what was decoded.
func checkDecoded(t *testing.T, source string, findings []string, got, want, finding string) {
	t.Helper()
	switch {
	case finding == "" && len(findings) > 0:
		t.Errorf("%.60s: %q", source, findings)
	case finding != "" && (len(findings) != 1 || findings[0] != "1:4: "+finding):
		t.Errorf("%.60s:\ngot  %q\nwant %q", source, findings, finding)
	case got != want:
		t.Errorf("%.60s is %q, want %q", source, got, want)
	}
}

const (
	notDuration = " is not a duration; write a number with a unit: 30s, 5m, 1h30m, 30d (bad-value)"
	tooLong     = "; round it: no budget is that exact (bad-value)"
	notShare    = " is not a share; write a percentage such as 99.5% (bad-value)"
	notName     = " is not a name; use lower case letters, digits and dashes, 63 at most (bad-value)"
	notIdent    = " is not a name for alerts; use letters, digits and underscores, such as APIAvailability (bad-value)"
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

// TestRatio holds that shares are exact, and that no digits cost more to read
// than they are long.
func TestRatio(t *testing.T) {
	for _, c := range []struct {
		source, want, finding string
	}{
		{"99.5%", "199/200", ""},
		{"'99.5%'", "199/200", ""},
		{"0.995", "199/200", ""},
		{"'0.995'", "199/200", ""},
		{"' 99.5% '", "199/200", ""},
		{"99.95%", "1999/2000", ""},
		{"99.999%", "99999/100000", ""},
		{"0.1", "1/10", ""},
		{"1", "1/1", ""},
		{"0", "0/1", ""},
		{"100%", "1/1", ""},
		{"0%", "0/1", ""},
		{"5e-1", "1/2", ""},
		{".5", "1/2", ""},
		{"0.99499999999999999999", "199/200", ""}, // a number is the nearest that a float has
		{"99.5", "", `"99.5" is a share above 1; write 99.5% (bad-value)`},
		{"99.1234567890123456%", "", `"99.1234567890123456%" has more than 15 decimals` + tooLong},
		{"0." + strings.Repeat("9", 34) + "%", "", `"0.` + strings.Repeat("9", 34) + `%" has more than 15 decimals` + tooLong},
		{"' 99.5'", "", `" 99.5" is a share above 1; write 99.5% (bad-value)`},
		{"1e2", "", `"1e2" is a share above 1; write a percentage below 100%, such as 99.5% (bad-value)`},
		{"150", "", `"150" is a share above 1; write a percentage below 100%, such as 99.5% (bad-value)`},
		{"-0.5", "", `"-0.5"` + notShare},
		{"-5%", "", `"-5%"` + notShare},
		{"'99,5%'", "", `"99,5%"` + notShare},
		{"99.5 %", "", `"99.5 %"` + notShare},
		{"1/2", "", `"1/2"` + notShare},
		{"0x1p-1", "", `"0x1p-1"` + notShare},
		{".inf", "", `".inf"` + notShare},
		{".nan", "", `".nan"` + notShare},
		{"1e999999999", "", `"1e999999999"` + notShare},
		{"'1e999999999'", "", `"1e999999999"` + notShare},
		{"1e999999999%", "", `"1e999999999%"` + notShare},
		{"1e-999999999%", "", `"1e-999999999%"` + notShare},
		{strings.Repeat("9", 1_000_000), "", `"` + strings.Repeat("9", 60) + `…"` + notShare},
		{"0." + strings.Repeat("9", 1_000_000) + "%", "", `"0.` + strings.Repeat("9", 58) + `…" has more than 15 decimals` + tooLong},
		{"most", "", `"most"` + notShare},
		{"[1]", "", `a list is not a share such as 99.5%; write a share such as 99.5% (wrong-type)`},
	} {
		var q Ratio
		findings := decodeValue(t, c.source, &q)
		got := ""
		if q.IsSet() {
			got = q.Rat.String()
		}
		checkDecoded(t, c.source, findings, got, c.want, c.finding)
	}
}

func TestFormatPercent(t *testing.T) {
	for _, c := range []struct {
		num, denom int64
		want       string
	}{
		{199, 200, "99.5%"},
		{9995, 10000, "99.95%"},
		{1, 1, "100%"},
		{0, 1, "0%"},
		{1, 50, "2%"},
		{72, 1000, "7.2%"}, // 14.4 · 0.005
		{1, 3, "33.3333%"},
		{2, 3, "66.6667%"},
		{1, 1_000_000, "0.0001%"},
	} {
		if got := FormatPercent(big.NewRat(c.num, c.denom)); got != c.want {
			t.Errorf("%d/%d: %s, want %s", c.num, c.denom, got, c.want)
		}
	}
}

func TestFormatDecimal(t *testing.T) {
	for _, c := range []struct {
		num, denom int64
		want       string
	}{
		{0, 1, "0"},
		{144, 10, "14.4"},
		{100, 1, "100"},
		{-1, 2, "-0.5"},
		{1, 8, "0.125"},
		{1, 1 << 12, "0.000244140625"}, // twelve digits
		{1, 1 << 13, "0.0001"},         // thirteen
		{1, 3, "0.3333"},
		{200, 3, "66.6667"},
		{10, 3, "3.3333"},
		{1, 30_000, "0"},
		{299_999, 300, "999.9967"},
		{2_999_999_999, 3_000_000, "1000"},
	} {
		if got := FormatDecimal(big.NewRat(c.num, c.denom)); got != c.want {
			t.Errorf("%d/%d: %s, want %s", c.num, c.denom, got, c.want)
		}
	}
}

func TestCount(t *testing.T) {
	const notWhole = " is not a whole number; write a whole number (wrong-type)"
	const outOfRange = " is out of range; write a number from 0 to 1000000000 (bad-value)"
	for _, c := range []struct {
		source  string
		want    int
		finding string
	}{
		{"0", 0, ""},
		{"42", 42, ""},
		{"1000000000", 1_000_000_000, ""},
		{"1000000001", 0, `"1000000001"` + outOfRange},
		{"-1", 0, `"-1"` + outOfRange},
		{"99999999999999999999", 0, `"99999999999999999999"` + outOfRange},
		{"1.5", 0, `"1.5"` + notWhole},
		{"1e3", 0, `"1e3"` + notWhole},
		{"1e999999999", 0, `"1e999999999"` + notWhole},
		{"0x10", 0, `"0x10"` + notWhole},
		{"'5'", 0, `"5"` + notWhole},
		{".inf", 0, `".inf"` + notWhole},
		{"{}", 0, "a map" + notWhole},
	} {
		var n Count
		findings := decodeValue(t, c.source, &n)
		checkDecoded(t, c.source, findings, big.NewInt(int64(n.N)).String(), big.NewInt(int64(c.want)).String(), c.finding)
	}
}

// TestName holds that a name can be a file name, a label value and a part of a
// template without being quoted.
func TestName(t *testing.T) {
	long := strings.Repeat("a", 63)
	for _, c := range []struct{ source, want, finding string }{
		{"api-availability", "api-availability", ""},
		{"a", "a", ""},
		{"'5xx'", "5xx", ""},
		{long, long, ""},
		{long + "a", "", `"` + strings.Repeat("a", 60) + `…"` + notName},
		{"''", "", `""` + notName},
		{"-a", "", `"-a"` + notName},
		{"a-", "", `"a-"` + notName},
		{"A", "", `"A"` + notName},
		{"a_b", "", `"a_b"` + notName},
		{"a.b", "", `"a.b"` + notName},
		{"é", "", `"é"` + notName},
		{"../x", "", `"../x"` + notName},
		{"a/b", "", `"a/b"` + notName},
		{"'{{ x }}'", "", `"{{ x }}"` + notName},
		{`"a\n"`, "", `"a\n"` + notName},
		{`"a\nb"`, "", `"a\nb"` + notName},
		{`"a\0"`, "", `"a\x00"` + notName},
		{"5", "", `"5" is not a text; quote it (wrong-type)`},
	} {
		var n Name
		findings := decodeValue(t, c.source, &n)
		checkDecoded(t, c.source, findings, n.String(), c.want, c.finding)
		if IsName(n.Text) != (c.finding == "") {
			t.Errorf("%s: IsName disagrees", c.source)
		}
	}
}

func TestIdent(t *testing.T) {
	for _, c := range []struct{ source, want, finding string }{
		{"APIAvailability", "APIAvailability", ""},
		{"_x1", "_x1", ""},
		{"1x", "", `"1x"` + notIdent},
		{"a-b", "", `"a-b"` + notIdent},
		{"a b", "", `"a b"` + notIdent},
		{`"a\n"`, "", `"a\n"` + notIdent},
		{"'{{x}}'", "", `"{{x}}"` + notIdent},
		{strings.Repeat("a", 101), "", `"` + strings.Repeat("a", 60) + `…"` + notIdent},
	} {
		var n Ident
		findings := decodeValue(t, c.source, &n)
		checkDecoded(t, c.source, findings, n.String(), c.want, c.finding)
	}
}

func TestText(t *testing.T) {
	const oneLine = "; keep it on one line, without control characters (bad-value)"
	for _, c := range []struct{ source, want, finding string }{
		{"a text", "a text", ""},
		{"''", "", ""},
		{"'é {{ x }} 日'", "é {{ x }} 日", ""},
		{`"a\tb"`, "", `1:6: "a\tb" has the control character '\t'` + oneLine},
		{`"é\nb"`, "", `1:6: "é\nb" has the control character '\n'` + oneLine},
		{"|\n  a\n  b\n", "", `2:4: "a\nb\n" has the control character '\n'` + oneLine},
		{`"a\u0085b"`, "", `1:6: "a\u0085b" has the control character '\u0085'` + oneLine},
		{`"a\eb"`, "", `1:6: "a\x1bb" has the control character '\x1b'` + oneLine},
	} {
		var text Text
		findings := decodeValue(t, c.source, &text)
		var want []string
		if c.finding != "" {
			want = []string{c.finding}
		}
		if diff := cmp.Diff(want, findings); diff != "" || text.String() != c.want {
			t.Errorf("%q is %q, want %q; -want +got:\n%s", c.source, text, c.want, diff)
		}
	}
}

func TestLabels(t *testing.T) {
	for _, c := range []struct {
		source   string
		want     []string
		findings []string
	}{
		{"{}", nil, nil},
		{"{team: infra, Area_1: b}", []string{"Area_1=b", "team=infra"}, nil},
		{"{a: ''}", []string{"a="}, nil},
		{"{a-b: c, d: e}", []string{"d=e"}, []string{`1:5: "a-b" is not a label name; use letters, digits and underscores (bad-value)`}},
		{"{__name__: c}", nil, []string{`1:5: "__name__" is not a label name; use letters, digits and underscores (bad-value)`}},
		{"{5: c}", nil, []string{`1:5: "5" is not a label name; use letters, digits and underscores (bad-value)`}},
		{"{a: 5, b: null, c: [d]}", []string{"a=", "b=", "c="}, []string{
			`1:8: "5" is not a text; quote it (wrong-type)`,
			`1:14: nothing is not a text; write a text (wrong-type)`,
			`1:23: a list is not a text; write a text (wrong-type)`,
		}},
		{"[a]", nil, []string{`1:4: a list is not a map of labels; write a map of labels (wrong-type)`}},
	} {
		var ls Labels
		findings := decodeValue(t, c.source, &ls)
		if diff := cmp.Diff(c.findings, findings); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.source, diff)
		}
		if diff := cmp.Diff(c.want, labelTexts(ls)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.source, diff)
		}
	}
}

func labelTexts(ls Labels) []string {
	var texts []string
	for _, l := range ls {
		texts = append(texts, l.Name.Text+"="+l.Value.Text)
	}
	return texts
}

func TestLabelsWith(t *testing.T) {
	base := NewLabels("c", "1", "a", "2")
	for _, c := range []struct {
		more Labels
		want []string
	}{
		{nil, []string{"a=2", "c=1"}},
		{NewLabels("b", "3"), []string{"a=2", "b=3", "c=1"}},
		{NewLabels("c", "4", "d", "5"), []string{"a=2", "c=4", "d=5"}},
	} {
		if diff := cmp.Diff(c.want, labelTexts(base.With(c.more))); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if diff := cmp.Diff([]string{"a=2", "c=1"}, labelTexts(base)); diff != "" {
		t.Errorf("With changed its receiver: %s", diff)
	}
	if l := base.Get("c"); l == nil || l.Value.Text != "1" || base.Get("x") != nil {
		t.Errorf("Get finds %v and %v", l, base.Get("x"))
	}
}

func TestChoices(t *testing.T) {
	for _, c := range []struct {
		source   string
		want     []string
		findings []string
	}{
		{"{severity: [page, ticket], area: db}", []string{"area=db", "severity=page|ticket"}, nil},
		{"{a: [c, b]}", []string{"a=c|b"}, nil}, // the order of values is the spec's
		{"{a: []}", nil, []string{`1:8: label "a" has no values; list the values that it may have (bad-value)`}},
		{"{a: [5, b]}", []string{"a=|b"}, []string{`1:9: "5" is not a text; quote it (wrong-type)`}},
		{"{a: {b: c}}", []string{"a="}, []string{`1:8: a map is not a text; write a text (wrong-type)`}},
		{"{a b: c}", nil, []string{`1:5: "a b" is not a label name; use letters, digits and underscores (bad-value)`}},
		{"x", nil, []string{`1:4: "x" is not a map of labels; write a map of labels (wrong-type)`}},
	} {
		var cs Choices
		findings := decodeValue(t, c.source, &cs)
		if diff := cmp.Diff(c.findings, findings); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.source, diff)
		}
		var got []string
		for _, choice := range cs {
			var values []string
			for _, v := range choice.Values {
				values = append(values, v.Text)
			}
			got = append(got, choice.Name.Text+"="+strings.Join(values, "|"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.source, diff)
		}
	}
}

// TestCamelCase holds that every name makes a name for an alert.
func TestCamelCase(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"api-availability", "ApiAvailability"},
		{"api", "Api"},
		{"a-b-c", "ABC"},
		{"a--b", "AB"},
		{"http2-latency", "Http2Latency"},
		{"p99-2-x", "P992X"},
		{"5xx-rate", "_5xxRate"},
		{strings.Repeat("a", 63), "A" + strings.Repeat("a", 62)},
	} {
		got := CamelCase(c.name)
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if !identPattern.MatchString(got) {
			t.Errorf("%s: %s is no name for an alert", c.name, got)
		}
	}
}
