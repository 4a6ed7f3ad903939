package check

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAmtool holds that amtool check-config sees nothing of what the checks of
// Alertmanager configurations find, as the table in the documentation says: it
// accepts the bad example of each, and every fixture.
func TestAmtool(t *testing.T) {
	amtool := os.Getenv("AMTOOL")
	if amtool == "" {
		t.Skip("AMTOOL names no program")
	}
	accepts := func(name string) {
		t.Helper()
		if out, err := exec.Command(amtool, "check-config", name).CombinedOutput(); err != nil {
			t.Errorf("%s: amtool says: %s", name, out)
		}
	}
	for _, c := range All {
		if c.Routes == nil {
			continue
		}
		name := filepath.Join(t.TempDir(), c.Name+".yml")
		if err := os.WriteFile(name, []byte(c.Bad), 0o600); err != nil {
			t.Fatal(err)
		}
		accepts(name)
	}
	fixtures, err := filepath.Glob(filepath.Join("testdata", "alertmanager", "*", "*.yml"))
	if err != nil || len(fixtures) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, name := range fixtures {
		accepts(name)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"receiver.yml": "route: {receiver: a}\nreceivers: [{name: b}]\n",
		"template.yml": "templates: [a.tmpl]\nroute: {receiver: a}\nreceivers: [{name: a}]\n",
		"a.tmpl":       `{{ define "a" }}{{ .Status }`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, refused := range []string{"receiver.yml", "template.yml"} {
		if err := exec.Command(amtool, "check-config", filepath.Join(dir, refused)).Run(); err == nil {
			t.Errorf("amtool accepts %s", refused)
		}
	}
}

// TestDocumentation holds that the table of the documentation has every check of
// Alertmanager configurations, with what amtool says.
func TestDocumentation(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "alertmanager.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range All {
		if c.Routes == nil {
			continue
		}
		first, _, _ := strings.Cut(c.Doc, "\n")
		sees := "no"
		if c == brokenNotification {
			sees = "files that do not parse" // TestAmtool shows that, too
		}
		if row := "| `" + c.Name + "` | " + first + " | " + sees + " |"; !strings.Contains(string(text), row) {
			t.Errorf("docs/alertmanager.md lacks the row\n%s", row)
		}
	}
}
