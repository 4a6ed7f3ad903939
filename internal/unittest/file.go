package unittest

import (
	"fmt"
	"slices"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/spec"
)

// File is a unit-test file.
type File struct {
	Source *diag.Source

	patterns []*spec.Value // of rule_files
	interval time.Duration
	order    []string
	fuzzy    bool
	tests    []*test
	report   diag.Report
	broken   bool // a setting that all tests need cannot be read
}

// Len is the number of tests in the file.
func (f *File) Len() int { return len(f.tests) }

// Findings are what is wrong with the file as it is written, as far as that
// shows without its rules.
func (f *File) Findings() []diag.Finding {
	var all diag.Report
	all.Append(f.report.Findings()...)
	unruly := &suite{file: f, opts: Options{MaxSamples: engine.DefaultMaxSamples}}
	for _, t := range f.tests {
		x := newExecution(unruly, t)
		x.read()
		all.Append(x.report.Findings()...)
	}
	return all.Findings()
}

// Is tells whether a document is a unit-test file: a map with tests and nothing
// that rule files and specs begin with. Others have files with tests too; one
// with keys that mean nothing here must look like rules are tested.
func Is(doc *spec.Value) bool {
	tests := doc.Get("tests")
	if tests == nil || doc.Get("groups") != nil || doc.Get("apiVersion") != nil {
		return false
	}
	unknown := func(f spec.Field) bool { return !slices.Contains(fileKeys, f.Key.Text) }
	if !slices.ContainsFunc(doc.Fields(), unknown) || doc.Get("rule_files") != nil {
		return true
	}
	return slices.ContainsFunc(tests.Items(), func(t *spec.Value) bool {
		return slices.ContainsFunc(ownTestKeys, func(key string) bool { return t.Get(key) != nil })
	})
}

// Meant tells whether a document that the user named, and did not leave to be
// found in a folder, is a unit-test file that Is does not take for one: it has
// tests that are not those of rules, or rule_files and no tests. Prometheus'
// configuration has rule_files too, among keys that no test file has.
func Meant(doc *spec.Value) bool {
	if Is(doc) || doc.Get("groups") != nil || doc.Get("apiVersion") != nil {
		return false
	}
	foreign := slices.ContainsFunc(doc.Fields(), func(f spec.Field) bool { return !slices.Contains(fileKeys, f.Key.Text) })
	return doc.Get("tests") != nil || doc.Get("rule_files") != nil && !foreign
}

// ownTestKeys are those that only tests of rules have.
var ownTestKeys = []string{"input_series", "alert_rule_test", "promql_expr_test", "exp_silent"}

var fileKeys = []string{"rule_files", "evaluation_interval", "group_eval_order", "fuzzy_compare", "tests"}

// Read reads a unit-test file. What is wrong with it is found when it is run.
func Read(src *diag.Source) *File {
	f := &File{Source: src}
	docs := spec.ReadYAML(src, &f.report)
	f.broken = f.report.HasErrors()
	return f.take(docs)
}

// FromDocuments is Read for a file whose documents have been read already.
func FromDocuments(src *diag.Source, docs []*spec.Value) *File {
	return (&File{Source: src}).take(docs)
}

func (f *File) take(docs []*spec.Value) *File {
	if len(docs) == 0 {
		if !f.broken {
			f.report.Add(EmptySuite, diag.Pos{Source: f.Source}, "add tests, or remove the file", "the file is empty")
		}
		return f
	}
	for _, extra := range docs[1:] {
		f.report.Add(IgnoredDocument, extra.Pos, "make a file of it", "all documents of a test file but the first are ignored")
	}
	f.read(docs[0])
	return f
}

func (f *File) read(doc *spec.Value) {
	rd := reader{&f.report}
	rd.fields(doc, "a test file", fileKeys)
	before := f.report.Len()
	f.patterns = rd.items(doc.Get("rule_files"), "rule_files")
	for _, p := range f.patterns {
		rd.text(p, "a pattern of rule_files")
	}
	f.interval = rd.duration(doc.Get("evaluation_interval"), "evaluation_interval")
	if f.interval == 0 {
		f.interval = time.Minute
	}
	for _, v := range rd.items(doc.Get("group_eval_order"), "group_eval_order") {
		name := rd.text(v, "a group's name")
		if slices.Contains(f.order, name) {
			f.report.Add(Invalid, v.Pos, "name it once", "group_eval_order has %q twice", name)
		}
		f.order = append(f.order, name)
	}
	f.fuzzy = rd.boolean(doc.Get("fuzzy_compare"), "fuzzy_compare")
	f.broken = f.broken || f.report.Len() > before
	before = f.report.Len()
	tests := rd.items(doc.Get("tests"), "tests")
	if len(tests) == 0 && f.report.Len() == before && doc.Kind == spec.Map {
		f.report.Add(EmptySuite, doc.Pos, "add tests, or remove the file", "the file has no tests")
	}
	for i, v := range tests {
		f.tests = append(f.tests, readTest(v, i, f.interval))
	}
}

// test is one test of a file.
type test struct {
	value         *spec.Value
	name          string // as it is written
	index         int
	interval      time.Duration
	series        []inputSeries
	alerts        []*alertCase
	exprs         []*exprCase
	silences      []*silence
	labels        map[string]string
	url           string
	start         time.Time
	report        diag.Report
	hasAssertions bool
}

// inputSeries is a series as it is written.
type inputSeries struct{ item, series, values, profile *spec.Value }

// shown is the name of a test as promtool shows it.
func (t *test) shown() string {
	if t.name == "" {
		return fmt.Sprintf("unnamed#%d", t.index)
	}
	return t.name
}

// pos is where the test stands.
func (t *test) pos() diag.Pos {
	if name := t.value.Get("name"); name != nil {
		return name.Pos
	}
	return t.value.Pos
}
