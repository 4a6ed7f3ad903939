package unittest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"slowburn/internal/diag"
)

// testdata is promtool's, on this machine.
func testdata(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/prometheus/prometheus").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "cmd", "promtool", "testdata")
}

// loadBeside loads rule files beside the test file.
func loadBeside(f *File, pattern string) ([]*diag.Source, error) {
	if !filepath.IsAbs(pattern) {
		pattern = filepath.Join(filepath.Dir(f.Source.Name), pattern)
	}
	names, err := filepath.Glob(pattern)
	var sources []*diag.Source
	for _, name := range names {
		text, failed := os.ReadFile(name)
		err = errors.Join(err, failed)
		sources = append(sources, &diag.Source{Name: name, Text: text})
	}
	return sources, err
}

// TestConformance runs promtool's own unit tests, as its tests do.
func TestConformance(t *testing.T) {
	dir := testdata(t)
	for _, c := range []struct {
		name, file string
		run        []string
		ignore     bool
		fails      bool
		failed     string // tests, by name
		errors     string // kinds of findings, one for each assertion that fails
	}{
		{name: "passing", file: "unittest.yml"},
		{name: "long evaluation interval", file: "long-period.yml"},
		{name: "bad input series", file: "bad-input-series.yml", fails: true, failed: "unnamed#0", errors: "series-syntax"},
		{name: "bad PromQL", file: "bad-promql.yml", fails: true, failed: "unnamed#0", errors: "query-failed"},
		{name: "bad rules (syntax error)", file: "bad-rules-syntax-test.yml", fails: true, failed: "unnamed#0", errors: "promql-syntax"},
		{name: "bad rules (error evaluating)", file: "bad-rules-error-test.yml", fails: true, failed: "unnamed#0", errors: "rule-failed"},
		{name: "simple failing test", file: "failing.yml", fails: true, failed: "Failing test, Failing alert test", errors: "wrong-samples unknown-alert wrong-alerts wrong-alerts"},
		{name: "@ modifier", file: "at-modifier-test.yml"},
		{name: "negative offset", file: "negative-offset-test.yml"},
		{name: "no test group interval", file: "no-test-group-interval.yml"},
		{name: "start time", file: "start-time-test.yml"},
		{name: "all without run", file: "rules_run.yml", fails: true, failed: "wrong test", errors: "wrong-samples"},
		{name: "all with run", file: "rules_run.yml", run: []string{"correct", "wrong"}, fails: true, failed: "wrong test", errors: "wrong-samples"},
		{name: "correct", file: "rules_run.yml", run: []string{"correct"}},
		{name: "wrong", file: "rules_run.yml", run: []string{"wrong"}, fails: true, failed: "wrong test", errors: "wrong-samples"},
		{name: "extra fields", file: "rules_run_extrafields.yml", ignore: true},
		{name: "extra fields not ignored", file: "rules_run_extrafields.yml", fails: true, failed: "extra ownership field test", errors: "unknown-key unknown-key"},
		{name: "precise comparison", file: "rules_run_no_fuzzy.yml", fails: true, failed: "correct fuzzy match", errors: "wrong-samples wrong-samples"},
		{name: "fuzzy match", file: "rules_run_fuzzy.yml", run: []string{"correct"}},
		{name: "wrong fuzzy match", file: "rules_run_fuzzy.yml", run: []string{"wrong"}, fails: true, failed: "wrong fuzzy match", errors: "wrong-samples wrong-samples"},
	} {
		opts := Options{Load: loadBeside, IgnoreUnknownFields: c.ignore, IgnoreGroupIntervals: true}
		if c.run != nil {
			opts.Run = regexp.MustCompile(strings.Join(c.run, "|"))
		}
		name := filepath.Join(dir, c.file)
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		result, err := Run(context.Background(), []*File{Read(&diag.Source{Name: name, Text: text})}, opts)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var failed, kinds []string
		findings := result.Files[0].Findings
		for _, test := range result.Files[0].Tests {
			findings = append(findings, test.Findings...)
			if test.Failed() {
				failed = append(failed, test.Name)
			}
		}
		for _, f := range findings {
			if f.Severity() == diag.Error {
				kinds = append(kinds, f.Kind.Name)
			}
		}
		if result.Failed() != c.fails || strings.Join(kinds, " ") != c.errors || strings.Join(failed, ", ") != c.failed {
			t.Errorf("%s: failed: %v, tests %q, want %q\n%s", c.name, result.Failed(), failed, c.failed, shown(t, result))
		}
	}
}

// shown are all findings of a result as they are printed.
func shown(t testing.TB, result *Result) string {
	t.Helper()
	var b strings.Builder
	for _, f := range result.Files {
		all := f.Findings
		for _, test := range f.Tests {
			if test.NotRun != "" {
				b.WriteString(test.Name + " not run: " + test.NotRun + "\n")
			}
			all = append(all, test.Findings...)
		}
		if err := diag.WriteText(&b, all, false); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}
