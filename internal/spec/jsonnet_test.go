package spec

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
)

// folder is a spec folder: main is the program, the rest is what it may import.
func folder(main string) fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"slo.jsonnet":          main,
		"lib.libsonnet":        "{\n  name: 'lib',\n  é: 1,\n}\n", // é does not parse
		"good.libsonnet":       "{ name: 'good', sub: import 'sub/up.libsonnet' }\n",
		"sub/up.libsonnet":     "{ name: (import '../name.libsonnet') }\n",
		"sub/escape.libsonnet": "import '../../secret'\n",
		"name.libsonnet":       "'name'\n",
		"fails.libsonnet":      "{\n  local e = 'é', broken: e + error 'it broke',\n}\n",
		"my lib (1).libsonnet": "{\n  broken: error 'it broke',\n}\n",
		"text.txt":             "a text",
		"recursive.libsonnet":  "import 'recursive.libsonnet'",
		"deep.libsonnet":       "local nest(n) = if n == 0 then 1 else { a: nest(n - 1) }; nest(100)",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

func readProgram(program string) ([]*Value, *diag.Report) {
	var r diag.Report
	src := &diag.Source{Name: "specs/veza/slo.jsonnet", Text: []byte(program)}
	return ReadJsonnet(src, folder(program), "slo.jsonnet", EvaluateJsonnet, &r), &r
}

func TestReadJsonnet(t *testing.T) {
	for _, c := range []struct {
		name, program string
		want          []string
	}{
		{"an object", "{ b: 'x', a: [1, true, null] }", []string{`{"a": [1, true, null], "b": "x"}`}},
		{"a list of objects", "[{ a: i } for i in [1, 2]]", []string{`{"a": 1}`, `{"a": 2}`}},
		{"an empty list", "[]", nil},
		{"nothing", "null", nil},
		{"a document that is nothing is left out", "[{ a: 1 }, if false then { b: 2 }]", []string{`{"a": 1}`}},
		{"imports within the folder", "import 'good.libsonnet'", []string{`{"name": "good", "sub": {"name": "name"}}`}},
		{"the text of a file", "{ a: importstr 'text.txt' }", []string{`{"a": "a text"}`}},
		{"up and down again", "{ a: import 'sub/../name.libsonnet' }", []string{`{"a": "name"}`}},
		{"hidden fields stay hidden", "{ a:: 1, b: self.a }", []string{`{"b": 1}`}},

		// What YAML's parser would refuse or change.
		{"a long key", "{ [std.repeat('x', 2000)]: 1 }", []string{`{"` + strings.Repeat("x", 2000) + `": 1}`}},
		{"line separators", `{ a: "x \u2028 \u0085 \n y" }`, []string{`{"a": "x \u2028 \u0085 \n y"}`}},
		{"odd characters", `{ a: "\ufffe\u0001\u007f" }`, []string{`{"a": "\ufffe\x01\x7f"}`}},
		{"a merge key is a key", "{ '<<': { a: 1 } }", []string{`{"<<": {"a": 1}}`}},
		{"texts that look like others", "{ '5': 'true', 'null': '7' }", []string{`{"5": "true", "null": "7"}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			docs, r := readProgram(c.program)
			if diff := cmp.Diff(c.want, showAll(docs)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if found := list(r); len(found) > 0 {
				t.Errorf("findings: %q", found)
			}
		})
	}
}

func TestReadJsonnetFindings(t *testing.T) {
	const file = "specs/veza/slo.jsonnet"
	for _, c := range []struct {
		name, program, want string
	}{
		{"an empty program", "", file + ":1:1: Unexpected end of file (jsonnet)"},
		{"a syntax error", "{\n  a: 1,\n  b: }\n", file + `:3:6: Unexpected: "}" while parsing terminal (jsonnet)`},
		{"an unknown variable", "{\n  a: x,\n}", file + ":2:6: Unknown variable: x (jsonnet)"},
		{"a character that does not belong", "{ é: 1 }", file + `:1:3: Could not lex the character '\u00e9' (jsonnet)`},
		{"a text that does not end", "{\n  a: 'x\n}", file + ":2:6: Unterminated String (jsonnet)"},
		{"a field twice", "{\n  a: 1,\n  a: 2,\n}", file + ":3:3: Duplicate field: a (jsonnet)"},
		{"an error of its own", "{\n  a: error 'too bad',\n}", file + ":2:6: too bad (jsonnet)"},
		{"an error over several lines", "{\n  a: error 'too bad\\nbecause',\n}", file + ":2:6: too bad (jsonnet)"},
		{"an error that looks like a place", "{\n  a: error 'other.libsonnet:7:8 too bad',\n}", file + ":2:6: other.libsonnet:7:8 too bad (jsonnet)"},
		{"columns are characters", "{ a: 'é日', b: error 'too bad' }", file + ":1:15: too bad (jsonnet)"},
		{"columns are characters, before it runs", "{ a: 'é日', b: x }", file + ":1:15: Unknown variable: x (jsonnet)"},
		{"a field that does not exist", "{\n  a: { b: 1 }.c,\n}", file + ":2:6: Field does not exist: c (jsonnet)"},
		{"a failing assertion", "{\n  assert self.a > 5 : 'too small',\n  a: 1,\n}", file + ":2:3: too small (jsonnet)"},
		{"a failure within the standard library", "{\n  a: std.join(5, ['x']),\n}", file + ":2:6: join first parameter should be string or array, got number (jsonnet)"},
		{"a long message is cut", "error std.repeat('x', 1000)", file + ":1:1: " + strings.Repeat("x", 300) + "… (jsonnet)"},
		{"no JSON", "{ a: function(x) x }", file + ": couldn't manifest function as JSON (jsonnet)"},
		{"a program with parameters", "function(x) x", file + ": Missing argument: x (jsonnet)"},

		{"an import that does not parse", "{ a: import 'lib.libsonnet' }", `specs/veza/lib.libsonnet:3:3: Could not lex the character '\u00e9' (jsonnet)`},
		{"an import that fails", "{ a: (import 'fails.libsonnet').broken }", "specs/veza/fails.libsonnet:2:30: it broke (jsonnet)"},
		{"an import whose name has spaces", "{ a: (import 'my lib (1).libsonnet').broken }", "specs/veza/my lib (1).libsonnet:2:11: it broke (jsonnet)"},
		{"an import that does not exist", "{\n  a: import 'nope.libsonnet',\n}", file + ":2:6: open nope.libsonnet: file does not exist (jsonnet)"},
		{"an import from above", "{\n  a: import '../x',\n}", file + `:2:6: "../x" is outside of the spec folder (jsonnet)`},
		{"an import from above, by way of the folder", "{\n  a: import 'sub/../../x',\n}", file + `:2:6: "sub/../../x" is outside of the spec folder (jsonnet)`},
		{"an import from above, in an import", "import 'sub/escape.libsonnet'", `specs/veza/sub/escape.libsonnet:1:1: "../../secret" is outside of the spec folder (jsonnet)`},
		{"an absolute import", "import '/etc/passwd'", file + `:1:1: "/etc/passwd" is outside of the spec folder (jsonnet)`},
		{"the text of a file from above", "{ a: importstr '../secret' }", file + `:1:6: "../secret" is outside of the spec folder (jsonnet)`},
		{"the text of an absolute file", "{ a: importstr '/etc/passwd' }", file + `:1:6: "/etc/passwd" is outside of the spec folder (jsonnet)`},
		{"the bytes of a file from above", "{ a: importbin '../secret' }", file + `:1:6: "../secret" is outside of the spec folder (jsonnet)`},

		{"recursion without end", "local f(n) = 1 + f(n + 1);\n{\n  a: f(0),\n}", file + ":1:18: max stack frames exceeded (jsonnet)"},
		{"a file that imports itself", "import 'recursive.libsonnet'", "specs/veza/recursive.libsonnet:1:1: max stack frames exceeded (jsonnet)"},
		{"an object that contains itself", "local a = { b: a }; a", file + ": max stack frames exceeded (jsonnet)"},
		{"an object that nests too deep", "import 'deep.libsonnet'", file + ": the document nests deeper than 64 levels; yield something flatter (too-deep)"},

		{"a number", "5", file + ": the program yields a number where a document belongs; yield a map, or a list of maps (jsonnet)"},
		{"a text", "'x'", file + ": the program yields a text where a document belongs; yield a map, or a list of maps (jsonnet)"},
		{"a list in a list", "[{}, [{}]]", file + ": [1]: the program yields a list where a document belongs; yield a map, or a list of maps (jsonnet)"},
		{"a binary file", "\x00", file + ": the file is binary: byte 0 is zero; give a text file (not-text)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, r := readProgram(c.program)
			if diff := cmp.Diff([]string{c.want}, list(r)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestImportSnippet holds that a finding in an import shows the import's line.
func TestImportSnippet(t *testing.T) {
	_, r := readProgram("{ a: (import 'fails.libsonnet').broken }")
	var b strings.Builder
	if err := diag.WriteText(&b, r.Findings(), false); err != nil {
		t.Fatal(err)
	}
	want := `specs/veza/fails.libsonnet:2:30: it broke (jsonnet)
    2 |   local e = 'é', broken: e + error 'it broke',
      |                              ^
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestComputedPositions holds that computed values carry the path of their
// field, which a reader finds in the program, and no line, which it would not have.
func TestComputedPositions(t *testing.T) {
	object, _ := readProgram("{ slos: [{ name: 'x', objective: 2 }], 'a.b': 1 }")
	listed, _ := readProgram("[{}, { slos: [{ name: 'x' }] }]")
	slo := object[0].Get("slos").Items()[0]
	for _, c := range []struct {
		value *Value
		want  string
	}{
		{object[0], "specs/veza/slo.jsonnet"},
		{object[0].Get("slos"), "specs/veza/slo.jsonnet: slos"},
		{slo, "specs/veza/slo.jsonnet: slos[0]"},
		{slo.Get("objective"), "specs/veza/slo.jsonnet: slos[0].objective"},
		{slo.Fields()[0].Key, "specs/veza/slo.jsonnet: slos[0]"}, // a key stands where its map does
		{object[0].Get("a.b"), "specs/veza/slo.jsonnet: a.b"},
		{listed[1], "specs/veza/slo.jsonnet: [1]"},
		{listed[1].Get("slos").Items()[0].Get("name"), "specs/veza/slo.jsonnet: [1].slos[0].name"},
	} {
		if got := c.value.Pos.String(); got != c.want {
			t.Errorf("%s is at %s, want %s", show(c.value), got, c.want)
		}
		if c.value.Pos.Line != 0 || c.value.Sub(0, 1) != c.value.Pos {
			t.Errorf("%s has line %d, and %s within", show(c.value), c.value.Pos.Line, c.value.Sub(0, 1))
		}
	}
}

// TestComputedNumbers holds that Jsonnet's way of printing numbers, with
// seventeen digits, loses nothing that was written.
func TestComputedNumbers(t *testing.T) {
	for _, c := range []struct{ program, want string }{
		{"0.995", "199/200"},
		{"0.9995", "1999/2000"},
		{"0.1", "1/10"},
		{"0.07", "7/100"},
		{"99.5 / 100", "199/200"},
		{"1e-7", "1/10000000"},
		{"1", "1/1"},
		{"'99.5%'", "199/200"},
	} {
		docs, r := readProgram("{ v: " + c.program + " }")
		var q Ratio
		q.DecodeSpec(docs[0].Get("v"), r)
		if found := list(r); len(found) > 0 || q.Rat.String() != c.want {
			t.Errorf("%s is %s, want %s; %q", c.program, q.Rat, c.want, found)
		}
	}
}

// TestEvaluator holds what ReadJsonnet makes of an evaluator that fails in its
// own ways, as one in another process does.
func TestEvaluator(t *testing.T) {
	for _, c := range []struct {
		name string
		out  string
		err  error
		want string
	}{
		{"a failure without a place", "", &JsonnetError{Message: "the program does not end within 10s"}, "slo.jsonnet: the program does not end within 10s (jsonnet)"},
		{"another error", "", errors.New("no such process"), "slo.jsonnet: no such process (jsonnet)"},
		{"a place in a file that is gone", "", &JsonnetError{Message: "x", File: "gone", Line: 3, Col: 4}, "gone:3:4: x (jsonnet)"},
		{"a place in a file from above", "", &JsonnetError{Message: "x", File: "../../etc/passwd", Line: 1, Col: 1}, "../../etc/passwd:1:1: x (jsonnet)"},
		{"output that is cut off", `{"a": [1`, nil, "slo.jsonnet: the program does not yield JSON: EOF (jsonnet)"},
		{"no output", "", nil, "slo.jsonnet: the program does not yield JSON: EOF (jsonnet)"},
	} {
		var r diag.Report
		evaluate := func(fs.FS, string) (string, error) { return c.out, c.err }
		docs := ReadJsonnet(&diag.Source{Name: "slo.jsonnet", Text: []byte("{}")}, folder("{}"), "slo.jsonnet", evaluate, &r)
		if found := list(&r); len(docs) > 0 || len(found) != 1 || found[0] != c.want {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, found, c.want)
		}
	}
}
