package check

import (
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
)

var brokenShell = &Check{
	Kind: diag.Kind{Name: "broken-shell", Severity: diag.Error, Doc: `A command does not parse.

Blocks with the language sh, bash, shell or console are read as bash reads them, and so are blocks of no language that hold
nothing but commands, and inline code that is one: a program such as kubectl or psql with what it is to do. Whoever copies
this one at night gets an error of the shell, or, worse, a part of it runs.`},
	Bad:  pageHead + "```sh\njournalctl -u redis | grep 'oom\n```\n",
	Good: pageHead + "```sh\njournalctl -u redis | grep 'oom'\n```\n",
	Pages: func(p *PagesPass) {
		p.eachScript(func(c runbook.Code, s *script) {
			if s.file != nil || len(anglePlaceholders(c)) > 0 { // undeclared-placeholder says so
				return
			}
			at := int(s.err.Pos.Offset())
			end := len(c.Text)
			if i := strings.IndexByte(c.Text[min(at, len(c.Text)):], '\n'); i >= 0 {
				end = at + i
			}
			p.Report(c.Pos(at, end), "make it a command that runs as it stands", "the shell does not understand this: %s", s.err.Text)
		})
	},
}
