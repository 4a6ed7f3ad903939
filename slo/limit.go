package slo

import (
	"math/big"
	"strings"
	"time"

	"github.com/invopop/jsonschema"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

// Limit is what a value is compared with: a number, a share of something
// (85%), or a time (200ms), which is one in the metric's own unit.
type Limit struct {
	spec.Node
	number *big.Rat       // nil if the spec has none, or a time
	time   *time.Duration // nil if the spec has none, or a number
}

var numberPattern = pattern.New(`^-?[0-9]{1,15}(\.[0-9]{1,15})?%?$`)

// DecodeSpec implements spec.Decoder.
func (l *Limit) DecodeSpec(v *spec.Value, r *diag.Report) {
	l.Node = spec.NodeOf(v)
	if v.Kind != spec.String && v.Kind != spec.Number {
		r.Add(spec.WrongType, v.Pos, "write 5, 85% or 200ms", "%s is not a number, a share or a time", v.Kind)
		return
	}
	if numberPattern().MatchString(v.Text) {
		digits, percent := strings.CutSuffix(v.Text, "%")
		l.number, _ = new(big.Rat).SetString(digits)
		if percent {
			l.number.Quo(l.number, big.NewRat(100, 1))
		}
		return
	}
	var ignored diag.Report
	var d spec.Duration
	d.DecodeSpec(v, &ignored)
	if !d.IsSet() {
		r.Add(spec.BadValue, v.Pos, "write 5, 85% or 200ms", "%q is not a number, a share or a time", v.Text)
		return
	}
	l.time = &d.Duration
}

// isGiven tells whether the spec has it.
func (l Limit) isGiven() bool { return l.Value() != nil }

// IsSet tells whether the spec has a value that could be read.
func (l Limit) IsSet() bool { return l.number != nil || l.time != nil }

// in is the limit in a unit, if it is a time.
func (l Limit) in(of Unit) *big.Rat {
	if l.time == nil {
		return l.number
	}
	return new(big.Rat).Mul(big.NewRat(int64(*l.time), int64(time.Second)), new(big.Rat).SetFloat64(of.PerSecond))
}

// String is the limit as the spec has it.
func (l Limit) String() string { return l.Value().Text }

// JSONSchema describes a limit to editors.
func (Limit) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		OneOf: []*jsonschema.Schema{
			{Type: "number"},
			{Type: "string", Pattern: `^-?[0-9.]+%?$|^([0-9.]+(ms|s|m|h|d|w|y))+$`},
		},
		Examples: []any{5, "85%", "200ms"},
	}
}
