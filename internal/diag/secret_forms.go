package diag

import (
	"regexp"
	"slices"
	"slowburn/internal/pattern"
	"strings"
)

// SecretForm is what secrets of a kind look like wherever they stand.
type SecretForm struct {
	What string // a token of Slack
	// Hints, in lower case: a text without any of them has none of the form.
	// Most texts are never matched. None means that all are.
	Hints []string
	Form  func() *regexp.Regexp // its first group is the secret itself
}

// SecretForms are the forms that nothing else has.
var SecretForms = []SecretForm{
	{"a private key", []string{"private key"}, pattern.New(`(-----BEGIN [A-Z ]*PRIVATE KEY-----)`)},
	{"a key of AWS", []string{"akia", "asia"}, pattern.New(`\b((?:AKIA|ASIA)[A-Z0-9]{16})\b`)},
	{"a token of GitHub", []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"}, pattern.New(`\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})\b`)},
	{"a token of GitLab", []string{"glpat-"}, pattern.New(`\b(glpat-[A-Za-z0-9_-]{20,})`)},
	{"a token of Slack", []string{"xox"}, pattern.New(`\b(xox[abprs]-[A-Za-z0-9-]{10,})`)},
	{"a webhook of Slack", []string{"hooks.slack.com"}, pattern.New(`(hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/]{20,})`)},
	{"a webhook", []string{"webhook", "zapier.com", "googleapis.com", "telegram.org"}, pattern.New(`((?:discord(?:app)?\.com/api/webhooks|[a-z0-9-]+\.webhook\.office\.com|hooks\.zapier\.com/hooks|chat\.googleapis\.com/v1/spaces|api\.telegram\.org/bot)[^\s"'<>…]{20,})`)},
	{"a key of Google", []string{"aiza"}, pattern.New(`\b(AIza[A-Za-z0-9_-]{35})`)},
	{"a key of Stripe", []string{"k_live_", "k_test_"}, pattern.New(`\b((?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,})`)},
	{"a JSON web token", []string{"eyj"}, pattern.New(`\b(eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*)`)},
	{"a password in an address", []string{"://"}, pattern.New(`[a-z][a-z0-9+.-]*://[^/\s:@'"<>]*:([^@/\s'"<>]+)@`)},
	{"a token in a header", []string{"authorization"}, pattern.New(`(?i)authorization:\s*(?:bearer|basic|token)\s+([A-Za-z0-9._~+/=-]{8,})`)},
}

// shownForms are those that no finding shows, whatever it is about.
var shownForms = append(slices.Clone(SecretForms),
	SecretForm{"a token in an address", []string{"="}, pattern.New(`(?i)://[^\s"'<>]*?[?&](?:access_|auth_)?(?:token|key|api_?key|secret|sig|password)=([^&\s"'<>]{6,})`)})

// confidentialForms are those that nothing shows of a file in which secrets are
// expected: elsewhere they are digests, or names.
var confidentialForms = []SecretForm{
	{"a token", nil, pattern.New(`\b([A-Za-z0-9]{20,})`)},
	{"a key", []string{"-"}, pattern.New(`(?i)\b([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b`)},
	{"a password before a host", []string{"@"}, pattern.New(`[^\s"'\x60:/@,{}\[\]]+:([^\s"'\x60/@,{}\[\]]+)@`)},
	{"a token of a scheme", []string{"bearer ", "basic "}, pattern.New(`(?i)\b(?:bearer|basic)\s+([A-Za-z0-9._~+/=-]{8,})`)},
	{"a password", []string{"="}, pattern.New(`(?i)(?:password|passwd|secret|token|api_?key)=([^\s"'<>&=~]{6,})`)},
}

// stands is how what stands for a secret begins: $PASSWORD, <token>, {{ .Token }}.
var stands = pattern.New(`^[$<{*…(\[%\\]`)

// Mask is a text without what is a secret wherever it stands, for what is shown
// and is no finding.
func Mask(text string) string { return maskForms(text, shownForms) }

// maskForms puts a mask in place of what has one of the forms.
func maskForms(text string, forms []SecretForm) string {
	lower := strings.ToLower(text)
	for _, f := range forms {
		if len(f.Hints) > 0 && !slices.ContainsFunc(f.Hints, func(hint string) bool { return strings.Contains(lower, hint) }) {
			continue
		}
		found := f.Form().FindAllStringSubmatchIndex(text, -1)
		for _, m := range slices.Backward(found) {
			secret := text[m[2]:m[3]]
			if stands().MatchString(secret) || f.What == "a token" && !isRandom(secret) || strings.HasSuffix(text[:m[2]], "mailto:") {
				continue
			}
			text = text[:m[2]] + mask + text[m[3]:]
		}
	}
	return text
}

// isRandom tells whether a text has digits among its letters as no word has them.
func isRandom(text string) bool {
	digits := 0
	for _, c := range text {
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits >= 3 && digits < len(text)
}
