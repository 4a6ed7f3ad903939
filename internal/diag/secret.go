package diag

import (
	"cmp"
	"slices"
	"slowburn/internal/pattern"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mask is what stands where a secret stood.
const mask = "<secret>"

// Conceal keeps a text that stands at the position from being shown with any
// finding about the source, and the line with it: it is a secret.
func (p Pos) Conceal(text string) {
	if p.Source == nil {
		return
	}
	p.Hide()
	p.Source.conceal(text)
}

// Masked is a text that stands at the position without what no finding shows of
// it: whoever cuts a text short asks before that.
func (p Pos) Masked(text string) string { return p.Source.masked(text) }

// conceal adds a secret to those of the source, and what messages may quote of it.
func (s *Source) conceal(text string) {
	add := func(part string) {
		if len(part) < 4 || strings.Contains(mask, part) || part == "true" || part == "false" || part == "null" {
			return // it would be found in every other word
		}
		if !slices.Contains(s.secrets, part) {
			s.secrets = append(s.secrets, part)
		}
	}
	text = strings.TrimSpace(text)
	add(text)
	for _, quoted := range []string{strings.ReplaceAll(text, `\`, `\\`), strings.ReplaceAll(text, `"`, `\"`)} {
		add(quoted)
	}
	for line := range strings.Lines(text) {
		add(strings.TrimSpace(line))
	}
	for word := range strings.FieldsFuncSeq(text, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '_' }) {
		if len(word) >= 6 && strings.ContainsAny(word, "0123456789") {
			add(word)
		}
	}
	slices.SortFunc(s.secrets, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
}

// shown is the finding without secrets. Every finding passes here on its way out.
func (f Finding) shown() Finding {
	s := f.Pos.Source
	f.Message, f.Help, f.Detail, f.Pos.Path = s.masked(f.Message), s.masked(f.Help), s.masked(f.Detail), s.masked(f.Pos.Path)
	return f
}

// cutShort is how YAML's parser quotes a value: its first ten characters or so.
var cutShort = pattern.New("`([^`]{4,})\\.\\.\\.`")

// masked is a text about the source, without secrets. The source may be nil.
func (s *Source) masked(text string) string {
	if text == "" {
		return text
	}
	if s != nil {
		s.learn()
		for _, secret := range s.secrets {
			text = replaceWord(text, secret)
		}
		text = cutShort().ReplaceAllStringFunc(text, func(quoted string) string {
			start := strings.TrimSuffix(strings.Trim(quoted, "`"), "...")
			if slices.ContainsFunc(s.secrets, func(secret string) bool { return strings.HasPrefix(secret, start) }) {
				return mask
			}
			return quoted
		})
	}
	text = maskForms(text, shownForms)
	if s != nil && s.confidential {
		text = maskForms(text, confidentialForms)
	}
	return text
}

// replaceWord masks a secret in a text, a short one where it is no part of a word.
func replaceWord(text, secret string) string {
	if len(secret) >= 12 {
		return strings.ReplaceAll(text, secret, mask)
	}
	var b strings.Builder
	for {
		i := strings.Index(text, secret)
		if i < 0 {
			return b.String() + text
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(secret):])
		b.WriteString(text[:i])
		if isWordy(before) || isWordy(after) {
			b.WriteString(secret)
		} else {
			b.WriteString(mask)
		}
		text = text[i+len(secret):]
	}
}

func isWordy(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) || c == '_' }

// showable tells whether a line may be shown.
func (s *Source) showable(n int) bool {
	line := s.Line(n)
	return s.masked(line) == line && !s.hidden[n] // masked learns what is hidden
}
