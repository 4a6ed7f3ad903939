package spec

import (
	"bytes"
	"slices"

	"go.yaml.in/yaml/v3"

	"slowburn/internal/diag"
	"slowburn/internal/parallel"
	"slowburn/internal/pattern"
)

// A large rule file is one long list below one key. It is read in pieces, cut
// before items of that list: pieces are read on all processors, and the nodes
// that the parser makes of each, which take many times the room of the text, are
// given up when the piece is done. Whatever is not plainly so is read as a whole.

// minSplit is from which size on a text is read in pieces, and pieceSize about
// how large each is. They are variables for tests alone.
var (
	minSplit  = 256 << 10
	pieceSize = 128 << 10
)

// preamble is what may stand before the first item of the list: comments, the
// beginning of the document, and the key.
var preamble = pattern.New(`^(?:[ ]*(?:#[^\n]*)?\n|---[ ]*\n)*[A-Za-z]+:[ ]*\n(?:[ ]*(?:#[^\n]*)?\n)*([ ]*)- `)

// unusual are line ends that only YAML counts, and what begins or ends a document.
var unusual = []string{"\r", "\u0085", "\u2028", "\u2029", "\n---", "\n..."}

// pieces cuts a text before items of its list. There are none of a text that is
// read as a whole.
func pieces(text []byte) [][]byte {
	if len(text) < minSplit {
		return nil
	}
	m := preamble().FindSubmatchIndex(text)
	if m == nil {
		return nil
	}
	for _, mark := range unusual {
		if bytes.Contains(text[m[1]:], []byte(mark)) || mark[0] != '\n' && bytes.Contains(text[:m[1]], []byte(mark)) {
			return nil
		}
	}
	item := append([]byte("\n"), append(bytes.Clone(text[m[2]:m[3]]), "- "...)...)
	var all [][]byte
	for {
		from := max(pieceSize, m[1]) // the first piece has the preamble and an item
		m[1] = 0
		if from >= len(text) {
			break
		}
		next := bytes.Index(text[from:], item)
		if next < 0 {
			break
		}
		all = append(all, text[:from+next+1])
		text = text[from+next+1:]
	}
	return append(all, text)
}

// EachPiece reads a text that is one list below one key in pieces, and calls f
// for each with its items, on all processors: nothing of a piece need be kept
// when f returns. It returns the key, or "" if the text is not such a list, or if
// anything in it is a finding; then f may have seen some pieces.
func EachPiece(src *diag.Source, f func(items []*Value)) (key string) {
	if !CheckText(src, new(diag.Report)) {
		return ""
	}
	cut := pieces(src.Text)
	ok := make([]bool, len(cut))
	starts := linesBefore(cut)
	parallel.Each(len(cut), func(i int) {
		p := piece{src: src, text: cut[i], line: starts[i]}
		p.read(i == 0)
		if !p.ok || p.report.Len() > 0 {
			return
		}
		list := p.value
		if i == 0 {
			if list.Kind != Map || len(list.Fields()) != 1 {
				return
			}
			key, list = list.Fields()[0].Key.Text, list.Fields()[0].Value
		}
		if ok[i] = list.Kind == List; ok[i] {
			f(list.Items())
		}
	})
	if len(cut) < 2 || slices.Contains(ok, false) {
		return ""
	}
	return key
}

// linesBefore is how many lines stand before each piece.
func linesBefore(cut [][]byte) []int {
	before := make([]int, len(cut))
	for i, text := range cut[:max(len(cut)-1, 0)] {
		before[i+1] = before[i] + bytes.Count(text, []byte("\n"))
	}
	return before
}

// readPieces reads a text in pieces. It tells whether it could; if not, nothing
// was reported.
func readPieces(src *diag.Source, r *diag.Report) (*Value, bool) {
	cut := pieces(src.Text)
	if len(cut) < 2 {
		return nil, false
	}
	read := make([]piece, len(cut))
	for i, line := range linesBefore(cut) {
		read[i] = piece{src: src, text: cut[i], line: line}
	}
	parallel.Each(len(read), func(i int) { read[i].read(i == 0) })
	for i := range read {
		if !read[i].ok {
			return nil, false
		}
	}
	doc := read[0].value
	if doc.Kind != Map || len(doc.Fields()) != 1 || doc.Fields()[0].Value.Kind != List {
		return nil, false
	}
	list := doc.Fields()[0].Value
	items := list.Items()
	for _, p := range read[1:] {
		if p.value.Kind != List || p.value.Pos.Col != list.Pos.Col {
			return nil, false
		}
		items = append(items, p.value.Items()...)
	}
	list.SetItems(items)
	for _, p := range read {
		r.Append(p.report.Findings()...)
	}
	return doc, true
}

// piece is a part of a text.
type piece struct {
	src    *diag.Source
	text   []byte
	line   int // how many lines stand before it
	value  *Value
	report diag.Report
	ok     bool
}

// read reads the piece. It gives up where something in it may mean something
// else in the whole: a second document, an alias, a value that is missing at the end.
func (p *piece) read(first bool) {
	lines := bytes.Count(p.text, []byte("\n"))
	if !bytes.HasSuffix(p.text, []byte("\n")) {
		lines++
	}
	starts := make([]place, lines)
	for i := range starts {
		starts[i] = place{p.line + i + 1, 1}
	}
	b := builder{src: p.src, report: &p.report, lines: starts, piece: true}
	if p.value = b.readLines(p.text, p.line+1, first); p.value != nil {
		p.ok = true
		return
	}
	depth := 1
	if first {
		depth = 0
	}
	documents := 0
	err := eachNode(p.text, func(n *yaml.Node) {
		if documents++; documents == 1 {
			p.value = b.build(n, depth)
		}
	})
	p.ok = err == nil && documents == 1 && !b.gaveUp
}
