package spec

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
)

// yamlError is what the parser's messages begin with.
var yamlError = pattern.New(`^yaml: (?:line (\d+): )?`)

// reportSyntax reports the error at which the parser stopped.
func reportSyntax(src *diag.Source, err error, r *diag.Report) {
	at := diag.Pos{Source: src, Line: failingLine(src.Text, err)}
	line := src.Line(at.Line)
	indent := line[:countBlanks([]byte(line))]
	at.Col = len(indent) + 1
	message := yamlError().ReplaceAllString(err.Error(), "")
	switch {
	case strings.HasPrefix(message, "exceeded max depth"):
		r.Add(TooDeep, at, tooDeepHelp, "the document nests deeper than %d levels", maxDepth)
	case strings.Contains(indent, "\t") && (strings.Contains(message, "tab") || strings.Contains(message, "cannot start any token")):
		at.Col = strings.IndexByte(indent, '\t') + 1
		r.Add(YAMLSyntax, at, "indent with spaces: a tab is no indentation in YAML", "%s", message)
	default:
		culprit, help := suspect(src, at)
		r.Add(YAMLSyntax, culprit, help, "%s", message)
	}
}

// suspect is what may have made the parser stop, where a line looks right to
// those who wrote it: a space that is none, or a # that cut off the rest of a map
// in braces. Otherwise it is the place where the parser stopped.
func suspect(src *diag.Source, at diag.Pos) (diag.Pos, string) {
	line := src.Line(at.Line)
	if i := strings.IndexRune(line, noBreakSpace); i >= 0 {
		at.Col, at.Width = utf8.RuneCountInString(line[:i])+1, 1
		return at, "type a plain space: this one is a no-break space (U+00A0), which is no space in YAML"
	}
	if m := bareSelector().FindStringSubmatchIndex(line); m != nil && strings.Count(line[:m[2]], "{") > strings.Count(line[:m[2]], "}") {
		at.Col, at.Width = utf8.RuneCountInString(line[:m[4]])+1, 1
		return at, "quote the selector: '" + line[m[2]:m[5]] + "'"
	}
	for n := at.Line; n > max(at.Line-5, 0); n-- {
		if m := cutOff().FindStringSubmatchIndex(src.Line(n)); m != nil {
			at.Line, at.Col, at.Width = n, utf8.RuneCountInString(src.Line(n)[:m[2]])+1, utf8.RuneCountInString(src.Line(n)[m[2]:m[3]])
			return at, "quote the text: a # behind a space begins a comment, and what closes the braces is part of it"
		}
	}
	return at, "mend the syntax"
}

const noBreakSpace = '\u00a0'

// cutOff is a comment behind an opening brace or bracket, that has the closing one.
var cutOff = pattern.New(`^[^#"']*[{\[][^#]*[ \t](#[^ \t,{}\[\]]+)[^#]*[}\]]\s*$`)

// bareSelector is a selector with matchers within braces of YAML, where
// its own braces are taken for a map.
var bareSelector = pattern.New(`[{,:] *([a-zA-Z_:][a-zA-Z0-9_:]*)(\{ *[a-zA-Z_][a-zA-Z0-9_]* *(?:=~|!~|!=|=) *"[^"{}']*"[^{}']*\})`)

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
		if m := yamlError().FindStringSubmatch(err.Error()); m != nil && m[1] != "" {
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
