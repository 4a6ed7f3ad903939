package unittest

import (
	"encoding/json"
	"fmt"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

// NotCovered is a part of a rule that no test exercises.
var NotCovered = &diag.Kind{Name: "not-covered", Severity: diag.Note, Doc: `A part of a rule makes no difference to any test.

A rule that never has a sample, an alert that never fires, an operand of and, or or unless that is always empty or never: if it
were broken, the tests would still pass. Shown by --coverage.`}

// Coverage is how much of the rules the tests exercise.
type Coverage struct {
	Rules []RuleCoverage // in the order of the test files and their rule files
}

// RuleCoverage is how much of one rule the tests exercise.
type RuleCoverage struct {
	Rule    *rulefile.Rule
	Samples bool // it had a sample in some test
	Fired   bool // it is an alert, and fired in some test
	// Idle are the operands of and, or and unless that make no difference. Of a
	// rule without samples they are not looked at.
	Idle []IdleOperand
}

// IdleOperand is an operand that is always empty in all tests, or never.
type IdleOperand struct {
	Pos         diag.Pos
	Op, Side    string // and, left
	Text        string
	AlwaysEmpty bool // otherwise it is never empty
}

// coverageOf puts together what all tests saw.
func coverageOf(suites []*suite) *Coverage {
	total := observedCoverage{}
	for _, s := range suites {
		for _, x := range s.executions {
			total.add(x.coverage)
		}
	}
	c := &Coverage{}
	listed := map[*rulefile.Rule]bool{}
	for _, s := range suites {
		for _, g := range s.groups {
			for _, r := range g.Rules {
				if !listed[r] && s.notRun == "" {
					listed[r] = true
					c.Rules = append(c.Rules, ruleCoverage(r, total[r]))
				}
			}
		}
	}
	return c
}

func (total observedCoverage) add(more observedCoverage) {
	for r, s := range more {
		t := total[r]
		if t == nil {
			t = &ruleSeen{operands: make([]seen, len(s.operands))}
			total[r] = t
		}
		t.whole.add(s.whole)
		t.fired = t.fired || s.fired
		for i := range s.operands {
			t.operands[i].add(s.operands[i])
		}
	}
}

func ruleCoverage(r *rulefile.Rule, s *ruleSeen) RuleCoverage {
	c := RuleCoverage{Rule: r}
	if s == nil {
		return c
	}
	c.Samples, c.Fired = s.whole.samples, s.fired
	if !c.Samples {
		return c // its operands say nothing more
	}
	for i, o := range operandsOf(r.Expr) {
		if of := s.operands[i]; !of.samples || !of.empty {
			c.Idle = append(c.Idle, IdleOperand{Pos: r.ExprPos(o.expr), Op: o.op, Side: o.side, Text: o.expr.String(), AlwaysEmpty: !of.samples})
		}
	}
	return c
}

// String is the summary, and below it what is not covered, for people.
func (c *Coverage) String() string {
	var b strings.Builder
	b.WriteString(c.Summary() + "\n")
	_ = diag.WriteText(&b, c.Findings(), false) // a strings.Builder takes everything
	return strings.TrimSuffix(b.String(), "\n")
}

// Summary says in a line how much is covered.
func (c *Coverage) Summary() string {
	t := c.Totals()
	return fmt.Sprintf("coverage: %d of %d rules had samples, %d of %d alerts fired, %d %s made no difference",
		t.Rules-len(t.WithoutSamples), t.Rules, t.Alerts-len(t.NeverFiring), t.Alerts, len(t.Idle), plural(len(t.Idle), "operand"))
}

// CoverageTotals is coverage for machines. The lists have the order of the
// rules; an alert without samples never fires either.
type CoverageTotals struct {
	Rules          int             `json:"rules"`
	Alerts         int             `json:"alerts"`
	WithoutSamples []UncoveredRule `json:"withoutSamples"`
	NeverFiring    []UncoveredRule `json:"neverFiring"`
	Idle           []UncoveredRule `json:"idleOperands"`
}

// UncoveredRule is a rule that no test exercises, or an operand of one.
type UncoveredRule struct {
	Rule    string `json:"rule"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Operand string `json:"operand,omitempty"`
	Of      string `json:"of,omitempty"`     // and, or, unless
	Side    string `json:"side,omitempty"`   // left, right
	Always  string `json:"always,omitempty"` // empty, or full: it is never empty
}

// Totals counts and lists what is covered and what is not.
func (c *Coverage) Totals() CoverageTotals {
	t := CoverageTotals{Rules: len(c.Rules), WithoutSamples: []UncoveredRule{}, NeverFiring: []UncoveredRule{}, Idle: []UncoveredRule{}}
	for _, r := range c.Rules {
		of := func(at diag.Pos) UncoveredRule {
			return UncoveredRule{Rule: r.Rule.Name(), File: at.Source.Name, Line: at.Line}
		}
		at := r.Rule.Value.Get("expr").Pos
		t.Alerts += one(r.Rule.Alert != "")
		if !r.Samples {
			t.WithoutSamples = append(t.WithoutSamples, of(at))
		}
		if r.Rule.Alert != "" && !r.Fired {
			t.NeverFiring = append(t.NeverFiring, of(at))
		}
		for _, o := range r.Idle {
			u := of(o.Pos)
			u.Operand, u.Of, u.Side, u.Always = o.Text, o.Op, o.Side, "full"
			if o.AlwaysEmpty {
				u.Always = "empty"
			}
			t.Idle = append(t.Idle, u)
		}
	}
	return t
}

// MarshalJSON implements json.Marshaler.
func (c *Coverage) MarshalJSON() ([]byte, error) { return json.Marshal(c.Totals()) }

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Findings are notes about what is not covered. Of a rule that has no samples
// at all the operands are not shown.
func (c *Coverage) Findings() []diag.Finding {
	var r diag.Report
	for _, rule := range c.Rules {
		at := rule.Rule.Value.Get("expr").Pos
		if !rule.Samples {
			r.Add(NotCovered, at, "", "%s has no sample in any test", rule.Rule.Name())
			continue
		}
		if rule.Rule.Alert != "" && !rule.Fired {
			r.Add(NotCovered, at, "", "%s fires in no test", rule.Rule.Name())
		}
		for _, o := range rule.Idle {
			what := "never empty"
			if o.AlwaysEmpty {
				what = "always empty"
			}
			r.Add(NotCovered, o.Pos, "", "%s: %s, on the %s of %s, is %s in all tests", rule.Rule.Name(), shorten(o.Text), o.Side, o.Op, what)
		}
	}
	return r.Findings()
}
