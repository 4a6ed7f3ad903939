package check

import (
	"slices"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

// queriesAsRules are files in which the queries of dashboards stand as rules that
// have no name.
func queriesAsRules(dashboards []*dashfile.Dashboard) []*rulefile.File {
	var files []*rulefile.File
	for _, d := range dashboards {
		group := &rulefile.Group{Value: d.Value}
		add := func(queries []*dashfile.Query) {
			for _, q := range queries {
				group.Rules = append(group.Rules, &rulefile.Rule{Text: q.Text, Expr: q.Known, Value: q.Of})
			}
		}
		for _, panel := range d.Panels {
			add(panel.Queries)
		}
		add(d.Annotations)
		files = append(files, &rulefile.File{Source: d.Source, Groups: []*rulefile.Group{group}})
	}
	return files
}

// JudgesQueries tells whether a kind is what a check finds in the queries of
// dashboards that parse, be they those of alerts or not.
func JudgesQueries(kind *diag.Kind) bool {
	return slices.ContainsFunc(All, func(c *Check) bool { return c.Name == kind.Name && (c.Queries || c == rawCounter || c == wrongUnit) })
}
