package spec

import (
	"regexp"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"slowburn/internal/diag"
)

// yamlError is what the parser's messages begin with.
var yamlError = regexp.MustCompile(`^yaml: (?:line (\d+): )?`)

// reportSyntax reports the error at which the parser stopped.
func reportSyntax(src *diag.Source, err error, r *diag.Report) {
	at := diag.Pos{Source: src, Line: failingLine(src.Text, err)}
	line := src.Line(at.Line)
	indent := line[:countBlanks([]byte(line))]
	at.Col = len(indent) + 1
	message := yamlError.ReplaceAllString(err.Error(), "")
	switch {
	case strings.HasPrefix(message, "exceeded max depth"):
		r.Add(TooDeep, at, tooDeepHelp, "the document nests deeper than %d levels", maxDepth)
	case strings.Contains(indent, "\t") && (strings.Contains(message, "tab") || strings.Contains(message, "cannot start any token")):
		r.Add(YAMLSyntax, at, "indent with spaces: a tab is no indentation in YAML", "%s", message)
	default:
		r.Add(YAMLSyntax, at, "mend the syntax", "%s", message)
	}
}

// maxSearched is the longest text in which the failing line is searched, which
// reads it a dozen times.
const maxSearched = 1 << 20

// failingLine is the line at which the parser fails. Its message names the line
// where the construct began that it was reading, or none at all; but it fails in
// the same way on every beginning of the text that reaches the place, and on no
// shorter one.
func failingLine(text []byte, err error) int {
	if len(text) > maxSearched {
		line := 1
		if m := yamlError.FindStringSubmatch(err.Error()); m != nil && m[1] != "" {
			line, _ = strconv.Atoi(m[1])
		}
		return line
	}
	var ends []int // of each line, but an unfinished last one
	for i, c := range text {
		if c == '\n' {
			ends = append(ends, i+1)
		}
	}
	return 1 + sort.Search(len(ends), func(i int) bool {
		same := eachNode(text[:ends[i]], func(*yaml.Node) {})
		return same != nil && same.Error() == err.Error()
	})
}
