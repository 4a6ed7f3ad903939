package generators

import (
	"slowburn/internal/pattern"
	"strings"
)

// What stands for itself nowhere in Markdown, or in a cell of a table.
var always = strings.NewReplacer(`\`, `\\`, "`", "\\`", `*`, `\*`, `[`, `\[`, `]`, `\]`, `<`, `&lt;`, `>`, `&gt;`, `&`, `&amp;`, `|`, `\|`, `~`, `\~`)

var (
	underscores = pattern.New(`_+`)
	headings    = pattern.New(`(?m)^(\s*)#`)
)

// escape makes a text stand in Markdown as it is. What Markdown leaves alone, so
// does it: pages are read in terminals, too.
func escape(text string) string {
	text = always.Replace(text)
	text = headings().ReplaceAllString(text, `$1\#`)
	var b strings.Builder
	end := 0
	for _, m := range underscores().FindAllStringIndex(text, -1) {
		b.WriteString(text[end:m[0]])
		end = m[1]
		run := text[m[0]:m[1]]
		if m[0] == 0 || m[1] == len(text) || !isWordByte(text[m[0]-1]) || !isWordByte(text[m[1]]) {
			run = strings.ReplaceAll(run, "_", `\_`) // in a word it is no emphasis
		}
		b.WriteString(run)
	}
	return b.String() + text[end:]
}

func isWordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// selector is one of PromQL with matchers, or with a name that no word of a
// sentence has.
var selector = pattern.New("[a-zA-Z_:][a-zA-Z0-9_:]*\\{(?:[^\"'`{}]|\"(?:[^\"\\\\]|\\\\.)*\")*\\}(?:\\[[0-9a-z:]+\\])?|[a-zA-Z]+[_:][a-zA-Z0-9_:]*[a-zA-Z0-9]")

// withCode is escape for a sentence, in which selectors are code.
func withCode(text string) string {
	var b strings.Builder
	end := 0
	for _, m := range selector().FindAllStringIndex(text, -1) {
		if found := text[m[0]:m[1]]; !strings.ContainsAny(found, "`\n") {
			b.WriteString(escape(text[end:m[0]]) + "`" + found + "`")
			end = m[1]
		}
	}
	return b.String() + escape(text[end:])
}
