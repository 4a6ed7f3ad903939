package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	upstream "github.com/prometheus/alertmanager/config"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// rulesOfExamples are the rules that examples and fixtures are checked together
// with, where they say so.
const rulesOfExamples = `groups:
  - name: example
    rules:
      - {alert: Down, expr: sum by (service) (up) == 0, labels: {severity: page}}
      - {alert: Slow, expr: sum by (service) (latency) > 1, labels: {severity: warning}}
      - {alert: Full, expr: sum(disk) > 1, labels: {severity: page, team: storage}}
      - {alert: Wide, expr: sum(disk) > 2, labels: {severity: warning}}
      - {alert: Watchdog, expr: vector(1), labels: {severity: none}}
`

// judgedRoutes are the findings about a configuration, those silenced left out.
func judgedRoutes(t testing.TB, text string) []diag.Finding {
	t.Helper()
	var r diag.Report
	src := &diag.Source{Name: "alertmanager.yml", Text: []byte(text)}
	var configs []*amconfig.Config
	for _, doc := range spec.ReadYAML(src, &r) {
		if c := amconfig.Read(src, doc, &r); c != nil {
			configs = append(configs, c)
		}
	}
	if r.HasErrors() {
		t.Fatalf("not valid:\n%s", shown(r.Findings()))
	}
	var files []*rulefile.File
	if strings.Contains(text, "# with rules") || strings.Contains(text, "servce") || strings.Contains(text, "group_by: [alertname, service]") {
		files, _ = unit(t, rulesOfExamples)
	}
	options := RoutesOptions{
		Added: []string{"region"},
		Templates: func(c *amconfig.Config) ([]*diag.Source, bool) {
			const defined = "# defines "
			at := strings.Index(text, defined)
			if at < 0 {
				return nil, false
			}
			line, _, _ := strings.Cut(text[at+len(defined):], "\n")
			return []*diag.Source{{Name: "a.tmpl", Text: []byte(line)}}, true
		},
		NoTemplate: func(_ *amconfig.Config, pattern string) bool { return strings.Contains(pattern, "missing") },
		Missing:    func(path string) bool { return strings.Contains(path, "missing") },
	}
	var report diag.Report
	report.Append(Silence(RunRoutes(configs, files, options), []*diag.Source{src}, false)...)
	return report.Findings()
}

// TestRouteChecks holds of the checks of Alertmanager configurations what
// TestChecks holds of the others.
func TestRouteChecks(t *testing.T) {
	for _, c := range All {
		if c.Routes == nil {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			if _, err := os.Stat(strings.ReplaceAll(c.Name, "-", "_") + ".go"); err != nil {
				t.Error(err)
			}
			if fixtures, _ := filepath.Glob(filepath.Join("testdata", "alertmanager", c.Name, "*.yml")); len(fixtures) == 0 {
				t.Errorf("there are no fixtures in testdata/alertmanager/%s", c.Name)
			}
			checkDoc(t, c.Doc)
			for _, example := range []string{c.Bad, c.Good} {
				if _, err := upstream.Load(example); err != nil {
					t.Errorf("Alertmanager refuses the example: %v\n%s", err, example)
				}
			}
			bad := judgedRoutes(t, c.Bad)
			if len(bad) == 0 {
				t.Error("the bad example has no finding")
			}
			for _, f := range bad {
				if f.Kind.Name != c.Name {
					t.Errorf("the bad example has a finding of another check: %s", shown(bad))
				}
			}
			if good := judgedRoutes(t, c.Good); len(good) > 0 {
				t.Errorf("the good example has findings:\n%s", shown(good))
			}
		})
	}
}

// TestRouteFixtures is TestFixtures for Alertmanager configurations.
func TestRouteFixtures(t *testing.T) {
	fixtures, err := filepath.Glob(filepath.Join("testdata", "alertmanager", "*", "*.yml"))
	if err != nil || len(fixtures) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, name := range fixtures {
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			compareWithWants(t, string(text), judgedRoutes(t, string(text)))
		})
	}
}
