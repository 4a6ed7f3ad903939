package check

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// What of docs/checks.md is made from the checks stands behind this line.
const generatedDocs = "<!-- From here on, the page is made from the checks: UPDATE_DOCS=1 go test ./internal/check -run TestDocs -->\n"

// TestDocs holds that docs/checks.md has every check, as slowburn explain
// explains it.
func TestDocs(t *testing.T) {
	const page = "../../docs/checks.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	written, _, ok := strings.Cut(string(text), generatedDocs)
	if !ok {
		t.Fatalf("%s lacks the line %s", page, generatedDocs)
	}
	want := written + generatedDocs + documentation()
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(text) {
		t.Errorf("%s is not what the checks say; run UPDATE_DOCS=1 go test ./internal/check -run TestDocs", page)
	}
}

// TestConfigurationInDocs holds that the example of a configuration in
// docs/checks.md is one.
func TestConfigurationInDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/checks.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(text), "```yaml\nmetrics:")
	example, _, ok := strings.Cut(example, "```")
	if !ok {
		t.Fatal("there is no example")
	}
	_, checks, ok := strings.Cut(example, "\nchecks:\n")
	if !ok {
		t.Fatal("there are no checks in it")
	}
	checks, _, _ = strings.Cut(checks, "\npaths:")
	config(t, strings.ReplaceAll(checks, "\n  ", "\n")[2:])
}

// documentation is a section for each check, with a table of them before.
func documentation() string {
	var b strings.Builder
	b.WriteString("\n## All checks\n\n| check | severity | finds |\n|---|---|---|\n")
	for _, c := range All {
		first, _, _ := strings.Cut(c.Doc, "\n")
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s |\n", c.Name, c.Name, severityIn(c), strings.ReplaceAll(first, "|", `\|`))
	}
	for _, c := range All {
		fmt.Fprintf(&b, "\n### %s\n\nSeverity: %s. %s\n", c.Name, severityIn(c), c.Doc)
		if c.Queries {
			b.WriteString("\nQueries of dashboards are looked into, too.\n")
		}
		if c.Configuration != "" {
			fmt.Fprintf(&b, "\n```yaml\nchecks:\n%s```\n", indented(c.Configuration))
		}
		fence, language := "```", "yaml"
		if c.Pages != nil {
			fence, language = "````", "markdown" // pages have blocks of their own
		}
		for _, example := range []struct{ title, text string }{{"Bad", c.Bad}, {"Good", c.Good}} {
			fmt.Fprintf(&b, "\n%s:\n\n%s%s\n%s%s\n", example.title, fence, language, example.text, fence)
		}
	}
	return b.String()
}

func severityIn(c *Check) string {
	if c.Optional {
		return "off until configured"
	}
	return c.Severity.String()
}
