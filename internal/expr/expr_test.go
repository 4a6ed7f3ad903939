package expr

import (
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
)

func TestPrecedence(t *testing.T) {
	a, b, c := Select("a"), Select("b"), Select("c")
	for _, tc := range []struct {
		e    Expr
		want string
	}{
		{Div(Or(a, b), c), `(a or b) / c`},
		{Or(Div(a, b), c), `a / b or c`},
		{Sub(a, Sub(b, c)), `a - (b - c)`},
		{Sub(Sub(a, b), c), `a - b - c`},
		{Div(a, Mul(b, c)), `a / (b * c)`},
		{Div(a, Greater(b, c)), `a / (b > c)`},
		{And(Greater(a, b), Greater(b, c)), `a > b and b > c`},
		{AndOn(Or(a, b), c, "job"), `(a or b) and on (job) c`},
		{AndOn(a, c), `a and on () c`},
		{Mul(&parser.UnaryExpr{Op: parser.SUB, Expr: a}, b), `(-a) * b`},
		{Sum(Rate(Narrow(a, Equal("x", `q"\`+"\n")), 90*time.Minute), "job"), `sum by (job) (rate(a{x="q\"\\\n"}[1h30m]))`},
		{Absent(Sum(a)), `absent(sum(a))`},
	} {
		if got := tc.e.String(); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
		parsed, err := Parse(String(tc.e))
		if err != nil || parsed.String() != tc.want {
			t.Errorf("%s is read back as %v (%v)", tc.want, parsed, err)
		}
	}
}

// TestNumber holds that thresholds are printed as people write them.
func TestNumber(t *testing.T) {
	for _, c := range []struct {
		q    *big.Rat
		want string
	}{
		{big.NewRat(72, 5), "14.4"},
		{big.NewRat(1, 1000), "0.001"}, // a difference of floats would print 0.0009999999999999432
		{big.NewRat(36, 7), "36 / 7"},
		{big.NewRat(0, 1), "0"},
		{big.NewRat(1, 1), "1"},
	} {
		if got := Number(c.q).String(); got != c.want {
			t.Errorf("%s is printed %s, want %s", c.q, got, c.want)
		}
	}
}

func TestNarrowLeavesTheSelectorAlone(t *testing.T) {
	all := Select("a", Equal("x", "1"))
	narrow := Narrow(all, Equal("x", "1"), Not(Equal("y", "2")))
	if got, want := narrow.String(), `a{x="1",y!="2"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := all.String(), `a{x="1"}`; got != want {
		t.Errorf("the selector changed to %s", got)
	}
	if got, want := Rename(narrow, "b").String(), `b{x="1",y!="2"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestPrintedIsComposed composes random trees and reads them back: what is
// printed must be what was meant.
func TestPrintedIsComposed(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		e := randomExpr(random, 4)
		for _, text := range []string{e.String(), String(e)} {
			parsed, err := Parse(text)
			if err != nil {
				t.Fatalf("%s does not parse: %v", text, err)
			}
			if got, want := shape(parsed), shape(e); got != want {
				t.Fatalf("%s was composed as %s and is read as %s", text, want, got)
			}
		}
	}
}

func randomExpr(random *rand.Rand, depth int) Expr {
	if depth == 0 || random.IntN(6) == 0 {
		s := Select("m", Equal("l", string(rune('a'+random.IntN(3)))))
		if random.IntN(2) == 0 {
			s = Narrow(s, labels.MustNewMatcher(labels.MatchNotRegexp, "n", `x|"\\`))
		}
		return s
	}
	a, b := randomExpr(random, depth-1), randomExpr(random, depth-1)
	switch random.IntN(10) {
	case 0:
		return Div(a, b)
	case 1:
		return Mul(Number(big.NewRat(int64(random.IntN(50)), 7)), b)
	case 2:
		return Sub(a, b)
	case 3:
		return Greater(a, b)
	case 4:
		return AtLeast(a, Number(big.NewRat(1, 2)))
	case 5:
		return And(a, b)
	case 6:
		return AndOn(a, b, "l")
	case 7:
		return Or(a, b)
	case 8:
		return Sum(a, "l")
	}
	return Sum(Increase(Select("c_total"), time.Duration(1+random.IntN(100))*time.Minute))
}

// shape is an expression with parentheses around every operation, and none else.
func shape(e Expr) string {
	switch e := e.(type) {
	case *parser.ParenExpr:
		return shape(e.Expr)
	case *parser.BinaryExpr:
		return "(" + shape(e.LHS) + " " + e.ShortString() + " " + shape(e.RHS) + ")"
	case *parser.AggregateExpr:
		return e.ShortString() + "[" + shape(e.Expr) + "]"
	}
	return e.String()
}
