package runbook

import (
	"slices"
	"slowburn/internal/pattern"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// programs are what commands in running text begin with. Words that begin a
// sentence as well (find, make, test, go) are not among them: inline code also
// quotes messages.
var programs = strings.Fields(`
	amtool ansible ansible-playbook apt apt-get aws az
	certbot chmod chown ceph clickhouse-client cmctl consul cp cqlsh crictl ctr curl
	dd df dig dnf docker docker-compose dropdb du
	etcdctl gcloud git grep helm ip iptables istioctl
	journalctl jq kafka-consumer-groups.sh kafka-topics.sh kill killall kubeadm kubectl
	ls lsof lvextend mkfs mkfs.ext4 mkfs.xfs mongosh mount mv mysql mysqldump
	nginx nodetool nomad nslookup oc openssl
	pg_autoctl pg_ctl pg_dump pg_restore pgbackrest ping pip pkill podman promtool psql
	rabbitmqctl rclone redis-cli resize2fs rm rsync
	scp sed service slowburn ss ssh sudo sysctl systemctl
	tail tar tcpdump temporal terraform truncate umount velero vault wget wipefs xfs_growfs yum zfs zpool`)

var (
	// elided is a command of which only a part is shown, a message, or a version.
	elided = pattern.New(`…|(?:^|\s)\.\.\.(?:\s|$)|^\S+ [a-z-]+ failed\b|^\S+ \(`)
	// setting is an assignment before a command.
	setting = pattern.New(`^[A-Z_][A-Z0-9_]*=\S*$`)
)

// IsCommand tells whether a text is a command: a program that people on call
// run, with what it is to do. A program's name alone is none.
func IsCommand(line string) bool {
	words := strings.Fields(line)
	for len(words) > 0 && setting().MatchString(words[0]) {
		words = words[1:]
	}
	return len(words) > 1 && slices.Contains(programs, words[0]) && !elided().MatchString(line)
}

// prompt is what stands before a command in a session.
const prompt = "$ "

// query is a text with a function of a range: words about time have none.
var query = pattern.New(`[a-z_]\(.*[a-zA-Z0-9_}]\[\d+[smhdwy](?::\w*)?\]`)

// addSpan keeps inline code that is a command, or a query.
func (p *Page) addSpan(n *ast.CodeSpan) {
	var b strings.Builder
	segments := text.NewSegments()
	for child := n.FirstChild(); child != nil; child = child.NextSibling() {
		part, ok := child.(*ast.Text)
		if !ok {
			return
		}
		segments.Append(part.Segment)
		b.Write(part.Segment.Value(p.Source.Text))
	}
	c := Code{Text: strings.ReplaceAll(b.String(), "\n", " "), Node: n, Inline: true, page: p, lines: segments}
	switch {
	case IsCommand(c.Text):
		c.Language = "sh"
	case query().MatchString(c.Text) && !strings.Contains(c.Text, "…") && !strings.Contains(c.Text, "..."):
		c.Language = "promql"
	default:
		return
	}
	p.Spans = append(p.Spans, c)
}

// looksLikeCommands tells whether a block of which nobody says the language
// holds commands and nothing else.
func looksLikeCommands(block string) bool {
	commands, continued := 0, false
	for line := range strings.Lines(block) {
		line = strings.TrimSpace(line)
		switch {
		case continued || line == "" || strings.HasPrefix(line, "#"):
		case IsCommand(line):
			commands++
		default:
			return false
		}
		continued = strings.HasSuffix(line, `\`)
	}
	return commands > 0
}

// looksLikeSession tells whether such a block shows commands behind a prompt.
func looksLikeSession(block string) bool {
	for line := range strings.Lines(block) {
		if command, ok := strings.CutPrefix(line, prompt); ok && IsCommand(command) {
			return true
		}
	}
	return false
}
