package expr

import (
	"strings"
	"testing"
)

// TestKept holds the labels that aggregation leaves, and that nothing is said of
// what it leaves open.
func TestKept(t *testing.T) {
	for text, want := range map[string]string{
		`sum(rate(a[5m]))`:                                            "",
		`sum by (x, y) (a) / 2`:                                       "x y",
		`1 - sum by (x) (a) / sum by (x) (b)`:                         "x",
		`sum by (x, y) (a) / on (x) sum by (x) (b)`:                   "x",
		`sum by (x, y) (a) / on (x) group_left (z) sum by (x, z) (b)`: "x y z",
		`sum by (x) (a) * on (x) group_right () sum by (x, y) (b)`:    "x y",
		`sum by (x, y) (a) / ignoring (y) sum by (x) (b)`:             "x",
		`avg_over_time((sum by (x) (a))[1h:])`:                        "x",
		`sum by (x) (a) or sum(b)`:                                    "?",
		`sum by (x) (a) and on () sum(b)`:                             "x",
		`rate(a[5m])`:                                                 "?",
		`sum without (x) (a)`:                                         "?",
		`topk(1, sum by (x) (a))`:                                     "x",
		`clamp_max(sum(a), 1)`:                                        "",
		`label_replace(sum(a), "x", "y", "", "")`:                     "?",
		`sum(a) or vector(0)`:                                         "",
	} {
		e, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		labels, known := Kept(e)
		got := strings.Join(labels, " ")
		if !known {
			got = "?"
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// TestUnpaired holds which operators never find a partner.
func TestUnpaired(t *testing.T) {
	for text, want := range map[string]string{
		`1 - sum(a) / sum by (x) (b)`:                 "sum(a) / sum by (x) (b)",
		`sum by (x) (a) / on (y) sum by (y) (b)`:      "sum by (x) (a) / on (y) sum by (y) (b)",
		`sum by (x) (a) / on () group_left () sum(b)`: "",
		`sum by (x) (a) / ignoring (x) sum(b)`:        "",
		`sum by (x) (a) / sum by (x) (b)`:             "",
		`sum by (x) (a) or 0 * sum(b)`:                "",
		`sum by (x) (a) / b`:                          "",
		`sum(a) / scalar(sum by (x) (b))`:             "",
	} {
		e, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if b, _, _ := Unpaired(e); b != nil {
			got = String(b)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
