package rulefile

import (
	"hash/maphash"
	"maps"
)

// LabelsOf are the labels that a rule of the group sets, those of the group among
// them. They are not to be changed.
func (g *Group) LabelsOf(r *Rule) map[string]string {
	if len(g.Labels) == 0 {
		return r.Labels
	}
	set := maps.Clone(g.Labels)
	maps.Copy(set, r.Labels)
	return set
}

// sums are the same within a process.
var sums = maphash.MakeSeed()

// Sum is the same for rules of one name that set the same labels, and for few others.
func Sum(name string, set map[string]string) uint64 {
	sum := maphash.String(sums, name)
	for label, value := range set {
		sum += maphash.Comparable(sums, [2]string{label, value}) // in any order
	}
	return sum
}
