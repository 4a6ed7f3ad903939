package main

import (
	"bytes"
	"fmt"
	"slices"

	"slowburn/internal/check"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// promtool is the name that --only knows for what promtool check rules looks for, besides what Prometheus refuses to load.
const promtool = "promtool"

var ofPromtool = []string{"duplicate-rule"}

// checksNamed are the checks that --only names.
func checksNamed(only []string) ([]string, error) {
	var names []string
	for _, name := range only {
		switch {
		case name == promtool:
			names = append(names, ofPromtool...)
		case slices.Contains(check.Names(), name):
			names = append(names, name)
		default:
			return nil, fmt.Errorf("--only %s: there is no such check; %s", name, spec.Suggest(name, append(check.Names(), promtool)))
		}
	}
	return names, nil
}

// isLean tells whether rule files need not be kept: nothing is asked of them but what can be told when they are read.
func isLean(only []string) bool {
	return len(only) > 0 && !slices.ContainsFunc(only, func(name string) bool { return !slices.Contains(ofPromtool, name) })
}

// passes tells whether there is nothing to find in a rule file, and counts its rules. Of a large one that is known without
// keeping any of it.
func (b *build) passes(f file) bool {
	if !b.lean || isProgram(f) || bytes.Contains(f.source.Text, []byte("slowburn:ignore")) {
		return false
	}
	v := rulefile.Skim(f.source, expr.NewShapes())
	if !v.Good || v.Repeated {
		return false
	}
	b.skimmed.files++
	b.skimmed.rules += v.Rules
	return true
}
