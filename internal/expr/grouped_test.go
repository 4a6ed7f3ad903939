package expr

import (
	"strings"
	"testing"
)

func TestGroupedBy(t *testing.T) {
	for _, c := range []struct {
		expr, want string
		others     bool
	}{
		{"up", "", false},
		{"sum(up)", "", false},
		{"sum by (a, b) (up)", "a b", false},
		{"sum without (a) (up)", "", false},
		{"(max by (a) (up)) > 5", "a", false},
		{"5 < max by (a) (up)", "a", false},
		{"sum by (a) (up) / sum by (a) (down) > 5", "a", false},
		{"sum by (a, b) (up) / on (a) group_left () sum by (a) (down)", "a b", false},
		{"sum by (a) (up) / on (a) group_right () sum by (a, b) (down)", "a b", false},
		{"sum by (a) (up) / on (a) sum by (a) (down)", "", false},
		{"sum by (a) (up) > 1 and max by (a, b) (down) > 5", "a", false},
		{"sum by (a) (up) > 1 or absent(up)", "a", true},
		{"sum by (a) (up) > 1 or sum by (a) (down) > 1", "a", false},
		{"topk(3, sum by (a) (up))", "a", false},
		{`count_values by (a) ("v", up)`, "", false},
		{"abs(sum by (a) (up))", "", false},
	} {
		e, err := Parse(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		if by, others := GroupedBy(e); strings.Join(by, " ") != c.want || others != c.others {
			t.Errorf("%s: by %v, others %v", c.expr, by, others)
		}
	}
}
