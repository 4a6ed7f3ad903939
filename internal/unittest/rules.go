package unittest

import (
	"slices"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

// ruleCache holds every rule file that was read, once for all test files.
type ruleCache struct {
	opts   Options
	byName map[string]*ruleFile
}

// ruleFile is a rule file that was read.
type ruleFile struct {
	name     string
	groups   []*rulefile.Group
	findings []diag.Finding
}

func (c *ruleCache) read(src *diag.Source) *ruleFile {
	if known := c.byName[src.Name]; known != nil {
		return known
	}
	var r diag.Report
	f := &ruleFile{name: src.Name}
	for i, doc := range spec.ReadYAML(src, &r) {
		if i > 0 && doc.Get("groups") != nil {
			continue // Prometheus reads the first, and check says so
		}
		for _, part := range rulefile.Read(src, doc, &r) {
			f.groups = append(f.groups, part.Groups...)
		}
	}
	f.findings = r.Findings()
	if c.opts.IgnoreUnknownFields {
		f.findings = slices.DeleteFunc(f.findings, func(f diag.Finding) bool { return f.Kind == spec.UnknownKey })
	}
	c.byName[src.Name] = f
	return f
}

// ruleFiles finds and reads the rule files of a test file, and reports what is
// wrong with them. It is not ok if there are rules that tests would lack.
func (c *ruleCache) ruleFiles(f *File, r *diag.Report) (files []*ruleFile, ok bool) {
	ok = true
	for _, pattern := range f.patterns {
		sources, err := c.opts.Load(f, textOf(pattern))
		switch {
		case err != nil:
			r.Add(NoRuleFile, pattern.Pos, "", "%s", err)
			ok = false
		case len(sources) == 0:
			r.Add(NoRuleFile, pattern.Pos, "write a file or pattern relative to the test file", "%q matches no file", textOf(pattern))
			ok = false
		}
		for _, src := range sources {
			if slices.ContainsFunc(files, func(known *ruleFile) bool { return known.name == src.Name }) {
				continue
			}
			read := c.read(src)
			r.Append(read.findings...)
			ok = ok && !hasErrors(read.findings)
			files = append(files, read)
		}
	}
	return files, ok
}
