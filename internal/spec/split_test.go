package spec

import (
	"bytes"
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
	"groups:\n- a: |2-\n      x\n    y\n- b: |2\n    x\n", "groups:\n  - a: |2\n      x\n  - b: |2\n     x\n",
	"groups:\n- a\n<<:\n- ", "groups:\n- a: ü–x\n  ü: b\n- b: '…'\n",
	"groups:\n- a: x\n    y z\n   - w\n- b: 1\n", "groups:\n- a: x\n    y: z\n- b: 1\n", "groups:\n- a: x\n    # y\n- b: x\n    #y\n    z\n", "groups:\n- x\n  y\n- z\n   'w'\n", "groups:\n- a: x \n    y\n- b: x\n\n    y\n",
	"groups:\n- a: true\n    x\n- b: 1\n    2\n- c: 'x'\n    y\n", "groups:\n- a: x\n   \n- b: y\n    z:\n", "groups:\n- a: x{\n    y}\n- b: x\n    |\n    >\n- c: [x\n    y]\n", "groups:\n- a: x\n  y\n- b: 1\n",
	// What is read by lines, or must not be.
	"groups:\n- a: x: y\n- b: 2\n", "groups:\n- a: x:\n- b: 2\n", "groups:\n- a: x #y\n- b: x#y\n- c: # z\n", "groups:\n- a: true\n  b: 'true'\n- c: True\n  d: null\n  e: ~\n",
	"groups:\n- a: 1_0\n  b: 0x1f\n- c: 2024-01-01\n  d: 1e3\n- e: .inf\n  f: -.5\n", "groups:\n- a: 'it''s'\n  b: 'x'y'\n- c: \"x\"\n  d: \"\\n\"\n", "groups:\n- a: ''\n  b: \"\"\n- c: ''''\n",
	"groups:\n- 1: a\n  true: b\n- null: c\n", "groups:\n- a: |\n    x\n     y\n\n    z\n- b: |-\n    x\n\n\n", "groups:\n- a: |\n\n    x\n- b: |-\n  x\n", "groups:\n- a: |\n    x\n   \n    y\n- b: 1\n",
	"groups:\n- a: |\n    x\n     \n    y\n- b: |\n    # x\n  # y\n", "groups:\n- a: |\n      x\n    y\n- b: 1\n", "groups:\n- a: x\n    y\n- b: 1\n", "groups:\n- a: x\n# c\n  b: y\n  # d\n- c: 1\n",
	"groups:\n- a:\n  - b\n  - c\n- d:\n    e: f\n   g: h\n", "groups:\n- a:\n    b: c\n  d: e\n- f: g\n", "groups:\n- a: \n    b: c\n- \"x\": 1\n", "groups:\n-   a: 1\n    b: 2\n-   c: 3\n", "groups:\n- a : 1\n- b:  2\n- c: 3 \n",
	"groups:\n- a: -\n- b: -x\n- c: --\n- d: - e\n", "groups:\n- a:b\n- c:d: e\n- f\n", "groups:\n- a: (x) / y\n  b: {x}\n- c: $x\n", "---\ngroups:\n- a: 1\n- b: 2\n", "groups:\n- a: 1\n- b: 2\n\n# end\n", "groups:\n  - a: 1\n- b: 2\n",
	"groups:\n- a: <<\n  <<: b\n- b: =\n- c: ~\n", "groups:\n- a: x\n b: y\n- c: z\n", "groups:\n- a:\n- - b\n", "groups:\n- a: x\n- b: |\n    y",
	"groups:\n- a: 1\n  'a': 2\n- b: 1\n", "groups:\n- 'a': 1\n  \"a\": 2\n- b: 1\n", "groups:\n- a: 1\n- b: 1\ngroups: \n- c: 1\n- d: 1\n", "groups:\n- a: 1\n[x]: \n- c: 1\n- d: 1\n", "---\n---\ngroups:\n- a: 1\n- b: 2\n", "---\n# x\n---\n\ngroups:\n- a: 1\n- b: 2\n",
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
		f.Add(text[:bytes.LastIndexByte(text[:min(len(text), maxFuzzed)], '\n')+1])
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > maxFuzzed { // of large ones the fuzzer looks for a smaller one, for minutes
			t.Skip()
		}
		compareReaders(t, text)
	})
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
		src.Line(1) // so that both have their lines found
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
		"- a: x" + strings.Repeat("\n    y", 2*maxLines) + "\n- b: z\n", "- a: &x 1\n- b: 2\n",
		strings.Repeat("- {a: 1}\n", 50), "- a: &x 1\n- b: 2\n", "- a: 1\n  a: 2\n- b: 3\n", "- a: 'b\n- c'\n- d: 2\n",
	} {
		if got, want := compareReaders(t, []byte("# generated\n---\n\ngroups:\n"+text)), i%2 == 0; got != want {
			t.Errorf("read in pieces: %v\n%s", got, text)
		}
	}
}

// What generators print is read by lines, without the parser.
func TestReadLines(t *testing.T) {
	names, err := filepath.Glob("../../golden/*/prometheus/*-burnrate.rules.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no rule files:", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		src := &diag.Source{Name: name, Text: text}
		b := builder{src: src, report: new(diag.Report)}
		got := b.readLines(text, 1, true)
		if got == nil {
			t.Errorf("%s is for the parser", name)
			continue
		}
		if want := ReadYAML(src, new(diag.Report)); !reflect.DeepEqual([]*Value{got}, want) {
			t.Errorf("%s: other values", name)
		}
	}
}
