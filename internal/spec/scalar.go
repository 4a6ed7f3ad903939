package spec

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/prometheus/common/model"

	"slowburn/internal/diag"
)

// Text is a text that stays on one line.
type Text struct {
	Node
	Text string
}

// DecodeSpec implements Decoder.
func (t *Text) DecodeSpec(v *Value, r *diag.Report) {
	t.value, t.Text = v, decodeText(v, r)
}

// String is the text.
func (t Text) String() string { return t.Text }

// IsUnreadable tells whether the spec has a value that was reported where it was read.
func (t Text) IsUnreadable() bool {
	return t.value != nil && (t.value.Kind != String || t.value.Text != t.Text)
}

// decodeText is a value's text, or "" with a finding.
func decodeText(v *Value, r *diag.Report) string {
	if v.Kind != String {
		decoder{report: r}.wrongType(v, "a text")
		return ""
	}
	if i := strings.IndexFunc(v.Text, unicode.IsControl); i >= 0 {
		c, size := utf8.DecodeRuneInString(v.Text[i:])
		r.Add(BadValue, v.Sub(i, i+size), "keep it on one line, without control characters", "%s has the control character %q", v.describe(), c)
		return ""
	}
	return v.Text
}

// Name names something of a spec: a service, an SLO, a receiver. It is safe as
// a file name, a Kubernetes name and a label value.
type Name struct {
	Node
	Text string
}

var namePattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// IsName tells whether a text is a name of something in a spec.
func IsName(text string) bool { return namePattern.MatchString(text) }

// DecodeSpec implements Decoder.
func (n *Name) DecodeSpec(v *Value, r *diag.Report) {
	n.value = v
	text := decodeForm(v, r, namePattern, "is not a name", "use lower case letters, digits and dashes, 63 at most")
	n.Text = text
}

// String is the name.
func (n Name) String() string { return n.Text }

// CamelCase makes ApiAvailability of api-availability: an Ident of a Name.
func CamelCase(name string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(name, "-") {
		for i, c := range word {
			if i == 0 {
				c = unicode.ToUpper(c)
			}
			b.WriteRune(c)
		}
	}
	if title := b.String(); !identPattern.MatchString(title) {
		return "_" + title // it began with a digit
	}
	return b.String()
}

// Ident is a part of an alert's name, as Prometheus users write them: APIAvailability.
type Ident struct {
	Node
	Text string
}

var identPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,99}$`)

// DecodeSpec implements Decoder.
func (n *Ident) DecodeSpec(v *Value, r *diag.Report) {
	n.value = v
	n.Text = decodeForm(v, r, identPattern, "is not a name for alerts", "use letters, digits and underscores, such as APIAvailability")
}

// String is the identifier.
func (n Ident) String() string { return n.Text }

func decodeForm(v *Value, r *diag.Report, form *regexp.Regexp, complaint, help string) string {
	if v.Kind != String {
		decoder{report: r}.wrongType(v, "a text")
		return ""
	}
	if !form.MatchString(v.Text) {
		r.Add(BadValue, v.Pos, help, "%s %s", v.describe(), complaint)
		return ""
	}
	return v.Text
}

// Duration is a length of time as Prometheus writes it: 30s, 1h30m, 30d.
type Duration struct {
	Node
	time.Duration

	readable bool
}

// DecodeSpec implements Decoder.
func (d *Duration) DecodeSpec(v *Value, r *diag.Report) {
	d.value = v
	if v.Kind == String || v.Text == "0" {
		if parsed, err := model.ParseDuration(v.Text); err == nil {
			d.Duration, d.readable = time.Duration(parsed), true
			return
		}
		// Predictions come in fractions (259.2s), which Prometheus has no way to write.
		if parsed, err := time.ParseDuration(v.Text); err == nil && parsed >= 0 {
			d.Duration, d.readable = parsed, true
			return
		}
	}
	if v.Kind == String || v.Kind == Number {
		r.Add(BadValue, v.Pos, "write a number with a unit: 30s, 5m, 1h30m, 30d", "%s is not a duration", v.describe())
		return
	}
	decoder{report: r}.wrongType(v, "a duration such as 30s, 5m or 30d")
}

// IsSet tells whether the spec has a value that could be read.
func (d Duration) IsSet() bool { return d.readable }

// String is the duration as Prometheus writes it; below a millisecond, and for
// fractions of seconds, as Go does.
func (d Duration) String() string { return FormatDuration(d.Duration) }

// FormatDuration writes a duration for people: like PrometheusDuration, but with
// fractions of seconds, rounded to tenths: 4m19.2s.
func FormatDuration(d time.Duration) string {
	if d > time.Second {
		d = d.Round(100 * time.Millisecond)
	}
	const day = 24 * time.Hour
	switch {
	case d%time.Millisecond == 0 && (d <= time.Second || d%time.Second == 0):
		return PrometheusDuration(d)
	case d > day:
		return PrometheusDuration(d/day*day) + (d % day).String()
	}
	return d.String()
}

// PrometheusDuration writes a duration as Prometheus reads it, to the
// millisecond, without weeks and years, which no SLO is stated in: 1h30m, 28d,
// 1s500ms.
func PrometheusDuration(d time.Duration) string {
	const day = 24 * time.Hour
	switch days, rest := d/day, model.Duration(d%day).String(); {
	case days == 0:
		return rest
	case d%day == 0:
		return fmt.Sprintf("%dd", days)
	default:
		return fmt.Sprintf("%dd%s", days, rest)
	}
}

// Ratio is a share between 0 and 1, exact: 99.5% or 0.995.
type Ratio struct {
	Node
	*big.Rat
}

var (
	decimalPattern = regexp.MustCompile(`^[0-9]{1,6}(\.[0-9]{1,15})?$`)
	longDecimal    = regexp.MustCompile(`^[0-9]{1,6}\.[0-9]+$`)
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
	rat, ok := new(big.Rat), decimalPattern.MatchString(digits)
	if ok {
		rat, ok = rat.SetString(digits)
	}
	switch {
	case ok:
	case longDecimal.MatchString(digits):
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

var signedDecimal = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,15})?$`)

// DecodeSpec implements Decoder.
func (n *Decimal) DecodeSpec(v *Value, r *diag.Report) {
	n.value = v
	if v.Kind != Number {
		decoder{report: r}.wrongType(v, "a number")
		return
	}
	digits := v.Text
	if !signedDecimal.MatchString(digits) {
		digits = plainDecimal(digits)
	}
	rat, ok := new(big.Rat), signedDecimal.MatchString(digits)
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

// Labels are label names with their values, sorted by name.
type Labels []Label

// Label is one label.
type Label struct {
	Name  Text
	Value Text
}

var labelNamePattern = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// DecodeSpec implements Decoder.
func (ls *Labels) DecodeSpec(v *Value, r *diag.Report) {
	eachLabel(v, r, func(name Text, value *Value) {
		label := Label{Name: name}
		label.Value.DecodeSpec(value, r)
		*ls = append(*ls, label)
	})
	slices.SortFunc(*ls, func(a, b Label) int { return strings.Compare(a.Name.Text, b.Name.Text) })
}

// NewLabels makes labels of pairs of name and value.
func NewLabels(pairs ...string) Labels {
	var ls Labels
	for i := 0; i+1 < len(pairs); i += 2 {
		ls = ls.With(Labels{{Text{Text: pairs[i]}, Text{Text: pairs[i+1]}}})
	}
	return ls
}

// With is ls with the labels of more, which win over those of the same name.
func (ls Labels) With(more Labels) Labels {
	merged := slices.DeleteFunc(slices.Clone(ls), func(l Label) bool { return more.Get(l.Name.Text) != nil })
	merged = append(merged, more...)
	slices.SortFunc(merged, func(a, b Label) int { return strings.Compare(a.Name.Text, b.Name.Text) })
	return merged
}

// Get returns the label of a name, or nil.
func (ls Labels) Get(name string) *Label {
	for i := range ls {
		if ls[i].Name.Text == name {
			return &ls[i]
		}
	}
	return nil
}

// Choices are label names, each with the values that it may have: one, or a
// list. They are sorted by name; values keep their order.
type Choices []Choice

// Choice is one label of Choices.
type Choice struct {
	Name   Text
	Values []Text
}

// DecodeSpec implements Decoder.
func (cs *Choices) DecodeSpec(v *Value, r *diag.Report) {
	eachLabel(v, r, func(name Text, value *Value) {
		choice := Choice{Name: name}
		items := []*Value{value}
		if value.Kind == List {
			items = value.Items
		}
		if len(items) == 0 {
			r.Add(BadValue, value.Pos, "list the values that it may have", "label %q has no values", name.Text)
			return
		}
		for _, item := range items {
			var t Text
			t.DecodeSpec(item, r)
			choice.Values = append(choice.Values, t)
		}
		*cs = append(*cs, choice)
	})
	slices.SortFunc(*cs, func(a, b Choice) int { return strings.Compare(a.Name.Text, b.Name.Text) })
}

func eachLabel(v *Value, r *diag.Report, f func(name Text, value *Value)) {
	if v.Kind != Map {
		decoder{report: r}.wrongType(v, "a map of labels")
		return
	}
	for _, field := range v.Fields {
		name := Text{Node{field.Key}, field.Key.Text}
		if !labelNamePattern.MatchString(name.Text) || strings.HasPrefix(name.Text, "__") {
			r.Add(BadValue, field.Key.Pos, "use letters, digits and underscores", "%s is not a label name", field.Key.describe())
			continue
		}
		f(name, field.Value)
	}
}
