package amconfig

import (
	"net/url"
	"sort"
	"strconv"
	"strings"

	"github.com/prometheus/alertmanager/matcher/compat"
	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

var (
	complaintLine = pattern.New(`line ([0-9]+): `)
	quotedName    = pattern.New("\"([^\"]+)\"|'([^']+)'|`([^`]+)`")
	// fieldName is how upstream's complaints name a key: at most one of api_url & api_url_file.
	fieldName = pattern.New(`[a-z]+(?:_[a-z]+)+`)
)

// complainer turns what Alertmanager says into findings.
type complainer struct {
	doc     *spec.Value
	secrets []Secret // which it may print
}

func newComplainer(doc *spec.Value) complainer { return complainer{doc, secretsIn(doc)} }

// complain reports what Alertmanager's loader says of a whole configuration.
func (c complainer) complain(err error, r *diag.Report) {
	message := c.without(strings.TrimPrefix(strings.TrimPrefix(err.Error(), "yaml: "), "unmarshal errors:\n  "))
	for one := range strings.SplitSeq(message, "\n  ") {
		r.Add(Invalid, c.placeOf(one), wayOut(one), "%s", plainly(one))
	}
}

// without leaves out the secrets.
func (c complainer) without(message string) string {
	for _, secret := range c.secrets {
		if len(secret.Text) < 4 {
			continue // it would be found in every other word
		}
		message = strings.ReplaceAll(message, secret.Text, "<secret>")
	}
	return message
}

// clean is a complaint about one value: in one line, without lines and types.
func (c complainer) clean(err error) string {
	message := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "yaml: "), "unmarshal errors:\n  ")
	message, _, _ = strings.Cut(message, "\n")
	return c.without(plainly(message))
}

func plainly(message string) string {
	return strings.ReplaceAll(complaintLine().ReplaceAllString(message, ""), " in type config.plain", "")
}

// waysOut are, by words of a complaint, how to mend what it says.
var waysOut = []struct{ words, help string }{
	{"not a valid duration", "write 30s, 5m, 4h or 1d"},
	{"unknown time zone", "write a name as Europe/Warsaw or UTC"},
	{"start time cannot be equal or greater", "write a range over midnight as two: one to 24:00, one from 00:00"},
	{"start day cannot be before end day", "a week begins on sunday: write a range over it as two"},
	{"is before start month", "write a range over the end of the year as two"},
	{"couldn't parse timestamp", "write 09:00, up to 24:00"},
	{"is not a valid weekday", "write its name in full, such as monday, or monday:friday"},
	{"is not a valid month", "write its name in full, or 1 to 12"},
	{"is not a valid day of the month", "use 1 to 31, or -1 to -31 from the month's end"},
	{"unescaped double quote", `write name="value" within single quotes`},
	{"missing port", "write host:port"},
	{"no global SMTP", "set it here or under global"},
	{"no global", "set it under global"},
	{"wildcard group_by", "write ... alone, or the labels"},
	{"root route must not have", "put it into a route below"},
	{"continue in root route", "leave it out"},
	{"root route must specify", "name one under receiver: what no route matches goes there"},
	{"at most one of", "keep one of them"},
	{"cannot be zero", "leave it out for the default"},
	{"unsupported scheme", "write http:// or https://"},
}

func wayOut(message string) string {
	for _, w := range waysOut {
		if strings.Contains(message, w.words) {
			return w.help
		}
	}
	return ""
}

// placeOf is where a complaint belongs: the line that it names, otherwise the
// first value, or else the first key, that it names.
func (c complainer) placeOf(message string) diag.Pos {
	if m := complaintLine().FindStringSubmatch(message); m != nil {
		line, _ := strconv.Atoi(m[1])
		if v := find(c.doc, func(v *spec.Value) bool { return v.Pos.Line == line }); v != nil {
			return v.Pos
		}
		return diag.Pos{Source: c.doc.Pos.Source, Line: line, Col: 1}
	}
	return c.placeIn(c.doc, message)
}

// placeIn is the first value, or else the first key, in a value that a complaint names.
func (c complainer) placeIn(doc *spec.Value, message string) diag.Pos {
	if v := find(doc, func(v *spec.Value) bool { return failsAsMatcher(v, message) }); v != nil {
		return v.Pos
	}
	if strings.Contains(message, "for URL") {
		if v := firstBadURL(doc); v != nil {
			return v.Pos
		}
	}
	if v := firstNamed(doc, message); v != nil {
		return v.Pos
	}
	for _, name := range fieldName().FindAllString(message, -1) {
		if v := find(doc, func(v *spec.Value) bool { return v.Get(name) != nil || v.Get(name+"s") != nil }); v != nil {
			for _, f := range v.Fields() {
				if f.Key.Text == name || f.Key.Text == name+"s" {
					return f.Key.Pos
				}
			}
		}
	}
	return doc.Pos
}

// firstNamed is the first scalar whose text a complaint quotes, or has as a word.
func firstNamed(doc *spec.Value, message string) *spec.Value {
	var names []string
	for _, m := range quotedName().FindAllStringSubmatch(message, -1) {
		names = append(names, m[1]+m[2]+m[3])
	}
	for word := range strings.FieldsSeq(message) { // unknown time zone Europe/Warsow
		if word = strings.Trim(word, ":,"); len(word) >= 4 && !fieldName().MatchString(word) {
			names = append(names, word)
		}
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		if v := find(doc, func(v *spec.Value) bool { return v.Kind != spec.Map && v.Kind != spec.List && v.Text == name }); v != nil {
			return v
		}
	}
	return nil
}

// firstBadURL is the first value under a key of an address that Alertmanager
// refuses as one.
func firstBadURL(v *spec.Value) *spec.Value {
	for _, item := range v.Items() {
		if bad := firstBadURL(item); bad != nil {
			return bad
		}
	}
	for _, f := range v.Fields() {
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
	for _, i := range v.Items() {
		if found := find(i, f); found != nil {
			return found
		}
	}
	for _, field := range v.Fields() {
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
