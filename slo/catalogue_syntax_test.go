package slo

import (
	"strings"
	"testing"

	"slowburn/internal/diag"
)

// TestCatalogueSyntax holds that mistakes in a page are told in words, and where
// they stand, and not by what a lexer calls them.
func TestCatalogueSyntax(t *testing.T) {
	for _, tc := range []struct{ page, want string }{
		{"up 1\nfoo{a=\"b\" 1\n", "2:11: \"1\" stands where a comma, a } or the name of a label should stand; save what curl gets from /metrics"},
		{"foo{job=x} 1\n", "1:9: \"x\" stands where the label's value, in quotes, should stand"},
		{"foo{a\"b\"} 1\n", "1:6: `\"b\"}` stands where a = should stand"},
		{"up\n", "1:3: the line ends where a space and the value should stand"},
		{"up 1 2 3\n", "1:8: \"3\" stands where the line should end"},
		{"# TYPE up countr\nup 1\n", "1:11: there is no type \"countr\"; did you mean \"counter\"?"},
		{"# TYPE up timer\nup 1\n", "1:11: there is no type \"timer\"; use one of counter, gauge, histogram, summary, untyped, unknown"},
		{"up{a=\"ü\"} y\n", "1:11: \"y\" is no number"},
		{"up 0x1p\r\n", "1:4: \"0x1p\" is no number"},
		{"up{a=\"b\"}\n# EOF\n", "1:10: the line ends where a space and the value should stand"},
		{"up{a=\"b\",c} 1\n# EOF\n", "1:11: \"}\" stands where a = should stand"},
		{"\n<html>\n<body>\n", "2:1: this is a web page, and no page of metrics; save what curl gets from /metrics"},
		{"{\"status\":\"success\"}\n", "1:1: this is an answer of an API, in JSON, and no page of metrics"},
	} {
		var r diag.Report
		if c := ReadCatalogue(&diag.Source{Name: "m", Text: []byte(tc.page)}, nil, &r); c != nil {
			t.Errorf("%q is a catalogue", tc.page)
		}
		findings := r.Findings()
		if len(findings) != 1 {
			t.Errorf("%q: %d findings", tc.page, len(findings))
			continue
		}
		if got := strings.TrimPrefix(findings[0].Pos.String(), "m:") + ": " + findings[0].Text(); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%q:\n got %s\nwant %s", tc.page, got, tc.want)
		}
	}
}
