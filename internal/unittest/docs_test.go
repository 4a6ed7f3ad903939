package unittest

import (
	"os"
	"regexp"
	"testing"
)

var fence = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// TestDocs runs the examples of docs/testing.md with the rules that stand there.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	var rules string
	var tests []string
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1][:len("groups:")] == "groups:" {
			rules = m[1]
			continue
		}
		tests = append(tests, m[1])
	}
	if rules == "" || len(tests) != 5 {
		t.Fatalf("%d tests; rules: %q", len(tests), rules)
	}
	for _, test := range tests {
		if lines := found(runText(t, rules, test, Options{Coverage: true})); lines != nil {
			t.Errorf("%q\n%s", lines, test)
		}
	}
}
