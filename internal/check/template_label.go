package check

import (
	"maps"
	"slices"
	"strings"
	"text/template/parse"

	"github.com/prometheus/common/model"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var templateLabel = &Check{
	Kind: diag.Kind{Name: "template-label", Severity: diag.Warning, Doc: `A template uses a label that the alert's expression cannot have.

Prometheus puts nothing there: the page says "instance  is down" and does not say which. Labels are lost by aggregation
(sum by (job) keeps job alone), by matching on(...), and by absent(), which has only what its selector matches by equality.
The labels that the rule itself sets are not in $labels either: write their value. Recorded series are followed to the rules
that record them.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: InstanceDown
        expr: sum by (job) (up) == 0
        annotations:
          summary: "{{ $labels.instance }} is down"
`,
	Good: `groups:
  - name: example
    rules:
      - alert: InstanceDown
        expr: sum by (job) (up) == 0
        annotations:
          summary: "all instances of {{ $labels.job }} are down"
`,
	Run: func(p *Pass) {
		p.EachRule(func(r *rulefile.Rule) {
			if r.Alert == "" {
				return
			}
			have := p.labelsOf(r.Expr)
			for _, field := range []struct {
				key   string
				texts map[string]string
			}{{"labels", r.Labels}, {"annotations", r.Annotations}} {
				for _, name := range slices.Sorted(maps.Keys(field.texts)) {
					value := r.Value.Get(field.key).Get(name)
					for _, use := range usedLabels(field.texts[name]) {
						if use.name != model.MetricNameLabel && !have.has(use.name) {
							p.Report(value.Sub(use.start, use.start+len(use.name)), p.labelHelp(use.name, have), "the expression has no label %q", use.name)
						}
					}
				}
			}
		})
	},
}

func (p *Pass) labelHelp(name string, have labelSet) string {
	if _, ok := p.rule.Labels[name]; ok {
		return "it is set by the rule, which templates do not see: write its value"
	}
	if _, ok := p.group.Labels[name]; ok {
		return "it is set by the group, which templates do not see: write its value"
	}
	if have.open {
		return "it is aggregated away"
	}
	list := have.list()
	if len(list) == 0 {
		return "it has none at all"
	}
	return spec.Suggest(name, list)
}

// labelUse is a label's name in a template, at a byte offset.
type labelUse struct {
	name  string
	start int
}

// templatePrelude is what Prometheus puts before every template.
const templatePrelude = `{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}`

// usedLabels are the labels of the alert that a template uses: $labels.x,
// .Labels.x and index $labels "x". A template that does not parse uses none;
// Prometheus' own validation reports it.
func usedLabels(text string) []labelUse {
	if !strings.Contains(text, "{{") {
		return nil
	}
	tree := parse.New("alert")
	tree.Mode = parse.SkipFuncCheck
	trees := map[string]*parse.Tree{}
	if _, err := tree.Parse(templatePrelude+text, "", "", trees); err != nil {
		return nil
	}
	var u labelUses
	u.walk(tree.Root, true)
	for i := range u.found {
		u.found[i].start -= len(templatePrelude)
	}
	return u.found
}

type labelUses struct {
	found []labelUse
}

// walk visits a template's nodes. Inside range and with the dot is another
// value: root tells whether it is still the alert.
func (u *labelUses) walk(n parse.Node, root bool) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, inner := range n.Nodes {
				u.walk(inner, root)
			}
		}
	case *parse.ActionNode:
		u.walk(n.Pipe, root)
	case *parse.PipeNode:
		if n != nil {
			for _, c := range n.Cmds {
				u.command(c, root)
			}
		}
	case *parse.IfNode:
		u.branch(&n.BranchNode, root, root)
	case *parse.RangeNode:
		u.branch(&n.BranchNode, root, false)
	case *parse.WithNode:
		u.branch(&n.BranchNode, root, false)
	case *parse.TemplateNode:
		u.walk(n.Pipe, root)
	case *parse.ChainNode:
		u.walk(n.Node, root)
	// The position of a name with dots is that of its second part.
	case *parse.VariableNode:
		if len(n.Ident) > 1 && n.Ident[0] == "$labels" {
			u.add(n.Ident[1], int(n.Pos))
		}
		if len(n.Ident) > 2 && n.Ident[0] == "$" && n.Ident[1] == "Labels" {
			u.add(n.Ident[2], int(n.Pos)+len(".Labels"))
		}
	case *parse.FieldNode:
		if root && len(n.Ident) > 1 && n.Ident[0] == "Labels" {
			u.add(n.Ident[1], int(n.Pos))
		}
	}
}

func (u *labelUses) branch(n *parse.BranchNode, root, inside bool) {
	u.walk(n.Pipe, root)
	u.walk(n.List, inside)
	u.walk(n.ElseList, root)
}

func (u *labelUses) command(c *parse.CommandNode, root bool) {
	for _, arg := range c.Args {
		u.walk(arg, root)
	}
	if len(c.Args) != 3 || c.Args[0].String() != "index" {
		return
	}
	key, ok := c.Args[2].(*parse.StringNode)
	if of := c.Args[1].String(); ok && (of == "$labels" || of == "$.Labels" || of == ".Labels" && root) {
		u.add(key.Text, int(key.Pos))
	}
}

// add notes a use of a label whose name stands at a byte offset, behind a dot or a quote.
func (u *labelUses) add(name string, from int) {
	u.found = append(u.found, labelUse{name, from + 1})
}
