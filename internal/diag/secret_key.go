package diag

import (
	"net/url"
	"slices"
	"slowburn/internal/pattern"
	"strings"
)

// SecretKey says what a key of a file in which secrets are expected holds, as
// far as its name tells.
type SecretKey int

// What keys hold.
const (
	Public  SecretKey = iota
	File              // the name of a file that holds a secret
	Address           // an address, which may be enough to use what is there
	Secret
)

// secretWords are parts of the names of keys that hold secrets, misspelt ones among them.
var secretWords = []string{"token", "passw", "pasw", "passphrase", "pwd", "secret", "credential", "apikey", "authorization", "httpheaders"}

// publicKeys are those that look like a secret's by their name, and are none's.
var publicKeys = []string{"dedupkey", "groupkey", "incidentkey", "key", "secretname", "secretref", "secrets", "publickey", "usertoken", "configsecret"}

// SecretKeyOf says what a key holds.
func SecretKeyOf(name string) SecretKey {
	plain := strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "").Replace(name))
	has := func(word string) bool { return strings.Contains(plain, word) }
	switch {
	case strings.HasSuffix(plain, "file"):
		return File
	case slices.Contains(publicKeys, plain):
		return Public
	case strings.HasSuffix(plain, "url"), strings.HasSuffix(plain, "uri"), has("webhook") && !strings.HasSuffix(plain, "configs"):
		return Address
	case slices.ContainsFunc(secretWords, has), strings.HasSuffix(plain, "key"):
		return Secret
	}
	return Public
}

// Hides tells whether a text must not be shown where it stands under a key.
func (k SecretKey) Hides(text string) bool {
	switch {
	case text == "" || text == mask:
		return false
	case k == Secret:
		return true
	case k == Address:
		return HoldsToken(text)
	case k == File:
		return strings.Contains(text, "://")
	}
	return strings.HasPrefix(text, "-----BEGIN ")
}

// templated is what a template puts into an address.
var templated = pattern.New(`{{.*?}}`)

// HoldsToken tells whether whoever knows an address may use what is there: it
// has a user, a query or a part of the path that nobody could guess. What is no
// address, where one belongs, may be anything.
func HoldsToken(address string) bool {
	plain := templated().ReplaceAllString(address, "x")
	u, err := url.Parse(plain)
	if err != nil || u.User != nil || u.RawQuery != "" {
		return true
	}
	if u.Host == "" && plain != "x" && !strings.HasPrefix(plain, "/") {
		return true
	}
	return maskForms(plain, shownForms) != plain || slices.ContainsFunc(strings.Split(u.Path, "/"), func(part string) bool {
		return len(part) >= 16 && strings.ContainsAny(part, "0123456789")
	})
}
