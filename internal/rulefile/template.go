package rulefile

import (
	"strconv"
	"strings"
)

// templateHelp is the way out of a complaint about a template.
func templateHelp(complaint string) string {
	switch {
	case strings.HasPrefix(complaint, "function "):
		return "see https://prometheus.io/docs/prometheus/latest/configuration/template_reference/"
	case strings.HasPrefix(complaint, "undefined variable"):
		return "there are $labels, $value, $externalLabels and $externalURL"
	case strings.HasPrefix(complaint, "unclosed action"):
		return "close it with }}"
	case strings.HasPrefix(complaint, "unexpected EOF"):
		return "close if, range, with and define with {{ end }}"
	}
	return "write it as {{ $labels.job }} or {{ $value }}"
}

// culprit is what a complaint about a line of a template is about: the word
// that it quotes, or else the last action that begins there.
func culprit(text string, line int, complaint string) (start, end int) {
	for range line - 1 {
		next := strings.IndexByte(text[start:], '\n')
		if next < 0 {
			break
		}
		start += next + 1
	}
	end = len(text)
	if n := strings.IndexByte(text[start:], '\n'); n >= 0 {
		end = start + n
	}
	from := strings.Index(text[start:end], "{{")
	if from < 0 {
		from = 0 // the action began on a line above
	}
	if word := quotedWord(complaint); word != "" {
		if at := indexWord(text[start+from:end], word); at >= 0 {
			start += from + at
			return start, start + len(word)
		}
	}
	if last := strings.LastIndex(text[start:end], "{{"); last >= 0 {
		start += last
	}
	return start, end
}

// quotedWord is the first text in quotes.
func quotedWord(complaint string) string {
	at := strings.IndexByte(complaint, '"')
	if at < 0 {
		return ""
	}
	quoted, err := strconv.QuotedPrefix(complaint[at:])
	if err != nil {
		return ""
	}
	word, _ := strconv.Unquote(quoted)
	return word
}

// indexWord is where a word stands that is no part of a longer one, or of a
// field's name.
func indexWord(text, word string) int {
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return -1
		}
		at += from
		next := at + len(word)
		if !isNameByte(word[0]) || (at == 0 || !isNameByte(text[at-1]) && text[at-1] != '.') && (next == len(text) || !isNameByte(text[next])) {
			return at
		}
		from = next
	}
}

func isNameByte(c byte) bool {
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// actionsOf are the actions of a template, between which any text may stand: whether it parses depends on nothing else. It is
// the whole text where an action has a quote in it, or a comment, which may contain what would end it.
func actionsOf(text string) string {
	var actions strings.Builder
	for rest := text; ; {
		_, behind, more := strings.Cut(rest, "{{")
		if !more {
			return actions.String()
		}
		action, after, closed := strings.Cut(behind, "}}")
		if !closed || strings.ContainsAny(action, "\"'`*{}") {
			return text
		}
		actions.WriteString("{{")
		actions.WriteString(action)
		actions.WriteString("}}")
		rest = after
	}
}
