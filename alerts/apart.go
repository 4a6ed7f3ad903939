package alerts

import (
	"maps"
	"slices"
	"strings"
)

// Apart are what tells rows of one alert apart: in each row stand the label sets
// of the rules about which it says the same. It is "" for one row; of several,
// one is called by the labels that all of its sets have in common and those of
// other rows have not, or by being the others.
func Apart(rows [][]map[string]string) []string {
	names := make([]string, len(rows))
	if len(rows) < 2 {
		return names
	}
	all := slices.Concat(rows...)
	for i, row := range rows {
		var parts, values []string
		for _, label := range slices.Sorted(maps.Keys(row[0])) {
			value := row[0][label]
			// The component often is the member: it is named once.
			if differs(row, label) || !differs(all, label) || slices.Contains(values, value) {
				continue
			}
			parts, values = append(parts, label+" "+value), append(values, value)
		}
		if names[i] = strings.Join(parts, ", "); names[i] == "" {
			names[i] = "others"
		}
	}
	return names
}

func differs(sets []map[string]string, label string) bool {
	return slices.ContainsFunc(sets, func(set map[string]string) bool { return set[label] != sets[0][label] })
}
