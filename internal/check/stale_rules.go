package check

import (
	"fmt"
	"maps"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/runbook"
	"slowburn/internal/spec"
)

var staleRules = &Check{
	Kind: diag.Kind{Name: "stale-rules", Severity: diag.Warning, Doc: `Rules on a page are not those that are deployed.

A page that shows its alerts' rules is believed. Blocks of YAML with rules are compared with the rules that are checked
together with the page, or that its spec compiles to: expression, for, labels, and annotations where the page has them. In
place of a copy, a runbook of a spec has the marker slowburn:rules, which compiling fills in.`},
	Bad:  pageHead + "<!-- with rules -->\n\n```yaml\n- alert: RedisDown\n  expr: redis_up == 0\n  for: 2m\n```\n",
	Good: pageHead + "<!-- with rules -->\n\n```yaml\n- alert: RedisDown\n  expr: redis_up == 0\n  for: 1m\n```\n",
	Pages: func(p *PagesPass) {
		if len(p.Pages) == 0 {
			return
		}
		rules := map[string][]*rulefile.Rule{}
		for _, f := range p.Files {
			for _, r := range f.Rules() {
				rules[r.Name()] = append(rules[r.Name()], r)
			}
		}
		p.EachCode(func(c runbook.Code) {
			if c.IsYAML() && len(rules) > 0 {
				p.checkEmbedded(c, rules)
			}
		})
	},
}

// checkEmbedded compares the rules of a block with those that there are.
func (p *PagesPass) checkEmbedded(c runbook.Code, rules map[string][]*rulefile.Rule) {
	embedded, invalid := readEmbedded(c.Text)
	for _, f := range invalid {
		at := lineOffset(c.Text, f.Pos.Line-1)
		p.Report(c.Pos(at, at+1), "copy the rules again, or use the marker slowburn:rules", "the rules do not load: %s", f.Message)
	}
	for _, r := range embedded {
		at := lineOffset(c.Text, r.Value.Pos.Line-1)
		end := at + max(strings.IndexByte(c.Text[at:], '\n'), 0)
		differs := ""
		for _, have := range rules[r.Name()] {
			if differs = difference(r, have); differs == "" {
				break
			}
		}
		switch {
		case len(rules[r.Name()]) == 0:
			p.Report(c.Pos(at, end), "copy the rules again, or use the marker slowburn:rules", "there is no rule %s", r.Name())
		case differs != "":
			p.Report(c.Pos(at, end), "copy the rules again, or use the marker slowburn:rules", "the rule %s is another one by now: %s", r.Name(), differs)
		}
	}
}

// readEmbedded reads a block of YAML if it holds rules: groups, or a list of rules alone.
func readEmbedded(text string) ([]*rulefile.Rule, []diag.Finding) {
	var r diag.Report
	src := &diag.Source{Name: "the page", Text: []byte(text)}
	var all []*rulefile.Rule
	for _, doc := range spec.ReadYAML(src, &r) {
		switch {
		case rulefile.Is(doc):
		case isRuleList(doc):
			doc = listDocument(doc)
		default:
			return nil, nil // something else
		}
		for _, f := range rulefile.Read(src, doc, &r) {
			all = append(all, f.Rules()...)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	return all, r.Findings()
}

func isRuleList(doc *spec.Value) bool {
	return doc.Kind == spec.List && len(doc.Items()) > 0 && doc.Items()[0].Get("expr") != nil && (doc.Items()[0].Get("alert") != nil || doc.Items()[0].Get("record") != nil)
}

// listDocument is a rule file with one group that holds a list of rules; every
// value keeps its place.
func listDocument(list *spec.Value) *spec.Value {
	text := func(s string) *spec.Value { return &spec.Value{Kind: spec.String, Text: s, Pos: list.Pos} }
	group := spec.NewMap(list.Pos, spec.Field{Key: text("name"), Value: text("page")}, spec.Field{Key: text("rules"), Value: list})
	return spec.NewMap(list.Pos, spec.Field{Key: text("groups"), Value: spec.NewList(list.Pos, group)})
}

// difference says in what a rule on a page differs from one that there is.
func difference(page, have *rulefile.Rule) string {
	switch {
	case page.Expr == nil || have.Expr == nil:
		if page.Text == have.Text {
			return ""
		}
		return "its expression"
	case page.Expr.String() != have.Expr.String():
		return "its expression is " + shortened(have.Expr)
	case page.For != have.For:
		return fmt.Sprintf("for is %s", spec.FormatDuration(have.For))
	case page.KeepFiringFor != have.KeepFiringFor:
		return fmt.Sprintf("keep_firing_for is %s", spec.FormatDuration(have.KeepFiringFor))
	case !maps.Equal(page.Labels, have.Labels):
		return "its labels"
	case len(page.Annotations) > 0 && !maps.Equal(page.Annotations, have.Annotations):
		return "its annotations"
	}
	return ""
}

// lineOffset is where line n, from 0, begins.
func lineOffset(text string, n int) int {
	offset := 0
	for line := range strings.Lines(text) {
		if n <= 0 {
			break
		}
		n--
		offset += len(line)
	}
	return min(offset, len(text))
}
