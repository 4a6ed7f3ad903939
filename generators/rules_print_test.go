package generators

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// texts are such that YAML reads something in them, or has several ways to write them.
var texts = []string{
	"", "up", "0.999", "007", "1.", ".5", "1.2.3", "12345678901234567890123", "  (a)\n/\n  b", " \n a\n b", "  a\n\n  b", "5m", "30s", "1d", "5ms", "1 - (a)", "1(", "1:30(", "2001-01-01 (a)", "0x(", "-(a)", "true", "Null", "no", "N", "falsehood", "~", "1:30", "1e3", "0x1f", "up == 0", "a: b", "a:b", "a #b", "a#b", "ends with:", "ends ", " begins",
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
