package rulefile

import (
	"slices"
	"sync"
	"time"

	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/parallel"
	"slowburn/internal/spec"
)

// Invalid is a rule that Prometheus itself refuses to load.
var Invalid = &diag.Kind{Name: "invalid-rule", Severity: diag.Error, Doc: `Prometheus refuses to load a rule.

What it says is what promtool check rules prints; a file with one such rule is not loaded at all.`}

// scheme is which names are valid: since Prometheus 3, any UTF-8.
const scheme = model.UTF8Validation

// keys are those that a group may have.
type keys struct{ group []string }

var (
	rawKeys      = keys{[]string{"name", "interval", "query_offset", "limit", "rules", "labels"}}
	resourceKeys = keys{append([]string{"partial_response_strategy"}, rawKeys.group...)}
	ruleKeys     = []string{"record", "alert", "expr", "for", "keep_firing_for", "labels", "annotations"}
)

type reader struct {
	report *diag.Report
	file   *File
	keys   keys
	// loads are templates that parse, or do not: many rules have the same.
	loads *sync.Map
	// shapes are set where it only counts that expressions parse.
	shapes *expr.Shapes
	// trees are those of expressions that were read before.
	trees *expr.Trees
}

// groupsAtOnce is how many groups are read by one reader, while another one reads others.
const groupsAtOnce = 64

// fields checks that a value is a map with known keys.
func (rd *reader) fields(v *spec.Value, what string, known []string) bool {
	if v == nil || v.Kind == spec.Null {
		return false
	}
	if v.Kind != spec.Map {
		rd.report.Add(Invalid, v.Pos, "write a map", "%s is a map, not %s", what, v.Kind)
		return false
	}
	for _, f := range fieldsOf(v) {
		if slices.Contains(known, f.Key.Text) {
			continue
		}
		rd.report.Add(spec.UnknownKey, f.Key.Pos, spec.Suggest(f.Key.Text, known), "%s has no key %q", what, f.Key.Text)
	}
	return true
}

// items are those of a list; nothing counts as an empty one, and in it as no
// item, as Prometheus has it.
func (rd *reader) items(v *spec.Value, what string) []*spec.Value {
	switch {
	case v == nil || v.Kind == spec.Null:
		return nil
	case v.Kind != spec.List:
		rd.report.Add(Invalid, v.Pos, "write a list", "%s are a list, not %s", what, v.Kind)
		return nil
	}
	return slices.DeleteFunc(slices.Clone(v.Items()), func(item *spec.Value) bool { return item.Kind == spec.Null })
}

// text is a scalar as Prometheus reads it: whatever it is, as it is written.
func (rd *reader) text(v *spec.Value, what string) string {
	switch {
	case v == nil || v.Kind == spec.Null:
		return ""
	case isNested(v):
		rd.report.Add(Invalid, v.Pos, "write a text", "%s is a text, not %s", what, v.Kind)
		return ""
	}
	return v.Text
}

// textOf is that of a field of a map.
func (rd *reader) textOf(f spec.Field, what string) string {
	if isNested(f.Value) {
		what += " " + f.Key.Text
	}
	return rd.text(f.Value, what)
}

func isNested(v *spec.Value) bool { return v.Kind == spec.List || v.Kind == spec.Map }

func (rd *reader) duration(v *spec.Value, what string) time.Duration {
	text := rd.text(v, what)
	if text == "" && (v == nil || v.Kind != spec.String) {
		return 0
	}
	d, err := model.ParseDuration(text)
	if err != nil {
		rd.report.Add(Invalid, v.Pos, "write 30s, 5m, 1h30m or the like", "%s: %s", what, err)
	}
	return time.Duration(d)
}

func (rd *reader) texts(v *spec.Value, what string) map[string]string {
	if v == nil || v.Kind == spec.Null {
		return nil
	}
	if v.Kind != spec.Map {
		rd.report.Add(Invalid, v.Pos, "write a map", "%s are a map, not %s", what, v.Kind)
		return nil
	}
	m := make(map[string]string, len(v.Fields()))
	for _, f := range fieldsOf(v) {
		m[f.Key.Text] = rd.textOf(f, what)
	}
	return m
}

func (rd *reader) groups(v *spec.Value) {
	seen := map[string]diag.Pos{}
	items := rd.items(v, "groups")
	rd.file.Groups = rd.readGroups(items)
	for i, item := range items {
		g := rd.file.Groups[i]
		at, name := item.Pos, item.Get("name")
		if name != nil {
			at = name.Pos
		}
		if item.Kind != spec.Map || name != nil && isNested(name) {
			continue // reported already
		}
		if g.Name == "" {
			rd.report.Add(Invalid, at, "name it", "Groupname must not be empty")
		}
		if first, ok := seen[g.Name]; ok {
			rd.report.Add(Invalid, at, "rename one of them", "groupname: %q is repeated in the same file, first at %s", g.Name, first)
		} else {
			seen[g.Name] = at
		}
	}
}

// readGroups reads groups on all processors.
func (rd *reader) readGroups(items []*spec.Value) []*Group {
	groups := make([]*Group, len(items))
	chunks := (len(items) + groupsAtOnce - 1) / groupsAtOnce
	reports := make([]diag.Report, chunks)
	trees, loads := expr.NewTrees(), new(sync.Map)
	parallel.Each(chunks, func(c int) {
		one := reader{report: &reports[c], file: rd.file, keys: rd.keys, loads: loads, shapes: rd.shapes, trees: trees}
		first := c * groupsAtOnce
		for i, item := range items[first:min(first+groupsAtOnce, len(items))] {
			groups[first+i] = one.group(first+i, item)
		}
	})
	for _, r := range reports {
		rd.report.Append(r.Findings()...)
	}
	return groups
}

func (rd *reader) group(index int, v *spec.Value) *Group {
	g := &Group{Value: v}
	if !rd.fields(v, "a group", rd.keys.group) {
		return g
	}
	g.Name = rd.text(v.Get("name"), "a group's name")
	g.Interval = rd.duration(v.Get("interval"), "interval")
	g.QueryOffset = rd.duration(v.Get("query_offset"), "query_offset")
	if limit := v.Get("limit"); limit != nil && limit.Kind != spec.Null {
		// The YAML library knows more numbers than strconv, and takes 5.9 for 5.
		err := yaml.Unmarshal([]byte(limit.Text), &g.Limit)
		switch {
		case limit.Kind != spec.Number:
			rd.report.Add(Invalid, limit.Pos, "write a number", "limit is a whole number, not %s", limit.Kind)
		case err != nil:
			rd.report.Add(Invalid, limit.Pos, "write a smaller number", "limit cannot be %s", limit.Text)
		}
	}
	g.Labels = rd.texts(v.Get("labels"), "labels")
	rd.checkLabelNames(g.Labels, v.Get("labels"))
	for i, item := range rd.items(v.Get("rules"), "rules") {
		r := rd.rule(item)
		r.Group, r.Index = index, i
		g.Rules = append(g.Rules, r)
	}
	return g
}

func (rd *reader) checkLabelNames(labels map[string]string, v *spec.Value) {
	for _, f := range fieldsOf(v) {
		if !scheme.IsValidLabelName(f.Key.Text) || f.Key.Text == model.MetricNameLabel {
			rd.report.Add(Invalid, f.Key.Pos, "rename it", "invalid label name: %s", f.Key.Text)
		}
		if !model.LabelValue(labels[f.Key.Text]).IsValid() {
			rd.report.Add(Invalid, f.Value.Pos, "write UTF-8", "invalid label value: %s", labels[f.Key.Text])
		}
	}
}

// fieldsOf are those of a map. One without a key (~: x) is ignored, as
// Prometheus does.
func fieldsOf(v *spec.Value) []spec.Field {
	if v == nil {
		return nil
	}
	keyless := func(f spec.Field) bool { return f.Key.Kind == spec.Null }
	if !slices.ContainsFunc(v.Fields(), keyless) {
		return v.Fields()
	}
	return slices.DeleteFunc(slices.Clone(v.Fields()), keyless)
}

func (rd *reader) rule(v *spec.Value) *Rule {
	r := &Rule{Value: v}
	if !rd.fields(v, "a rule", ruleKeys) {
		return r
	}
	r.Record = rd.text(v.Get("record"), "record")
	r.Alert = rd.text(v.Get("alert"), "alert")
	r.Text = rd.text(v.Get("expr"), "expr")
	r.For = rd.duration(v.Get("for"), "for")
	r.KeepFiringFor = rd.duration(v.Get("keep_firing_for"), "keep_firing_for")
	r.Labels = rd.texts(v.Get("labels"), "labels")
	r.Annotations = rd.texts(v.Get("annotations"), "annotations")
	if r.Text != "" && (rd.shapes == nil || !rd.shapes.Parses(r.Text)) { // of none validate says so
		r.Expr = rd.trees.ParseAt(v.Get("expr"), r.Text, 0, rd.report)
	}
	rd.validate(r)
	return r
}
