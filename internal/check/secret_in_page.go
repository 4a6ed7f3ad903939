package check

import (
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
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

// pageForms are what secrets look like in a page: those that have a form of their
// own, and those that stand where people write one.
var pageForms = append(slices.Clone(diag.SecretForms), []diag.SecretForm{
	{What: "a password of a command", Hints: []string{"redis-cli", "curl", "mysql", "--pass", "--token"}, Form: pattern.New(`(?:\bredis-cli\b[^|;]*\s-a\s+|\bcurl\b[^|;]*\s(?:-u|--user)\s+[^:\s"']+:|\bmysql(?:dump|admin)?\b[^|;]*\s-p|\s--(?:password|pass|token)\s+)([^\s"'` + "`" + `;|&]{6,})`)},
	{What: "a password, token or secret", Hints: []string{"passw", "passphrase", "secret", "token", "key"}, Form: pattern.New(`(?i)(?:password|passwd|passphrase|secret|token|api_?key|access_?key)["']?\s*[=:]\s*["']?([^\s"'` + "`" + `,;)|&]{6,})`)},
}...)

var notSecret = pattern.New(`(?i)[$<{*…(\[]|\.\.\.|^x+$|example|changeme|change-me|placeholder|redacted|password|secret|token|^your|/etc/|^/run/|\.(?:txt|json|ya?ml|pem|key)$|_file$`)

// findSecret is the place of a secret in a line, and what it looks like; "" for none.
func findSecret(line string) (start, end int, what string) {
	lower := strings.ToLower(line)
	for _, s := range pageForms {
		if !slices.ContainsFunc(s.Hints, func(hint string) bool { return strings.Contains(lower, hint) }) {
			continue
		}
		for _, m := range s.Form().FindAllStringSubmatchIndex(line, -1) {
			secret := line[m[2]:m[3]]
			if s.What == "a private key" || !notSecret().MatchString(secret) && !isWords(secret) {
				return m[2], m[3], s.What
			}
		}
	}
	return 0, 0, ""
}

// isWords tells whether a text is letters of one case alone, as words of a sentence are.
func isWords(text string) bool {
	return strings.Trim(text, "abcdefghijklmnopqrstuvwxyz.-_/") == "" && len(text) < 20
}
