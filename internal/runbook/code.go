package runbook

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"slowburn/internal/diag"
)

// Code is one code block, or a command or a query in running text.
type Code struct {
	Language string // in lower case, or ""
	Text     string
	Node     ast.Node
	Inline   bool // it stands in running text
	page     *Page
	lines    *text.Segments
}

func (p *Page) addCode(n ast.Node, language string) {
	var b strings.Builder
	lines := n.Lines()
	for i := range lines.Len() {
		line := lines.At(i)
		b.Write(line.Value(p.Source.Text)) // with the spaces that a tab stood for
	}
	switch block := b.String(); {
	case (Code{Language: language}).IsShell() && strings.HasPrefix(strings.TrimSpace(block), prompt):
		language = "console" // whatever it is called, it shows a session
	case language != "":
	case looksLikeSession(block):
		language = "console"
	case looksLikeCommands(block):
		language = "sh"
	}
	p.Code = append(p.Code, Code{Language: language, Text: b.String(), Node: n, page: p, lines: lines})
}

// Pos is the place of the bytes from start to stop of the block's text.
func (c Code) Pos(start, stop int) diag.Pos {
	at := c.offset(start)
	width := len([]rune(c.Text[min(start, len(c.Text)):min(max(stop, start), len(c.Text))]))
	pos := c.page.Pos(at, at)
	pos.Width = width
	return pos
}

// offset is where the byte at offset of the text stands in the page.
func (c Code) offset(offset int) int {
	for i := range c.lines.Len() {
		line := c.lines.At(i)
		length := line.Padding + line.Stop - line.Start
		if offset < length || i == c.lines.Len()-1 {
			return line.Start + min(max(offset-line.Padding, 0), line.Stop-line.Start)
		}
		offset -= length
	}
	return max(c.Node.Pos(), 0)
}

var (
	shells  = []string{"sh", "bash", "shell", "zsh", "ksh"}
	queries = []string{"promql", "prometheus"}
	yamls   = []string{"yaml", "yml"}
)

// IsShell tells whether the block holds commands.
func (c Code) IsShell() bool { return slices.Contains(shells, c.Language) }

// IsSession tells whether the block shows a session: commands behind a prompt, and what they print.
func (c Code) IsSession() bool { return c.Language == "console" || c.Language == "shell-session" }

// IsPromQL tells whether the block holds queries.
func (c Code) IsPromQL() bool { return slices.Contains(queries, c.Language) }

// IsYAML tells whether the block holds YAML: perhaps rules.
func (c Code) IsYAML() bool { return slices.Contains(yamls, c.Language) }

// Queries are the queries of a block with their places in its text: an empty
// line ends one.
func (c Code) Queries() []Query {
	var all []Query
	start := 0
	add := func(end int) {
		if text := c.Text[start:end]; strings.TrimSpace(text) != "" {
			all = append(all, Query{Text: text, Start: start})
		}
	}
	offset := 0
	for line := range strings.Lines(c.Text) {
		if strings.TrimSpace(line) == "" {
			add(offset)
			start = offset + len(line)
		}
		offset += len(line)
	}
	add(len(c.Text))
	return all
}

// Query is one query of a block.
type Query struct {
	Text  string
	Start int // in the block's text
}

// Before tells whether one piece of code stands before another on the page.
func (c Code) Before(other Code) bool { return c.offset(0) < other.offset(0) }

// KeyCommand is what the quick reference shows: the first line that does
// something, of the commands below the mark key, or of the page's first. It is
// "" where there is none.
func (p *Page) KeyCommand() string {
	from := 0
	for _, m := range p.Marks {
		if m.Name == Key {
			from = m.Stop
		}
	}
	for _, c := range p.Code {
		if !c.IsShell() || c.offset(0) < from {
			continue
		}
		for line := range strings.Lines(c.Text) {
			line = strings.TrimSpace(line)
			if line != "" && !notCommand().MatchString(line) {
				return shorten(strings.TrimRight(trailing().ReplaceAllString(line, ""), ` \|`))
			}
		}
	}
	return ""
}
