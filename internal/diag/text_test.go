package diag

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	tooHigh = &Kind{Name: "too-high", Severity: Error, Doc: "A value is too high.\n\nIt cannot be reached."}
	odd     = &Kind{Name: "odd", Severity: Warning, Doc: "A value is odd."}
	hint    = &Kind{Name: "hint", Severity: Note, Doc: "Something is worth knowing."}
)

func text(t *testing.T, findings ...Finding) string {
	t.Helper()
	var b strings.Builder
	if err := WriteText(&b, findings, false); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// at is the place of the first occurrence of part in a text.
func at(source, part string) Pos {
	src := &Source{Name: "slo.yaml", Text: []byte(source)}
	return PosAt(src, strings.Index(source, part), len([]rune(part)))
}

func TestHeadline(t *testing.T) {
	src := &Source{Name: "slo.yaml"}
	for _, c := range []struct {
		name    string
		finding Finding
		want    string
	}{
		{"an error needs no word", Finding{Kind: tooHigh, Pos: Pos{Source: src, Line: 12, Col: 14}, Message: "objective 100"}, "slo.yaml:12:14: objective 100 (too-high)\n"},
		{"the way out follows", Finding{Kind: tooHigh, Pos: Pos{Source: src, Line: 12, Col: 14}, Message: "objective 100", Help: "use less"}, "slo.yaml:12:14: objective 100; use less (too-high)\n"},
		{"a warning", Finding{Kind: odd, Pos: Pos{Source: src, Line: 2, Col: 1}, Message: "3"}, "slo.yaml:2:1: warning: 3 (odd)\n"},
		{"a note", Finding{Kind: hint, Pos: Pos{Source: src, Line: 2, Col: 1}, Message: "3"}, "slo.yaml:2:1: note: 3 (hint)\n"},
		{"a line without a column", Finding{Kind: odd, Pos: Pos{Source: src, Line: 2}, Message: "3"}, "slo.yaml:2: warning: 3 (odd)\n"},
		{"a file as a whole", Finding{Kind: odd, Pos: Pos{Source: src}, Message: "3"}, "slo.yaml: warning: 3 (odd)\n"},
		{"nowhere", Finding{Kind: odd, Message: "3"}, "warning: 3 (odd)\n"},
		{"a field that Jsonnet computed", Finding{Kind: tooHigh, Pos: Pos{Source: src, Path: "slos[0].objective"}, Message: "100"}, "slo.yaml: slos[0].objective: 100 (too-high)\n"},
		{
			"nothing moves the cursor or colours the terminal",
			Finding{Kind: odd, Pos: Pos{Source: &Source{Name: "a\x1b[2Jb\n.yaml"}}, Message: "x\r\ny\x07\u009b31m\u202e"},
			"a·[2Jb·.yaml: warning: x··y··31m· (odd)\n",
		},
		{"a detail", Finding{Kind: odd, Message: "x", Detail: "one\n  two\x1b"}, "warning: x (odd)\n        one\n          two·\n"},
		{"what is not UTF-8 is marked", Finding{Kind: odd, Message: "a\xffb"}, "warning: a\ufffdb (odd)\n"},
	} {
		if got := text(t, c.finding); got != c.want {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, got, c.want)
		}
	}
}

func TestCaret(t *testing.T) {
	for _, c := range []struct {
		name string
		pos  Pos
		want string
	}{
		{"the first column", at("kind: Service\n", "kind"), `
    1 | kind: Service
      | ^^^^
`},
		{"the middle of a later line", at("kind: Service\nperiod: 30d\nburn: 2\n", "30d"), `
    2 | period: 30d
      |         ^^^
`},
		{"tabs stay, so that both lines move alike", at("a:\tb:\t30d", "30d"), "\n" +
			"    1 | a:\tb:\t30d\n" +
			"      |   \t  \t^^^\n"},
		{"characters of several bytes", at("title: é–ß 30d", "30d"), `
    1 | title: é–ß 30d
      |            ^^^
`},
		{"characters of two columns", at("title: 日本 30d", "30d"), `
    1 | title: 日本 30d
      |             ^^^
`},
		{"marked characters of two columns", at("title: 日本", "日本"), `
    1 | title: 日本
      |        ^^^^
`},
		{"a combining accent has no column", at("title: e\u0301 30d", "30d"), "\n" +
			"    1 | title: e\u0301 30d\n" +
			"      |          ^^^\n"},
		{"escapes are replaced where they stand", at("a: \x1b[31m 30d", "30d"), `
    1 | a: ·[31m 30d
      |          ^^^
`},
		{"an unknown column is the first", Pos{Source: &Source{Text: []byte("a: b\n")}, Line: 1}, `
    1 | a: b
      | ^
`},
		{"no width is one character", Pos{Source: &Source{Text: []byte("a: b\n")}, Line: 1, Col: 4}, `
    1 | a: b
      |    ^
`},
		{"past the end of the line", Pos{Source: &Source{Text: []byte("a:\n")}, Line: 1, Col: 9, Width: 3}, `
    1 | a:
      |   ^
`},
		{"a text over several lines is marked to the end of its first", at("a: b\n  c\n", "b\n  c"), `
    1 | a: b
      |    ^
`},
		{"CRLF is no part of the line", Pos{Source: &Source{Text: []byte("a: b\r\nc: d\r\n")}, Line: 2, Col: 4, Width: 9}, `
    2 | c: d
      |    ^
`},
		{"six digits of line", Pos{Source: &Source{Text: []byte(strings.Repeat("\n", 123455) + "a: b")}, Line: 123456, Col: 4}, `
123456 | a: b
       |    ^
`},
		{"an empty line shows nothing", Pos{Source: &Source{Text: []byte("\n")}, Line: 1, Col: 1}, "\n"},
		{"a line that does not exist shows nothing", Pos{Source: &Source{Text: []byte("a: b\n")}, Line: 7, Col: 1}, "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got, _ := strings.Cut(text(t, Finding{Kind: odd, Pos: c.pos, Message: "x"}), "\n")
			if diff := cmp.Diff(c.want, "\n"+got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestLongLine holds that a line of any length shows the place and no more than
// maxShown characters.
func TestLongLine(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, after int
		cutLeft       bool
		cutRight      bool
	}{
		{"short", 20, 20, false, false},
		{"cut on the right", 20, 500, false, true},
		{"cut on the left", 500, 20, true, false},
		{"cut on both sides", 5000, 5000, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			line := strings.Repeat("é", c.before) + "HERE" + strings.Repeat("é", c.after)
			_, got, _ := strings.Cut(text(t, Finding{Kind: odd, Pos: at(line, "HERE"), Message: "x"}), "\n")
			lines := strings.Split(got, "\n")
			shown, under := []rune(lines[0][len("    1 | "):]), []rune(lines[1][len("    1 | "):])
			if len(shown) > maxShown+2 {
				t.Errorf("%d characters are shown", len(shown))
			}
			if marked := string(shown[len(under)-4 : len(under)]); marked != "HERE" || !strings.HasSuffix(string(under), " ^^^^") {
				t.Errorf("the caret stands under %q:\n%s", marked, got)
			}
			if left, right := shown[0] == '…', shown[len(shown)-1] == '…'; left != c.cutLeft || right != c.cutRight {
				t.Errorf("cut on the left %v, on the right %v:\n%s", left, right, got)
			}
		})
	}
}

// TestLongMark holds that a mark wider than what is shown ends with it.
func TestLongMark(t *testing.T) {
	line := strings.Repeat("x", 1000)
	got := text(t, Finding{Kind: odd, Pos: Pos{Source: &Source{Text: []byte(line)}, Line: 1, Col: 101, Width: 900}, Message: "x"})
	lines := strings.Split(got, "\n")
	if shown, under := len([]rune(lines[1])), len([]rune(lines[2])); under != shown-1 { // all but the …
		t.Errorf("%d characters shown, the mark ends at %d", shown, under)
	}
}

func TestColour(t *testing.T) {
	findings := []Finding{
		{Kind: odd, Pos: at("a: 日本\x1b[31m\n", "日"), Message: "x\x1b[0m", Help: "y"},
		{Kind: tooHigh, Pos: at("a: b\n", "b"), Message: "z"},
	}
	for _, colour := range []bool{true, false} {
		t.Run(fmt.Sprint(colour), func(t *testing.T) {
			var b strings.Builder
			if err := WriteText(&b, findings, colour); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(b.String(), "\x1b"); got != colour {
				t.Errorf("escape bytes: %v\n%q", got, b.String())
			}
			// What the user wrote is harmless even where colours are on.
			for _, escape := range []string{"日本\x1b", "x\x1b[0m;"} {
				if strings.Contains(b.String(), escape) {
					t.Errorf("%q is printed as it is", escape)
				}
			}
		})
	}
}
