package spec

import "slowburn/internal/diag"

// ReadInside reads the YAML or JSON that a text holds, as a ConfigMap holds
// files. Where the text is a block (|), its values know their places in the outer
// source; elsewhere they stand where the text does.
func ReadInside(outer *Value, r *diag.Report) []*Value {
	var found diag.Report
	docs := ReadYAML(&diag.Source{Name: outer.Pos.File(), Text: []byte(outer.Text)}, &found)
	place := outer.place()
	for _, v := range docs {
		v.move(place, outer.style == literal)
	}
	for _, f := range found.Findings() {
		f.Pos = place(f.Pos)
		r.Append(f)
	}
	return docs
}

// ReadHeld is ReadInside for what a text holds that may be encoded, or secret: of
// a text that is no block the line is not shown.
func ReadHeld(outer *Value, text string, r *diag.Report) []*Value {
	held := *outer
	if text != outer.Text {
		held.style = folded // no place in it is one in the source
	}
	held.Text = text
	if held.style != literal {
		held.Pos.Hide()
	}
	return ReadInside(&held, r)
}

// place is where places in a text are in the source that holds it.
func (v *Value) place() func(diag.Pos) diag.Pos {
	first := v.Sub(0, 1)
	if v.style != literal || first.Path != "" {
		return func(diag.Pos) diag.Pos { return v.Pos }
	}
	return func(at diag.Pos) diag.Pos {
		return diag.Pos{Source: first.Source, Line: first.Line + at.Line - 1, Col: first.Col + at.Col - 1, Width: at.Width}
	}
}

// move moves a value and all in it; verbatim tells whether its characters are
// there as they were.
func (v *Value) move(place func(diag.Pos) diag.Pos, verbatim bool) {
	v.Pos = place(v.Pos)
	if !verbatim {
		v.style = inside
	}
	for _, item := range v.Items() {
		item.move(place, verbatim)
	}
	for _, f := range v.Fields() {
		f.Key.move(place, verbatim)
		f.Value.move(place, verbatim)
	}
}
