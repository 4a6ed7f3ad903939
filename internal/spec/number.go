package spec

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
)

// Ratio is a share between 0 and 1, exact: 99.5% or 0.995.
type Ratio struct {
	Node
	*big.Rat
}

var (
	decimalPattern = pattern.New(`^[0-9]{1,6}(\.[0-9]{1,15})?$`)
	longDecimal    = pattern.New(`^[0-9]{1,6}\.[0-9]+$`)
	percentSign    = "%"
)

// DecodeSpec implements Decoder.
func (q *Ratio) DecodeSpec(v *Value, r *diag.Report) {
	q.value = v
	if v.Kind != String && v.Kind != Number {
		decoder{report: r}.wrongType(v, "a share such as 99.5%")
		return
	}
	digits, percent := strings.CutSuffix(strings.TrimSpace(v.Text), percentSign)
	if v.Kind == Number {
		digits = plainDecimal(digits)
	}
	rat, ok := new(big.Rat), decimalPattern().MatchString(digits)
	if ok {
		rat, ok = rat.SetString(digits)
	}
	switch {
	case ok:
	case longDecimal().MatchString(digits):
		r.Add(BadValue, v.Pos, "round it: no budget is that exact", "%s has more than 15 decimals", v.describe())
		return
	default:
		r.Add(BadValue, v.Pos, "write a percentage such as 99.5%", "%s is not a share", v.describe())
		return
	}
	help := "write a share of the whole, 100% at most"
	if percent {
		rat.Quo(rat, big.NewRat(100, 1))
	} else {
		help = "write a percentage below 100%, such as 99.5%"
		if rat.Cmp(big.NewRat(100, 1)) < 0 {
			help = fmt.Sprintf("write %s%%", digits)
		}
	}
	if rat.Cmp(big.NewRat(1, 1)) > 0 {
		r.Add(BadValue, v.Pos, help, "%s is a share above 1", v.describe())
		return
	}
	q.Rat = rat
}

// IsSet tells whether the spec has a value that could be read.
func (q Ratio) IsSet() bool { return q.Rat != nil }

// String is the share as a percentage.
func (q Ratio) String() string { return FormatPercent(q.Rat) }

// Decimal is a number, exact: 29.5, 0 or -40.
type Decimal struct {
	Node
	*big.Rat
}

var signedDecimal = pattern.New(`^-?[0-9]{1,15}(\.[0-9]{1,15})?$`)

// DecodeSpec implements Decoder.
func (n *Decimal) DecodeSpec(v *Value, r *diag.Report) {
	n.value = v
	if v.Kind != Number {
		if v.Kind == String && strings.ContainsAny(v.Text, "0123456789") {
			r.Add(WrongType, v.Pos, "write a plain number, without quotes, separators and units: 10000", "%s is not a number", v.describe())
			return
		}
		decoder{report: r}.wrongType(v, "a number")
		return
	}
	digits := v.Text
	if !signedDecimal().MatchString(digits) {
		digits = plainDecimal(digits)
	}
	rat, ok := new(big.Rat), signedDecimal().MatchString(digits)
	if ok {
		rat, ok = rat.SetString(digits)
	}
	if !ok {
		r.Add(BadValue, v.Pos, "write a decimal of up to 15 digits on either side of the point", "%s is out of range", v.describe())
		return
	}
	n.Rat = rat
}

// IsSet tells whether the spec has a value that could be read.
func (n Decimal) IsSet() bool { return n.Rat != nil }

// String is the number as a decimal.
func (n Decimal) String() string { return FormatDecimal(n.Rat) }

// FormatPercent writes a share as a percentage, exactly where that ends: 99.5%.
func FormatPercent(q *big.Rat) string {
	return FormatDecimal(new(big.Rat).Mul(q, big.NewRat(100, 1))) + percentSign
}

// FormatDecimal writes a fraction as a decimal, exactly where that ends within
// twelve digits, otherwise rounded to four.
func FormatDecimal(q *big.Rat) string {
	digits, exact := q.FloatPrec()
	if !exact || digits > 12 {
		return strings.TrimRight(strings.TrimRight(q.FloatString(4), "0"), ".")
	}
	return q.FloatString(digits)
}

// plainDecimal writes a number without exponent. Jsonnet prints 0.1 with all
// seventeen digits of the nearest float; the shortest form is what was written.
func plainDecimal(number string) string {
	f, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return number
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// Count is a whole number, not negative.
type Count struct {
	Node
	N int

	readable bool
}

const maxCount = 1_000_000_000

// DecodeSpec implements Decoder.
func (c *Count) DecodeSpec(v *Value, r *diag.Report) {
	c.value = v
	n, err := strconv.Atoi(v.Text)
	switch {
	case v.Kind != Number || err != nil && !errors.Is(err, strconv.ErrRange):
		decoder{report: r}.wrongType(v, "a whole number")
	case err != nil || n < 0 || n > maxCount:
		r.Add(BadValue, v.Pos, fmt.Sprintf("write a number from 0 to %d", maxCount), "%s is out of range", v.describe())
	default:
		c.N, c.readable = n, true
	}
}

// IsSet tells whether the spec has a value that could be read.
func (c Count) IsSet() bool { return c.readable }
