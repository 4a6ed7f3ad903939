package runbook

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

func resolve(t *testing.T, text string) ([]Style, *Style, []string) {
	t.Helper()
	var r diag.Report
	var doc Spec
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "s.yaml", Text: []byte(text)}, &r)[0], &doc, &r)
	styles, style := doc.Resolve(&r)
	var findings []string
	for _, f := range r.Findings() {
		findings = append(findings, fmt.Sprintf("%s: %s (%s)", strings.TrimPrefix(f.Pos.String(), "s.yaml:"), f.Text(), f.Kind.Name))
	}
	return styles, style, findings
}

// TestOwnStyle holds that a team's own style stands beside those of everybody.
func TestOwnStyle(t *testing.T) {
	styles, style, findings := resolve(t, `
style: ours
styles:
  - name: ours
    sections:
      - {title: Impact, prompt: who notices what}
      - {title: Recovery | Restoration, numbered: true, commands: true}
`)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	want := &Style{"ours", []Section{{Titles: []string{"Impact"}, Prompt: "who notices what"}, {Titles: []string{"Recovery", "Restoration"}, Numbered: true, Commands: true}}}
	if diff := cmp.Diff(want, style); diff != "" {
		t.Error(diff)
	}
	if len(styles) != len(Styles)+1 || !style.Sections[1].Is("restoration of all") || style.Sections[1].Is("Reco") {
		t.Errorf("%v", styles)
	}
}

// TestStyleFindings holds what is wrong with styles.
func TestStyleFindings(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"style: phase\n", []string{`1:8: there is no style "phase"; did you mean "phases"? (unknown-reference)`}},
		{"styles:\n  - {name: tree, sections: [{title: a}]}\n", []string{`2:12: style "tree" exists already; choose another name (bad-value)`}},
		{"styles:\n  - {name: ours, sections: []}\n", []string{`2:5: style "ours" asks for nothing; list sections (bad-value)`}},
		{"styles:\n  - {name: ours, sections: [{title: ' | '}]}\n", []string{`2:37: the section has no title; write what the heading begins with (bad-value)`}},
		{"styles:\n  - {name: ours, sections: [{titel: a}]}\n", []string{
			`2:30: unknown key "titel"; did you mean "title"? (unknown-key)`}},
	} {
		if _, _, got := resolve(t, c.text); !cmp.Equal(c.want, got) {
			t.Errorf("%s%s", c.text, cmp.Diff(c.want, got))
		}
	}
}
