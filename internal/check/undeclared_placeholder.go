package check

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/runbook"
)

var undeclaredPlaceholder = &Check{
	Kind: diag.Kind{Name: "undeclared-placeholder", Severity: diag.Warning, Doc: `A command has a gap that the reader must find and fill.

What differs from case to case is a variable, assigned at the top of the same block with an example and where it comes from.
Then the block is filled in at one place and runs as it stands. <pod>, POD and $POD that nothing assigns run as something
else: the shell takes <pod> for a file. A command in running text may use what a block before it sets; a gap of its own wants a
block. variables lists those that are set for everybody on call.`},
	Configuration: `undeclared-placeholder: {variables: [KUBECONFIG]}`,
	Bad:           pageHead + "```sh\nkubectl logs <pod>\nkubectl describe pod POD\nkubectl get pod \"$POD\"\n```\n",
	Good:          pageHead + "```sh\nPOD=redis-0   # a name that kubectl get pods printed\nkubectl logs \"$POD\"\n```\n",
	Parameters:    func() any { return &placeholderParameters{} },
	Pages: func(p *PagesPass) {
		var of *pageVariables
		p.eachScript(func(c runbook.Code, s *script) {
			for _, at := range anglePlaceholders(c) {
				p.Report(c.Pos(at[0], at[1]), gapHelp(c, c.Text[at[0]+1:at[1]-1]), "%s is a gap, and the shell takes it for a redirection", c.Text[at[0]:at[1]])
			}
			if s.file != nil {
				p.checkWords(c, s)
				if of == nil || of.page != p.page {
					of = p.variablesOf(p.page)
				}
				p.checkVariables(c, s, of)
			}
		})
	},
}

type placeholderParameters struct {
	// Variables are those that are set for everybody on call.
	Variables Texts `json:"variables,omitempty"`
}

var angled = pattern.New(`<[A-Za-z][A-Za-z0-9_.-]*(?: [A-Za-z0-9_.-]+)*>`)

// anglePlaceholders are the places of <gaps> outside of quotes.
func anglePlaceholders(c runbook.Code) [][]int {
	if !c.IsShell() && !c.IsSession() {
		return nil
	}
	var found [][]int
	text := commandsOf(c)
	for _, at := range angled().FindAllStringIndex(text, -1) {
		line := text[strings.LastIndexByte(text[:at[0]], '\n')+1 : at[0]]
		if strings.Count(line, "'")%2 == 0 && strings.Count(line, `"`)%2 == 0 && !strings.Contains(line, "#") && !strings.HasSuffix(line, "<") {
			found = append(found, at)
		}
	}
	return found
}

func gapHelp(c runbook.Code, name string) string {
	name = strings.ToUpper(strings.Map(func(c rune) rune {
		if c == ' ' || c == '-' || c == '.' {
			return '_'
		}
		return c
	}, name))
	if c.Inline {
		return "put the command into a block, with an example at its top: " + name + "=…"
	}
	return "assign a variable at the top of the block, with an example: " + name + "=…"
}

var shouted = pattern.New(`^(?:[A-Z][A-Z0-9_]{2,}|YOUR[-_A-Z]+|x{3,}|X{3,})(?:[:/.@].*)?$`)

// shoutedKind is a resource of which only the kind is known.
var shoutedKind = pattern.New(`^(?:po|pods?|deploy|deployments?|sts|statefulsets?|ds|daemonsets?|svc|services?|jobs?|pvc|nodes?|secrets?|cm|configmaps?)/([A-Z][A-Z0-9_]{2,})$`)

// shouts are words in capitals that are what they are: methods, signals.
var shouts = strings.Fields("GET POST PUT PATCH DELETE HEAD OPTIONS HUP TERM KILL INT QUIT USR1 USR2 STOP CONT SIGHUP SIGTERM SIGKILL SIGINT SIGUSR1 SIGUSR2 EOF UTC JSON YAML BASIC AUTH PING")

// capitals are commands whose own words are capitals.
var capitals = []string{"redis-cli", "psql", "dd", "mysql", "cqlsh", "grep", "egrep", "zgrep", "rg", "findmnt", "lsblk", "[", "test", "read", "export", "unset"}

func (p *PagesPass) checkWords(c runbook.Code, s *script) {
	s.eachCall(func(call *syntax.CallExpr) {
		if slices.ContainsFunc(call.Args, func(w *syntax.Word) bool { return slices.Contains(capitals, w.Lit()) }) {
			return
		}
		for _, w := range call.Args[1:] {
			text := w.Lit()
			if m := shoutedKind().FindStringSubmatch(text); m != nil {
				end := int(w.End().Offset())
				p.Report(c.Pos(end-len(m[1]), end), gapHelp(c, m[1]), "%s is a gap", m[1])
			}
			if shouted().MatchString(text) && !slices.Contains(shouts, text) {
				start, end := int(w.Pos().Offset()), int(w.End().Offset())
				gap, _, _ := strings.Cut(text, ":")
				gap, _, _ = strings.Cut(gap, "/")
				p.Report(c.Pos(start, end), gapHelp(c, gap), "%s is a gap", text)
			}
		}
	})
}

// inherited are variables that every shell has, or sets itself.
var inherited = strings.Fields("HOME USER PATH PWD OLDPWD HOSTNAME SHELL TMPDIR EDITOR LANG LOGNAME UID EUID PPID RANDOM SECONDS IFS REPLY PIPESTATUS BASH_SOURCE OSTYPE COLUMNS LINES TERM OPTARG OPTIND")

// pageVariables are those that the blocks of a page set, each with the first
// block, and those that running text was found to lack.
type pageVariables struct {
	page     *runbook.Page
	set      map[string]runbook.Code
	reported map[string]bool
}

func (p *PagesPass) variablesOf(page *runbook.Page) *pageVariables {
	of := &pageVariables{page: page, set: map[string]runbook.Code{}, reported: map[string]bool{}}
	for _, c := range page.Code {
		if !c.IsShell() && !c.IsSession() {
			continue
		}
		for name := range variablesSet(p.parse(c)) {
			if _, ok := of.set[name]; !ok {
				of.set[name] = c
			}
		}
	}
	return of
}

// checkVariables reports variables that are read and set nowhere in the block.
// Running text may read what a block before it sets; what it lacks is told once.
func (p *PagesPass) checkVariables(c runbook.Code, s *script, of *pageVariables) {
	set, reported, where := variablesSet(s), map[string]bool{}, "in this block"
	if c.Inline {
		reported, where = of.reported, "on the page before"
	}
	syntax.Walk(s.file, func(n syntax.Node) bool {
		v, ok := n.(*syntax.ParamExp)
		if !ok || v.Param == nil || !syntax.ValidName(v.Param.Value) || v.Exp != nil {
			return true
		}
		name := v.Param.Value
		if set[name] || reported[name] || slices.Contains(inherited, name) || parametersOfPages[placeholderParameters](p).Variables.has(name) {
			return true
		}
		if block, ok := of.set[name]; ok && c.Inline && block.Before(c) {
			return true
		}
		reported[name] = true
		p.Report(c.Pos(int(v.Pos().Offset()), int(v.End().Offset())), gapHelp(c, name), "nothing %s sets $%s", where, name)
		return true
	})
}

// variablesSet are those that a script sets.
func variablesSet(s *script) map[string]bool {
	set := map[string]bool{}
	if s.file == nil {
		return set
	}
	syntax.Walk(s.file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil {
				set[n.Name.Value] = true
			}
		case *syntax.WordIter:
			set[n.Name.Value] = true
		case *syntax.CallExpr:
			if len(n.Args) > 0 && (n.Args[0].Lit() == "read" || n.Args[0].Lit() == "mapfile") {
				for _, w := range n.Args[1:] {
					set[w.Lit()] = true
				}
			}
		}
		return true
	})
	return set
}
