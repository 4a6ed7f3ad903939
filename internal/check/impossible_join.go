package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var impossibleJoin = &Check{
	Kind: diag.Kind{Name: "impossible-join", Severity: diag.Warning, Doc: `Two sides of an operator can never match.

and, unless, arithmetic and comparisons between metrics pair series whose labels are the same: all of them, or those of
on(...), or all but those of ignoring(...). Where every series of one side has a label that no series of the other can have,
or another value of it, nothing is ever paired: and, arithmetic and comparisons yield nothing, and unless takes nothing away.
Aggregation is the usual cause: sum(...) has no labels at all. Recorded series are followed to the rules that record them, and
every scraped series has a job and an instance.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: SlowWhileBusy
        expr: request_latency_seconds > 0.5 and sum(rate(requests_total[5m])) > 100
`,
	Good: `groups:
  - name: example
    rules:
      - alert: SlowWhileBusy
        expr: request_latency_seconds > 0.5 and on () sum(rate(requests_total[5m])) > 100
`,
	Queries: true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		j := newJoins(p.Unit)
		for _, b := range j.impossible(r.Expr) {
			why := j.neverMatches(b)
			p.Report(r.ExprPos(b), why.help(b), "%s: %s", why.consequence(b), why)
		}
	},
}

// joins knows the labels of each part of an expression.
type joins struct {
	labels  labelFlow
	carried carriedFlow
}

func newJoins(u *Unit) joins { return joins{newLabelFlow(u), newCarriedFlow(u)} }

// impossible are the operators of e whose sides never match, in the order in
// which they are written. One around another is left out, and so is what is
// written alike: to mend the one mends the rest, or shows it anew.
func (j joins) impossible(e parser.Expr) []*parser.BinaryExpr {
	var found []*parser.BinaryExpr
	for part := range parser.ChildrenIter(e) {
		for _, b := range j.impossible(part.(parser.Expr)) {
			if !slices.ContainsFunc(found, func(o *parser.BinaryExpr) bool { return same(o, b) }) {
				found = append(found, b)
			}
		}
	}
	if b, ok := e.(*parser.BinaryExpr); ok && len(found) == 0 && j.neverMatches(b) != nil {
		return []*parser.BinaryExpr{b}
	}
	return found
}

// mismatch is a label that keeps two sides from ever matching.
type mismatch struct {
	label       string
	left, right carriedValue // where both sides have the label
	onlyLeft    bool         // otherwise, which side has it
}

// neverMatches tells why the sides of an operator can never match, or returns
// nil where they may, or where it does not matter.
func (j joins) neverMatches(b *parser.BinaryExpr) *mismatch {
	m := b.VectorMatching
	if m == nil || b.Op == parser.LOR || fills(m) {
		return nil
	}
	left, right := j.carried.of(b.LHS), j.carried.of(b.RHS)
	mayLeft, mayRight := j.labels.of(b.LHS), j.labels.of(b.RHS)
	for name := range eitherHas(left, right) {
		if slices.Contains(m.MatchingLabels, name) != m.On || name == model.MetricNameLabel && !m.On {
			continue
		}
		inLeft, inRight := left.has(name), right.has(name)
		switch l, r := left.value(name), right.value(name); {
		case inLeft && inRight && l.excludes(r):
			return &mismatch{label: name, left: l, right: r}
		case inLeft && !mayRight.has(name):
			return &mismatch{label: name, onlyLeft: true}
		case inRight && !mayLeft.has(name):
			return &mismatch{label: name}
		}
	}
	return nil
}

// String says what is in the way.
func (m *mismatch) String() string {
	switch {
	case m.left != carriedValue{}:
		return fmt.Sprintf("label %q is %s on the left and %s on the right", m.label, m.left, m.right)
	case m.onlyLeft:
		return fmt.Sprintf("the left side has label %q, and the right side cannot have it", m.label)
	}
	return fmt.Sprintf("the right side has label %q, and the left side cannot have it", m.label)
}

// consequence says what an operator does whose sides never match.
func (m *mismatch) consequence(b *parser.BinaryExpr) string {
	if b.Op == parser.LUNLESS {
		return "unless takes nothing away"
	}
	return strings.ToLower(b.Op.String()) + " never finds a match"
}

// help is the way out.
func (m *mismatch) help(b *parser.BinaryExpr) string {
	on := b.VectorMatching.On
	if left, right := m.left.value, m.right.value; left != "" && right != "" && spec.Nearest(left, []string{right}) != "" {
		return fmt.Sprintf("is one of them misspelt? Otherwise leave %s out of the match", m.label)
	}
	switch {
	case m.left != carriedValue{} && on:
		return "match by a label that is the same on both sides"
	case m.left != carriedValue{}:
		return fmt.Sprintf("leave it out of the match: ignoring (%s), or on (...) with the labels that are the same", m.label)
	case on:
		return fmt.Sprintf("keep %s on both sides, or match by another label", m.label)
	}
	return fmt.Sprintf("keep %s on both sides, or say by which labels to match: on (...)", m.label)
}
