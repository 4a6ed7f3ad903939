package check

import (
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// duplicatesUpstream counts the rules that promtool's lint finds duplicated, in
// its own way: it sorts them and counts each once, however often it stands there.
// promtool has this in a package that cannot be imported.
func duplicatesUpstream(text []byte) int {
	groups, _ := parseUpstream(text)
	count := map[string]int{}
	for _, g := range groups.Groups {
		for _, r := range g.Rules {
			set := maps.Clone(g.Labels)
			if set == nil {
				set = map[string]string{}
			}
			maps.Copy(set, r.Labels)
			name := r.Record
			if r.Alert != "" {
				name = r.Alert
			}
			count[name+labels.FromMap(set).String()]++
		}
	}
	duplicates := 0
	for _, n := range count {
		if n > 1 {
			duplicates++
		}
	}
	return duplicates
}

// duplicatesHere counts the rules that duplicate-rule finds duplicated, each once.
func duplicatesHere(text []byte) (int, bool) {
	var r diag.Report
	src := &diag.Source{Name: "rules.yaml", Text: slices.Clone(text)}
	var files []*rulefile.File
	for _, doc := range spec.ReadYAML(src, &r) {
		files = append(files, rulefile.Read(src, doc, &r)...)
	}
	if r.HasErrors() {
		return 0, false
	}
	first := map[string]bool{}
	for _, f := range Run(files, Options{}) {
		if f.Kind == &duplicateRule.Kind {
			_, at, _ := strings.Cut(f.Message, " stands already at ")
			first[at] = true
		}
	}
	return len(first), true
}

// ruleFiles are the rule files in the test data of promtool, of Prometheus' reader
// and of its rule manager, and the fixtures here.
func ruleFiles(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/prometheus/prometheus").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var names []string
	top := strings.TrimSpace(string(out))
	for _, dir := range []string{filepath.Join(top, "cmd/promtool/testdata"), filepath.Join(top, "model/rulefmt/testdata"), filepath.Join(top, "rules/fixtures"), "testdata"} {
		err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && slices.Contains([]string{".yml", ".yaml"}, filepath.Ext(p)) {
				names = append(names, p)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return slices.DeleteFunc(names, func(name string) bool {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, errs := parseUpstream(text)
		_, ok := duplicatesHere(text)
		return len(errs) > 0 || !ok
	})
}

// TestDuplicates holds that duplicate-rule finds what promtool's lint of that name does.
func TestDuplicates(t *testing.T) {
	found := 0
	for _, name := range ruleFiles(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := duplicatesHere(text)
		if want := duplicatesUpstream(text); got != want {
			t.Errorf("%s: %d duplicated rules, promtool has %d", name, got, want)
		}
		found += got
	}
	if found < 5 {
		t.Errorf("only %d duplicated rules in all files; where are promtool's?", found)
	}
}

var promtoolVerdict = regexp.MustCompile(`(?m)^Checking (.*)\n(?:time=.*\n)?  (?:SUCCESS: |FAILED:\nlint error (\d+) duplicate rule)`)

// TestDuplicatesOfPromtool holds the same against the promtool that PROMTOOL names.
func TestDuplicatesOfPromtool(t *testing.T) {
	promtool := os.Getenv("PROMTOOL")
	if promtool == "" {
		t.Skip("PROMTOOL names no promtool; make test does")
	}
	names := ruleFiles(t)
	out, _ := exec.Command(promtool, append([]string{"check", "rules", "--lint=duplicate-rules"}, names...)...).CombinedOutput()
	want := map[string]string{}
	for _, m := range promtoolVerdict.FindAllStringSubmatch(string(out), -1) {
		want[m[1]] = m[2]
		if m[2] == "" {
			want[m[1]] = "0"
		}
	}
	if len(want) != len(names) {
		t.Fatalf("promtool says something about %d of %d files", len(want), len(names))
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := duplicatesHere(text); strconv.Itoa(got) != want[name] {
			t.Errorf("%s: %d duplicated rules, promtool has %s", name, got, want[name])
		}
	}
}
