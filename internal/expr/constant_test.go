package expr

import (
	"fmt"
	"strings"
	"testing"
)

func TestConstant(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{"1", "1"}, {"(14.4 * 0.005)", "0.07200000000000001"}, {"21 * 86400", "1.8144e+06"}, {"-3", "-3"}, {"2 ^ 3 % 5 - 1 / 4", "2.75"},
		{"time()", "none"}, {"a", "none"}, {"1 + a", "none"}, {"1 > bool 2", "none"},
	} {
		e, err := Parse(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		got := "none"
		if v, ok := Constant(e); ok {
			got = fmt.Sprint(v)
		}
		if got != c.want {
			t.Errorf("%s is %s, want %s", c.expr, got, c.want)
		}
	}
}

func TestComparisons(t *testing.T) {
	for _, c := range []struct{ expr, want string }{
		{"a > 1", "a > 1"},
		{"1 < a", "a > 1"},
		{"a > 2 or (b <= 3)", "a > 2, b <= 3"},
		{"a > 2 and b > 3 or c == 0", "a > 2, c == 0"},
		{"a > 2 unless on (x) b > 3", "a > 2"},
		{"rate(a[5m]) > 3 * scalar(b)", "rate(a[5m]) > ?"},
		{"absent(a)", ""}, {"a > bool 1", ""}, {"a", ""},
	} {
		e, err := Parse(c.expr)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, one := range Comparisons(e) {
			to := "?"
			if one.Is {
				to = fmt.Sprint(one.At)
			}
			got = append(got, fmt.Sprintf("%s %s %s", one.Of, one.Op, to))
		}
		if got := strings.Join(got, ", "); got != c.want {
			t.Errorf("%s compares %s, want %s", c.expr, got, c.want)
		}
	}
}
