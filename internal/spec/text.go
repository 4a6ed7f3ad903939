package spec

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
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

var namePattern = pattern.New(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// IsName tells whether a text is a name of something in a spec.
func IsName(text string) bool { return namePattern().MatchString(text) }

// DecodeSpec implements Decoder.
func (n *Name) DecodeSpec(v *Value, r *diag.Report) {
	n.value = v
	text := decodeForm(v, r, namePattern(), "is not a name", "use lower case letters, digits and dashes, 63 at most")
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
	if title := b.String(); !identPattern().MatchString(title) {
		return "_" + title // it began with a digit
	}
	return b.String()
}

// Ident is a part of an alert's name, as Prometheus users write them: APIAvailability.
type Ident struct {
	Node
	Text string
}

var identPattern = pattern.New(`^[A-Za-z_][A-Za-z0-9_]{0,99}$`)

// DecodeSpec implements Decoder.
func (n *Ident) DecodeSpec(v *Value, r *diag.Report) {
	n.value = v
	n.Text = decodeForm(v, r, identPattern(), "is not a name for alerts", "use letters, digits and underscores, such as APIAvailability")
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
