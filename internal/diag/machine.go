package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v3/pkg/report"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
)

// jsonFinding is a finding as `--format json` prints it.
type jsonFinding struct {
	Kind     string `json:"kind"`
	Severity string `json:"severity"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Path     string `json:"path,omitempty"`
	Message  string `json:"message"`
	Help     string `json:"help,omitempty"`
	Detail   string `json:"detail,omitempty"`
}

// WriteJSON prints findings as a JSON array.
func WriteJSON(w io.Writer, findings []Finding) error {
	list := make([]jsonFinding, 0, len(findings))
	for _, f := range findings {
		list = append(list, jsonFinding{
			Kind: f.Kind.Name, Severity: f.Severity().String(),
			File: f.Pos.File(), Line: f.Pos.Line, Column: f.Pos.Col, Path: f.Pos.Path,
			Message: f.Message, Help: f.Help, Detail: f.Detail,
		})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}

// WriteGitHub prints findings as GitHub workflow commands, which show as
// annotations on the changed lines of a pull request.
func WriteGitHub(w io.Writer, findings []Finding) error {
	command := map[Severity]string{Error: "error", Warning: "warning", Note: "notice"}
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	for _, f := range findings {
		var where string
		if file := f.Pos.File(); file != "" {
			where = "file=" + property.Replace(file) + ","
		}
		if f.Pos.Line > 0 {
			where += fmt.Sprintf("line=%d,", f.Pos.Line)
		}
		if f.Pos.Col > 0 {
			where += fmt.Sprintf("col=%d,", f.Pos.Col)
		}
		if _, err := fmt.Fprintf(w, "::%s %stitle=%s::%s\n", command[f.Severity()], where, property.Replace(f.Kind.Name), data.Replace(f.Whole())); err != nil {
			return err
		}
	}
	return nil
}

// WriteSARIF prints findings as a SARIF 2.1.0 log, for code scanning services.
func WriteSARIF(w io.Writer, findings []Finding) error {
	level := map[Severity]string{Error: "error", Warning: "warning", Note: "note"}
	driver := sarif.NewToolComponent().WithName("slowburn")
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(driver)).WithColumnKind("unicodeCodePoints")
	for _, f := range findings {
		if run.GetRuleIndex(f.Kind.Name) < 0 {
			// Code scanning asks for all three: the list, the page and the panel show one each.
			summary, _, _ := strings.Cut(f.Kind.Doc, "\n")
			run.AddRule(f.Kind.Name).WithShortDescription(sarifText(summary)).
				WithFullDescription(sarifText(f.Kind.Doc)).WithHelp(sarifText(f.Kind.Doc))
		}
		result := run.CreateResultForRule(f.Kind.Name).WithLevel(level[f.Severity()]).WithMessage(sarif.NewTextMessage(f.Whole()))
		if f.Pos.File() != "" {
			result.AddLocation(sarif.NewLocationWithPhysicalLocation(sarifPlace(f.Pos)))
		}
	}
	log := report.NewV210Report()
	log.AddRun(run)
	if err := log.PrettyWrite(w); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

func sarifText(text string) *sarif.MultiformatMessageString {
	return sarif.NewMultiformatMessageString().WithText(text)
}

// sarifPlace is a position as SARIF has it. Code scanning shows no result that
// has no line, so a finding about a file as a whole stands in its first.
func sarifPlace(p Pos) *sarif.PhysicalLocation {
	uri := url.URL{Path: p.File()}
	region := sarif.NewRegion().WithStartLine(max(p.Line, 1))
	if p.Col > 0 {
		left := utf8.RuneCountInString(p.Source.Line(p.Line)) + 1 - p.Col // a text over several lines is wider
		region.WithStartColumn(p.Col).WithEndColumn(p.Col + max(min(p.Width, left), 1))
	}
	return sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(uri.String())).WithRegion(region)
}
