package spec

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
)

// readText reads the documents of a YAML text. Findings come as
// line:col: text (kind).
func readText(text string) (docs []*Value, findings []string) {
	var r diag.Report
	docs = ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(text)}, &r)
	return docs, list(&r)
}

func list(r *diag.Report) []string {
	var found []string
	for _, f := range r.Findings() {
		found = append(found, fmt.Sprintf("%s: %s (%s)", strings.TrimPrefix(f.Pos.String(), "slo.yaml:"), f.Text(), f.Kind.Name))
	}
	return found
}

// readOne reads a text that is one document without findings.
func readOne(t *testing.T, text string) *Value {
	t.Helper()
	docs, findings := readText(text)
	if len(docs) != 1 || len(findings) > 0 {
		t.Fatalf("%d documents in %q, %q", len(docs), text, findings)
	}
	return docs[0]
}

// show writes a value in one line; texts are quoted, other scalars are not.
func show(v *Value) string {
	var parts []string
	switch v.Kind {
	case Map:
		for _, f := range v.Fields() {
			parts = append(parts, show(f.Key)+": "+show(f.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case List:
		for _, item := range v.Items() {
			parts = append(parts, show(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Null:
		return "null"
	case String:
		return strconv.Quote(v.Text)
	}
	return v.Text
}

func showAll(docs []*Value) []string {
	var shown []string
	for _, d := range docs {
		shown = append(shown, show(d))
	}
	return shown
}

func TestReadYAML(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"an empty file", "", nil},
		{"only comments", "# nothing\n\n# here\n", nil},
		{"empty documents are left out", "---\n---\na: 1\n---\n# nothing\n---\n~\n...\n", []string{`{"a": 1}`}},
		{"several documents", "a: 1\n---\n- b\n---\nc\n", []string{`{"a": 1}`, `["b"]`, `"c"`}},
		{"a byte-order mark", "\ufeffa: 1\n", []string{`{"a": 1}`}},
		{"nothing but a byte-order mark", "\ufeff", nil},
		{"CRLF", "a: 1\r\nb:\r\n  - x\r\n  - y\r\n", []string{`{"a": 1, "b": ["x", "y"]}`}},
		{"no line end at the end", "a: 1", []string{`{"a": 1}`}},
		{"kinds of scalars", "[1, -2.5, 1e3, 0x1f, true, False, null, ~, yes, on, 2020-01-02, '5', 1h]",
			[]string{`[1, -2.5, 1e3, 0x1f, true, False, null, null, "yes", "on", "2020-01-02", "5", "1h"]`}},
		{"a key without a value", "a:\nb: ''\n", []string{`{"a": null, "b": ""}`}},
		{"tags", "[!!str 5, !!int '5', !custom x]", []string{`["5", 5, "x"]`}},
		{"JSON with tabs", "{\n\t\"a\": 1,\n\t\"b\": [\n\t\ttrue\n\t]\n}\n", []string{`{"a": 1, "b": [true]}`}},
		{"an alias", "a: &x {b: 1}\nc: *x\n", []string{`{"a": {"b": 1}, "c": {"b": 1}}`}},
		{"a merge key adds what is not set", "a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n", []string{`{"a": {"b": 1, "c": 2}, "d": {"c": 3, "b": 1}}`}},
		{"of merged maps the first wins", "a: [&x {b: 1}, &y {b: 2, c: 3}]\nd: {<<: [*x, *y]}\n", []string{`{"a": [{"b": 1}, {"b": 2, "c": 3}], "d": {"b": 1, "c": 3}}`}},
		{"a quoted merge key is a key", "'<<': {b: 1}\n", []string{`{"<<": {"b": 1}}`}},
		{"nesting up to the bound", strings.Repeat("[", 64) + strings.Repeat("]", 64), []string{strings.Repeat("[", 64) + strings.Repeat("]", 64)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			docs, findings := readText(c.text)
			if diff := cmp.Diff(c.want, showAll(docs)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if len(findings) > 0 {
				t.Errorf("findings: %q", findings)
			}
		})
	}
}

const tabHelp = "indent with spaces: a tab is no indentation in YAML (yaml-syntax)"

func TestReadYAMLFindings(t *testing.T) {
	deep := "the document nests deeper than 1000 levels"
	expands := deep + ", or its aliases expand to more than 100000 values"
	flatter := "; write it flatter, or generate it with Jsonnet (too-deep)"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"a tab before the first key", "\ta: 1\n", []string{"1:1: found character that cannot start any token; " + tabHelp}},
		{"a tab below a key", "a: 1\nb:\n\tc: 2\n", []string{"3:1: found character that cannot start any token; " + tabHelp}},
		{"a tab after a value", "a: 1\n\tb: 2\n", []string{"2:1: found a tab character that violates indentation; " + tabHelp}},
		{"a tab after spaces", "a: 1\nb:\n  c: 1\n  \td: 2\n", []string{"4:3: found a tab character that violates indentation; " + tabHelp}},
		{"a tab in a list", "a:\n  - x\n\t- y\nb: 1\n", []string{"3:1: found a tab character that violates indentation; " + tabHelp}},
		{"a tab in a block of text", "a: 1\nb: |\n  x\n\ty\n", []string{"4:1: found a tab character where an indentation space is expected; " + tabHelp}},
		{"a tab is not at fault", "{\n\t\"a\": 1\n\t\"b\": 2\n}\n", []string{"2:2: did not find expected ',' or '}'; mend the syntax (yaml-syntax)"}},

		// The parser names the line where a construct begins; a reader needs the one that broke it.
		{"a key that is indented too little", "a: 1\nslos:\n  - name: x\n    objective: 1\n   bad: 2\nc: 3\n", []string{"5:4: did not find expected '-' indicator; mend the syntax (yaml-syntax)"}},
		{"an apostrophe", "a: 1\nb: 2\nc: 'it's'\nd: 3\n", []string{"3:1: did not find expected key; mend the syntax (yaml-syntax)"}},
		{"a bracket that is not closed", "a: 1\nb: 2\nc: [1, 2\nd: 3\ne: 4\n", []string{"3:1: did not find expected ',' or ']'; mend the syntax (yaml-syntax)"}},
		{"a quote that is not closed", "a: 1\nb: \"x\nc: 3\nd: 4\n", []string{"2:1: found unexpected end of stream; mend the syntax (yaml-syntax)"}},
		{"a colon in a text", "a: 1\nb: x: y\nc: 3\n", []string{"2:1: mapping values are not allowed in this context; mend the syntax (yaml-syntax)"}},
		{"a key without a colon", "a: 1\nb: c\nfoo\nd: 1\n", []string{"3:1: could not find expected ':'; mend the syntax (yaml-syntax)"}},
		{"an anchor that does not exist", "a: 1\nb: 2\nc: *nope\nd: 3\n", []string{"3:1: unknown anchor 'nope' referenced; mend the syntax (yaml-syntax)"}},
		{"a comment that was to be a text", "a: 1\nb: {c: {d: #x, e: 2}}\nf: 3\n", []string{"2:12: did not find expected ',' or '}'; quote the text: a # behind a space begins a comment, and what closes the braces is part of it (yaml-syntax)"}},
		{"a comment in an unfinished map", "a: {b: 1 # {one}\n\nc: 3\n", []string{"2:1: did not find expected ',' or '}'; mend the syntax (yaml-syntax)"}},
		{"a selector in braces", "a:\n  - {b: up{job=\"fresh\"}}\n", []string{`2:11: did not find expected ',' or '}'; quote the selector: 'up{job="fresh"}' (yaml-syntax)`}},
		{"documents that nothing separates", "apiVersion: v1\nkind: A\napiVersion: v1\nkind: B\nname: x\n", []string{`3:1: "apiVersion" is already set in line 1; write --- in a line of its own before it: a new document begins with --- (duplicate-key)`}},
		{"a no-break space", "a: 1\nb:\u00a02\nc: 3\n", []string{"2:3: could not find expected ':'; type a plain space: this one is a no-break space (U+00A0), which is no space in YAML (yaml-syntax)"}},
		{"a control character", "a: 1\nb: 2\nc: \x1b[31m\nd: 3\n", []string{"3:1: control characters are not allowed; mend the syntax (yaml-syntax)"}},
		{"a text that begins with @", "a: 1\nb: @x\n", []string{"2:1: found character that cannot start any token; mend the syntax (yaml-syntax)"}},
		{"a file in which the line is not searched", strings.Repeat("- x\n", 300_000) + "- @\n", []string{"300001:1: found character that cannot start any token; mend the syntax (yaml-syntax)"}},
		{"a later document", "a: 1\n---\nb: [\n", []string{"3:1: did not find expected node content; mend the syntax (yaml-syntax)"}},

		{"a key twice", "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", []string{`5:3: "c" is already set in line 3; keep one of the two (duplicate-key)`}},
		{"the same key in two ways of writing", "{a: 1, 'a': 2}", []string{`1:8: "a" is already set in line 1; keep one of the two (duplicate-key)`}},
		{"an unquoted template", "a: {{ .Values.a }}\nb: {{ .Values.b }}\n", []string{
			"1:5: a map cannot be a key; quote the text: { and [ begin maps and lists (wrong-type)",
			"2:5: a map cannot be a key; quote the text: { and [ begin maps and lists (wrong-type)",
		}},
		{"two lists as keys", "{[a]: 1, [b]: 2}", []string{
			"1:2: a list cannot be a key; quote the text: { and [ begin maps and lists (wrong-type)",
			"1:10: a list cannot be a key; quote the text: { and [ begin maps and lists (wrong-type)",
		}},

		{"a binary file", "\x7fELF\x00\x01", []string{"slo.yaml: the file is binary: byte 4 is zero; give a text file (not-text)"}},
		{"UTF-16", "\xff\xfea\x00", []string{"slo.yaml: the file is binary: byte 3 is zero; give a text file (not-text)"}},
		{"Latin-1", "a: 1\nb: é\xe9\n", []string{"2:5: the text is not UTF-8; save the file as UTF-8 (not-text)"}},
		{"a character that is cut off", "a: \xe2\x82", []string{"1:4: the text is not UTF-8; save the file as UTF-8 (not-text)"}},
		{"a line of more than a mebibyte", "a: 1\nb: " + strings.Repeat("x", 1<<20) + "\n", []string{"2:1: a line of 1024 KiB is longer than the 1024 KiB that a line may have; break the line (not-text)"}},

		{"a level too much", strings.Repeat("[", 1002) + strings.Repeat("]", 1002), []string{"1:1002: " + expands + flatter}},
		{"deep flow", "a: 1\nb: " + strings.Repeat("[", 100_000), []string{"2:1: " + deep + flatter}},
		{"deep flow maps", strings.Repeat("{a: ", 100_000), []string{"1:1: " + deep + flatter}},
		{"deep block", strings.Repeat("- ", 100_000), []string{"1:1: " + deep + flatter}},
		{"deep block over lines", deepBlock(1100), []string{"1001:1001: " + expands + flatter}},
		{"deep keys", strings.Repeat("? ", 100_000), []string{"1:1: " + deep + flatter}},
		{"a list that contains itself", "&a [*a]\n", []string{"1:5: " + expands + flatter}},
		{"a map that contains itself", "a: &a {b: *a}\n", []string{"1:4: " + expands + flatter}},
		{"a map that merges itself", "&a {<<: *a}\n", []string{"1:5: " + expands + flatter}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, findings := readText(c.text)
			if diff := cmp.Diff(c.want, findings); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// deepBlock nests a map into each line.
func deepBlock(levels int) string {
	var b strings.Builder
	for i := range levels {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// laughs are values each of which has the one before ten times, in a form such
// as [%s].
func laughs(form string) string {
	var b strings.Builder
	b.WriteString("a0: &a0 {lol: lol}\n")
	for i := range 9 {
		alias := fmt.Sprintf("*a%d", i)
		fmt.Fprintf(&b, "a%d: &a%d "+form+"\n", i+1, i+1, strings.Join(slices.Repeat([]string{alias}, 10), ", "))
	}
	return b.String()
}

// TestExplodingAliases holds that the billion laughs end in one finding, and
// that a document that was given up is not handed on, where it would lead to
// findings about what it seems to lack.
func TestExplodingAliases(t *testing.T) {
	for _, form := range []string{"[%s]", "{<<: [%s]}", "{a: [%s]}"} {
		docs, findings := readText("a: 1\n---\n" + laughs(form) + "---\nb: 2\n")
		if len(findings) != 1 || !strings.HasSuffix(findings[0], "expand to more than 100000 values; write it flatter, or generate it with Jsonnet (too-deep)") {
			t.Errorf("%s: %q", form, findings)
		}
		if diff := cmp.Diff([]string{`{"a": 1}`, `{"b": 2}`}, showAll(docs)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", form, diff)
		}
	}
}

func TestPositions(t *testing.T) {
	for _, c := range []struct {
		name, text string
		path       []string
		want       string // line:col+width of the value
	}{
		{"plain", "a: 1\nb:\n  c: xyz\n", []string{"b", "c"}, "3:6+3"},
		{"quoted", "a: 'xyz'\n", []string{"a"}, "1:4+5"},
		{"a block of text", "a: |\n  xyz\n", []string{"a"}, "1:4+1"},
		{"a map", "a:\n  b: 1\n", []string{"a"}, "2:3+1"},
		{"a flow map", "a: {b: 1}\n", []string{"a", "b"}, "1:8+1"},
		{"characters of several bytes before it", "{é日: ü, a: b}\n", []string{"a"}, "1:12+1"},
		{"a byte-order mark is no column", "\ufeffa: xyz\n", []string{"a"}, "1:4+3"},
		{"CRLF", "b: 1\r\na: xyz\r\n", []string{"a"}, "2:4+3"},
		{"an alias stands where it points", "a: &x xyz\nb: *x\n", []string{"b"}, "1:4+3"},

		// YAML counts more characters as line ends than editors do.
		{"U+2028 before it", "# x\u2028# y\na: xyz\n", []string{"a"}, "2:4+3"},
		{"U+2028 on its line", "x: \"\u2028\"\nb: \"\u2029\u0085\"\na: xyz\n", []string{"a"}, "3:4+3"},
		{"lone carriage returns", "b: 1\ra: xyz\r", []string{"a"}, "1:9+3"},
		{"lone carriage returns, then others", "b: 1\rc: 2\nd: 3\r\na: xyz\n", []string{"a"}, "3:4+3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := readOne(t, c.text)
			for _, key := range c.path {
				v = v.Get(key)
			}
			if got := fmt.Sprintf("%d:%d+%d", v.Pos.Line, v.Pos.Col, v.Pos.Width); got != c.want {
				t.Errorf("at %s, want %s", got, c.want)
			}
		})
	}
}

// TestBrokenLine breaks each line of a spec in each of several ways, and holds
// that the finding stands there, or in the line after, where it shows. (A quote
// is not among them: it may well end at the next one, far below.)
func TestBrokenLine(t *testing.T) {
	lines := strings.Split(`apiVersion: slowburn/v1
kind: Service
name: veza
burn:
  - {name: FastBurn, budget: 2%, windows: [1h, 5m]}
  - {name: SlowBurn, budget: 5%, windows: [6h, 30m]}
slos:
  - name: api-availability
    objective: 99.5%
    availability:
      total: http_requests_total{job="veza-api"}
      bad: status=~"5.."
    labels:
      team: "infra"
  - name: api-latency
    summary: >
      most answers
      come in time
    objective: 99%
scenarios:
  - slo: api-availability`, "\n")
	found := 0
	for i, line := range lines {
		for _, broken := range []string{
			line + " : x: y", line + " ]", line + " {a: b", " " + line, "\t" + line, strings.TrimPrefix(line, " "), line + "\x07",
		} {
			text := strings.Join(slices.Concat(lines[:i], []string{broken}, lines[i+1:]), "\n")
			_, findings := readText(text)
			for _, finding := range findings {
				at, _, _ := strings.Cut(finding, ":")
				if n, _ := strconv.Atoi(at); n != i+1 && n != i+2 {
					t.Errorf("line %d is now %q: %s", i+1, broken, finding)
				}
				found++
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d findings", found)
	}
}
