package check

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// carried are the labels that every series of an expression has for certain,
// each with what is known of its value, by name. labelSet knows which labels
// series may have; together they tell whether two sides can match.
// One that a flow has returned is not changed: it may be remembered.
type carried []carriedLabel

type carriedLabel struct {
	name string
	carriedValue
}

// find is where a label is, or would be.
func (c carried) find(name string) (int, bool) {
	for i := range c { // they are few
		if c[i].name >= name {
			return i, c[i].name == name
		}
	}
	return len(c), false
}

func (c carried) has(name string) bool {
	_, ok := c.find(name)
	return ok
}

// value is what is known of the value of a label; of one that it has not, nothing.
func (c carried) value(name string) carriedValue {
	if i, ok := c.find(name); ok {
		return c[i].carriedValue
	}
	return carriedValue{}
}

// set changes c itself.
func (c *carried) set(name string, value carriedValue) {
	i, ok := c.find(name)
	if !ok {
		*c = slices.Insert(*c, i, carriedLabel{name: name})
	}
	(*c)[i].carriedValue = value
}

// remove changes c itself.
func (c *carried) remove(name string) {
	if i, ok := c.find(name); ok {
		*c = slices.Delete(*c, i, i+1)
	}
}

// carriedValue is what is known of the value of a label: the value itself, or
// else a regular expression that it matches; the zero carriedValue where neither is.
type carriedValue struct {
	value   string
	pattern *labels.Matcher
}

// excludes tells whether no value can be both.
func (v carriedValue) excludes(w carriedValue) bool {
	switch {
	case v.value != "" && w.value != "":
		return v.value != w.value
	case v.value != "":
		return w.pattern != nil && !w.pattern.Matches(v.value)
	case w.value != "":
		return w.excludes(v)
	case v.pattern == nil || w.pattern == nil:
		return false
	}
	for _, pair := range [][2]*labels.Matcher{{v.pattern, w.pattern}, {w.pattern, v.pattern}} {
		if all := pair[0].SetMatches(); len(all) > 0 {
			return !slices.ContainsFunc(all, pair[1].Matches)
		}
	}
	a, b := v.pattern.Prefix(), w.pattern.Prefix()
	return !strings.HasPrefix(a, b) && !strings.HasPrefix(b, a)
}

// String is what is known, as a matcher has it.
func (v carriedValue) String() string {
	if v.pattern != nil {
		return "=~" + strconv.Quote(v.pattern.Value)
	}
	return strconv.Quote(v.value)
}

// scraped are the labels that Prometheus gives every series which it scrapes.
var scraped = []string{model.JobLabel, model.InstanceLabel}

// without takes labels away. What has none of them is returned as it is.
func (c carried) without(names ...string) carried {
	for len(c) > 0 && slices.Contains(names, c[0].name) {
		c = c[1:] // the metric's name, which is first of most, is what most take away
	}
	if !slices.ContainsFunc(names, c.has) {
		return c
	}
	return slices.DeleteFunc(slices.Clone(c), func(l carriedLabel) bool { return slices.Contains(names, l.name) })
}

// only keeps some labels.
func (c carried) only(names ...string) carried {
	isKept := func(l carriedLabel) bool { return slices.Contains(names, l.name) }
	n := 0
	for _, l := range c {
		if isKept(l) {
			n++
		}
	}
	if n == len(c) {
		return c
	}
	kept := make(carried, 0, n)
	for _, l := range c {
		if isKept(l) {
			kept = append(kept, l)
		}
	}
	return kept
}

// either is what series have that come from one of two expressions.
func (c carried) either(d carried) carried {
	both := carried{}
	for _, l := range c {
		if i, ok := d.find(l.name); ok {
			if l != d[i] {
				l.carriedValue = carriedValue{}
			}
			both = append(both, l)
		}
	}
	return both
}

// eitherHas are the names of the labels that one of two has, in order.
func eitherHas(c, d carried) iter.Seq[string] {
	return func(yield func(string) bool) {
		for len(c)+len(d) > 0 {
			var name string
			switch {
			case len(d) == 0 || len(c) > 0 && c[0].name < d[0].name:
				name, c = c[0].name, c[1:]
			case len(c) == 0 || d[0].name < c[0].name:
				name, d = d[0].name, d[1:]
			default:
				name, c, d = c[0].name, c[1:], d[1:]
			}
			if !yield(name) {
				return
			}
		}
	}
}

// and is what series have that have the labels of both, where d knows them better.
func (c carried) and(d carried) carried {
	if len(d) == 0 {
		return c
	}
	all := make(carried, len(c), len(c)+len(d))
	copy(all, c)
	for _, l := range d {
		if l.carriedValue.value != "" || all.value(l.name) == (carriedValue{}) {
			all.set(l.name, l.carriedValue)
		}
	}
	return all
}
