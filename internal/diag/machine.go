package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

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
}

// WriteJSON prints findings as a JSON array.
func WriteJSON(w io.Writer, findings []Finding) error {
	list := make([]jsonFinding, 0, len(findings))
	for _, f := range findings {
		list = append(list, jsonFinding{
			Kind: f.Kind.Name, Severity: f.Severity().String(),
			File: f.Pos.File(), Line: f.Pos.Line, Column: f.Pos.Col, Path: f.Pos.Path,
			Message: f.Message, Help: f.Help,
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
		where := "file=" + property.Replace(f.Pos.File())
		if f.Pos.Line > 0 {
			where += fmt.Sprintf(",line=%d", f.Pos.Line)
		}
		if f.Pos.Col > 0 {
			where += fmt.Sprintf(",col=%d", f.Pos.Col)
		}
		text := f.Text()
		if f.Pos.Path != "" {
			text = f.Pos.Path + ": " + text
		}
		if _, err := fmt.Fprintf(w, "::%s %s,title=%s::%s\n", command[f.Severity()], where, property.Replace(f.Kind.Name), data.Replace(text)); err != nil {
			return err
		}
	}
	return nil
}

// WriteSARIF prints findings as a SARIF 2.1.0 log, for code scanning services.
func WriteSARIF(w io.Writer, findings []Finding) error {
	level := map[Severity]string{Error: "error", Warning: "warning", Note: "note"}
	driver := sarif.NewToolComponent().WithName("slowburn")
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(driver))
	described := map[*Kind]bool{}
	for _, f := range findings {
		if !described[f.Kind] {
			described[f.Kind] = true
			run.AddRule(f.Kind.Name).WithDescription(f.Kind.Doc)
		}
		text := f.Text()
		if f.Pos.Path != "" {
			text = f.Pos.Path + ": " + text
		}
		result := sarif.NewRuleResult(f.Kind.Name).WithLevel(level[f.Severity()]).WithMessage(sarif.NewTextMessage(text))
		if f.Pos.File() != "" {
			place := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(f.Pos.File()))
			if f.Pos.Line > 0 {
				region := sarif.NewRegion().WithStartLine(f.Pos.Line)
				if f.Pos.Col > 0 {
					region.WithStartColumn(f.Pos.Col).WithEndColumn(f.Pos.Col + max(f.Pos.Width, 1))
				}
				place.WithRegion(region)
			}
			result.AddLocation(sarif.NewLocationWithPhysicalLocation(place))
		}
		run.AddResult(result)
	}
	log := report.NewV210Report()
	log.AddRun(run)
	return log.PrettyWrite(w)
}
