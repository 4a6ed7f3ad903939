package expr

import (
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/spec"
)

const noArguments = "no arguments for aggregate"

// helps are the ways out of what Prometheus' parser complains about, by what
// its messages begin with; the first that fits is given.
var helps = []struct{ complaint, help string }{
	{errTooLarge.Error(), "record parts of it with rules of their own"},
	{"unclosed left ", "close it"},
	{"unexpected right ", "remove it, or open it before"},
	{"unexpected end of input inside braces", "close the braces"},
	{"unexpected end of input", "complete it"},
	{"unterminated ", "close the quotes"},
	{"no expression found", "write one"},
	{noArguments, "aggregate something: sum(metric)"},
	{"wrong number of arguments", "see its parameters at https://prometheus.io/docs/prometheus/latest/querying/operators/#aggregation-operators"},
	{"expected type range vector", "give it a window: metric[5m]"},
	{"expected type instant vector in call to function", "give it a vector, without a window"},
	{"expected type", "give it one"},
	{"expected ", "see its parameters at https://prometheus.io/docs/prometheus/latest/querying/functions/"},
	{"binary expression must contain only", "take the window away, or apply a function such as rate to it"},
	{"comparisons between scalars must use BOOL", "write bool behind the operator, or compare a metric"},
	{"bool modifier can only be used", "leave bool out"},
	{"set operator ", "use and, or, unless between metrics; numbers have + - * / and comparisons with bool"},
	{"vector selector must contain at least one", "name a metric, or match a label by a value"},
	{"metric name must not be set twice", "leave one of them out"},
	{"ranges only allowed for", "write a step to make it a subquery: [5m:]"},
	{"error parsing regexp", "mend the regular expression; in RE2, ( and { have a meaning"},
	{"unknown escape sequence", `write \\ for a backslash, or put the text in backquotes`},
	{"unexpected character", "remove it, or quote the text that it belongs to"},
	{"unexpected ", "remove it, or complete what stands before it"},
}

var quotedFunction = regexp.MustCompile(`^unknown function with name "(.*)"$`)

// otherwise is the way out where no other is known.
const otherwise = "see https://prometheus.io/docs/prometheus/latest/querying/basics/"

// helpFor is the way out of a complaint.
func helpFor(complaint string) string {
	if m := quotedFunction.FindStringSubmatch(complaint); m != nil {
		if near := spec.Nearest(m[1], functionNames()); near != "" {
			return "did you mean \"" + near + "\"?"
		}
		return "see https://prometheus.io/docs/prometheus/latest/querying/functions/"
	}
	if strings.HasSuffix(complaint, "be enabled with --enable-feature=promql-experimental-functions") || strings.HasSuffix(complaint, "is not enabled") {
		return "use another: it works only where Prometheus has the feature flag"
	}
	for _, h := range helps {
		if strings.HasPrefix(complaint, h.complaint) {
			return h.help
		}
	}
	return otherwise
}

// functionNames are the functions and aggregations that need no feature flag.
func functionNames() []string {
	var names []string
	for name, f := range parser.Functions {
		if !f.Experimental {
			names = append(names, name)
		}
	}
	for item, name := range parser.ItemTypeStr {
		if item.IsAggregator() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
