// Package mutate breaks rules, one place at a time, and asks tests whether they
// notice. A broken rule is a mutant. One that no test notices shows what could go
// wrong with the rule unseen: the test that would notice is missing.
//
// Rules go in as they were read, from anybody's file; operators say in which ways
// they can be broken; scenarios or unit tests are the judges.
package mutate

import (
	"fmt"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// Operator is one way to break a rule.
type Operator struct {
	Name string
	Doc  string // what it changes, and which mistake that imitates
	Hint string // which test would notice
	// inExpr lists the changes of a part of an expression; nil for an operator on
	// the rule's other keys. The part is the caller's to change.
	inExpr func(part *expr.Expr) []change
	// inRule lists the changes of a rule, which is a copy that they may write to;
	// its maps are not.
	inRule func(r *rulefile.Rule) []ruleChange
}

// Operators are all of them, in the order in which scores are printed.
var Operators = []*Operator{dropOperand, setOperator, comparison, dropBool, threshold, number, window, matcher, holding, label, aggregation, function, grouping, arithmetic, timeShift}

// change is one change of a part of an expression.
type change struct {
	says   string // of the original and what became of it: "> becomes <"
	at     parser.Node
	sign   bool // it is about the sign of the operator at that place
	apply  func()
	loses  *labels.Matcher // that a selector loses; nil for any other change
	widens bool            // a range becomes longer
	scales bool            // the result is multiplied by a number above 0
}

// ruleChange is one change of a rule's other keys.
type ruleChange struct {
	says  string
	at    *spec.Value // that it is about; nil if the rule does not have it
	apply func()
	loses string // the label that the rule loses, or ""
}

// Mutant is a rule that was broken in one place.
type Mutant struct {
	Operator *Operator
	Was, Is  *rulefile.Rule
	Says     string // what is broken
	Pos      diag.Pos
	// Equivalent is why the mutant does what the rule does, or "".
	Equivalent string
}

// Of are the mutants of a rule, by operator and by place. A change that leaves
// the rule as it is, or that does not parse, makes none.
func Of(r *rulefile.Rule) []Mutant {
	if r.Expr == nil {
		return nil
	}
	var mutants []Mutant
	for _, o := range Operators {
		if o.inExpr != nil {
			mutants = append(mutants, ofExpr(o, r)...)
		}
		if o.inRule != nil {
			mutants = append(mutants, ofRule(o, r)...)
		}
	}
	return mutants
}

// ofExpr are the mutants of a rule's expression. Each is made in a tree of its
// own, which is parsed once more: so it is what Prometheus would read.
func ofExpr(o *Operator, r *rulefile.Rule) []Mutant {
	var mutants []Mutant
	seen := map[string]bool{r.Expr.String(): true}
	listed, equal := r.Expr, reasonsIn(r)
	for i, part := range parts(&listed) {
		for j, c := range o.inExpr(part) {
			tree, err := expr.Parse(r.Text)
			if err != nil {
				return nil // it did when the rule was read
			}
			o.inExpr(parts(&tree)[i])[j].apply()
			text := tree.String()
			is, err := expr.Parse(text)
			if err != nil || seen[is.String()] {
				continue
			}
			seen[is.String()] = true
			broken := *r
			broken.Text, broken.Expr = text, is
			mutants = append(mutants, Mutant{o, r, &broken, c.says, place(r, c), equal.why(o, c)})
		}
	}
	return mutants
}

// place is where a change is shown.
func place(r *rulefile.Rule, c change) diag.Pos {
	if b, ok := c.at.(*parser.BinaryExpr); ok && c.sign {
		return r.SignPos(b)
	}
	return r.ExprPos(c.at)
}

func ofRule(o *Operator, r *rulefile.Rule) []Mutant {
	var mutants []Mutant
	whole := *r
	for j, c := range o.inRule(&whole) {
		broken := *r
		o.inRule(&broken)[j].apply()
		at := r.Value.Pos
		if c.at != nil {
			at = c.at.Pos
		}
		equivalent := ""
		if c.loses != "" && has(carried(r.Expr), expr.Equal(c.loses, r.Labels[c.loses])) {
			equivalent = "all series of the expression have the label"
		}
		mutants = append(mutants, Mutant{o, r, &broken, c.says, at, equivalent})
	}
	return mutants
}

// parts are where an expression and all its operands and arguments stand, from
// the outside in and from the left.
func parts(at *expr.Expr) []*expr.Expr {
	found := []*expr.Expr{at}
	in := func(inner *expr.Expr) { found = append(found, parts(inner)...) }
	switch e := (*at).(type) {
	case *parser.ParenExpr:
		in(&e.Expr)
	case *parser.UnaryExpr:
		in(&e.Expr)
	case *parser.BinaryExpr:
		in(&e.LHS)
		in(&e.RHS)
	case *parser.AggregateExpr:
		if e.Param != nil {
			in(&e.Param)
		}
		in(&e.Expr)
	case *parser.Call:
		for i := range e.Args {
			in(&e.Args[i])
		}
	case *parser.SubqueryExpr:
		in(&e.Expr)
	case *parser.MatrixSelector:
		in(&e.VectorSelector)
	}
	return found
}

// becomes says what a part was and what it is.
func becomes(was, is any) string { return fmt.Sprintf("%v becomes %v", was, is) }
