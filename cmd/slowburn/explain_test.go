package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var kindName = regexp.MustCompile(`diag\.Kind\{\s*Name:\s*"([^"]+)"`)

// TestEverythingIsExplained holds the list of explained findings against the
// code: a kind of finding that nobody can look up is refused.
func TestEverythingIsExplained(t *testing.T) {
	explained := map[string]string{}
	for _, k := range kindsByName() {
		if _, twice := explained[k.Name]; twice {
			t.Errorf("%s is explained twice", k.Name)
		}
		explained[k.Name] = k.Doc
	}
	declared := map[string]bool{}
	err := filepath.WalkDir("../..", func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(p) != ".go" || strings.HasSuffix(p, "_test.go") {
			return err
		}
		text, err := os.ReadFile(p)
		for _, m := range kindName.FindAllStringSubmatch(string(text), -1) {
			declared[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range declared {
		doc, ok := explained[name]
		first, _, _ := strings.Cut(doc, "\n")
		if !ok {
			t.Errorf("%s can be found and is not explained", name)
		} else if !strings.HasSuffix(first, ".") {
			t.Errorf("%s: the documentation does not begin with a sentence: %q", name, first)
		}
	}
	for name := range explained {
		if !declared[name] {
			t.Errorf("%s is explained and cannot be found", name)
		}
	}
}
