package spec

import (
	"math/big"
	"strings"
	"testing"
)

// TestRatio holds that shares are exact, and that no digits cost more to read
// than they are long.
func TestRatio(t *testing.T) {
	for _, c := range []struct {
		source, want, finding string
	}{
		{"99.5%", "199/200", ""},
		{"'99.5%'", "199/200", ""},
		{"0.995", "199/200", ""},
		{"'0.995'", "199/200", ""},
		{"' 99.5% '", "199/200", ""},
		{"99.95%", "1999/2000", ""},
		{"99.999%", "99999/100000", ""},
		{"0.1", "1/10", ""},
		{"1", "1/1", ""},
		{"0", "0/1", ""},
		{"100%", "1/1", ""},
		{"0%", "0/1", ""},
		{"5e-1", "1/2", ""},
		{".5", "1/2", ""},
		{"0.99499999999999999999", "199/200", ""}, // a number is the nearest that a float has
		{"99.5", "", `"99.5" is a share above 1; write 99.5% (bad-value)`},
		{"99.1234567890123456%", "", `"99.1234567890123456%" has more than 15 decimals` + tooLong},
		{"0." + strings.Repeat("9", 34) + "%", "", `"0.` + strings.Repeat("9", 34) + `%" has more than 15 decimals` + tooLong},
		{"' 99.5'", "", `" 99.5" is a share above 1; write 99.5% (bad-value)`},
		{"1e2", "", `"1e2" is a share above 1; write a percentage below 100%, such as 99.5% (bad-value)`},
		{"150", "", `"150" is a share above 1; write a percentage below 100%, such as 99.5% (bad-value)`},
		{"-0.5", "", `"-0.5"` + notShare},
		{"-5%", "", `"-5%"` + notShare},
		{"'99,5%'", "", `"99,5%"` + notShare},
		{"99.5 %", "", `"99.5 %"` + notShare},
		{"1/2", "", `"1/2"` + notShare},
		{"0x1p-1", "", `"0x1p-1"` + notShare},
		{".inf", "", `".inf"` + notShare},
		{".nan", "", `".nan"` + notShare},
		{"1e999999999", "", `"1e999999999"` + notShare},
		{"'1e999999999'", "", `"1e999999999"` + notShare},
		{"1e999999999%", "", `"1e999999999%"` + notShare},
		{"1e-999999999%", "", `"1e-999999999%"` + notShare},
		{strings.Repeat("9", 1_000_000), "", `"` + strings.Repeat("9", 60) + `…"` + notShare},
		{"0." + strings.Repeat("9", 1_000_000) + "%", "", `"0.` + strings.Repeat("9", 58) + `…" has more than 15 decimals` + tooLong},
		{"most", "", `"most"` + notShare},
		{"[1]", "", `a list is not a share such as 99.5%; write a share such as 99.5% (wrong-type)`},
	} {
		var q Ratio
		findings := decodeValue(t, c.source, &q)
		got := ""
		if q.IsSet() {
			got = q.Rat.String()
		}
		checkDecoded(t, c.source, findings, got, c.want, c.finding)
	}
}

func TestFormatPercent(t *testing.T) {
	for _, c := range []struct {
		num, denom int64
		want       string
	}{
		{199, 200, "99.5%"},
		{9995, 10000, "99.95%"},
		{1, 1, "100%"},
		{0, 1, "0%"},
		{1, 50, "2%"},
		{72, 1000, "7.2%"}, // 14.4 · 0.005
		{1, 3, "33.3333%"},
		{2, 3, "66.6667%"},
		{1, 1_000_000, "0.0001%"},
	} {
		if got := FormatPercent(big.NewRat(c.num, c.denom)); got != c.want {
			t.Errorf("%d/%d: %s, want %s", c.num, c.denom, got, c.want)
		}
	}
}

func TestFormatDecimal(t *testing.T) {
	for _, c := range []struct {
		num, denom int64
		want       string
	}{
		{0, 1, "0"},
		{144, 10, "14.4"},
		{100, 1, "100"},
		{-1, 2, "-0.5"},
		{1, 8, "0.125"},
		{1, 1 << 12, "0.000244140625"}, // twelve digits
		{1, 1 << 13, "0.0001"},         // thirteen
		{1, 3, "0.3333"},
		{200, 3, "66.6667"},
		{10, 3, "3.3333"},
		{1, 30_000, "0"},
		{299_999, 300, "999.9967"},
		{2_999_999_999, 3_000_000, "1000"},
	} {
		if got := FormatDecimal(big.NewRat(c.num, c.denom)); got != c.want {
			t.Errorf("%d/%d: %s, want %s", c.num, c.denom, got, c.want)
		}
	}
}

func TestCount(t *testing.T) {
	const notWhole = " is not a whole number; write a whole number (wrong-type)"
	const outOfRange = " is out of range; write a number from 0 to 1000000000 (bad-value)"
	for _, c := range []struct {
		source  string
		want    int
		finding string
	}{
		{"0", 0, ""},
		{"42", 42, ""},
		{"1000000000", 1_000_000_000, ""},
		{"1000000001", 0, `"1000000001"` + outOfRange},
		{"-1", 0, `"-1"` + outOfRange},
		{"99999999999999999999", 0, `"99999999999999999999"` + outOfRange},
		{"1.5", 0, `"1.5"` + notWhole},
		{"1e3", 0, `"1e3"` + notWhole},
		{"1e999999999", 0, `"1e999999999"` + notWhole},
		{"0x10", 0, `"0x10"` + notWhole},
		{"'5'", 0, `"5"` + notWhole},
		{".inf", 0, `".inf"` + notWhole},
		{"{}", 0, "a map" + notWhole},
	} {
		var n Count
		findings := decodeValue(t, c.source, &n)
		checkDecoded(t, c.source, findings, big.NewInt(int64(n.N)).String(), big.NewInt(int64(c.want)).String(), c.finding)
	}
}
