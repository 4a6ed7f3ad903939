package generators

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// texts are such that YAML reads something in them, or has several ways to write them.
var texts = []string{
	"", "up", "0.999", "007", "1.", ".5", "1.2.3", "12345678901234567890123", "  (a)\n/\n  b", " \n a\n b", "  a\n\n  b", "0+1x5 _x3 stale", "1+1", "1e+5", "0x1+2", "0x1p+5", "1_0+2", "1+.5", "5m", "30s", "1d", "5ms", "1 - (a)", "1(", "1:30(", "2001-01-01 (a)", "0x(", "-(a)", "true", "Null", "no", "N", "falsehood", "~", "1:30", "1e3", "0x1f", "up == 0", "a: b", "a:b", "a #b", "a#b", "ends with:", "ends ", " begins",
	"'quoted'", `"quoted"`, "{{ $labels.x }}", "[a]", "- a", "? a", "a, b", "(sum)", "(a\n  b\n)", "a\nb\n", "a\n\nb", "\na", "a\n", "a\n\n", " a\nb", "a \nb", "a\nb ",
	"a\tb", "a\n\tb", "größer", "a\nö", "\x7f", "a\x00b", "line\u2028end", "<<", "=", "%a", "@a", "`a", "*a", "&a", "!a", "|", ">", "http://x/y?z=1#a",
}

// FuzzRulePrinter holds that rules are printed as the YAML encoder prints the
// same structs, byte for byte: as a file, and within a resource.
func FuzzRulePrinter(f *testing.F) {
	for i, text := range texts {
		f.Add(text, texts[(i+7)%len(texts)], "label"+texts[(i+3)%len(texts)])
		f.Add("expr", text, text)
	}
	f.Add("a10", "a9", "a_b")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) || !utf8.ValidString(c) {
			return // specs are UTF-8
		}
		file := ruleFile{name: "x", Groups: []ruleGroup{{Name: a, Interval: "1m", Rules: []rule{
			{Record: b, Expr: c, Labels: map[string]string{c: a, a: b, "a10": c, "a9": "x"}},
			{Alert: c, Expr: a, For: "5m", KeepFiring: b, Labels: map[string]string{b: c}, Annotations: map[string]string{"summary": a, "title": b}},
		}}}, origins: [][]Origin{{{}, {}}}}
		plain := string(printYAML(file))
		whole := string(printYAML(wholeRule{prometheusRule{"monitoring.coreos.com/v1", "PrometheusRule", metadata{Name: "x"}}, file}))
		file.print(new(rulePrinter))
		if diff := cmp.Diff(plain, string(file.artifact().Bytes)); diff != "" {
			t.Errorf("-encoder +printer\n%s", diff)
		}
		if diff := cmp.Diff(whole, string(file.resource(KubernetesSpec{}).Bytes)); diff != "" {
			t.Errorf("-encoder +printer\n%s", diff)
		}
	})
}

// FuzzUnitTestPrinter holds the same of files of unit tests.
func FuzzUnitTestPrinter(f *testing.F) {
	for i, text := range texts {
		f.Add(text, texts[(i+7)%len(texts)], texts[(i+3)%len(texts)])
	}
	f.Add("../a.rules.yaml", `up{job="a"}`, "0+1.5x10 _x3 stale")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if !utf8.ValidString(a) || !utf8.ValidString(b) || !utf8.ValidString(c) {
			return
		}
		file := unitTestFile{RuleFiles: []string{a, "../x"}, Evaluation: "1m", Order: []string{b, c}, Tests: []unitTest{{
			Name: a, Interval: "30s", Series: []inputSeries{{b, c}, {a, b}},
			Queries: []queryTest{{Expr: c, At: "5m", Samples: []expectedSample{}}, {Expr: a, At: b, Samples: []expectedSample{{a, 1}, {b, 0}}}},
		}}}
		if diff := cmp.Diff(string(printYAML(file)), string(file.print())); diff != "" {
			t.Errorf("-encoder +printer\n%s", diff)
		}
		file.RuleFiles[0], file.Order = "../a", []string{"b"}
		if diff := cmp.Diff(string(printYAML(file)), string(file.print())); diff != "" {
			t.Errorf("-encoder +printer\n%s", diff)
		}
	})
}
