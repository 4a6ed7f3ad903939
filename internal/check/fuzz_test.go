package check

import (
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// FuzzChecks holds that no rule file makes a check panic, and that every finding
// stands somewhere in the file.
func FuzzChecks(f *testing.F) {
	for _, c := range All {
		f.Add([]byte(c.Bad))
		f.Add([]byte(c.Good))
	}
	fixtures, err := filepath.Glob(filepath.Join("testdata", "*", "*.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range fixtures {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(ruleFile("record: a, expr: a", "alert: b, expr: a + b > 1 # slowburn:ignore never-fires x")))
	f.Fuzz(func(t *testing.T, text []byte) {
		var r diag.Report
		src := &diag.Source{Name: "rules.yaml", Text: text}
		var files []*rulefile.File
		var dashboards []*dashfile.Dashboard
		for _, doc := range spec.ReadYAML(src, &r) {
			if dashfile.Is(doc) {
				dashboards = append(dashboards, dashfile.Read(src, doc))
				continue
			}
			files = append(files, rulefile.Read(src, doc, &r)...)
		}
		for _, finding := range Silence(RunAll(files, dashboards, Options{}), []*diag.Source{src}, false) {
			at := finding.Pos
			if line := src.Line(at.Line); at.Line < 1 || at.Col < 1 || at.Col > utf8.RuneCountInString(line)+1 {
				t.Errorf("%s: %s (%s): no such place", at, finding.Text(), finding.Kind.Name)
			}
		}
	})
}
