package check

import (
	"path"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"slowburn/internal/runbook"
)

// What a command destroys need not stand in its own words: it is a script in
// quotation marks, or what a database reads.

var (
	// runners run the commands that stand in one of their words.
	runners = []string{"ssh", "bash", "sh", "zsh", "ksh", "dash", "su", "eval", "kubectl", "oc", "docker", "podman", "crictl", "nsenter", "chroot", "ansible", "pdsh", "xargs", "watch"}
	// sqlClients read statements from their input.
	sqlClients = []string{"psql", "mysql", "mariadb", "clickhouse-client", "cqlsh", "sqlite3", "cockroach"}
	// sqlLanguages are what blocks of statements are called.
	sqlLanguages = []string{"sql", "psql", "postgres", "postgresql", "plpgsql", "pgsql", "mysql", "sqlite", "cql"}
)

// runsProgram tells whether a command runs one of some programs, perhaps by
// another command before it, such as sudo.
func runsProgram(call *syntax.CallExpr, programs []string) bool {
	return slices.ContainsFunc(call.Args, func(w *syntax.Word) bool { return slices.Contains(programs, path.Base(wordText(w))) })
}

// destroysWithin tells what the scripts in a command's words destroy with.
func (p *PagesPass) destroysWithin(call *syntax.CallExpr) (string, *syntax.Word) {
	if !runsProgram(call, runners) {
		return "", nil
	}
	for _, w := range call.Args {
		text := wordText(w)
		if !strings.ContainsAny(text, " \t\n") || len(text) > maxScript {
			continue
		}
		file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
		if err != nil {
			continue
		}
		found := ""
		(&script{file: file}).eachCall(func(inner *syntax.CallExpr) {
			if what, at := p.destroys(inner); at != nil && found == "" {
				found = what
			}
		})
		if found != "" {
			return found, w
		}
	}
	return "", nil
}

// eachStatementRead calls f for what databases read in a script that destroys: here
// documents and strings, and what a pipe brings.
func (s *script) eachStatementRead(f func(sql string, at syntax.Node)) {
	if s.file == nil {
		return
	}
	look := func(n syntax.Node, text string) {
		if m := destructiveSQL().FindString(text); m != "" {
			f(strings.Join(strings.Fields(m), " "), n)
		}
	}
	syntax.Walk(s.file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Stmt:
			if call, ok := n.Cmd.(*syntax.CallExpr); ok && runsProgram(call, sqlClients) {
				for _, r := range n.Redirs {
					switch {
					case r.Hdoc != nil:
						look(call, wordText(r.Hdoc))
					case r.Op == syntax.WordHdoc:
						look(call, wordText(r.Word))
					}
				}
			}
		case *syntax.BinaryCmd:
			left, isCall := n.X.Cmd.(*syntax.CallExpr)
			right, reads := n.Y.Cmd.(*syntax.CallExpr)
			if (n.Op == syntax.Pipe || n.Op == syntax.PipeAll) && isCall && reads && runsProgram(right, sqlClients) {
				for _, w := range left.Args {
					look(w, wordText(w))
				}
			}
		}
		return true
	})
}

// eachStatement calls f for what destroys in a block of SQL, or in a block of no
// language, where commands and statements may follow each other.
func eachStatement(c runbook.Code, f func(sql string, start, stop int)) {
	isSQL := slices.Contains(sqlLanguages, c.Language)
	if !isSQL && (c.Language != "" || c.Inline) {
		return
	}
	offset := 0
	for line := range strings.Lines(c.Text) {
		code, _, _ := strings.Cut(line, "--")
		if m := destructiveSQL().FindStringIndex(code); m != nil && (isSQL || strings.TrimSpace(code[:m[0]]) == "") {
			f(strings.Join(strings.Fields(code[m[0]:m[1]]), " "), offset+m[0], offset+len(strings.TrimRight(code, " \t\r\n")))
		}
		offset += len(line)
	}
}

// eachCommandAmong calls f for the lines of a block of no language that are
// commands, each as a script of its own, with its place in the block.
func (p *PagesPass) eachCommandAmong(c runbook.Code, f func(s *script, start int)) {
	if c.Language != "" || c.Inline {
		return
	}
	offset := 0
	for line := range strings.Lines(c.Text) {
		if runbook.IsCommand(strings.TrimSpace(line)) {
			if file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(line), ""); err == nil {
				f(&script{file: file}, offset)
			}
		}
		offset += len(line)
	}
}
