package slo

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/prometheus/common/model"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

// save is the way out of whatever is no page of metrics.
const save = "save what curl gets from /metrics"

// isOtherFormat reports a page that is something else altogether, once instead of for each line.
func isOtherFormat(src *diag.Source, r *diag.Report) bool {
	first := bytes.TrimSpace(src.Text)
	what := ""
	switch {
	case bytes.HasPrefix(first, []byte("<")):
		what = "a web page"
	case bytes.HasPrefix(first, []byte("{\"status\"")), bytes.HasPrefix(first, []byte("[")):
		what = "an answer of an API, in JSON"
	default:
		return false
	}
	r.Add(CatalogueSyntax, diag.PosAt(src, bytes.IndexByte(src.Text, first[0]), 1), save, "this is %s, and no page of metrics", what)
	return true
}

// The forms in which the parsers say what is wrong with a line.
var (
	unexpected = pattern.New(`^(.*), got (".*") \(".*"\) while parsing: (".*")$`)
	noFloat    = pattern.New(`^(?:strconv\.ParseFloat: parsing (".*"): (?:invalid syntax|value out of range)|unsupported character in float) while parsing: (".*")$`)
	noType     = pattern.New(`^invalid metric type (".*")$`)
	located    = pattern.New(`^(.*?)(?: while parsing: ".*")?$`)
)

// expectations are what the parsers expect, in words.
var expectations = map[string]string{
	"expected label name":                          "a comma, a } or the name of a label should stand",
	"expected label value":                         "the label's value, in quotes, should stand",
	"expected equal":                               "a = should stand",
	"expected comma or brace close":                "a comma or a } should stand",
	"expected value after metric":                  "a space and the value should stand",
	"expected a valid start token":                 "the name of a metric, or #, should stand",
	"expected timestamp or new record":             "the line should end",
	"expected timestamp or comment":                "the line should end",
	"expected next entry after timestamp":          "the line should end",
	"linebreak expected after metadata":            "the line should end",
	"linebreak expected after comment":             "the line should end",
	"expected metric name after TYPE":              "the name of a metric should stand",
	"expected metric name after HELP":              "the name of a metric should stand",
	"expected next entry after exemplar timestamp": "the line should end",
}

// addSyntax reports what a parser says of a line, in words, at its place.
func addSyntax(src *diag.Source, offset int, line []byte, err error, r *diag.Report) {
	at := func(start int, text string) diag.Pos {
		return diag.PosAt(src, offset+max(start, 0), max(utf8.RuneCountInString(text), 1))
	}
	message := err.Error()
	if m := unexpected().FindStringSubmatch(message); m != nil {
		got, read := unquoted(m[2]), unquoted(m[3])
		start := len(read) - len(got)
		if found := bytes.Index(line, []byte(read)); found > 0 {
			start += found
		}
		expected, ok := expectations[m[1]]
		if !ok {
			expected = m[1]
		}
		shown := strings.TrimSpace(got)
		where := strconv.Quote(shown) + " stands"
		switch {
		case shown == "":
			where = "the line ends"
		case strings.Contains(shown, `"`):
			where = "`" + shown + "` stands"
		}
		r.Add(CatalogueSyntax, at(start, shown), save, "%s where %s", where, expected)
		return
	}
	if m := noFloat().FindStringSubmatch(message); m != nil {
		read := strings.TrimRight(unquoted(m[2]), "\n")
		value := read[strings.LastIndexAny(read, " \t}")+1:]
		r.Add(CatalogueSyntax, at(bytes.LastIndex(line, []byte(value)), value), save, "%q is no number", value)
		return
	}
	if m := noType().FindStringSubmatch(message); m != nil {
		name := unquoted(m[1])
		r.Add(CatalogueSyntax, at(bytes.LastIndex(line, []byte(name)), name), spec.Suggest(name, metricTypes), "there is no type %q", name)
		return
	}
	r.Add(CatalogueSyntax, at(0, ""), save, "%s", located().FindStringSubmatch(message)[1])
}

// metricTypes are the types of both formats.
var metricTypes = []string{
	string(model.MetricTypeCounter), string(model.MetricTypeGauge), string(model.MetricTypeHistogram), string(model.MetricTypeSummary), "untyped", string(model.MetricTypeUnknown),
	string(model.MetricTypeInfo), string(model.MetricTypeStateset), string(model.MetricTypeGaugeHistogram),
}

// unquoted is a text that %q has written.
func unquoted(text string) string {
	if plain, err := strconv.Unquote(text); err == nil {
		return plain
	}
	return strings.Trim(text, `"`)
}
