package engine

import (
	"reflect"
	"text/template/parse"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// templates is what a rule's templates do.
type templates struct {
	labels bool // a label is one
	query  bool // one queries
	reads  []*parser.VectorSelector
}

// everything selects all series.
var everything = &parser.VectorSelector{}

// readTemplates finds out whether a rule's templates query, and what. A query
// that the template puts together counts as reading everything.
func readTemplates(p *placed) templates {
	var t templates
	for _, text := range p.labels {
		t.labels = t.labels || isTemplate(text)
		t.look(text)
	}
	for _, text := range p.Annotations {
		t.look(text)
	}
	return t
}

func (t *templates) look(text string) {
	if !isTemplate(text) {
		return
	}
	tree := parse.New("")
	tree.Mode = parse.SkipFuncCheck
	sets := map[string]*parse.Tree{}
	if _, err := tree.Parse(definitions+text, "", "", sets); err != nil {
		return // it expands to its error
	}
	for _, set := range sets {
		walkTemplate(reflect.ValueOf(set.Root), func(c *parse.CommandNode) {
			if f, ok := c.Args[0].(*parse.IdentifierNode); ok && f.Ident == "query" {
				t.query = true
				t.reads = append(t.reads, queried(c)...)
			}
		})
	}
}

// queried are the selectors of a template's query.
func queried(c *parse.CommandNode) []*parser.VectorSelector {
	if len(c.Args) == 2 {
		if text, ok := c.Args[1].(*parse.StringNode); ok {
			if e, err := expr.Parse(text.Text); err == nil {
				return Selectors(e)
			}
		}
	}
	return []*parser.VectorSelector{everything}
}

// walkTemplate calls f for every command of a template. The nodes have nothing
// in common that leads to their children, so that their fields are followed.
func walkTemplate(v reflect.Value, f func(*parse.CommandNode)) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeFor[*parse.Tree]() {
			return
		}
		if c, ok := v.Interface().(*parse.CommandNode); ok {
			f(c)
		}
		walkTemplate(v.Elem(), f)
	case reflect.Slice:
		for i := range v.Len() {
			walkTemplate(v.Index(i), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walkTemplate(v.Field(i), f)
			}
		}
	}
}
