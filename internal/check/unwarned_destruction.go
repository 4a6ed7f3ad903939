package check

import (
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/runbook"
)

var unwarnedDestruction = &Check{
	Kind: diag.Kind{Name: "unwarned-destruction", Severity: diag.Warning, Doc: `A command destroys something, and no warning stands before it.

At night people paste first. Before a block that deletes, overwrites, promotes or kills stands a quotation that begins with
Warning or Caution, in the same section and with no other block between, which says what is lost:

    > **Warning:** the restore overwrites the data directory.

A command in running text wants that, too, or a paragraph that begins so; one that the sentence advises against, or that names
only a verb, is none. SQL counts, in blocks of its own, in commands and in what they read: drop, truncate, delete; so do commands that
ssh, a shell or kubectl exec are given in quotation marks. A pod that its controller creates again does not,
unless it is forced. commands lists further ones by their words, as in terraform apply.`},
	Configuration: `unwarned-destruction: {commands: [terraform apply]}`,
	Bad:           pageHead + "```sh\nsudo rm -rf /var/lib/redis/appendonlydir\n```\n",
	Good:          pageHead + "> **Warning:** what is not in the last dump is lost.\n\n```sh\nsudo rm -rf /var/lib/redis/appendonlydir\n```\n",
	Parameters:    func() any { return &destructionParameters{} },
	Pages: func(p *PagesPass) {
		p.eachScript(func(c runbook.Code, s *script) {
			if isWarned(p.page, c) || c.Inline && isMention(p.page, c) {
				return
			}
			p.reportDestruction(c, s, 0)
		})
		p.EachCode(func(c runbook.Code) {
			if isWarned(p.page, c) {
				return
			}
			p.eachCommandAmong(c, func(s *script, start int) { p.reportDestruction(c, s, start) })
			eachStatement(c, func(sql string, start, stop int) {
				p.Report(c.Pos(start, stop), warningHelp(c), "%s %s", sql, harm(sql))
			})
		})
	},
}

// reportDestruction reports what a script destroys with, which begins at a byte of
// a block.
func (p *PagesPass) reportDestruction(c runbook.Code, s *script, start int) {
	report := func(what string, from, until syntax.Pos) {
		p.Report(c.Pos(start+int(from.Offset()), start+int(until.Offset())), warningHelp(c), "%s %s", what, harm(what))
	}
	s.eachCall(func(call *syntax.CallExpr) {
		what, w := p.destroys(call)
		if w == nil {
			what, w = p.destroysWithin(call)
		}
		if w != nil {
			report(what, w.Pos(), call.End())
		}
	})
	s.eachStatementRead(func(sql string, at syntax.Node) { report(sql, at.Pos(), at.End()) })
}

// interrupts are those of the destructive commands that lose nothing for good.
var interrupts = []string{"kubectl drain", "kubectl scale --replicas=0", "reboot", "shutdown", "poweroff", "kill -9", "kill -KILL", "killall", "pkill", "pg_terminate_backend"}

// harm is what a command does, for a finding.
func harm(what string) string {
	if slices.Contains(interrupts, what) {
		return "ends what runs there, and nothing warns of it"
	}
	return "cannot be undone, and nothing warns of it"
}

type destructionParameters struct {
	// Commands are further ones, by their words.
	Commands Texts `json:"commands,omitempty"`
}

// destructive are commands by their words, in order; others may stand between
// them, and before them (sudo, ssh, kubectl exec). A word that begins with - is
// an option, found also among letters that are joined.
var destructive = split(
	"rm", "shred", "wipefs", "mkfs", "mkfs.ext4", "mkfs.xfs", "fdisk", "dropdb", "dropuser", "dd of=",
	"find -delete", "truncate", "kill -9", "kill -KILL", "killall", "pkill", "reboot", "shutdown", "poweroff",
	"kubectl drain", "kubectl scale --replicas=0", "kubectl replace --force", "kubectl delete",
	"helm uninstall", "helm delete", "docker compose down -v", "docker compose down --volumes", "docker volume rm", "docker system prune", "docker rm -f",
	"gcloud delete", "gcloud promote-replica", "gcloud restore-backup", "aws delete", "aws terminate-instances", "az delete", "terraform destroy",
	"pg_restore --clean", "pgbackrest restore", "pg_autoctl failover", "pg_autoctl drop", "pg_resetwal", "pg_ctl promote",
	"redis-cli flushall", "redis-cli flushdb", "git push --force", "git reset --hard", "git clean", "etcdctl del", "kafka-topics.sh --delete", "curl DELETE",
)

func split(commands ...string) [][]string {
	var all [][]string
	for _, c := range commands {
		all = append(all, strings.Fields(c))
	}
	return all
}

var destructiveSQL = pattern.New(`(?i)\b(?:drop\s+(?:table|database|schema|index|role|user|owned|view|replication)|truncate\s|delete\s+from|pg_terminate_backend|pg_drop_replication_slot|pg_promote|alter\s+system)`)

// destroys tells what a command destroys with, and the word where it begins.
func (p *PagesPass) destroys(call *syntax.CallExpr) (string, *syntax.Word) {
	var words []string
	for _, w := range call.Args {
		words = append(words, wordText(w))
	}
	if readsHelp(words) {
		return "", nil
	}
	for i, word := range words {
		if m := destructiveSQL().FindString(word); m != "" && i > 0 {
			return strings.Join(strings.Fields(m), " "), call.Args[i]
		}
	}
	all := destructive
	for _, more := range parametersOfPages[destructionParameters](p).Commands.list() {
		all = append(all[:len(all):len(all)], strings.Fields(more))
	}
	for i := range words { // from the left: docker volume rm, not rm
		for _, pattern := range all {
			if len(pattern) > 0 && hasWords(words[i:], pattern) && !isRecreated(words[i:], pattern) {
				return strings.Join(pattern, " "), call.Args[i]
			}
		}
	}
	return "", nil
}

// readsHelp tells whether a command only shows or looks for words.
func readsHelp(words []string) bool {
	return slices.Contains(words, "--help") || slices.Contains(words, "--dry-run") || slices.Contains([]string{"man", "echo", "printf", "grep", "egrep", "rg", "zgrep"}, words[0])
}

// hasWords tells whether a command begins with the first word of a pattern and
// has the others behind it, in order.
func hasWords(words, pattern []string) bool {
	first := words[0]
	if at := strings.LastIndexByte(first, '/'); at >= 0 {
		first = first[at+1:]
	}
	if first != pattern[0] {
		return false
	}
	rest := words[1:]
	for _, want := range pattern[1:] {
		at := slices.IndexFunc(rest, func(w string) bool { return isWord(w, want) })
		if at < 0 {
			return false
		}
		rest = rest[at+1:]
	}
	return true
}

func isWord(word, want string) bool {
	switch {
	case strings.EqualFold(word, want):
		return true
	case strings.HasSuffix(want, "="):
		return strings.HasPrefix(word, want)
	}
	return false
}

// isRecreated tells whether what kubectl deletes is a pod: its controller makes
// a new one.
func isRecreated(words, pattern []string) bool {
	if strings.Join(pattern, " ") != "kubectl delete" {
		return false
	}
	at := slices.Index(words, "delete")
	return at+1 < len(words) && slices.Contains([]string{"pod", "pods", "po"}, words[at+1]) && !slices.Contains(words, "--force") && !slices.Contains(words, "--all")
}
