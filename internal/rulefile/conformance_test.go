package rulefile

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"slowburn/internal/diag"
)

// prometheusFolder is where the source of Prometheus is on this machine.
func prometheusFolder(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/prometheus/prometheus").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.TrimSpace(string(out))
}

// yamlFiles are the YAML files below a folder.
func yamlFiles(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && slices.Contains([]string{".yml", ".yaml"}, filepath.Ext(p)) {
			files = append(files, p)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestConformance compares the verdicts on every YAML file of Prometheus' own
// source: the test data of promtool, of its reader and of its rule manager, its
// examples, and all that is no rule file.
func TestConformance(t *testing.T) {
	top := prometheusFolder(t)
	loaded := 0
	for _, name := range yamlFiles(t, top) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		short, err := filepath.Rel(top, name)
		if err != nil {
			t.Fatal(err)
		}
		compareVerdicts(t, short, text)
		if groups, errs, _ := parseUpstream(text); len(errs) == 0 && len(groups) > 0 {
			loaded++
		}
	}
	if loaded < 20 {
		t.Errorf("only %d files of Prometheus' are rule files that load; where are the others?", loaded)
	}
}

var promtoolVerdict = regexp.MustCompile(`(?m)^Checking (.*)\n(?:  SUCCESS: (\d+) rules found)?`)

// TestPromtool compares the verdicts with those of the promtool that PROMTOOL
// names, on promtool's test data and on the tricky files.
func TestPromtool(t *testing.T) {
	promtool := os.Getenv("PROMTOOL")
	if promtool == "" {
		t.Skip("PROMTOOL names no promtool; make test does")
	}
	names := yamlFiles(t, filepath.Join(prometheusFolder(t), "cmd", "promtool", "testdata"))
	dir := t.TempDir()
	for i, text := range append(whole, good) {
		name := filepath.Join(dir, fmt.Sprintf("%03d.yaml", i))
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	// It exits with 1, since some of the files are refused, and says on stderr why.
	out, _ := exec.Command(promtool, append([]string{"check", "rules", "--lint=none"}, names...)...).Output()
	verdicts := promtoolVerdict.FindAllStringSubmatch(string(out), -1)
	if len(verdicts) != len(names) {
		t.Fatalf("promtool says something about %d of %d files", len(verdicts), len(names))
	}
	for i, m := range verdicts {
		text, err := os.ReadFile(names[i])
		if err != nil {
			t.Fatal(err)
		}
		files, findings := read(text)
		if !compared(text, findings) {
			continue
		}
		refused := slices.ContainsFunc(findings, func(f diag.Finding) bool { return f.Severity() == diag.Error })
		rules := 0
		for _, f := range files {
			rules += len(f.Rules())
		}
		if want := m[2] == ""; refused != want || !refused && strconv.Itoa(rules) != m[2] {
			t.Errorf("%s: refused: %v with %d rules\n%s\npromtool: %s\n%s", names[i], refused, rules, printed(findings), m[0], text)
		}
	}
}
