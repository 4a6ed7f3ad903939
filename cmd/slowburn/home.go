package main

import (
	"strings"

	"slowburn/internal/check"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// home is the place in the specs that a finding about a rule comes from, and
// where the item begins in which a comment silences it: of a label, an
// annotation or an expression the spec's own, otherwise what the whole rule
// comes from, and of a threshold out of reach the number that it follows from.
func (e emitted) home(f check.Finding) (at, scope diag.Pos) {
	origin := e.origins[f.Rule]
	for _, l := range origin.Labels {
		v := f.Rule.Value.Get("labels").Get(l.Name.Text)
		if v != nil && v.Pos.Line == f.Pos.Line && l.Value.Value() != nil {
			return l.Value.Pos(), l.Value.Pos()
		}
	}
	for _, a := range origin.Annotations {
		if v := f.Rule.Value.Get("annotations").Get(a.Name.Text); v != nil && v.Pos.Line == f.Pos.Line && a.Value.Value() != nil {
			return samePlace(f.Pos, v, a.Value.Value()), origin.Pos
		}
	}
	if v := f.Rule.Value.Get("expr"); v != nil && origin.Condition != nil && stands(f.Pos, v) {
		return samePlace(f.Pos, v, origin.Condition), origin.Pos
	}
	if f.Kind.Name == check.NeverFires && origin.Threshold != (diag.Pos{}) {
		return origin.Threshold, origin.Pos
	}
	return origin.Pos, origin.Pos
}

// stands tells whether a place is in the text of a value.
func stands(at diag.Pos, in *spec.Value) bool {
	last := in.Sub(len(in.Text), len(in.Text))
	return in.Pos.Line <= at.Line && at.Line <= last.Line
}

// samePlace is the place in the text of a spec that says what stands at a place
// of an emitted one: the expression is printed otherwise than it was written, but
// its words are in the same order. Where there are more or fewer of them, it is
// the whole text.
func samePlace(at diag.Pos, emitted, written *spec.Value) diag.Pos {
	line := []rune(at.Source.Line(at.Line))
	if at.Col < 1 || at.Col-1+at.Width > len(line) {
		return written.Pos
	}
	word := string(line[at.Col-1 : at.Col-1+at.Width])
	there, here := places(word, emitted.Text), places(word, written.Text)
	if word == "" || len(there) != len(here) {
		return written.Pos
	}
	for n, start := range there {
		if p := emitted.Sub(start, start+len(word)); p.Line == at.Line && p.Col == at.Col {
			return written.Sub(here[n], here[n]+len(word))
		}
	}
	return written.Pos
}

// places are where a word begins in a text.
func places(word, text string) []int {
	var all []int
	for end := 0; word != ""; {
		i := strings.Index(text[end:], word)
		if i < 0 {
			break
		}
		all = append(all, end+i)
		end += i + len(word)
	}
	return all
}
