package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"slowburn/internal/diag"
)

// Bounds on what is read. They are far above what people write and far below
// what would make the reader slow.
const (
	maxText   = 256 << 20 // bytes in a file
	maxLine   = 1 << 20   // bytes in a line
	maxDepth  = 1000      // nesting: trees of routes are deep, and Alertmanager takes them
	maxYield  = 64        // nesting of what Jsonnet yields
	maxCopies = 100_000   // values that aliases may add
)

// What the reader finds.
var (
	NotText = &diag.Kind{Name: "not-text", Severity: diag.Error, Doc: `The file is not UTF-8 text.

It is binary, in another encoding, or has lines that nobody writes (over 1 MiB). Nothing in it is read.`}
	YAMLSyntax = &diag.Kind{Name: "yaml-syntax", Severity: diag.Error, Doc: `The file is not valid YAML.

The parser stops at the first place that it cannot read, so there may be more. A tab is never indentation in YAML, and a
text that begins with one of { [ * & ! | > % @ must be quoted.`}
	DuplicateKey = &diag.Kind{Name: "duplicate-key", Severity: diag.Error, Doc: `A map has a key twice.

One of the two would be lost, and which one depends on the reader.`}
	TooDeep = &diag.Kind{Name: "too-deep", Severity: diag.Error, Doc: fmt.Sprintf(`The document nests or repeats itself without bound.

More than %d levels, or aliases that expand to more than %d values, are an accident or an attack.`, maxDepth, maxCopies)}
)

const tooDeepHelp = "write it flatter, or generate it with Jsonnet"

// CheckText reports a source that is not readable text at all.
func CheckText(src *diag.Source, r *diag.Report) bool {
	start := diag.Pos{Source: src}
	if len(src.Text) > maxText {
		r.Add(NotText, start, "split the file", "%d MiB are more than the %d MiB that a file may have", len(src.Text)>>20, maxText>>20)
		return false
	}
	if i := bytes.IndexByte(src.Text, 0); i >= 0 {
		r.Add(NotText, start, "give a text file", "the file is binary: byte %d is zero", i)
		return false
	}
	if !utf8.Valid(src.Text) {
		r.Add(NotText, firstInvalid(src), "save the file as UTF-8", "the text is not UTF-8")
		return false
	}
	line := 1
	for rest := src.Text; len(rest) > 0; line++ {
		end := bytes.IndexByte(rest, '\n') + 1
		if end == 0 {
			end = len(rest)
		}
		if end > maxLine {
			r.Add(NotText, diag.Pos{Source: src, Line: line, Col: 1}, "break the line", "a line of %d KiB is longer than the %d KiB that a line may have", end>>10, maxLine>>10)
			return false
		}
		rest = rest[end:]
	}
	return true
}

func firstInvalid(src *diag.Source) diag.Pos {
	for i := 0; i < len(src.Text); {
		c, size := utf8.DecodeRune(src.Text[i:])
		if c == utf8.RuneError && size == 1 {
			return diag.PosAt(src, i, 1)
		}
		i += size
	}
	return diag.Pos{Source: src}
}

// ReadYAML reads every document of a YAML text; empty ones are left out. It
// reports what is not YAML, duplicate keys, and nesting without bound.
func ReadYAML(src *diag.Source, r *diag.Report) []*Value {
	if !CheckText(src, r) {
		return nil
	}
	// A byte-order mark is no character of the text; cut here so that columns count right.
	src.Text = bytes.TrimPrefix(src.Text, []byte("\xef\xbb\xbf"))
	if v, ok := readPieces(src, r); ok {
		return []*Value{v}
	}
	lines := lineStarts(src.Text)
	var docs []*Value
	count := 0
	err := eachNode(src.Text, func(n *yaml.Node) {
		b := builder{src: src, report: r, lines: lines}
		if v := b.build(n, 0); v.Kind != Null && !b.gaveUp {
			v.Document = int32(count)
			docs = append(docs, v)
		}
		count++
	})
	if err != nil {
		reportSyntax(src, err, r)
	}
	return docs
}

// eachNode calls f with the root of each document, up to the first error.
func eachNode(text []byte, f func(*yaml.Node)) error {
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		err := dec.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		f(doc.Content[0])
	}
}

// builder turns YAML nodes into values.
type builder struct {
	src     *diag.Source
	report  *diag.Report
	lines   []place // from lineStarts
	copies  int     // values that aliases added
	copying bool    // below an alias
	piece   bool    // of a text: what reaches beyond it is for another builder
	gaveUp  bool
	made    []Value // those that are next: values of a document live and die together
}

// valuesAtOnce is how many values are made together at most, as many as fit into 8 KiB.
const valuesAtOnce = 64

// value makes a value at a place.
func (b *builder) value(at diag.Pos) *Value {
	if len(b.made) == 0 {
		b.made = make([]Value, min(max(8, len(b.lines)), valuesAtOnce))
	}
	v := &b.made[0]
	b.made = b.made[1:]
	v.Pos = at
	return v
}

func (b *builder) pos(n *yaml.Node) diag.Pos {
	if n.Line > len(b.lines) { // what is missing at the end stands one line behind it
		return diag.PosAt(b.src, len(b.src.Text), 1)
	}
	start := b.lines[max(n.Line, 1)-1]
	return diag.Pos{Source: b.src, Line: start.line, Col: start.col + n.Column - 1, Width: nodeWidth(n)}
}

func nodeWidth(n *yaml.Node) int {
	if n.Kind != yaml.ScalarNode {
		return 1
	}
	width := utf8.RuneCountInString(n.Value)
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 {
		width += 2
	}
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		width = 1
	}
	return max(width, 1)
}

func (b *builder) build(n *yaml.Node, depth int) *Value {
	v := b.value(b.pos(n))
	if b.gaveUp {
		return v
	}
	if b.copying {
		b.copies++
	}
	if b.piece && (n.Kind == yaml.AliasNode || n.Anchor != "" || n.Line > len(b.lines)) {
		b.gaveUp = true
		return v
	}
	if depth > maxDepth || b.copies > maxCopies {
		b.gaveUp = true
		b.report.Add(TooDeep, v.Pos, tooDeepHelp, "the document nests deeper than %d levels, or its aliases expand to more than %d values", maxDepth, maxCopies)
		return v
	}
	switch n.Kind {
	case yaml.AliasNode:
		outer := b.copying
		b.copying = true
		v = b.build(n.Alias, depth+1)
		b.copying = outer
	case yaml.SequenceNode:
		items := make([]*Value, 0, len(n.Content))
		for _, item := range n.Content {
			items = append(items, b.build(item, depth+1))
		}
		v.SetItems(items)
	case yaml.MappingNode:
		b.buildMap(v, n, depth)
	default:
		b.buildScalar(v, n)
	}
	return v
}

func (b *builder) buildMap(v *Value, n *yaml.Node, depth int) {
	if b.piece && depth == 0 && len(n.Content) > 2 { // what follows belongs to the last key, whatever becomes of that
		b.gaveUp = true
		return
	}
	v.Kind = Map
	fields := make([]Field, 0, len(n.Content)/2)
	seen := map[string]*Value{}
	var merged []*Value
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := b.build(n.Content[i], depth+1)
		value := b.build(n.Content[i+1], depth+1)
		if b.gaveUp {
			return
		}
		if key.Kind == List || key.Kind == Map {
			b.report.Add(WrongType, key.Pos, "quote the text: { and [ begin maps and lists", "%s cannot be a key", key.Kind)
			continue
		}
		if n.Content[i].ShortTag() == "!!merge" && key.Text == "<<" {
			if !isMergeable(value) {
				b.report.Add(YAMLSyntax, key.Pos, "merge a map, or a list of maps", "<< cannot merge %s", value.Kind)
			}
			merged = append(merged, value)
			continue
		}
		if first := seen[key.Text]; first != nil {
			if depth == 0 && key.Text == "apiVersion" && n.Style&yaml.FlowStyle == 0 {
				b.report.Add(DuplicateKey, key.Pos, "write --- in a line of its own before it: a new document begins with ---", "%s is already set in line %d", key.describe(), first.Pos.Line)
				break // what follows belongs to the other document
			}
			b.report.Add(DuplicateKey, key.Pos, "keep one of the two", "%s is already set in line %d", key.describe(), first.Pos.Line)
			continue
		}
		seen[key.Text] = key
		fields = append(fields, Field{Key: key, Value: value})
	}
	// YAML's merge key: fields of other maps that this one does not set itself.
	for _, m := range merged {
		maps := []*Value{m}
		if m.Kind == List {
			maps = m.Items()
		}
		for _, from := range maps {
			for _, f := range from.Fields() {
				if seen[f.Key.Text] == nil {
					seen[f.Key.Text] = f.Key
					fields = append(fields, f)
				}
			}
		}
	}
	v.SetFields(fields)
}

// isMergeable tells whether YAML's merge key takes a value.
func isMergeable(v *Value) bool {
	return v.Kind == Map || v.Kind == List && !slices.ContainsFunc(v.Items(), func(item *Value) bool { return item.Kind != Map })
}

func (b *builder) buildScalar(v *Value, n *yaml.Node) {
	v.Text = n.Value
	v.Kind = String
	if n.Style&yaml.TaggedStyle != 0 { // an explicit tag may not fit, or decode the text: !!int a, !!binary aGk=
		var plain any
		if err := n.Decode(&plain); err != nil {
			b.report.Add(YAMLSyntax, v.Pos, "leave the tag out", "%s", strings.TrimPrefix(err.Error(), "yaml: "))
		}
		if text, ok := plain.(string); ok {
			v.Text = text
		}
	}
	b.resolve(v, n)
	switch {
	case n.Style&yaml.SingleQuotedStyle != 0:
		v.style = singleQuoted
	case n.Style&yaml.DoubleQuotedStyle != 0:
		v.style = doubleQuoted
	case n.Style&yaml.LiteralStyle != 0:
		v.style = literal
	case n.Style&yaml.FoldedStyle != 0:
		v.style = folded
	}
}

// resolve says what kind of scalar a node is.
func (b *builder) resolve(v *Value, n *yaml.Node) {
	switch n.ShortTag() {
	case "!!null":
		v.Kind = Null
	case "!!bool":
		v.Kind = Bool
	case "!!int", "!!float":
		v.Kind = Number
	}
}
