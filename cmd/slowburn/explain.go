package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"slowburn/alerts"
	"slowburn/generators"
	"slowburn/internal/check"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// explained are the kinds of findings that are no checks: what reading,
// resolving and generating report. A test holds the list against the code.
var explained = []*diag.Kind{
	alerts.InlineSecret,
	alerts.MissingLabel,
	check.BadIgnore,
	expr.Syntax,
	generators.RunbookMarker,
	emptyFile,
	multipleDocuments,
	rulefile.Invalid,
	simulate.WrongPrediction,
	slo.CatalogueSyntax,
	slo.DuplicateName,
	slo.NoCatalogue,
	slo.ObjectiveRange,
	slo.UnknownBucket,
	slo.UnknownLabel,
	slo.UnknownMetric,
	slo.WindowRange,
	slo.WrongMetricType,
	spec.BadValue,
	spec.DuplicateKey,
	spec.JsonnetFailed,
	spec.MissingKey,
	spec.NotText,
	spec.TooDeep,
	spec.UnknownKey,
	spec.UnknownReference,
	spec.WrongType,
	spec.YAMLSyntax,
	unknownDocument,
	unknownEnvironment,
}

func newExplainCmd(std streams) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [NAME]",
		Short: "say what a finding means",
		Long: `explain says what a finding means and how to mend it, by the name in parentheses at the end of the finding. Without a name it
lists them all.
` + exitHelp,
		Example: `  slowburn explain never-fires`,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return listExplained(std.out)
			}
			return explain(std.out, args[0])
		},
	}
}

// kindsByName are all kinds of findings, checks among them, sorted by name.
func kindsByName() []*diag.Kind {
	all := slices.Clone(explained)
	for _, c := range check.All {
		all = append(all, &c.Kind)
	}
	slices.SortFunc(all, func(a, b *diag.Kind) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func listExplained(w io.Writer) error {
	for _, k := range kindsByName() {
		first, _, _ := strings.Cut(k.Doc, "\n")
		if _, err := fmt.Fprintf(w, "%-20s %-8s %s\n", k.Name, k.Severity, first); err != nil {
			return err
		}
	}
	return nil
}

func explain(w io.Writer, name string) error {
	var names []string
	for _, k := range kindsByName() {
		names = append(names, k.Name)
		if k.Name == name {
			fmt.Fprintf(w, "%s (%s)\n\n%s\n", k.Name, k.Severity, k.Doc)
		}
	}
	for _, c := range check.All {
		if c.Name == name {
			fmt.Fprintf(w, "\nBad:\n\n%s\nGood:\n\n%s\nTo silence it, in the rule or above it:\n\n  # slowburn:ignore %s REASON\n", indent(c.Bad), indent(c.Good), name)
		}
	}
	if !slices.Contains(names, name) {
		return fmt.Errorf("%s: no finding has that name; %s", name, spec.Suggest(name, names))
	}
	return nil
}

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("  " + line)
	}
	return b.String()
}
