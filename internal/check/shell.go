package check

import (
	"errors"
	"fmt"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"slowburn/internal/runbook"
)

// script is a block of commands, parsed.
type script struct {
	file *syntax.File // nil if it does not parse
	err  syntax.ParseError
}

// eachScript calls f for every block of commands, and for every command in
// running text.
func (p *PagesPass) eachScript(f func(runbook.Code, *script)) {
	p.EachCode(func(c runbook.Code) {
		if c.IsShell() || c.IsSession() {
			f(c, p.parse(c))
		}
	})
}

// parse reads a block of commands as bash does.
func (p *PagesPass) parse(c runbook.Code) *script {
	if s := p.shells[c.Node]; s != nil {
		return s
	}
	s := &script{}
	p.shells[c.Node] = s
	if len(c.Text) > maxScript {
		s.err.Text = fmt.Sprintf("%d KiB in one block; put them into a script, and run that", len(c.Text)>>10)
		return s
	}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(commandsOf(c)), "")
	if err == nil {
		s.file = file
	} else if !errors.As(err, &s.err) {
		s.err.Text = err.Error()
	}
	return s
}

// maxScript bounds a block of commands, in bytes: the parser of shells goes as
// deep as they are nested, and nobody pastes more at night.
const maxScript = 32 << 10

// commandsOf are the commands of a block. In a session they stand behind a
// prompt; the rest, which they printed, becomes spaces, so that places stay.
func commandsOf(c runbook.Code) string {
	if !c.IsSession() {
		return c.Text
	}
	var b strings.Builder
	continued := false
	for line := range strings.Lines(c.Text) {
		command, ok := strings.CutPrefix(line, "$ ")
		switch {
		case ok:
			b.WriteString("  " + command)
		case continued:
			b.WriteString(line)
		default:
			b.WriteString(strings.Repeat(" ", len(strings.TrimRight(line, "\n"))) + line[len(strings.TrimRight(line, "\n")):])
			continue
		}
		continued = strings.HasSuffix(strings.TrimRight(line, "\n"), `\`)
	}
	return b.String()
}

// eachCall calls f for every simple command of a script.
func (s *script) eachCall(f func(*syntax.CallExpr)) {
	if s.file == nil {
		return
	}
	syntax.Walk(s.file, func(n syntax.Node) bool {
		if call, ok := n.(*syntax.CallExpr); ok && len(call.Args) > 0 {
			f(call)
		}
		return true
	})
}

// wordText is what stands in a word, quotes removed; what is only known when it
// runs is left out.
func wordText(w *syntax.Word) string {
	var b strings.Builder
	var add func([]syntax.WordPart)
	add = func(parts []syntax.WordPart) {
		for _, part := range parts {
			switch part := part.(type) {
			case *syntax.Lit:
				b.WriteString(part.Value)
			case *syntax.SglQuoted:
				b.WriteString(part.Value)
			case *syntax.DblQuoted:
				add(part.Parts)
			}
		}
	}
	add(w.Parts)
	return b.String()
}
