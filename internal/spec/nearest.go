package spec

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"

	"slowburn/internal/diag"
)

// UnknownReference is a name that names nothing.
var UnknownReference = &diag.Kind{Name: "unknown-reference", Severity: diag.Error, Doc: `A spec refers to something that does not exist.

A receiver, a label value of the vocabulary, an SLO, a tier, a runbook, a file: the finding names the nearest one that exists.`}

// Suggest is the way out for a name that is not known: the nearest one that
// is, or all of them where none is near.
func Suggest(name string, known []string) string {
	known = slices.DeleteFunc(slices.Clone(known), func(k string) bool { return k == "" }) // an item whose name is missing
	switch near := Nearest(name, known); {
	case near != "":
		return fmt.Sprintf("did you mean %q?", near)
	case len(known) == 0:
		return "there is none"
	case len(known) == 1:
		return "use " + known[0]
	case len(known) > maxListed:
		return fmt.Sprintf("use one of %s, … (%d in all)", strings.Join(likest(name, known), ", "), len(known))
	}
	return "use one of " + strings.Join(known, ", ")
}

// Nearest is the known name that a name was probably meant to be, or "".
func Nearest(name string, known []string) string {
	// A third of the letters may be wrong, or two that changed places, which counts as two.
	best, distance := "", max(len(name)/3, min(len(name)/2, 2))+1
	for _, k := range known {
		// The length alone tells most candidates apart, far cheaper than the distance.
		if d := len(k) - len(name); d >= distance || -d >= distance {
			continue
		}
		if d := levenshtein.Distance(name, k, nil); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// likest are a few of the known names, those that are most like a name first.
func likest(name string, known []string) []string {
	if len(name) > maxCompared {
		return known[:maxLikest]
	}
	distance := map[string]int{}
	for _, k := range known {
		distance[k] = levenshtein.Distance(name, k, nil)
	}
	sorted := slices.Clone(known)
	slices.SortStableFunc(sorted, func(a, b string) int { return distance[a] - distance[b] })
	return sorted[:maxLikest]
}

const (
	maxLikest   = 6   // how many a finding lists where there are too many to list
	maxCompared = 200 // how long a name may be that others are like
)

// maxListed is how many known names a finding lists.
const maxListed = 20

// Means tells whether a key of a map was meant to be one of some: it is misspelt,
// or has no value. Of what is no map, and so was not read, that is not known. All
// of it was reported where it was read, so that none of the keys need be missed.
func Means(v *Value, keys []string) bool {
	return v == nil || slices.ContainsFunc(v.Fields(), func(f Field) bool { return Nearest(f.Key.Text, keys) != "" })
}
