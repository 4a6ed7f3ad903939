package check

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"

	"slowburn/internal/crd"
	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// unit reads rule files that are judged together.
func unit(t testing.TB, texts ...string) ([]*rulefile.File, []*diag.Source) {
	t.Helper()
	u := everything(t, texts...)
	return u.files, u.sources
}

// documents are all that is judged of some texts.
type documents struct {
	files      []*rulefile.File
	dashboards []*dashfile.Dashboard
	resources  []*crd.Resource
	sources    []*diag.Source
}

func everything(t testing.TB, texts ...string) documents {
	t.Helper()
	var r diag.Report
	var u documents
	for i, text := range texts {
		src := &diag.Source{Name: fmt.Sprintf("%d.yaml", i), Text: []byte(text)}
		u.sources = append(u.sources, src)
		for _, doc := range spec.ReadYAML(src, &r) {
			u.resources = append(u.resources, crd.Resources(src, doc)...)
			switch {
			case dashfile.Is(doc):
				u.dashboards = append(u.dashboards, dashfile.Read(src, doc))
			case rulefile.Is(doc) || doc.Get("kind") == nil:
				u.files = append(u.files, rulefile.Read(src, doc, &r)...)
			}
		}
	}
	if r.HasErrors() {
		t.Fatalf("not valid:\n%s", shown(r.Findings()))
	}
	return u
}

// judged are the findings about rule files, those silenced left out.
func judged(t testing.TB, texts ...string) []diag.Finding {
	t.Helper()
	return judgedBy(t, Names(), texts...)
}

// judgedBy are the findings of some checks, and those about comments.
func judgedBy(t testing.TB, names []string, texts ...string) []diag.Finding {
	t.Helper()
	return judgedWith(t, "", names, texts...)
}

// config reads the settings of checks, as a configuration has them.
func config(t testing.TB, checks string) *Config {
	t.Helper()
	if checks == "" {
		return nil
	}
	var r diag.Report
	c := ReadConfig(&diag.Source{Name: ".slowburn.yaml", Text: []byte("checks:\n" + indented(checks))}, &r)
	if r.Len() > 0 {
		t.Fatalf("%s:\n%s", checks, shown(r.Findings()))
	}
	return c
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n  ") + "\n"
}

// judgedWith are the findings of some checks with a configuration.
func judgedWith(t testing.TB, checks string, names []string, texts ...string) []diag.Finding {
	t.Helper()
	u := everything(t, texts...)
	c := config(t, checks)
	options := Options{Config: c, Around: func(f *rulefile.File) Surroundings {
		return Surroundings{Path: f.Source.Name, Catalogues: catalogue(t, f)}
	}}
	findings := c.Judge(append(RunAll(u.files, u.dashboards, options), RunResources(u.resources, u.files, options)...), func(name string) string { return name })
	var r diag.Report
	for _, f := range Silence(findings, u.sources, false) {
		if f.Kind == BadIgnore || slices.Contains(names, f.Kind.Name) {
			r.Append(f)
		}
	}
	return r.Findings()
}

func shown(findings []diag.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s: %s (%s)\n", f.Pos, f.Text(), f.Kind.Name)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// catalogue are the metrics that a fixture lists.
func catalogue(t testing.TB, f *rulefile.File) []*slo.Catalogue {
	t.Helper()
	var page strings.Builder
	for _, m := range metricComment.FindAllSubmatch(f.Source.Text, -1) {
		fmt.Fprintf(&page, "%s\n", m[1])
	}
	if page.Len() == 0 {
		return nil
	}
	var r diag.Report
	c := slo.ReadCatalogue(&diag.Source{Name: "metrics.prom", Text: []byte(page.String())}, []string{"job", "instance"}, &r)
	if r.Len() > 0 {
		t.Fatal(shown(r.Findings()))
	}
	return []*slo.Catalogue{c}
}

// parseUpstream is Prometheus' own reader, with what promtool lets pass.
func parseUpstream(text []byte) (*rulefmt.RuleGroups, []error) {
	return rulefmt.Parse(text, false, model.UTF8Validation, expr.Parser, slog.New(slog.DiscardHandler))
}

// TestChecks holds that every check is where its name says, documented, and
// shown by a bad and a good example.
func TestChecks(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range All {
		t.Run(c.Name, func(t *testing.T) {
			if seen[c.Name] {
				t.Error("the name is taken twice")
			}
			seen[c.Name] = true
			if c.Routes != nil {
				return // TestRouteChecks
			}
			if c.Pages != nil {
				return // TestPageChecks
			}
			if _, err := os.Stat(strings.ReplaceAll(c.Name, "-", "_") + ".go"); err != nil {
				t.Error(err)
			}
			if fixtures, _ := filepath.Glob(filepath.Join("testdata", c.Name, "*.yaml")); len(fixtures) == 0 {
				t.Errorf("there are no fixtures in testdata/%s", c.Name)
			}
			checkDoc(t, c.Doc)
			for _, name := range parameterNames(c) {
				if !strings.Contains(c.Doc, name) || !strings.Contains(c.Configuration, name) && len(parameterNames(c)) == 1 {
					t.Errorf("parameter %s is not documented", name)
				}
			}
			if (c.Parameters == nil) != (c.Configuration == "") {
				t.Error("parameters want an example of a configuration, and nothing else does")
			}
			for _, example := range []string{c.Bad, c.Good} {
				rules, _, _ := strings.Cut(example, "\n---\n{") // a dashboard may stand behind them
				if !c.JudgesRules() || strings.HasPrefix(rules, "{") {
					continue
				}
				if _, errs := parseUpstream(withoutResource(rules)); len(errs) > 0 {
					t.Errorf("Prometheus refuses the example: %v\n%s", errs, example)
				}
			}
			bad := judgedWith(t, c.Configuration, Names(), c.Bad)
			if len(bad) == 0 {
				t.Error("the bad example has no finding")
			}
			for _, f := range bad {
				if f.Kind.Name != c.Name {
					t.Errorf("the bad example has a finding of another check: %s", shown(bad))
				}
			}
			if good := judgedWith(t, c.Configuration, Names(), c.Good); len(good) > 0 {
				t.Errorf("the good example has findings:\n%s", shown(good))
			}
		})
	}
	checkDoc(t, BadIgnore.Doc)
}

// parameterNames are the keys of a check's parameters.
func parameterNames(c *Check) []string {
	if c.Parameters == nil {
		return nil
	}
	var names []string
	fields := reflect.TypeOf(c.Parameters()).Elem()
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

// withoutResource are the rules of a PrometheusRule, as a rule file has them.
func withoutResource(text string) []byte {
	_, rules, ok := strings.Cut(text, "\nspec:\n")
	if !ok {
		return []byte(text)
	}
	return []byte(strings.TrimPrefix(strings.ReplaceAll(rules, "\n  ", "\n"), "  "))
}

var sentenceEnd = regexp.MustCompile(`[.:]$`)

// checkDoc holds that a check's documentation is one sentence on a line of its
// own, and paragraphs of sentences.
func checkDoc(t *testing.T, doc string) {
	t.Helper()
	paragraphs := strings.Split(doc, "\n\n")
	if strings.Contains(paragraphs[0], "\n") {
		t.Errorf("the first sentence is longer than a line: %s", paragraphs[0])
	}
	if len(paragraphs) < 2 || !strings.HasSuffix(doc, ".") {
		t.Error("after the first sentence nothing helps")
	}
	for _, p := range paragraphs {
		if !strings.HasPrefix(p, "    ") && !sentenceEnd.MatchString(p) { // code is indented
			t.Errorf("a paragraph does not end its sentence: %s", p)
		}
	}
}

var (
	wantComment = regexp.MustCompile(`# want (.*)$`)
	// A fixture may begin with the configuration of its check, and with the metrics that it is about, a line each.
	configComment = regexp.MustCompile(`(?m)^# configuration: (.*)$`)
	metricComment = regexp.MustCompile(`(?m)^# metric: (.*)$`)

	wanted = regexp.MustCompile("\"((?:[^\"\\\\]|\\\\.)*)\"|`([^`]*)`")
)

// TestFixtures runs a check over its fixtures. What is found must be what the
// fixture wants, no more and no less: `# want "regexp"` on the line of a finding
// matches its text, with the name of the check behind it.
func TestFixtures(t *testing.T) {
	fixtures, err := filepath.Glob(filepath.Join("testdata", "*", "*.yaml"))
	if err != nil || len(fixtures) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, name := range fixtures {
		t.Run(filepath.ToSlash(strings.TrimPrefix(name, "testdata"+string(filepath.Separator))), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			check := filepath.Base(filepath.Dir(name))
			settings := ""
			if m := configComment.FindSubmatch(text); m != nil {
				settings = check + ": " + string(m[1])
			}
			compareWithWants(t, string(text), judgedWith(t, settings, []string{check}, string(text)))
		})
	}
}

func compareWithWants(t *testing.T, text string, findings []diag.Finding) {
	t.Helper()
	open := map[int][]diag.Finding{}
	for _, f := range findings {
		open[f.Pos.Line] = append(open[f.Pos.Line], f)
	}
	for i, line := range strings.Split(text, "\n") {
		m := wantComment.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		wants := wanted.FindAllStringSubmatch(m[1], -1)
		if len(wants) == 0 {
			t.Errorf("line %d wants nothing: %s", i+1, line)
		}
		for _, w := range wants {
			pattern := regexp.MustCompile(w[1] + w[2])
			matching := -1
			for j, f := range open[i+1] {
				if pattern.MatchString(f.Text() + " (" + f.Kind.Name + ")") {
					matching = j
				}
			}
			if matching < 0 {
				t.Errorf("line %d: nothing found that matches %q; there is\n%s", i+1, pattern, shown(open[i+1]))
				continue
			}
			open[i+1] = append(open[i+1][:matching:matching], open[i+1][matching+1:]...)
		}
	}
	for _, rest := range open {
		for _, f := range rest {
			t.Errorf("not wanted: %s: %s (%s)", f.Pos, f.Text(), f.Kind.Name)
		}
	}
}
