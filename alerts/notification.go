package alerts

import "strings"

// What a notification says is a template of Alertmanager. The title can be read
// on a phone; below it stands what the alert means, and where to go: runbook,
// dashboard, and the form that silences exactly these alerts. Templates are
// written into the entries themselves, and not into a file beside them, since an
// AlertmanagerConfig has no such files.

// notificationTitle is one line: what, how many, whether it is over.
const notificationTitle = `{{ if eq .Status "resolved" }}Resolved: {{ end }}{{ if .CommonAnnotations.summary }}{{ .CommonAnnotations.summary }}{{ else }}{{ len .Alerts }} alerts: {{ .GroupLabels.SortedPairs.Values | join " " }}{{ end }}`

// silenceLink is the form of Alertmanager's own pages that silences what the
// notification is about: its common labels, as matchers, escaped for an address.
const silenceLink = `{{ .ExternalURL }}/#/silences/new?filter=%7B{{ range $i, $p := .CommonLabels.SortedPairs }}{{ if $i }}%2C{{ end }}{{ $p.Name }}%3D{{ printf "%q" $p.Value | urlquery | reReplaceAll "[+]" "%20" }}{{ end }}%7D`

// style is how a way of telling marks what stands in a text.
type style struct {
	escape string // appended to a pipeline that prints a text, or ""
	link   func(text, address string) string
}

var (
	// plainStyle is for mails and incidents: addresses are recognised there.
	plainStyle = style{"", func(text, address string) string { return text + ": " + address }}
	// slackStyle is Slack's mrkdwn, in which & < > begin entities and links.
	slackStyle = style{
		` | reReplaceAll "&" "&amp;" | reReplaceAll "<" "&lt;" | reReplaceAll ">" "&gt;"`,
		func(text, address string) string { return "<" + address + "|" + text + ">" },
	}
	// markdownStyle is for Teams, whose cards know Markdown's links.
	markdownStyle = style{"", func(text, address string) string { return "[" + text + "](" + address + ")" }}
)

// title is the title in a style.
func (s style) title() string {
	return strings.ReplaceAll(notificationTitle, "{{ .CommonAnnotations.summary }}", "{{ .CommonAnnotations.summary"+s.escape+" }}")
}

// body is what stands below the title: each alert with its meaning and its
// links, and the link to silence them.
func (s style) body() string {
	const newline = "\n"
	var b strings.Builder
	b.WriteString(`{{ range .Alerts }}{{ if and (eq .Status "resolved") (ne $.Status "resolved") }}Resolved: {{ end }}`)
	b.WriteString(`{{ if ne .Annotations.summary $.CommonAnnotations.summary }}{{ .Annotations.summary` + s.escape + ` }}` + newline + `{{ end }}`)
	b.WriteString(`{{ .Annotations.description` + s.escape + ` }}` + newline)
	for _, l := range []struct{ text, annotation string }{{"Runbook", "runbook_url"}, {"Dashboard", "dashboard_url"}} {
		b.WriteString(`{{ with .Annotations.` + l.annotation + ` }}` + s.link(l.text, "{{ . }}") + newline + `{{ end }}`)
	}
	b.WriteString(`{{ end }}` + s.link("Silence", silenceLink))
	return b.String()
}

// commonRunbook is the runbook of all alerts of a notification, or nothing.
const commonRunbook = `{{ .CommonAnnotations.runbook_url }}`
