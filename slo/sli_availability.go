package slo

import (
	"math/big"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// Availability is the share of events that did not fail: of requests, of jobs, of messages.
type Availability struct {
	spec.Node
	// Total selects the counter of all events: http_requests_total{job="api"}.
	Total Selector `json:"total" jsonschema:"required"`
	// Bad are the label matchers of those that failed, such as status=~"5..", or a selector of another counter.
	Bad Classifier `json:"bad,omitempty"`
	// Good are the label matchers of those that did not fail, such as status=~"2..": all others failed.
	Good Classifier `json:"good,omitempty"`

	bad  expr.Selector // counts bad events; nil where only good ones can be selected
	good expr.Selector // counts good events; nil where bad ones can be selected
	per  []string
}

// Resolve is resolve, for alerts on the same two pieces.
func (a *Availability) Resolve(c *Catalogue, r *diag.Report) bool {
	return a.resolve(&Service{Catalogue: c}, nil, r)
}

func (a *Availability) resolve(s *Service, per []string, r *diag.Report) bool {
	c := s.Catalogue
	a.per = per
	if a.Bad.IsSet() == a.Good.IsSet() {
		if a.Bad.IsSet() {
			r.Add(spec.UnknownKey, a.KeyPos("good"), "keep one of them: the other follows", "the total has bad and good")
		} else {
			r.Add(spec.MissingKey, a.Pos(), `add one, such as bad: status=~"5.."`, "the total needs bad or good")
		}
		return false
	}
	if a.Total.Selector == nil || !a.Bad.valid() || !a.Good.valid() {
		return false // reported where it was read
	}
	a.Bad, a.Good = a.Bad.among(a.Total), a.Good.among(a.Total)
	ok := c.checkCounter(a.Total.text, a.Total.Selector, r)
	class, key := a.Good, "good"
	switch {
	case a.Bad.IsSet():
		class, key = a.Bad, "bad"
		a.bad = a.Bad.within(a.Total.Selector)
	case len(a.Good.Matchers) == 1:
		// A single matcher has an exact opposite: bad events can be counted, which is cheaper and rounds nothing.
		a.bad = expr.Narrow(a.Total.Selector, expr.Not(a.Good.Matchers[0]))
	default:
		a.good = a.Good.within(a.Total.Selector)
	}
	return c.checkClassifier(class, a.Total.Selector, r) && ok && c.checkSplit(key, class, a.Total, r)
}

// ErrorRatio implements SLI.
func (a *Availability) ErrorRatio(window time.Duration) expr.Expr {
	rate := func(s expr.Selector) expr.Expr { return expr.Sum(expr.Rate(s, window), a.per...) }
	total := a.AllEvents(rate)
	if a.bad != nil {
		return expr.Div(a.BadEvents(rate, total), someOf(total))
	}
	return expr.Sub(one, expr.Div(orZero(rate(a.good), total), someOf(total)))
}

// AllEvents implements SLI.
func (a *Availability) AllEvents(count Counting) expr.Expr { return count(a.Total.Selector) }

// BadEvents implements SLI. Where no such event was ever counted their series
// does not exist, and 0 * total stands in.
func (a *Availability) BadEvents(count Counting, total expr.Expr) expr.Expr {
	if a.bad != nil {
		return orZero(count(a.bad), total)
	}
	return expr.Sub(total, expr.Paren(orZero(count(a.good), total)))
}

// Failed is the number of bad events, as some way of counting gives it. It has
// no sample where none was ever counted.
func (a *Availability) Failed(count Counting) expr.Expr {
	if a.bad != nil {
		return count(a.bad)
	}
	return a.BadEvents(count, a.AllEvents(count))
}

// Errors implements SLI.
func (a *Availability) Errors(window time.Duration) expr.Expr {
	if a.bad != nil {
		return expr.Sum(expr.Increase(a.bad, window), a.per...)
	}
	increase := func(s expr.Selector) expr.Expr { return expr.Sum(expr.Increase(s, window), a.per...) }
	return a.BadEvents(increase, a.AllEvents(increase))
}

// Inputs implements SLI. The series of bad events is none of them: a service
// that never failed has none.
func (a *Availability) Inputs() []Input { return []Input{{a.Total.Selector}} }

// Streams implements SLI.
func (a *Availability) Streams() []Stream {
	total := expr.LabelMatchers(a.Total.Selector)
	class := a.Bad
	if a.Good.IsSet() {
		class = a.Good
	}
	member := Stream{Metric: a.Total.Selector.Name, Match: append(total, class.Matchers...)}
	others := Stream{Metric: a.Total.Selector.Name, Match: total, NoMatch: class.Matchers}
	if class.Selector != nil {
		// Counted apart: every event is in the total, the classified ones also in a metric of their own.
		member = Stream{Metric: class.Selector.Name, Match: expr.LabelMatchers(class.Selector)}
		others = Stream{Metric: a.Total.Selector.Name, Match: total, PerGood: 1, PerBad: 1}
		if a.Good.IsSet() {
			member.PerGood = 1
		} else {
			member.PerBad = 1
		}
		return []Stream{member, others}
	}
	if a.Good.IsSet() {
		member.PerGood, others.PerBad = 1, 1
	} else {
		member.PerBad, others.PerGood = 1, 1
	}
	return []Stream{member, others}
}

// Slice implements SLI.
func (*Availability) Slice() time.Duration { return 0 }

// Events implements SLI.
func (a *Availability) Events() string { return expr.String(a.Total.Selector) }

var (
	zero = expr.Number(new(big.Rat))
	one  = expr.Number(big.NewRat(1, 1))
)

// orZero is errors, or zero where their series does not exist but total's does.
func orZero(errors, total expr.Expr) expr.Expr {
	return expr.Or(errors, expr.Mul(zero, total))
}

// someOf is total where there were events at all: dividing by it never yields NaN.
func someOf(total expr.Expr) expr.Expr { return expr.Greater(total, zero) }
