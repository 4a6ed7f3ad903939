package diag

import (
	"bytes"
	"slices"
	"slowburn/internal/pattern"
	"strings"
)

// A source may not parse, or hold what nobody reads, and findings show its lines
// nevertheless. So secrets are looked for in the text as well, line by line.

// expectsSecrets is how files begin, or go on, in which secrets are expected:
// routings, and configurations of Alertmanager, wherever they are embedded.
var expectsSecrets = pattern.New(`(?m)\bkind["']?[ \t]*:[ \t]*["']?(?:Routing|AlertmanagerConfig)\b|\b(?:receivers|[a-z0-9]+_configs|[a-z0-9]+Configs)["']?[ \t]*:|^[ \t"']*route["']?[ \t]*:`)

// expectedWords are those that expectsSecrets does not match without: of a large text they are looked for first, in a tenth
// of the time.
var expectedWords = [][]byte{[]byte("Routing"), []byte("AlertmanagerConfig"), []byte("receivers"), []byte("_configs"), []byte("Configs"), []byte("route")}

// mayHaveSecrets tells whether secrets are expected in a text.
func mayHaveSecrets(text []byte) bool {
	return slices.ContainsFunc(expectedWords, func(word []byte) bool { return bytes.Contains(text, word) }) && expectsSecrets().Match(text)
}

// learn looks for secrets in the text, once.
func (s *Source) learn() {
	s.learning.Do(func() {
		if !mayHaveSecrets(s.Text) {
			return
		}
		s.confidential = true
		block := -1 // indentation of the secret's key whose block the line may be in
		number := 0
		for line := range strings.Lines(string(s.Text)) {
			number++
			line = strings.TrimRight(line, "\r\n")
			indent := len(line) - len(strings.TrimLeft(line, " \t-"))
			switch {
			case strings.TrimSpace(line) == "":
				continue
			case indent <= block:
				block = -1
			case block >= 0 && !isEntry().MatchString(line):
				Pos{Source: s, Line: number}.Conceal(strings.Trim(line, " \t\"'-"))
			}
			if s.learnLine(number, line) {
				block = indent
			}
		}
	})
}

var (
	keyBefore = pattern.New(`([A-Za-z_][A-Za-z0-9_.-]*)["']?[ \t]*:[ \t]*`)
	isEntry   = pattern.New(`^[ \t-]*["']?[A-Za-z_][A-Za-z0-9_.-]*["']?[ \t]*:(?:[ \t]|$)`)
	// decoration is what may stand before a value: an anchor, a tag.
	decoration = pattern.New(`^(?:[&!][^ \t]*[ \t]+)+`)
	// colonLost is a secret's key whose colon is not there.
	colonLost = pattern.New(`^[ \t{-]*["']?([A-Za-z_]+)["']?[ \t=]+["']?([^ \t"':{}\[\]]{4,})["']?[ \t]*$`)
)

// learnLine conceals the secrets of a line, and tells whether one goes on below.
func (s *Source) learnLine(number int, line string) (goesOn bool) {
	at := Pos{Source: s, Line: number}
	if m := colonLost().FindStringSubmatch(line); m != nil && SecretKeyOf(m[1]).Hides(m[2]) {
		at.Conceal(m[2])
	}
	for _, m := range keyBefore().FindAllStringSubmatchIndex(line, -1) {
		key := SecretKeyOf(line[m[2]:m[3]])
		value, closed := scalarAt(decoration().ReplaceAllString(line[m[1]:], ""))
		if key == Public || key == File {
			if key.Hides(value) {
				at.Conceal(value)
			}
			continue
		}
		if value == "" || !closed {
			goesOn = !strings.HasPrefix(line[m[1]:], "{") // a map has keys of its own
		}
		if key.Hides(value) {
			at.Conceal(value)
		}
	}
	return goesOn
}

// scalarAt is the scalar, or the list, that a text begins with, and whether it
// ends there; "" for what begins otherwise.
func scalarAt(text string) (value string, closed bool) {
	if text == "" {
		return "", false
	}
	switch text[0] {
	case '|', '>':
		return "", false
	case '{', '#', '*':
		return "", text[0] != '#'
	case '"', '\'':
		value, _, closed = strings.Cut(text[1:], text[:1])
		return value, closed
	case '[':
		value, _, closed = strings.Cut(text[1:], "]")
		return strings.Trim(value, ` "'`), closed
	}
	if i := strings.Index(text, " #"); i >= 0 {
		text = text[:i]
	}
	if i := strings.IndexAny(text, ",}]"); i >= 0 {
		text = text[:i]
	}
	return strings.Trim(text, ` "'`), true
}
