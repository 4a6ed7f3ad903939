// Package rulefile reads rule files and PrometheusRules, anybody's, into rules
// that know their place. What is valid is decided by Prometheus' own validation
// and parser; this package only finds where each complaint belongs, and goes on
// to the next one.
package rulefile

import (
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// File is one set of rule groups: a rule file, or a PrometheusRule.
type File struct {
	Source *diag.Source
	Groups []*Group
	// Resource is the PrometheusRule that the groups stand in; nil for a rule file.
	Resource *spec.Value
}

// Group is a rule group.
type Group struct {
	Name        string
	Interval    time.Duration // zero for Prometheus' own
	QueryOffset time.Duration
	Limit       int
	Labels      map[string]string
	Rules       []*Rule
	Value       *spec.Value
}

// Rule is a recording or an alerting rule.
type Rule struct {
	Record, Alert      string      // one of them is set
	Text               string      // of the expression
	Expr               parser.Expr // nil if it does not parse
	For, KeepFiringFor time.Duration
	Labels             map[string]string // without those of the group
	Annotations        map[string]string
	Value              *spec.Value
	Group, Index       int // place in the file, from 0
}

// Name is the recorded metric's or the alert's.
func (r *Rule) Name() string {
	if r.Alert != "" {
		return r.Alert
	}
	return r.Record
}

// Rules are the rules of all groups, in order.
func (f *File) Rules() []*Rule {
	var rules []*Rule
	for _, g := range f.Groups {
		rules = append(rules, g.Rules...)
	}
	return rules
}

// ExprPos is the position of a part of the rule's expression.
func (r *Rule) ExprPos(n parser.Node) diag.Pos {
	at := n.PositionRange()
	return r.Value.Get("expr").Sub(int(at.Start), int(at.End))
}

// SignPos is where the sign of an operator stands, between both of its sides.
func (r *Rule) SignPos(b *parser.BinaryExpr) diag.Pos {
	text, sign := r.Value.Get("expr").Text, b.Op.String()
	from, to := int(b.LHS.PositionRange().End), int(b.RHS.PositionRange().Start)
	if from <= to && to <= len(text) {
		if at := strings.Index(strings.ToLower(text[from:to]), sign); at >= 0 {
			return r.Value.Get("expr").Sub(from+at, from+at+len(sign))
		}
	}
	return r.ExprPos(b)
}

// Is tells whether a document holds rule groups.
func Is(doc *spec.Value) bool {
	return doc.Get("groups") != nil || isResource(doc)
}

func isResource(doc *spec.Value) bool {
	kind := kindOf(doc)
	return kind == "PrometheusRule" || kind == "PrometheusRuleList" || len(resources(doc)) > 0
}

func kindOf(doc *spec.Value) string {
	if kind := doc.Get("kind"); kind != nil {
		return kind.Text
	}
	return ""
}

// resources are the PrometheusRules of a document: itself, or those of a list.
// kubectl get prints a List, which may hold other things too.
func resources(doc *spec.Value) []*spec.Value {
	var items []*spec.Value
	if list := doc.Get("items"); list != nil {
		items = list.Items()
	}
	switch kindOf(doc) {
	case "PrometheusRule":
		return []*spec.Value{doc}
	case "PrometheusRuleList":
		return items
	case "List":
		return slices.DeleteFunc(slices.Clone(items), func(item *spec.Value) bool { return kindOf(item) != "PrometheusRule" })
	}
	return nil
}

// Read reads a document for which Is holds.
func Read(src *diag.Source, doc *spec.Value, r *diag.Report) []*File {
	if !isResource(doc) {
		rd := reader{report: r, file: &File{Source: src}, keys: rawKeys}
		rd.fields(doc, "a rule file", []string{"groups"})
		rd.groups(doc.Get("groups"))
		return []*File{rd.file}
	}
	var files []*File
	for _, resource := range resources(doc) {
		rd := reader{report: r, file: &File{Source: src, Resource: resource}, keys: resourceKeys}
		if !rd.fields(resource, "a PrometheusRule", []string{"apiVersion", "kind", "metadata", "spec", "status"}) && resource.Kind != spec.Null {
			continue
		}
		body := resource.Get("spec")
		if body == nil || body.Kind == spec.Null {
			r.Add(Invalid, resource.Pos, "add spec: {groups: [...]}", "a PrometheusRule without spec")
			continue
		}
		rd.fields(body, "a PrometheusRule's spec", []string{"groups"})
		rd.groups(body.Get("groups"))
		files = append(files, rd.file)
	}
	return files
}
