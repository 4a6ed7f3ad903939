package rulefile

import (
	"strings"
	"sync"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// Loads tells whether there is nothing to find in a rule file, as Read and what
// reads its YAML would. It keeps none of it, and parses one expression of each
// shape: what the compiler writes is large, and has nothing wrong with it.
func Loads(src *diag.Source, shapes *expr.Shapes) bool {
	var mu sync.Mutex
	var loads sync.Map
	names, good, trees := map[string]bool{}, true, expr.NewTrees()
	key := spec.EachPiece(src, func(items []*spec.Value) {
		var r diag.Report
		one := reader{report: &r, keys: rawKeys, loads: &loads, shapes: shapes, trees: trees}
		for _, item := range items {
			g := one.group(0, item)
			mu.Lock()
			good = good && g.Name != "" && !names[g.Name] && r.Len() == 0
			names[strings.Clone(g.Name)] = true // of the text of which it is a part, nothing is kept
			mu.Unlock()
		}
	})
	if key == "groups" {
		return good
	}
	var r diag.Report
	for _, doc := range spec.ReadYAML(src, &r) {
		if isResource(doc) {
			return false // which is no rule file
		}
		rd := reader{report: &r, file: &File{Source: src}, keys: rawKeys, shapes: shapes}
		rd.fields(doc, "a rule file", []string{"groups"})
		rd.groups(doc.Get("groups"))
	}
	return r.Len() == 0
}
