package check

import (
	"slices"
	"strings"
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// TestSilence holds which findings a comment silences. Rules A, B and C each
// have a finding of never-fires.
func TestSilence(t *testing.T) {
	const reason = "# slowburn:ignore never-fires it is a drill"
	ruleA, ruleB := "    - alert: A\n      expr: up > 1\n", "    - alert: B\n      expr: up > 1\n"
	file := func(lines ...string) string { return "groups:\n- name: g\n  rules:\n" + strings.Join(lines, "") }
	for _, c := range []struct {
		name, text string
		kept       string // the alerts whose findings stay
		bad        string // what is found about the comments
	}{
		{"nothing", file(ruleA, ruleB), "A B", ""},
		{"above the rule", file("    "+reason+"\n", ruleA, ruleB), "B", ""},
		{"above the rule, less indented", file("# slowburn:ignore never-fires it is a drill\n", ruleA, ruleB), "B", ""},
		{"between two rules", file(ruleA, "    "+reason+"\n", ruleB), "A", ""},
		{"between two rules, less indented", file(ruleA, reason+"\n", ruleB), "A", ""},
		{"inside the rule", file("    - alert: A\n      "+reason+"\n      expr: up > 1\n", ruleB), "B", ""},
		{"inside the rule, less indented", file("    - alert: A\n"+reason+"\n      expr: up > 1\n", ruleB), "B", ""},
		{"inside the rule, before another comment", file("    - alert: A\n      "+reason+"\n# so they say\n      expr: up > 1\n", ruleB), "B", ""},
		{"below a comment that is less indented", file("    - alert: A\n# so they say\n      expr: up > 1 "+reason+"\n", ruleB), "B", ""},
		{"below a blank line", file("    - alert: A\n\n      expr: up > 1 "+reason+"\n", ruleB), "B", ""},
		{"at the end of the rule", file(ruleA, "      "+reason+"\n", ruleB), "B", ""},
		{"at the end of the last rule", file(ruleA, ruleB, "      "+reason+"\n"), "A", ""},
		{"at the end of the name", file("    - alert: A "+reason+"\n      expr: up > 1\n", ruleB), "B", ""},
		{"at the end of the expression", file(ruleA, "    - alert: B\n      expr: up > 1 "+reason+"\n"), "A", ""},
		{"on another line of the rule", file("    - alert: A\n      expr: up > 1\n      labels:\n        a: b "+reason+"\n", ruleB), "B", ""},
		{"in the expression", file("    - alert: A\n      expr: |\n        "+reason+"\n        up > 1\n", ruleB), "B", ""},
		{"in an expression of several lines", file("    - alert: A\n      expr: |\n        up\n        > 1 "+reason+"\n      for: 5m\n", ruleB), "B", ""},
		{"above the group", "groups:\n" + reason + "\n- name: g\n  rules:\n" + ruleA, "A", "2:1 never-fires finds nothing here; remove the comment"},
		{"above the rules", "groups:\n- name: g\n  " + reason + "\n  rules:\n" + ruleA, "A", "3:3 never-fires finds nothing here; remove the comment"},
		{"at the top", reason + "\n" + file(ruleA), "A", "1:1 never-fires finds nothing here; remove the comment"},
		{"at the end of the file", file(ruleA, reason+"\n"), "A", "6:1 never-fires finds nothing here; remove the comment"},
		{"a blank line between", file("    "+reason+"\n\n", ruleA), "A", "4:5 never-fires finds nothing here; remove the comment"},
		{"several comments above", file("    # A drill.\n    "+reason+"\n    # slowburn:ignore template-label the text says so\n    # More.\n", "    - alert: A\n      expr: sum(up > 1)\n      annotations: {a: '{{ $labels.job }}'}\n"), "", ""},
		{"several findings of one check", file("    # slowburn:ignore template-label the text says so\n    - alert: C\n      expr: sum(up) == 0\n      annotations: {a: '{{ $labels.job }}', b: '{{ $labels.env }}'}\n"), "", ""},
		{"twice", file("    " + reason + "\n    - alert: A " + reason + "\n      expr: up > 1\n"), "", ""},
		{"another check", file("    # slowburn:ignore template-label why not\n", ruleA), "A", "4:5 template-label finds nothing here; remove the comment"},
		{"an unknown check", file("    # slowburn:ignore never-fire why not\n", ruleA), "A", `4:5 there is no check "never-fire"; did you mean "never-fires"?`},
		{"no check", file("    # slowburn:ignore\n", ruleA), "A", `4:5 there is no check ""; ` + spec.Suggest("", Names())},
		{"no reason", file("    # slowburn:ignore never-fires\n", ruleA), "A", "4:5 no reason is given for ignoring never-fires; say why, behind the name of the check"},
		{"no reason, behind blanks", file("    # slowburn:ignore never-fires \t \n", ruleA), "A", "4:5 no reason is given for ignoring never-fires; say why, behind the name of the check"},
		{"no space", file("    #slowburn:ignore never-fires it is a drill\n", ruleA), "", ""},
		{"tabs", file("    #\tslowburn:ignore\tnever-fires\tit is a drill\t\n", ruleA), "", ""},
		{"another word", file("    # slowburn:ignored never-fires it is a drill\n", ruleA), "A", ""},
		{"unused", file("    " + reason + "\n    - alert: A\n      expr: up == 0\n"), "", "4:5 never-fires finds nothing here; remove the comment"},
		{"CRLF", strings.ReplaceAll(file("    "+reason+"\n", ruleA, "    - alert: B\n      "+reason+"\n      expr: up > 1\n", "    - alert: C\n      expr: up > 1\n"), "\n", "\r\n"), "C", ""},
		{"CRLF, no reason", strings.ReplaceAll(file("    # slowburn:ignore never-fires\n", ruleA), "\n", "\r\n"), "A", "4:5 no reason is given for ignoring never-fires; say why, behind the name of the check"},
		{"flow style on a line", "groups: [{name: g, rules: [{alert: A, expr: up > 1}]}] " + reason + "\n", "", ""},
		{"flow style on a line each", file("    - {alert: A, expr: up > 1}\n    - {alert: B, expr: up > 1} " + reason + "\n    - {alert: C, expr: up > 1}\n"), "A C", ""},
		{"flow style above a line", file("    - {alert: A, expr: up > 1}\n    " + reason + "\n    - {alert: B, expr: up > 1}\n    - {alert: C, expr: up > 1}\n"), "A C", ""},
		{"a list in flow style", "groups: [{name: g, rules: [\n  {alert: A, expr: up > 1}, " + reason + "\n  {alert: B, expr: up > 1},\n  {alert: C,\n   expr: up > 1}, " + reason + "\n]}]\n", "B", ""},
		{"JSON with a comment", "{\"groups\": [{\"name\": \"g\", \"rules\": [\n  {\n    \"alert\": \"A\", " + reason + "\n    \"expr\": \"up > 1\"\n  },\n  {\"alert\": \"B\", \"expr\": \"up > 1\"}\n]}]}\n", "B", ""},
		{"behind the dash", "groups:\n- name: g\n  rules:\n  -\n    alert: A\n    expr: up > 1\n  - " + reason + "\n    alert: B\n    expr: up > 1\n", "A", ""},
		{"a merged expression", "groups:\n- name: g\n  rules:\n  - &r\n    alert: A\n    expr: up > 1\n  " + reason + "\n  - <<: *r\n    alert: B\n", "A", ""},
		{"a comment in a text", file("    - alert: A\n      expr: up > 1\n      annotations:\n        a: '" + reason + "'\n"), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, sources := unit(t, c.text)
			findings := Run(files, Options{})
			var kept, bad []string
			for _, f := range Silence(findings, sources, false) {
				if f.Kind == BadIgnore {
					bad = append(bad, strings.TrimPrefix(f.Pos.String(), "0.yaml:")+" "+f.Text())
					continue
				}
				i := slices.IndexFunc(findings, func(g Finding) bool { return g.Finding == f })
				kept = append(kept, findings[i].Rule.Alert)
			}
			if got := strings.Join(kept, " "); got != c.kept {
				t.Errorf("kept %q, want %q\n%s", got, c.kept, c.text)
			}
			if got := strings.Join(bad, "\n"); got != c.bad {
				t.Errorf("about the comments:\n%s\nwant\n%s\n%s", got, c.bad, c.text)
			}
		})
	}
}

// TestSilenceWhereItWasMoved holds that a finding which was moved to another
// source is silenced there, at the item that it was moved to.
func TestSilenceWhereItWasMoved(t *testing.T) {
	files, sources := unit(t, neverFires.Bad)
	source := &diag.Source{Name: "slo.yaml", Text: []byte("slos:\n  # slowburn:ignore never-fires it is a drill\n  - name: a\n    objective: 90%\n  - name: b\n")}
	for _, c := range []struct {
		line int
		kept int
	}{{3, 0}, {4, 0}, {5, 2}} {
		findings := Run(files, Options{})
		for i := range findings {
			findings[i].Pos = diag.Pos{Source: source, Line: c.line, Col: 5}
			findings[i].Scope = diag.Pos{Source: source, Line: c.line, Col: 5}
		}
		// A finding of one line of an item is the item's, whichever comes first.
		if c.line == 4 {
			findings[0].Scope.Line = 3
		}
		if kept := Silence(findings, append(sources, source), false); len(kept) != c.kept {
			t.Errorf("line %d: %s", c.line, shown(kept))
		}
	}
}

// TestSilenceWithoutLines holds that a computed finding, which has no line, is kept.
func TestSilenceWithoutLines(t *testing.T) {
	files, sources := unit(t, neverFires.Bad)
	source := &diag.Source{Name: "slo.jsonnet", Text: []byte("# slowburn:ignore never-fires it is a drill\n{}\n")}
	findings := Run(files, Options{})
	findings[0].Pos = diag.Pos{Source: source, Path: "slos[0]"}
	findings[0].Scope = findings[0].Pos
	if kept := Silence(findings, append(sources, source), false); len(kept) != 2 || kept[0].Kind != &neverFires.Kind {
		t.Error(shown(kept))
	}
}
