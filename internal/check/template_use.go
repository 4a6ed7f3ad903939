package check

import (
	"maps"
	"slices"
	"slowburn/internal/pattern"
	"strings"
	"text/template/parse"
)

// labelUse is a label's name in a template, at a byte offset.
type labelUse struct {
	name  string
	start int
}

// templatePrelude is what Prometheus puts before every template.
const templatePrelude = `{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}`

// usedLabels are the labels of the alert that a template uses: $labels.x,
// .Labels.x and index $labels "x", and what stands for $labels. A template that
// does not parse uses none; Prometheus' own validation reports it.
func (u *Unit) usedLabels(text string) []labelUse {
	return u.readTemplate(text).labels
}

// printedValues are the byte offsets at which a template prints the value of
// the alert, rather than deciding by it.
func (u *Unit) printedValues(text string) []int {
	return u.readTemplate(text).values
}

// templateUses is what a template uses of the alert.
type templateUses struct {
	labels []labelUse
	values []int
	// isPlain tells whether it does no more than print them.
	isPlain bool
}

// readTemplate remembers what it reads, since many rules have the same.
func (u *Unit) readTemplate(text string) templateUses {
	if !strings.Contains(text, "{{") {
		return templateUses{isPlain: true}
	}
	uses, known := u.uses[text]
	if !known {
		uses = readTemplate(text)
		uses.isPlain = neverFails(text)
		u.uses[text] = uses
	}
	return uses
}

func readTemplate(text string) templateUses {
	tree := parse.New("alert")
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(templatePrelude+text, "", "", map[string]*parse.Tree{}); err != nil {
		return templateUses{}
	}
	w := templateWalker{scope: scope{dot: theAlert, variables: map[string]meaning{"$": theAlert}}}
	for _, m := range reassignment().FindAllStringSubmatch(text, -1) {
		w.reassigned = append(w.reassigned, m[1:]...)
	}
	w.list(tree.Root)
	for i := range w.labels {
		w.labels[i].start -= len(templatePrelude)
	}
	for i := range w.values {
		w.values[i] -= len(templatePrelude)
	}
	return w.templateUses
}

// meaning is what a name in a template stands for.
type meaning int

const (
	anything  meaning = iota
	theAlert          // what has .Labels and .Value
	itsLabels         // the map of labels
	itsValue          // the number
)

// scope is what names mean at a place of a template.
type scope struct {
	dot       meaning
	variables map[string]meaning
}

type templateWalker struct {
	templateUses
	scope
	// reassigned are variables that a template sets once more: what they mean depends on the way there.
	reassigned []string
}

// reassignment finds $x = and $x, $y =. What it finds besides, in a text say, does no harm.
var reassignment = pattern.New(`(\$\w+)(?:\s*,\s*(\$\w+))?\s*=`)

func (w *templateWalker) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			w.pipe(n.Pipe, w.meaningOf(n.Pipe))
			if len(n.Pipe.Decl) == 0 {
				w.printed(n.Pipe)
			}
		case *parse.TemplateNode:
			if n.Pipe != nil {
				w.pipe(n.Pipe, anything)
			}
		case *parse.IfNode:
			w.branch(&n.BranchNode, w.meaningOf(n.Pipe), w.dot)
		case *parse.WithNode:
			of := w.meaningOf(n.Pipe)
			w.branch(&n.BranchNode, of, of)
		case *parse.RangeNode:
			w.branch(&n.BranchNode, anything, anything) // keys and values are texts
		}
	}
}

// branch walks a branch in whose body the dot has a meaning of its own, and
// whose pipeline may declare variables that live only there.
func (w *templateWalker) branch(n *parse.BranchNode, declared, dot meaning) {
	outside := w.scope
	w.scope.variables = maps.Clone(outside.variables)
	w.pipe(n.Pipe, declared)
	inside := w.scope
	w.scope = scope{dot, maps.Clone(inside.variables)}
	w.list(n.List)
	w.scope = scope{outside.dot, maps.Clone(inside.variables)}
	w.list(n.ElseList)
	w.scope = outside
}

// pipe notes what a pipeline uses, and what the variables mean that it declares.
func (w *templateWalker) pipe(p *parse.PipeNode, declared meaning) {
	for _, c := range p.Cmds {
		w.command(c)
	}
	for _, v := range p.Decl {
		name := v.Ident[0]
		w.variables[name] = declared
		if slices.Contains(w.reassigned, name) {
			w.variables[name] = anything
		}
	}
}

func (w *templateWalker) command(c *parse.CommandNode) {
	for _, arg := range c.Args {
		w.argument(arg)
	}
	if len(c.Args) != 3 || c.Args[0].String() != "index" || w.meaningOfArgument(c.Args[1]) != itsLabels {
		return
	}
	if key, ok := c.Args[2].(*parse.StringNode); ok {
		w.use(key.Text, int(key.Pos))
	}
}

// argument notes labels that are named behind a dot. The position of a name
// with dots is that of its second part.
func (w *templateWalker) argument(n parse.Node) {
	switch n := n.(type) {
	case *parse.PipeNode:
		w.pipe(n, anything)
	case *parse.ChainNode:
		w.argument(n.Node)
		if w.meaningOfArgument(n.Node) == itsLabels {
			w.use(n.Field[0], int(n.Pos))
		}
	case *parse.VariableNode:
		w.fields(w.variables[n.Ident[0]], n.Ident[1:], int(n.Pos))
	case *parse.FieldNode:
		at := int(n.Pos)
		if len(n.Ident) > 1 {
			at -= len("." + n.Ident[0])
		}
		w.fields(w.dot, n.Ident, at)
	}
}

// fields notes the label that .a.b.c names, where what is before the first dot
// has a meaning; the first dot stands at a byte offset.
func (w *templateWalker) fields(of meaning, names []string, at int) {
	switch {
	case of == itsLabels && len(names) > 0:
		w.use(names[0], at)
	case of == theAlert && len(names) > 1 && names[0] == "Labels":
		w.use(names[1], at+len(".Labels"))
	}
}

// use notes a use of a label whose name stands behind a byte offset, that of a dot or a quote.
func (w *templateWalker) use(name string, at int) {
	w.labels = append(w.labels, labelUse{name, at + 1})
}

// meaningOf is what a pipeline yields.
func (w *templateWalker) meaningOf(p *parse.PipeNode) meaning {
	if p == nil || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return anything
	}
	return w.meaningOfArgument(p.Cmds[0].Args[0])
}

func (w *templateWalker) meaningOfArgument(n parse.Node) meaning {
	switch n := n.(type) {
	case *parse.DotNode:
		return w.dot
	case *parse.PipeNode:
		return w.meaningOf(n)
	case *parse.VariableNode:
		return w.variables[n.Ident[0]].field(n.Ident[1:])
	case *parse.FieldNode:
		return w.dot.field(n.Ident)
	}
	return anything
}

func (m meaning) field(names []string) meaning {
	switch {
	case len(names) == 0:
		return m
	case m == theAlert && len(names) == 1 && names[0] == "Labels":
		return itsLabels
	case m == theAlert && len(names) == 1 && names[0] == "Value":
		return itsValue
	}
	return anything
}

// deciding are functions whose result changes with the value seldom: what they
// print tells on which side of a limit it is.
var deciding = []string{"eq", "ne", "lt", "le", "gt", "ge", "and", "or", "not"}

// printed notes where a pipeline prints the value.
func (w *templateWalker) printed(p *parse.PipeNode) {
	for _, c := range p.Cmds {
		if f, ok := c.Args[0].(*parse.IdentifierNode); ok && slices.Contains(deciding, f.Ident) {
			return
		}
	}
	for _, c := range p.Cmds {
		for _, arg := range c.Args {
			if inner, ok := arg.(*parse.PipeNode); ok {
				w.printed(inner)
			} else if w.meaningOfArgument(arg) == itsValue {
				w.values = append(w.values, int(arg.Position()))
			}
		}
	}
}
