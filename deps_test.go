// Package slowburn holds the tests that are about the project as a whole.
package slowburn

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// imports is who may import whom within the project: every package with all
// that it may use directly. Stages point back along the pipeline, never ahead;
// what judges and runs the output (check, simulate) knows no generator.
var imports = map[string][]string{
	"internal/pattern":   {},
	"internal/diag":      {"internal/pattern"},
	"internal/parallel":  {},
	"internal/spec":      {"internal/pattern", "internal/diag", "internal/parallel"},
	"internal/expr":      {"internal/diag", "internal/spec"},
	"slo":                {"internal/pattern", "internal/diag", "internal/parallel", "internal/spec", "internal/expr"},
	"alerts":             {"internal/pattern", "internal/diag", "internal/parallel", "internal/spec", "internal/expr", "slo"},
	"dashboards":         {"internal/diag", "internal/spec", "internal/expr", "slo", "alerts"},
	"generators":         {"internal/pattern", "internal/diag", "internal/spec", "internal/expr", "internal/parallel", "internal/runbook", "internal/simulate", "internal/routetest", "slo", "alerts", "dashboards"},
	"internal/rulefile":  {"internal/diag", "internal/parallel", "internal/spec", "internal/expr"},
	"internal/runbook":   {"internal/pattern", "internal/diag", "internal/spec"},
	"internal/amconfig":  {"internal/pattern", "internal/diag", "internal/spec"},
	"internal/routetest": {"internal/diag", "internal/spec", "internal/amconfig"},
	"internal/dashfile":  {"internal/pattern", "internal/diag", "internal/spec", "internal/expr"},
	"internal/crd":       {"internal/diag", "internal/spec"},
	"internal/check":     {"internal/pattern", "internal/diag", "internal/parallel", "internal/spec", "internal/expr", "internal/rulefile", "internal/runbook", "internal/dashfile", "internal/amconfig", "internal/crd", "slo", "alerts"},
	"internal/engine":    {"internal/diag", "internal/spec", "internal/expr", "internal/rulefile", "internal/engine/enginetest"},
	"internal/unittest":  {"internal/pattern", "internal/diag", "internal/spec", "internal/expr", "internal/rulefile", "internal/engine"},
	"internal/simulate":  {"internal/diag", "internal/parallel", "internal/spec", "internal/rulefile", "internal/expr", "internal/engine", "slo", "alerts"},
	"internal/mutate":    {"internal/diag", "internal/parallel", "internal/spec", "internal/expr", "internal/rulefile", "internal/engine", "internal/simulate", "internal/unittest"},
	"cmd/slowburn":       {"internal/pattern", "internal/diag", "internal/spec", "internal/expr", "internal/rulefile", "internal/runbook", "internal/dashfile", "internal/amconfig", "internal/crd", "internal/routetest", "internal/check", "internal/engine", "internal/simulate", "internal/unittest", "internal/mutate", "slo", "alerts", "dashboards", "generators"},
	".":                  {},

	// What the tests of the engine share with those in bench.
	"internal/engine/enginetest": {"internal/expr"},
}

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "tools" || d.Name() == "bench" || strings.HasPrefix(d.Name(), ".") && p != "."):
			return fs.SkipDir
		case filepath.Ext(p) != ".go":
			return nil
		}
		dir := filepath.ToSlash(filepath.Dir(p))
		seen[dir] = true
		allowed, ok := imports[dir]
		if !ok {
			t.Errorf("%s: package %s is not in the table of imports", p, dir)
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), p, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range file.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			own, ok := strings.CutPrefix(path, "slowburn/")
			if ok && !slices.Contains(allowed, own) && own != dir {
				t.Errorf("%s imports %s, which the table of imports does not allow", p, own)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir := range imports {
		if !seen[dir] {
			t.Errorf("the table of imports has %s, which does not exist", dir)
		}
	}
}
