package spec

import (
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"slowburn/internal/diag"
)

// maxFuzzed bounds fuzzed texts: looking at every offset takes the square of it.
const maxFuzzed = 4 << 10

// yamlSeeds are texts of every style, and of what YAML makes difficult.
var yamlSeeds = []string{
	"",
	"# only a comment\n",
	"apiVersion: slowburn/v1\nkind: Service\nname: veza\nslos:\n  - {name: a, objective: 99.5%}\n",
	"a: 'it''s'\nb: \"\\x41\\u00e9\\U0001F600 \\\n  x\\n\\\"\"\n",
	"a: |\n  x\n   y\n\nb: |2-\n    x\n  y\nc: >+\n  x\n  y\n\n   z\n\n",
	"a: x y\n  z\n\n  é日\nb: 'x\n\n  y '\nc: \"x  \n  y\\\n\n  z\"\n",
	"a: &x {b: 1, <<: {c: 2}}\nd: *x\ne: {<<: [*x, {f: 3}]}\n",
	"a: !!str &n 'x'\nb: !custom |\n  y\nc: &e\nd: *e\n",
	"\ufeffa: 1\r\nb:\r\n- x\r\n- 'y\r\n  z'\r\nc: >\r\n  x\r\n  y\r\n",
	"a: x\u2028y\rb: 'x\u0085 y'\n# \u2029\nc: \"\u2028\"\n",
	"&a [*a, *a]\n",
	"a:\n\tb: 1\n",
	"? [a]\n: {b: c}\n? |\n  x\n: y\n",
	"{\"a\": [1, 2.5, true, null], \"b\": {{ .x }}}",
	"--- 'a'\n...\n--- |\n x\n--- # c\n...\n%YAML 1.1\n---\n>1\n  x\n",
	strings.Repeat("[", 100),
	strings.Repeat("- ", 100),
	"a: \"x",
	"a: &b:c", // the anchor b, then the text :c
	">\n 0\r",
	"?",
	"\xff\xfe",
	"a\x00b",
}

// FuzzReadYAML holds that reading never panics, that findings and values stand
// inside of the source, and that every character of a scalar stands where the
// source has it.
func FuzzReadYAML(f *testing.F) {
	for _, s := range yamlSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxFuzzed {
			t.Skip()
		}
		src := &diag.Source{Name: "slo.yaml", Text: []byte(text)}
		var r diag.Report
		docs := ReadYAML(src, &r)
		for _, found := range r.Findings() {
			if found.Pos.Line > 0 {
				checkInside(t, src, found.Pos, found.Text())
			}
		}
		seen := map[*Value]bool{}
		for _, doc := range docs {
			checkScalars(t, src, doc, seen)
		}
	})
}

// checkScalars looks at the first scalars of a document: aliases make many of few.
func checkScalars(t *testing.T, src *diag.Source, v *Value, seen map[*Value]bool) {
	if seen[v] || len(seen) > 1000 {
		return
	}
	seen[v] = true
	checkInside(t, src, v.Pos, v.Text)
	for i := range len(v.Text) + 1 {
		p := v.Sub(i, i+1)
		checkInside(t, src, p, v.Text)
		if i < len(v.Text) && utf8.RuneStart(v.Text[i]) {
			checkCharacter(t, src, p, v, i)
		}
	}
	for _, item := range v.Items() {
		checkScalars(t, src, item, seen)
	}
	for _, field := range v.Fields() {
		checkScalars(t, src, field.Key, seen)
		checkScalars(t, src, field.Value, seen)
	}
}

func checkInside(t *testing.T, src *diag.Source, p diag.Pos, what string) {
	t.Helper()
	lines := strings.Count(string(src.Text), "\n") + 1
	if p.Line < 1 || p.Line > lines || p.Col < 1 || p.Col > utf8.RuneCountInString(src.Line(p.Line))+1 {
		t.Fatalf("%q: %d:%d is outside of the source", what, p.Line, p.Col)
	}
}

// checkCharacter holds that p, where v.Text[i] is said to stand, has that
// character, or what stands for it.
func checkCharacter(t *testing.T, src *diag.Source, p diag.Pos, v *Value, i int) {
	t.Helper()
	want, _ := utf8.DecodeRuneInString(v.Text[i:])
	rest := src.Text[src.Offset(p.Line, p.Col):]
	got, _ := utf8.DecodeRune(rest)
	escaped := v.style == doubleQuoted && got == '\\'
	ended := (want == ' ' || want == '\n' || want == '\u2028' || want == '\u2029') &&
		(breakLen(rest[countBlanks(rest):]) > 0 || len(rest) == 0)
	if got != want && !escaped && !ended {
		t.Fatalf("%q[%d] is %q, at %d:%d stands %q", v.Text, i, want, p.Line, p.Col, got)
	}
}

// everyScalar has a field of every type that reads itself, and of every kind of
// Go type that Decode fills.
type everyScalar struct {
	Node
	Text     Text           `json:"text" jsonschema:"required"`
	Name     Name           `json:"name"`
	Ident    Ident          `json:"ident"`
	Duration Duration       `json:"duration"`
	Ratio    Ratio          `json:"ratio"`
	Count    Count          `json:"count"`
	Labels   Labels         `json:"labels"`
	Choices  Choices        `json:"choices"`
	Flag     bool           `json:"flag"`
	Pointer  *Text          `json:"pointer"`
	List     []Ratio        `json:"list"`
	Map      map[Name]Count `json:"map"`
	Self     *everyScalar   `json:"self"`
}

// FuzzDecode holds that decoding never panics, that what it accepts is within
// bounds, and that what it refuses is reported.
func FuzzDecode(f *testing.F) {
	for _, s := range yamlSeeds {
		f.Add(s)
	}
	for _, s := range []string{
		"{text: x, name: a-b, ident: A_b, duration: 1h30m, ratio: 99.5%, count: 7, flag: true}",
		"{labels: {a: b, __c: d}, choices: {a: b, c: [d, e], f: []}, pointer: x, list: [0.5, 1, 100%], map: {a: 1}}",
		"self: {self: {text: 5, name: ../x, ident: '{{', duration: -1s, ratio: 1e999999999, count: 1e9}}",
		"{duration: 99999999999999y, ratio: 0.99999999999999999999, count: 0x7fffffffffffffff, list: [.inf, .nan, 1e-400, '1e9%']}",
		"{text: \"a\\u0085b\", name: null, labels: {a: null}, choices: [a], map: {a: b, a: c}, unknwon: 1}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxFuzzed {
			t.Skip()
		}
		docs, _ := readText(text)
		for _, doc := range docs {
			var r diag.Report
			var into everyScalar
			Decode(doc, &into, &r)
			checkBounds(t, &into)
			if len(r.Findings()) == 0 && into.Text.Value() == nil {
				t.Errorf("%s: a mandatory key is missing, and nobody says so", show(doc))
			}
			for _, found := range r.Findings() {
				if strings.ContainsAny(found.Message, "\n\r") {
					t.Errorf("a finding on two lines: %q", found.Message)
				}
			}
			DecodeOverlay(doc, new(everyScalar), &r)
			Merge(doc, doc)
		}
	})
}

func checkBounds(t *testing.T, s *everyScalar) {
	if s.Name.Text != "" && !IsName(s.Name.Text) {
		t.Errorf("%q is accepted as a name", s.Name.Text)
	}
	if s.Duration.Duration < 0 {
		t.Errorf("a negative duration: %s", s.Duration)
	}
	for _, q := range append(s.List, s.Ratio) {
		// Texts of six digits and percent, fifteen behind the point.
		if q.IsSet() && (q.Sign() < 0 || q.Num().BitLen() > 80 || q.Denom().BitLen() > 64) {
			t.Errorf("a share of %s", q.Rat)
		}
	}
	if s.Count.N < 0 || s.Count.N > maxCount {
		t.Errorf("a count of %d", s.Count.N)
	}
	if s.Self != nil {
		checkBounds(t, s.Self)
	}
}

// FuzzJsonnetPosition holds that whatever is wrong with a program, the finding
// stands inside of one of its files. The programs are those that do not run: an
// endless one would end the test, which is why the program has a process for them.
func FuzzJsonnetPosition(f *testing.F) {
	for _, s := range []string{
		"", "{", "{a: }", "{a: 'é', b: x}", "import '../x'", "(import 'lib.libsonnet').broken", "error 'x'",
		"{a: error 'é'}", "{a: 1, a: 2}", "\"\\q\"", "|||\n  x", "/* é", "{[null]: 1}", "assert false; {}", "import 'broken.libsonnet'",
		"[{a: 1}, 5, null]", "{a: [1e3, true, null, '\\u2028']}", "std.join(5, 6)",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, program string) {
		if len(program) > maxFuzzed || strings.ContainsAny(program, "(%") && !strings.HasPrefix(program, "(import 'lib") {
			t.Skip("might not end, or fill the memory: that takes calls and formats")
		}
		files := fstest.MapFS{
			"spec.jsonnet":     {Data: []byte(program)},
			"lib.libsonnet":    {Data: []byte("{\n  broken: error 'é',\n}\n")},
			"broken.libsonnet": {Data: []byte("{\n  é: 1,\n}\n")},
		}
		src := &diag.Source{Name: "spec.jsonnet", Text: []byte(program)}
		var r diag.Report
		docs := ReadJsonnet(src, files, "spec.jsonnet", EvaluateJsonnet, &r)
		for _, found := range r.Findings() {
			if found.Pos.Line > 0 {
				checkInside(t, found.Pos.Source, found.Pos, found.Text())
			}
		}
		for _, doc := range docs {
			if doc.Kind != Map {
				t.Errorf("%s is a document", show(doc))
			}
		}
	})
}
