package spec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
		if !identPattern().MatchString(got) {
			t.Errorf("%s: %s is no name for an alert", c.name, got)
		}
	}
}
