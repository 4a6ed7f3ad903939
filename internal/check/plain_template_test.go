package check

import "testing"

// Templates that do no more than print are not rendered; whatever can fail is.
func TestNeverFails(t *testing.T) {
	for text, want := range map[string]bool{
		"no template":                                true,
		"{{$labels.job}} at {{ $value }}":            true,
		"{{- $labels.job -}}, {{$externalURL}}":      true,
		"{{ $labels.job }} {{ humanize $value }}":    false,
		"{{ $value | humanizePercentage }}":          false,
		"{{ $labels.job.name }}":                     false,
		"{{ $value.x }}":                             false,
		"{{ .Labels.job }}":                          false,
		"{{ $labels.job }} {{ if $value }}x{{end}}":  false,
		"{{ with $labels }}{{ $labels.a }}{{ end }}": false,
	} {
		if got := neverFails(text); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
