package runbook

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
)

func read(text string) (*Page, []string) {
	var r diag.Report
	p := Read("page", &diag.Source{Name: "page.md", Text: []byte(text)}, &r)
	var findings []string
	for _, f := range r.Findings() {
		findings = append(findings, fmt.Sprintf("%s: %s (%s)", strings.TrimPrefix(f.Pos.String(), "page.md:"), f.Text(), f.Kind.Name))
	}
	return p, findings
}

// TestHostile holds that what is no page, or must not be rendered, is found at
// its place.
func TestHostile(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"another encoding", "# Caf\xe9\n", []string{"1:6: the text is not UTF-8; save the file as UTF-8 (not-text)"}},
		{"UTF-16", "\xff\xfe#\x00", []string{"page.md: the file is binary: byte 3 is zero; give a text file (not-text)"}},
		{"20 MB", strings.Repeat("a line\n", 3<<20), []string{"page.md: 21504 KiB are more than the 1024 KiB that a page may have; split it into pages that each answer one question (page-too-large)"}},
		{"much emphasis", "# T\n\n" + strings.Repeat("*a_ ", 3000) + "\n", []string{"3:1: the paragraph has more than 5000 asterisks and underscores; break it into paragraphs, or put it into a block of code (page-too-large)"}},
		{"much emphasis, and harmless", strings.Repeat("the name a_b_c_d_e_f, and *more* 2 * 3\n", 800) + strings.Repeat("*a*\n\n", 3000), nil},
		{"many references", "# T\n\n" + strings.Repeat("[a]: b\n", 5001), []string{"5003:1: the page defines more than 5000 links; split it into pages that each answer one question (page-too-large)"}},
		{"deep quotation", "# T\n\n" + strings.Repeat("> ", 65) + "a\n", []string{"3:1: the line nests deeper than 64 levels; write it as a plain list (page-too-large)"}},
		{"deep list", strings.Repeat("1. - ", 33) + "a\n", []string{"1:1: the line nests deeper than 64 levels; write it as a plain list (page-too-large)"}},
		{"marker with a space", "<!-- slowburn: facts -->\n", []string{"1:1: the comment is not a marker, though it speaks of slowburn; write <!-- slowburn:NAME --> on a line of its own (runbook-marker)"}},
		{"marker in capitals", "<!-- Slowburn:facts -->\n", []string{"1:1: the comment is not a marker, though it speaks of slowburn; write <!-- slowburn:NAME --> on a line of its own (runbook-marker)"}},
		{"marker without a colon", "<!-- slowburn facts -->\n", []string{"1:1: the comment is not a marker, though it speaks of slowburn; write <!-- slowburn:NAME --> on a line of its own (runbook-marker)"}},
		{"torn marker", "a\n\n<! -- slowburn:facts -->\n\n<-- slowburn:rules -->\n", []string{
			"3:1: this is text, and no marker; write <!-- slowburn:NAME --> on a line of its own (runbook-marker)",
			"5:1: this is text, and no marker; write <!-- slowburn:NAME --> on a line of its own (runbook-marker)"}},
		{"open marker", "a\n\n<!-- slowburn:facts\n\nb\n", []string{"3:1: the marker is not closed, so that the rest of the page is a comment; end it with -->, on its line (runbook-marker)"}},
		{"marker of two lines", "<!-- slowburn:facts\n-->\n", []string{"1:1: the marker has more than one line; write it on one line (runbook-marker)"}},
		{"no marker", "<!-- see slowburn:facts -->\n", []string{"1:1: the comment is not a marker, though it speaks of slowburn; write <!-- slowburn:NAME --> on a line of its own (runbook-marker)"}},
		{"unknown", "<!-- slowburn:rule -->\n", []string{`1:15: unknown marker "rule"; did you mean "rules"? (runbook-marker)`}},
		{"repeated", "<!-- slowburn:rules -->\n\n<!-- slowburn:rules -->\n", []string{"3:15: the marker rules stands in line 1 already; remove it (runbook-marker)"}},
		{"script", "text <script src=x> more\n", []string{`1:6: "<script" runs something or loads it; write it in Markdown, or leave it out (active-html)`}},
		{"handler", "<b onclick='x()'>\n", []string{`1:4: "onclick=" runs something or loads it; write it in Markdown, or leave it out (active-html)`}},
		{"between comments", "<!-- a --><iframe><!-- b -->\n", []string{`1:11: "<iframe" runs something or loads it; write it in Markdown, or leave it out (active-html)`}},
		{"harmless markup", "<details><summary>more</summary>\n<br>text</details>\n", nil},
		{"in code", "`<script>`\n\n```\n<script>\n<!-- slowburn:x\n```\n", nil},
		{"javascript", "[a](JavaScript:alert(1))\n", []string{"1:5: javascript: is no scheme for a runbook; link to a page or to an https address (active-html)"}},
		{"out of the tree", "![a](../../x.png) [b](./../ok.md)\n", []string{`1:6: "../../x.png" leaves the folder of the system; link to a page beside this one, or to an https address (link-outside)`}},
		{"out of the tree in HTML", "<a href=\"../../x\">a</a> <img src=/etc/passwd> <a href='javascript:x'> <a href=\"https://example.com\">\n", []string{
			`1:10: "../../x" leaves the folder of the system; link to a page beside this one, or to an https address (link-outside)`,
			`1:34: "/etc/passwd" leaves the folder of the system; link to a page beside this one, or to an https address (link-outside)`,
			`1:50: "href='javascript:" runs something or loads it; write it in Markdown, or leave it out (active-html)`}},
		{"escaped", "[b](..%2f..%2fx)\n", []string{`1:5: "../../x" leaves the folder of the system; link to a page beside this one, or to an https address (link-outside)`}},
		{"empty comments", "a <!--> <!---> <!-- b --> c\n", nil},
		{"empty", "", nil},
		{"windows", "# T\r\n\r\nOwner: a · Reviewed: 2026-01-02\r\n\r\n<!-- slowburn:facts -->\r\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, got := read(c.text); !cmp.Equal(c.want, got) {
				t.Error(cmp.Diff(c.want, got))
			}
		})
	}
}

// TestMeta holds what a page says about itself, and in which forms.
func TestMeta(t *testing.T) {
	for _, c := range []struct{ text, owner, reviewed, category string }{
		{"# T\n\nOwner: infra on-call · Reviewed: 2026-01-02 · Category: Money\n", "infra on-call", "2026-01-02", "Money"},
		{"# T\n\n**Owner:** infra | **Last updated**: 2026-01-02\n", "infra", "2026-01-02", ""},
		{"# T\r\n\r\nOwner: infra\r\nReviewed: 2026-01-02\r\n", "infra", "2026-01-02", ""},
		{"---\nowner: \"infra\"\nreviewed: 2026-01-02\ncategory: money\n---\n# T\n", "infra", "2026-01-02", "money"},
		{"# T\n\nThe owner: nobody.\n\n```\nOwner: code\n```\n", "", "", ""},
		{"# T\n\nOwner: first\n\nOwner: second\n", "first", "", ""},
	} {
		p, _ := read(c.text)
		got := [3]string{p.Meta.Owner.Text, p.Meta.Reviewed.Text, p.Meta.Category.Text}
		if got != [3]string{c.owner, c.reviewed, c.category} {
			t.Errorf("%q: %q", c.text, got)
		}
	}
}

// TestAnchors holds that anchors are those that GitHub makes.
func TestAnchors(t *testing.T) {
	p, _ := read("# What's *this*? `a_b`\n\n## §1 Lag & more\n\n## Same\n\n## Same\n\n## Größe über 5\n\n<a id=\"own\"></a>\n")
	want := []string{"whats-this-a_b", "1-lag--more", "same", "same-1", "größe-über-5"}
	if diff := cmp.Diff(want, p.Anchors()); diff != "" {
		t.Error(diff)
	}
	if !p.HasAnchor("own") || p.HasAnchor("same-2") {
		t.Error("anchors that HTML sets are anchors, and no others are")
	}
}

// TestCode holds where the text of blocks stands, in lists and with tabs, too.
func TestCode(t *testing.T) {
	p, _ := read("1. a\n\n   ```SH\n   one\n     two\n   ```\n\n- b\n\n\t```promql\n\tup\n\n\tdown\n\t```\n")
	if len(p.Code) != 2 || !p.Code[0].IsShell() || !p.Code[1].IsPromQL() {
		t.Fatalf("%+v", p.Code)
	}
	if text := p.Code[0].Text; text != "one\n  two\n" {
		t.Errorf("%q", text)
	}
	if at := p.Code[0].Pos(6, 9); at.String() != "page.md:5:6" || at.Width != 3 {
		t.Errorf("two stands at %s, %d wide", at, at.Width)
	}
	queries := p.Code[1].Queries()
	if len(queries) != 2 || strings.TrimSpace(queries[1].Text) != "down" {
		t.Errorf("%+v", queries)
	}
}

// TestHead holds what stands at the head of a page.
func TestHead(t *testing.T) {
	p, _ := read("# T\n\nOwner: a · Reviewed: 2026-01-02\n\n<!-- slowburn:ignore a b -->\n\nText.\n\n<!-- slowburn:ignore c d -->\n")
	if len(p.Marks) != 2 || !p.IsHead(p.Marks[0].Start) || p.IsHead(p.Marks[1].Start) {
		t.Errorf("%+v", p.Marks)
	}
}

// FuzzRead reads pages that people, or others, write. Whatever is found stands
// in the page, and marks and code are where they are said to be.
func FuzzRead(f *testing.F) {
	names, _ := filepath.Glob("../../specs/*/runbooks/*.md")
	for _, name := range names {
		if text, err := os.ReadFile(name); err == nil {
			f.Add(text)
		}
	}
	f.Add([]byte("---\nowner: a\n---\n# T\n<!-- slowburn:facts --> x\n> - 1. `a` <b onx=> [a]: <b>\n\n[a][a]\n\t```sh\n\tx\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var r diag.Report
		src := &diag.Source{Name: "page.md", Text: bytes.Clone(text)}
		p := Read("page", src, &r)
		lines := bytes.Count(text, []byte("\n")) + 1
		for _, f := range r.Findings() {
			if f.Pos.Line > lines {
				t.Errorf("%s: %s", f.Pos, f.Message)
			}
		}
		last := 0
		for _, m := range p.Marks {
			if m.Start < last || m.Stop > len(text) || !bytes.HasPrefix(text[m.Start:], commentStart) || !bytes.HasSuffix(text[:m.Stop], commentEnd) {
				t.Errorf("mark %+v", m)
			}
			last = m.Stop
		}
		for _, c := range p.Code {
			if at := c.Pos(0, len(c.Text)); at.Line > lines {
				t.Errorf("code at %s", at)
			}
			c.Queries()
		}
		_, _ = p.Situation(), p.KeyCommand()
		if !bytes.Equal(src.Text, text) {
			t.Error("the source was changed")
		}
	})
}

// TestSituation holds what the quick reference says of a page.
func TestSituation(t *testing.T) {
	for text, want := range map[string]string{
		"# T\n\nOwner: a\n\nThe p99 is above 1.5 s. More.\n": "The p99 is above 1.5 s",
		"# T\n\nNobody can *buy*: wait\n":                    "Nobody can buy",
		"# T\n\n```sh\nls\n```\n":                            "",
		"# T\n\n" + strings.Repeat("word ", 100):             strings.TrimSpace(strings.Repeat("word ", 40)) + "…",
	} {
		if p, _ := read(text); p.Situation() != want {
			t.Errorf("%q: %q", text, p.Situation())
		}
	}
	for text, want := range map[string]string{
		"```sh\nA=1\n# b\ncd /x\nfor a in b; do\nls \"$A\" |\n```\n":                            `ls "$A"`,
		"```sh\nfirst\n```\n\n<!-- slowburn:key -->\n\n```promql\nup\n```\n\n```sh\nkey\n```\n": "key",
		"```promql\nup\n```\n": "",
		"```sh\nread -rs TOKEN\necho \"== $A\"\nsleep 3\nport-forward & F=$!\nprintf x | tee y   # z\n```\n": "printf x | tee y",
	} {
		if p, _ := read(text); p.KeyCommand() != want {
			t.Errorf("%q: %q", text, p.KeyCommand())
		}
	}
}
