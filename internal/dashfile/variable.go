package dashfile

import (
	"errors"
	"slices"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

// Use is a variable in a text.
type Use struct {
	Name       string
	Start, End int // in bytes of the text
	Range      bool
}

// variablePattern is how Grafana finds variables: $name, ${name}, ${name:format},
// ${name.field} and [[name]].
var variablePattern = pattern.New(`\$(\w+)|\$\{(\w+)(?:[.\[][^:^}]+)?(?::[^}]+)?\}|\[\[(\w+?)(?::\w+)?\]\]`)

// UsesIn are the variables in a text. What label_replace() calls $1 is none.
func UsesIn(text string) []Use {
	var uses []Use
	for _, m := range variablePattern().FindAllStringSubmatchIndex(text, -1) {
		for group := 2; group < len(m); group += 2 {
			if m[group] >= 0 && !isNumber(text[m[group]:m[group+1]]) {
				uses = append(uses, Use{Name: text[m[group]:m[group+1]], Start: m[0], End: m[1]})
			}
		}
	}
	return uses
}

func isNumber(name string) bool { return strings.Trim(name, "0123456789") == "" }

// IsBuiltIn tells whether Grafana itself defines a variable: those with two
// underscores, and a few that are older.
func IsBuiltIn(name string) bool {
	return strings.HasPrefix(name, "__") || name == "timeFilter" || name == "interval_ms"
}

// guessed is of how many variables it is tried out whether they stand for numbers.
const guessed = 6

// newQuery reads a query, with something in place of each variable that is as
// long, so that every place stays where it is. What a variable stands for is not
// known: a name is tried for all, then a number for some.
func newQuery(v, of *spec.Value) *Query { return queryOf(v.Text, v, of) }

// queryOf is newQuery for a text that has something else in the place of parts of
// the value's, as long as they are.
func queryOf(text string, v, of *spec.Value) *Query {
	q := &Query{Text: text, Uses: UsesIn(text), Value: v, Of: of}
	q.markRanges()
	var names []string
	for _, u := range q.Uses {
		if !u.Range && !slices.Contains(names, u.Name) && len(names) < guessed {
			names = append(names, u.Name)
		}
	}
	for numbers := range 1 << len(names) {
		read := q.filled(func(name string) bool {
			i := slices.Index(names, name)
			return i >= 0 && numbers>>i&1 == 1
		})
		e, err := expr.Parse(read)
		if err == nil {
			q.Expr, q.Errors, q.read = e, nil, read
			q.Known = q.known()
			return q
		}
		if numbers == 0 && !errors.As(err, &q.Errors) {
			q.Errors = parser.ParseErrors{{Err: err}}
		}
	}
	if q.mayParse() {
		q.Errors = nil
	}
	return q
}

// mayParse tells whether the query fails to parse where a variable is: it may
// stand for anything, an operator say.
func (q *Query) mayParse() bool {
	if len(q.Errors) == 0 {
		return true
	}
	at := q.Errors[0].PositionRange
	return slices.ContainsFunc(q.Uses, func(u Use) bool { return !u.Range && u.Start < int(at.End) && int(at.Start) < u.End })
}

// markRanges finds out which variables stand for a time: those in brackets, and
// behind offset.
func (q *Query) markRanges() {
	next, depth := 0, 0
	quote := byte(0)
	for i := 0; i < len(q.Text); i++ {
		if next < len(q.Uses) && q.Uses[next].Start == i {
			behind := strings.HasSuffix(strings.TrimRight(q.Text[:i], "- \t\r\n"), "offset")
			q.Uses[next].Range = quote == 0 && (depth > 0 || behind)
			i = q.Uses[next].End - 1
			next++
			continue
		}
		switch c := q.Text[i]; {
		case quote != 0 && c == '\\' && quote != '`':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '[':
			depth++
		case c == ']':
			depth = max(0, depth-1)
		}
	}
}

// filled is the text with something else in place of its variables.
func (q *Query) filled(counts func(name string) bool) string {
	var b strings.Builder
	end := 0
	for _, u := range q.Uses {
		b.WriteString(q.Text[end:u.Start])
		variable := q.Text[u.Start:u.End]
		unit := u.End < len(q.Text) && strings.IndexByte("smhdwy", q.Text[u.End]) >= 0
		switch {
		case u.Range && unit:
			b.WriteString(strings.Repeat("0", len(variable)-1) + "1")
		case u.Range:
			b.WriteString("5m" + strings.Repeat(" ", max(0, len(variable)-2)))
		case counts(u.Name) || IsBuiltIn(u.Name) && (strings.HasSuffix(u.Name, "_s") || strings.HasSuffix(u.Name, "_ms")):
			b.WriteString("1" + strings.Repeat(" ", len(variable)-1))
		default:
			b.WriteString(notInName().ReplaceAllString(variable, "_"))
		}
		end = u.End
	}
	b.WriteString(q.Text[end:])
	return b.String()
}

var notInName = pattern.New(`\W`)

// Fill is the text with values in place of the variables of those names; others
// stay as they are.
func Fill(text string, values map[string]string) string {
	var b strings.Builder
	end := 0
	for _, u := range UsesIn(text) {
		value, ok := values[u.Name]
		if !ok {
			continue
		}
		b.WriteString(text[end:u.Start] + value)
		end = u.End
	}
	return b.String() + text[end:]
}
