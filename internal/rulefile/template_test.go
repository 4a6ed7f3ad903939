package rulefile

import (
	"testing"

	"github.com/prometheus/prometheus/model/rulefmt"

	"slowburn/internal/expr"
)

// FuzzActions holds that a template parses if its actions alone do, and is refused if they are.
func FuzzActions(f *testing.F) {
	for _, text := range []string{
		"{{ $value }} of {{ $labels.job }}", "{{ nope }}", "a }} b", "{{ a", "{{ if $value }}x{{ end }}", "{{ if $value }}x", "{{ end }}", "{{{ $value }}}", "{{ $value }}}",
		`{{ "}}" }} {{ $value }}`, "{{ `}}` | nope }}", "{{/* }} */}}", "{{- $value -}}\n {{ $nope }}", "{{ $value | printf \"%.1f\" }}", "{{ range query \"up\" }}{{ .Value }}{{ end }}",
		"{{ template \"x\" }}", "{{ define \"x\" }}{{ end }}", "{{}}", "{{ $x := 1 }}{{ $x }}", "{{ 'a' }}", "{{ break }}", "{{ with $value }}{{ else }}{{ end }}", "$labels {{ $labels }", "{{\n$value }}",
	} {
		f.Add(text)
	}
	parses := func(text string) bool {
		alert := rulefmt.Rule{Alert: "a", Expr: "1", Annotations: map[string]string{"a": text}}
		return len(alert.Validate(rulefmt.RuleNode{}, scheme, expr.Parser)) == 0
	}
	f.Fuzz(func(t *testing.T, text string) {
		if of := actionsOf(text); parses(of) != parses(text) {
			t.Errorf("%q and its actions %q", text, of)
		}
	})
}
