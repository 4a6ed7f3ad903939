package generators

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Rule files are most of the output, and printed here: a general encoder takes
// several times as long. What of a text is not plain to see is still for the
// encoder to say, and a test holds the whole against it.

// rulePrinter prints rule groups as printYAML prints the same structs.
type rulePrinter struct {
	out    bytes.Buffer
	orders map[string][]string // of the keys of maps, by those keys
	gaveUp bool
}

// file is a rule file; nil if only the encoder can print it.
func (p *rulePrinter) file(f ruleFile) []byte {
	p.out.Reset()
	p.gaveUp = false
	p.out.WriteString(header)
	p.out.WriteString(groupsKey)
	for _, g := range f.Groups {
		p.field("  - ", "name", g.Name)
		p.field("    ", "interval", g.Interval)
		p.out.WriteString("    rules:\n")
		for _, r := range g.Rules {
			p.rule(r)
		}
	}
	if p.gaveUp || hasBreaks(p.out.Bytes()) {
		return nil
	}
	return bytes.Clone(p.out.Bytes())
}

// groupsKey is the line that the groups of a rule file stand below.
const groupsKey = "groups:\n"

// breaks are characters that end a line for YAML and for nobody else. The
// encoder indents what follows one, so that it has to print the whole.
var breaks = [][]byte{[]byte("\u0085"), []byte("\u2028"), []byte("\u2029")}

func hasBreaks(text []byte) bool {
	return slices.ContainsFunc(breaks, func(b []byte) bool { return bytes.Contains(text, b) })
}

func (p *rulePrinter) rule(r rule) {
	margin := "      - "
	field := func(key, value string) {
		if value != "" || key == "expr" {
			p.field(margin, key, value)
			margin = "        "
		}
	}
	field("record", r.Record)
	field("alert", r.Alert)
	field("expr", r.Expr)
	field("for", r.For)
	field("keep_firing_for", r.KeepFiring)
	p.fields("labels", r.Labels)
	p.fields("annotations", r.Annotations)
}

func (p *rulePrinter) fields(key string, m map[string]string) {
	if len(m) == 0 {
		return
	}
	p.out.WriteString("        " + key + ":\n")
	for _, k := range p.order(m) {
		p.field("          ", k, m[k])
	}
}

// order are the keys of a map as the encoder orders them: numbers in them count
// as numbers. Few sets of keys occur.
func (p *rulePrinter) order(m map[string]string) []string {
	if len(m) == 1 {
		for k := range m {
			return []string{k}
		}
	}
	set := strings.Join(slices.Sorted(maps.Keys(m)), "\x00")
	if known := p.orders[set]; known != nil {
		return known
	}
	var node yaml.Node
	if err := node.Encode(m); err != nil {
		p.gaveUp = true // a key of several lines, which the encoder itself cannot read back
	}
	var order []string
	for i := 0; i < len(node.Content); i += 2 {
		order = append(order, node.Content[i].Value)
	}
	if p.orders == nil {
		p.orders = map[string][]string{}
	}
	p.orders[set] = order
	return order
}

// field prints a key with its text behind a margin.
func (p *rulePrinter) field(margin, key, value string) {
	switch {
	case !isPlain(key):
		p.encoded(margin, key, value)
	case isPlain(value):
		p.out.WriteString(margin)
		p.out.WriteString(key)
		p.out.WriteString(": ")
		p.out.WriteString(value)
		p.out.WriteByte('\n')
	case isNumber(value):
		p.out.WriteString(margin)
		p.out.WriteString(key)
		p.out.WriteString(": \"")
		p.out.WriteString(value)
		p.out.WriteString("\"\n")
	case isQuoted(value):
		p.out.WriteString(margin)
		p.out.WriteString(key)
		p.out.WriteString(": '")
		p.out.WriteString(strings.ReplaceAll(value, "'", "''"))
		p.out.WriteString("'\n")
	case isLiteral(value):
		p.out.WriteString(margin)
		p.out.WriteString(key)
		if value[0] == ' ' {
			p.out.WriteString(": |2-\n") // where the text begins is not plain to see
		} else {
			p.out.WriteString(": |-\n")
		}
		inner := len(margin) + len("  ")
		for line := range strings.Lines(value) {
			if line != "\n" {
				p.out.Write(blanks[:inner])
			}
			p.out.WriteString(line)
		}
		p.out.WriteByte('\n')
	default:
		p.encoded(margin, key, value)
	}
}

// blanks are as many as a line is ever indented by.
var blanks = bytes.Repeat([]byte(" "), 16)

// encoded prints a key and its text as the encoder has them.
func (p *rulePrinter) encoded(margin, key, value string) {
	text := bytes.TrimPrefix(printYAML(map[string]string{key: value}), []byte(header))
	p.out.WriteString(margin)
	p.out.Write(bytes.TrimPrefix(indented(text, len(margin)), blanks[:len(margin)]))
}

// indented is a text whose lines stand further to the right; empty ones are
// left empty, as the encoder leaves them.
func indented(text []byte, by int) []byte {
	out := make([]byte, 0, len(text)+by*bytes.Count(text, []byte("\n")))
	for line := range bytes.Lines(text) {
		if len(line) > 1 {
			out = append(out, blanks[:by]...)
		}
		out = append(out, line...)
	}
	return out
}

// isPlain tells whether a text certainly is written as it is: one that begins
// like a word and is none of those that mean something else, or is a duration, a
// calculation or samples, without a character, or two, that YAML reads something in.
func isPlain(s string) bool {
	if s == "" || !isWordStart(s[0]) && !isDuration(s) && !(isDigit(s[0]) && strings.Contains(s, "(")) && !isSamples(s) || s[len(s)-1] == ' ' || s[len(s)-1] == ':' {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c > '~':
			return false
		case c == ' ' && s[i+1] == '#', c == ':' && s[i+1] == ' ':
			return false
		}
	}
	return len(s) > len("false") || !slices.Contains(meanings, strings.ToLower(s))
}

// isQuoted tells whether a text that is not plain certainly is written in single
// quotes: it begins like a template or a word, and is one line without blanks
// around it.
func isQuoted(s string) bool {
	if s == "" || s[0] != '{' && !isWordStart(s[0]) || s[len(s)-1] == ' ' || len(s) <= len("false") {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// meanings are words that some YAML reader takes for more than a text.
var meanings = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

// isDuration tells whether a text is digits and a unit, which is no number to YAML.
func isDuration(s string) bool {
	return isDigits(s[:len(s)-1]) && strings.ContainsAny(s[len(s)-1:], "smh")
}

// isNumber tells whether a text is digits, maybe with a point among them, which
// has to be quoted.
func isNumber(s string) bool {
	whole, fraction, ok := strings.Cut(s, ".")
	return isDigits(whole) && (!ok || isDigits(fraction))
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// isSamples tells whether a text is samples in promtool's notation, in which one grows.
func isSamples(s string) bool {
	return isDigit(s[0]) && strings.Contains(s, "+") && strings.Contains(s, "x") && strings.Trim(s, "0123456789+-.x_ stale") == ""
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWordStart(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '(' }

// isLiteral tells whether a text certainly is written line by line below |-:
// several lines, none of which ends with a blank, and the first is not empty.
func isLiteral(s string) bool {
	if !strings.Contains(s, "\n") {
		return false
	}
	if first, last := s[0], s[len(s)-1]; first == '\n' || last == ' ' || last == '\n' {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && s[i+1] == '\n', c != '\n' && (c < ' ' || c > '~'):
			return false
		}
	}
	return true
}
