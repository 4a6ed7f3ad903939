package check

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// carried are the labels that every series of an expression has for certain,
// each with what is known of its value. labelSet knows which labels series may
// have; together they tell whether two sides can match.
// One that a flow has returned is not changed: it may be remembered.
type carried map[string]carriedValue

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
	if !slices.ContainsFunc(names, func(n string) bool { _, ok := c[n]; return ok }) {
		return c
	}
	rest := maps.Clone(c)
	for _, n := range names {
		delete(rest, n)
	}
	return rest
}

// only keeps some labels.
func (c carried) only(names ...string) carried {
	kept := carried{}
	for _, n := range names {
		if value, ok := c[n]; ok {
			kept[n] = value
		}
	}
	return kept
}

// either is what series have that come from one of two expressions.
func (c carried) either(d carried) carried {
	both := carried{}
	for name, value := range c {
		if other, ok := d[name]; ok {
			if value != other {
				value = carriedValue{}
			}
			both[name] = value
		}
	}
	return both
}

// and is what series have that have the labels of both, where d knows them better.
func (c carried) and(d carried) carried {
	if len(d) == 0 {
		return c
	}
	all := maps.Clone(c)
	for name, value := range d {
		if value.value != "" || all[name] == (carriedValue{}) {
			all[name] = value
		}
	}
	return all
}
