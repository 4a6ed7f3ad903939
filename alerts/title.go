package alerts

import (
	"regexp"
	"slowburn/internal/pattern"
	"strings"
)

// Where the words of an alert's name begin: QueueDeep, APIDown, Expires30d.
var wordBounds = []func() *regexp.Regexp{
	pattern.New(`([a-z0-9])([A-Z])`),
	pattern.New(`([A-Z]+)([A-Z][a-z])`),
	pattern.New(`([a-z]{2})([0-9])`),
	pattern.New(`([^_:-])[_:-]+([^_:-])`),
}

// title is an alert's name as people say it, without that of its service: of
// StemeDBHighLatency, high latency. A selector is hard to read on a phone.
func title(name, service string) string {
	own := strings.NewReplacer("-", "", "_", "").Replace(service)
	if rest := name[min(len(own), len(name)):]; strings.EqualFold(name[:len(name)-len(rest)], own) && rest != "" && strings.ToUpper(rest[:1]) == rest[:1] {
		name = strings.Trim(rest, "_-:")
	}
	for _, bound := range wordBounds {
		name = bound().ReplaceAllString(name, "$1 $2")
	}
	words := strings.Fields(name)
	for i, w := range words {
		if len(w) == 1 || w != strings.ToUpper(w) {
			words[i] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}
