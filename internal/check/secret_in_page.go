package check

import (
	"regexp"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
)

var secretInPage = &Check{
	Kind: diag.Kind{Name: "secret-in-page", Severity: diag.Error, Doc: `A page holds what looks like a password, a token or a key.

Pages are read by more people than a secret may be, and stay in the history of the repository: revoke it, then read it from
where it is kept, into a variable. Found are keys and tokens of known forms, passwords in addresses, and what is assigned to
a password, token or secret. Variables and obvious examples (…, ***, example, changeme) are no secrets.`},
	Bad:  pageHead + "```sh\nredis-cli -u redis://default:hunter2hunter2@redis.example.com ping\n```\n",
	Good: pageHead + "```sh\nPASSWORD=$(sudo cat /etc/redis/password)\nredis-cli -u \"redis://default:$PASSWORD@redis.example.com\" ping\n```\n",
	Pages: func(p *PagesPass) {
		p.EachPage(func(page *runbook.Page) {
			offset := 0
			for line := range strings.Lines(string(page.Source.Text)) {
				if start, end, what := findSecret(line); what != "" {
					p.Report(page.Pos(offset+start, offset+end), "revoke it, and read it into a variable from where it is kept", "this looks like %s", what)
				}
				offset += len(line)
			}
		})
	},
}

// secretForms are what secrets look like; the first group is the secret itself.
// A line without any of the hints, in lower case, has none of the form: most
// lines are never matched.
var secretForms = []struct {
	what  string
	hints []string
	form  *regexp.Regexp
}{
	{"a private key", []string{"private key"}, regexp.MustCompile(`(-----BEGIN [A-Z ]*PRIVATE KEY-----)`)},
	{"a key of AWS", []string{"akia", "asia"}, regexp.MustCompile(`\b((?:AKIA|ASIA)[A-Z0-9]{16})\b`)},
	{"a token of GitHub", []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"}, regexp.MustCompile(`\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})\b`)},
	{"a token of GitLab", []string{"glpat-"}, regexp.MustCompile(`\b(glpat-[A-Za-z0-9_-]{20,})`)},
	{"a token of Slack", []string{"xox"}, regexp.MustCompile(`\b(xox[abprs]-[A-Za-z0-9-]{10,})`)},
	{"a webhook of Slack", []string{"hooks.slack.com"}, regexp.MustCompile(`(hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/]{20,})`)},
	{"a key of Google", []string{"aiza"}, regexp.MustCompile(`\b(AIza[A-Za-z0-9_-]{35})`)},
	{"a key of Stripe", []string{"k_live_", "k_test_"}, regexp.MustCompile(`\b((?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,})`)},
	{"a JSON web token", []string{"eyj"}, regexp.MustCompile(`\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*)`)},
	{"a password in an address", []string{"://"}, regexp.MustCompile(`[a-z][a-z0-9+.-]*://[^/\s:@'"<>]*:([^@/\s'"<>]+)@`)},
	{"a token in a header", []string{"authorization"}, regexp.MustCompile(`(?i)authorization:\s*(?:bearer|basic|token)\s+([A-Za-z0-9._~+/=-]{8,})`)},
	{"a password of a command", []string{"redis-cli", "curl", "mysql", "--pass", "--token"}, regexp.MustCompile(`(?:\bredis-cli\b[^|;]*\s-a\s+|\bcurl\b[^|;]*\s(?:-u|--user)\s+[^:\s"']+:|\bmysql(?:dump|admin)?\b[^|;]*\s-p|\s--(?:password|pass|token)\s+)([^\s"'` + "`" + `;|&]{6,})`)},
	{"a password, token or secret", []string{"passw", "passphrase", "secret", "token", "key"}, regexp.MustCompile(`(?i)(?:password|passwd|passphrase|secret|token|api_?key|access_?key)["']?\s*[=:]\s*["']?([^\s"'` + "`" + `,;)|&]{6,})`)},
}

var notSecret = regexp.MustCompile(`(?i)[$<{*…(\[]|\.\.\.|^x+$|example|changeme|change-me|placeholder|redacted|password|secret|token|^your|/etc/|^/run/|\.(?:txt|json|ya?ml|pem|key)$|_file$`)

// findSecret is the place of a secret in a line, and what it looks like; "" for none.
func findSecret(line string) (start, end int, what string) {
	lower := strings.ToLower(line)
	for _, s := range secretForms {
		if !slices.ContainsFunc(s.hints, func(hint string) bool { return strings.Contains(lower, hint) }) {
			continue
		}
		for _, m := range s.form.FindAllStringSubmatchIndex(line, -1) {
			secret := line[m[2]:m[3]]
			if s.what == "a private key" || !notSecret.MatchString(secret) && !isWords(secret) {
				return m[2], m[3], s.what
			}
		}
	}
	return 0, 0, ""
}

// isWords tells whether a text is letters of one case alone, as words of a sentence are.
func isWords(text string) bool {
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyz.-_/") == "" && len(text) < 20
}
