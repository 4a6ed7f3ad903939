package spec

import (
	"fmt"
	"strings"
	"testing"
)

func TestSuggest(t *testing.T) {
	keys := []string{"budget", "name", "objective", "severity", "windows"}
	var many []string
	for i := range 30 {
		many = append(many, fmt.Sprintf("name-%02d", i))
	}
	for _, c := range []struct {
		name  string
		known []string
		want  string
	}{
		{"objektive", keys, `did you mean "objective"?`},
		{"objectives", keys, `did you mean "objective"?`},
		{"naem", keys, `did you mean "name"?`},
		{"Name", keys, `did you mean "name"?`},
		{"window", keys, `did you mean "windows"?`},
		{"buget", keys, `did you mean "budget"?`},
		{"name", keys, `did you mean "name"?`},
		{"receivers", keys, "use one of budget, name, objective, severity, windows"},
		{"x", []string{"y"}, "use y"}, // one letter is near to everything
		{"", keys, "use one of budget, name, objective, severity, windows"},
		{"ab", []string{"abd", "abc"}, `did you mean "abd"?`}, // of equals the first
		{"api", nil, "there is none"},
		{"api", []string{"", "backend"}, "use backend"}, // an item whose name is missing
		{"zebra", many, "use one of " + strings.Join(many[:6], ", ") + ", … (30 in all)"},
		{"name-29-of-the-month", many, "use one of name-29, name-09, name-19, name-20, name-21, name-22, … (30 in all)"},
		{strings.Repeat("x", 100_000), keys, "use one of budget, name, objective, severity, windows"},
	} {
		if got := Suggest(c.name, c.known); got != c.want {
			t.Errorf("%.20s: %s, want %s", c.name, got, c.want)
		}
	}
}
