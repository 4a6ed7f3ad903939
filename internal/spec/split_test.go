package spec

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"slowburn/internal/diag"
)

// lists are texts that are cut, or must not be.
var lists = []string{
	"groups:\n- a: 1\n- b: 2\n- c: 3\n",
	"# x\n---\n# y\ngroups:\n  # z\n  - a: |\n      text\n\n      - no item\n  - b: 2\n  - c: 3",
	"groups:\n- a: 'x\n- b: y'\n- c: 3\n", "groups:\n- a: \"x\n- b: y\n", "groups:\n- a: [x,\n- b: y]\n", "groups:\n- a: {x: y\n- b: 1\n",
	"groups:\n- &a {x: 1}\n- *a\n- b: 2\n", "groups:\n- a: &x 1\n- b: *x\n- a: &x 2\n- c: *x\n", "groups:\n- a: 1\n---\n- b: 2\n", "groups:\n- a: 1\n...\n- b: 2\n",
	"groups:\n- a: 1\n- b: 2\nother:\n- c: 3\n", "groups:\n  - a: 1\n  - b: 2\nother: 3\n", "groups:\n  - a: 1\n - b: 2\n", "groups:\n- a: 1\n  a: 2\n- b: 1\n  b: 2\n",
	"groups:\n- a:\n- b:\n  - c:\n  - d:\n- ? e\n- ? f\n", "groups:\n- \n- a:\n", "groups:\n- - a\n- - b\n  - c\n", "groups:\n- a: |+\n    x\n\n\n- b: >-\n    y\n    z\n\n- c: |2\n      w\n",
	"groups:\n- <<: {a: 1}\n- <<: 5\n- !!int a\n- !!int b\n", "groups:\n- a\n  b\n- c\n d\n- e\n", "groups:\r\n- a: 1\r\n- b: 2\r\n", "groups:\n- a: \u2028 x\n- b: 2\n",
	"%YAML 1.1\n---\ngroups:\n- a: 1\n- b: 2\n", "groups:\n- {a: 1} # x\n# y\n- {b: 2}\n\t\n- c: 3\n", "groups:\n-\ta: 1\n- b: 2\n", "groups:\n- a: 1\n-\n- b: 2\n- \n",
	"\xef\xbb\xbfgroups:\n- a: ü\n- b: 2\n- [ö]: 3\n",
}

// FuzzPieces holds that a text read in pieces is what it is read as a whole:
// the same values at the same places, the same findings.
func FuzzPieces(f *testing.F) {
	for _, text := range lists {
		f.Add([]byte(text))
	}
	names, err := filepath.Glob("../../golden/*/prometheus/*.rules.yaml")
	if err != nil || len(names) == 0 {
		f.Fatal("no rule files:", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) { compareReaders(t, text) })
}

// compareReaders tells whether the text was read in pieces.
func compareReaders(t *testing.T, text []byte) bool {
	t.Helper()
	read := func(min, size int) (docs []*Value, findings []diag.Finding, ok bool) {
		defer func(min, size int) { minSplit, pieceSize = min, size }(minSplit, pieceSize)
		minSplit, pieceSize = min, size
		var r diag.Report
		src := &diag.Source{Name: "x.yaml", Text: text}
		_, ok = readPieces(src, new(diag.Report))
		docs = ReadYAML(src, &r)
		return docs, r.Findings(), ok
	}
	docs, findings, _ := read(len(text)+1, 1)
	inPieces, same, ok := read(0, 1)
	if !reflect.DeepEqual(docs, inPieces) {
		t.Errorf("other values in pieces of\n%s", text)
	}
	if !reflect.DeepEqual(findings, same) {
		t.Errorf("in pieces of\n%s\n%v\nas a whole\n%v", text, same, findings)
	}
	return ok
}

// Rule files as they are generated are read in pieces, also those with findings.
func TestPieces(t *testing.T) {
	for i, text := range []string{
		strings.Repeat("- {a: 1}\n", 50), "- a: &x 1\n- b: 2\n", "- a: 1\n  a: 2\n- b: 3\n", "- a: 'b\n- c'\n- d: 2\n",
	} {
		if got, want := compareReaders(t, []byte("# generated\n---\n\ngroups:\n"+text)), i%2 == 0; got != want {
			t.Errorf("read in pieces: %v\n%s", got, text)
		}
	}
}
