package amconfig

import (
	"net/url"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/prometheus/alertmanager/matcher/compat"
	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var (
	complaintLine = regexp.MustCompile(`line ([0-9]+): `)
	quotedName    = regexp.MustCompile("\"([^\"]+)\"|'([^']+)'|`([^`]+)`")
	// fieldName is how upstream's complaints name a key: at most one of api_url & api_url_file.
	fieldName = regexp.MustCompile(`[a-z]+(?:_[a-z]+)+`)
)

// complain reports what Alertmanager's loader says, where it belongs, without
// the secrets that it may print.
func complain(doc *spec.Value, err error, r *diag.Report) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	message = strings.TrimPrefix(message, "unmarshal errors:\n  ")
	for _, secret := range secretsIn(doc) {
		if len(secret.Text) < 4 {
			continue // it would be found in every other word
		}
		message = strings.ReplaceAll(message, secret.Text, "<secret>")
	}
	for _, one := range strings.Split(message, "\n  ") {
		at := placeOf(doc, one)
		one = complaintLine.ReplaceAllString(one, "")
		one = strings.ReplaceAll(one, " in type config.plain", "")
		r.Add(Invalid, at, "", "%s", one)
	}
}

// placeOf is where a complaint belongs: the line that it names, otherwise the
// first value, or else the first key, that it names.
func placeOf(doc *spec.Value, message string) diag.Pos {
	if m := complaintLine.FindStringSubmatch(message); m != nil {
		line, _ := strconv.Atoi(m[1])
		if v := find(doc, func(v *spec.Value) bool { return v.Pos.Line == line }); v != nil {
			return v.Pos
		}
		return diag.Pos{Source: doc.Pos.Source, Line: line, Col: 1}
	}
	if v := find(doc, func(v *spec.Value) bool { return failsAsMatcher(v, message) }); v != nil {
		return v.Pos
	}
	if strings.Contains(message, "for URL") {
		if v := firstBadURL(doc); v != nil {
			return v.Pos
		}
	}
	names := quotedName.FindAllStringSubmatch(message, -1)
	for word := range strings.FieldsSeq(message) { // unknown time zone Europe/Warsow
		if word = strings.Trim(word, ":,"); len(word) >= 4 && !fieldName.MatchString(word) {
			names = append(names, []string{"", word, "", ""})
		}
	}
	for _, m := range names {
		name := m[1] + m[2] + m[3]
		if name == "" {
			continue
		}
		var last *spec.Value
		first := find(doc, func(v *spec.Value) bool {
			is := v.Kind != spec.Map && v.Kind != spec.List && v.Text == name
			if is {
				last = v
			}
			return is && !strings.Contains(message, "not unique") // the one that comes later is too many
		})
		switch {
		case first != nil:
			return first.Pos
		case last != nil:
			return last.Pos
		}
	}
	for _, name := range fieldName.FindAllString(message, -1) {
		if v := find(doc, func(v *spec.Value) bool { return v.Get(name) != nil || v.Get(name+"s") != nil }); v != nil {
			for _, f := range v.Fields {
				if f.Key.Text == name || f.Key.Text == name+"s" {
					return f.Key.Pos
				}
			}
		}
	}
	return doc.Pos
}

// firstBadURL is the first value under a key of an address that Alertmanager
// refuses as one.
func firstBadURL(v *spec.Value) *spec.Value {
	for _, item := range v.Items {
		if bad := firstBadURL(item); bad != nil {
			return bad
		}
	}
	for _, f := range v.Fields {
		if bad := firstBadURL(f.Value); bad != nil {
			return bad
		}
		if strings.HasSuffix(f.Key.Text, "url") && f.Key.Text != "proxy_url" && f.Value.Text != "" {
			if u, err := url.Parse(f.Value.Text); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				return f.Value
			}
		}
	}
	return nil
}

// failsAsMatcher tells whether Alertmanager's parser of matchers says of a text what it said.
func failsAsMatcher(v *spec.Value, message string) bool {
	if v.Kind != spec.String {
		return false
	}
	_, err := compat.Matchers(v.Text, "config")
	return err != nil && err.Error() == message
}

// find is the first value below v, or v itself, for which f holds.
func find(v *spec.Value, f func(*spec.Value) bool) *spec.Value {
	if v == nil {
		return nil
	}
	for _, i := range v.Items {
		if found := find(i, f); found != nil {
			return found
		}
	}
	for _, field := range v.Fields {
		if f(field.Key) {
			return field.Key
		}
		if found := find(field.Value, f); found != nil {
			return found
		}
	}
	if f(v) {
		return v
	}
	return nil
}

func sortMatchers(all labels.Matchers) { sort.Sort(all) }
