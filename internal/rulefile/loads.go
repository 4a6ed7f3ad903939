package rulefile

import (
	"strings"
	"sync"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// Skimmed is what is known of a rule file of which nothing was kept.
type Skimmed struct {
	Good     bool // there is nothing to find in it, and the rest holds
	Rules    int
	Repeated bool // there may be two rules of one name with the same labels
}

// Skim reads a rule file as Read and what reads its YAML would, if it is large and plainly a list of groups. It keeps none of it,
// and parses one expression of each shape: what generators write has nothing wrong with it as a rule.
func Skim(src *diag.Source, shapes *expr.Shapes) Skimmed {
	var mu sync.Mutex
	var loads sync.Map
	all := Skimmed{Good: true}
	names, seen, trees := map[string]bool{}, map[uint64]bool{}, expr.NewTrees()
	key := spec.EachPiece(src, func(items []*spec.Value) {
		var r diag.Report
		one := reader{report: &r, keys: rawKeys, loads: &loads, shapes: shapes, trees: trees}
		var groups []*Group
		var of []uint64
		for _, item := range items {
			g := one.group(0, item)
			groups = append(groups, g)
			for _, rule := range g.Rules {
				of = append(of, Sum(rule.Name(), g.LabelsOf(rule)))
			}
		}
		mu.Lock()
		defer mu.Unlock()
		for _, g := range groups {
			all.Good = all.Good && g.Name != "" && !names[g.Name]
			names[strings.Clone(g.Name)] = true // of the text of which it is a part, nothing is kept
			all.Rules += len(g.Rules)
		}
		all.Good = all.Good && r.Len() == 0
		for _, sum := range of {
			all.Repeated = all.Repeated || seen[sum]
			seen[sum] = true
		}
	})
	all.Good = all.Good && key == "groups"
	return all
}

// Loads tells whether there is nothing to find in a rule file, as Read and what
// reads its YAML would, without keeping any of it.
func Loads(src *diag.Source, shapes *expr.Shapes) bool {
	if Skim(src, shapes).Good {
		return true
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
