package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"slowburn/alerts"
	"slowburn/generators"
	"slowburn/internal/amconfig"
	"slowburn/internal/check"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/mutate"
	"slowburn/internal/routetest"
	"slowburn/internal/rulefile"
	"slowburn/internal/runbook"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
	"slowburn/internal/unittest"
	"slowburn/slo"
)

// explained are the kinds of findings that are no checks: what reading,
// resolving and generating report. A test holds the list against the code.
var explained = []*diag.Kind{
	alerts.NeverScaledUp,
	alerts.DependencyCycle,
	alerts.IdleInhibition,
	alerts.IdleNeeds,
	alerts.InlineSecret,
	alerts.LateInhibition,
	alerts.MissingLabel,
	alerts.ResetCascade,
	alerts.UnreachableQuantile,
	check.BadIgnore,
	expr.Syntax,
	amconfig.Invalid,
	amconfig.InvalidResource,
	generators.UnreachedNamespace,
	generators.UnreadJob,
	generators.DifferentResource,
	generators.LargeChart,
	generators.MissingSecret,
	generators.UnmountedSecret,
	duplicateOutput,
	emptyFile,
	multipleDocuments,
	noData,
	rulefile.Invalid,
	routetest.Invalid,
	routetest.WrongRoute,
	runbook.ActiveHTML,
	runbook.LinkOutside,
	runbook.Marker,
	runbook.TooLarge,
	simulate.FailedScenario,
	simulate.NoSeries,
	simulate.Unproven,
	simulate.WrongPrediction,
	mutate.Survived,
	slo.CatalogueSyntax,
	slo.DuplicateName,
	slo.NoCatalogue,
	slo.NothingGood,
	slo.ObjectiveRange,
	slo.OneSided,
	slo.OneSidedCatalogue,
	slo.ReservedLabel,
	slo.UnknownBucket,
	slo.GroupLabel,
	slo.ImplausibleValue,
	slo.LowFactor,
	slo.DefaultTiers,
	slo.DeadTier,
	slo.JoinedTiers,
	slo.UnknownQuantile,
	slo.UnknownLabel,
	slo.UnknownMetric,
	slo.RatioLabels,
	slo.UnknownValue,
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
	unittest.DuplicateSeries,
	unittest.EmptySuite,
	unittest.IgnoredDocument,
	unittest.Invalid,
	unittest.NoAssertion,
	unittest.NoRuleFile,
	unittest.NotCovered,
	unittest.NotSilent,
	unittest.QueryFailed,
	unittest.QueryInfo,
	unittest.QueryWarning,
	unittest.RuleFailed,
	unittest.SeriesSyntax,
	unittest.TooManySamples,
	unittest.UnknownAlert,
	unittest.WrongAlerts,
	unittest.WrongSamples,
	unknownDocument,
	unknownEnvironment,
	unreadableFile,
}

type explainOptions struct {
	paths  []string
	envs   []string
	format string
	std    streams
}

func newExplainCmd(std streams) *cobra.Command {
	opts := explainOptions{std: std}
	cmd := &cobra.Command{
		Use:   "explain [NAME [PATH...]]",
		Short: "say what a finding or an alert means",
		Long: `explain says what a finding means and how to mend it, by the name in parentheses at the end of the finding. Without a name it
lists them all.

Of an alert that specs compile to it says, by the name of the alert: what it promises and counts, when it fires and when it
clears, what is spent of the budget by then, with how little traffic it works, and what it costs Prometheus. All of it is
arithmetic, exact; slowburn test shows what the rules do.

A PATH is a file, a folder, a glob or - for standard input, with the specs that have the alert; without one it is the current
folder.
` + exitHelp,
		Example: `  slowburn explain never-fires
  slowburn explain APIAvailabilitySLOFastBurn specs/veza
  slowburn explain APIAvailabilitySLOFastBurn specs/veza --format json | jq .burn.threshold`,
		PreRunE: func(*cobra.Command, []string) error {
			if opts.format != "text" && opts.format != "json" {
				return fmt.Errorf("--format %s: use text or json", opts.format)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return explainKinds(opts, kindsByName())
			}
			opts.paths = args[1:]
			return explain(cmd.Context(), args[0], opts)
		},
	}
	addSpecFlags(cmd, &opts.envs)
	cmd.Flags().StringVar(&opts.format, "format", "text", "how to print it: text or json")
	return cmd
}

// explain looks a name up among the kinds of findings, then among the alerts of specs.
func explain(ctx context.Context, name string, opts explainOptions) error {
	for _, k := range kindsByName() {
		if k.Name == name {
			return explainKinds(opts, []*diag.Kind{k})
		}
	}
	return explainAlert(ctx, name, opts)
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

// explainKinds explains a kind of finding, or lists several.
func explainKinds(opts explainOptions, kinds []*diag.Kind) error {
	w := opts.std.out
	switch {
	case opts.format == "json":
		return writeKindsJSON(w, kinds)
	case len(kinds) == 1:
		return writeKind(w, kinds[0])
	}
	for _, k := range kinds {
		first, _, _ := strings.Cut(k.Doc, "\n")
		severity := k.Severity.String()
		if c := checkOf(k); c != nil && c.Optional {
			severity = "off"
		}
		if _, err := fmt.Fprintf(w, "%-22s %-8s %s\n", k.Name, severity, first); err != nil {
			return err
		}
	}
	return nil
}

func writeKind(w io.Writer, k *diag.Kind) error {
	text := fmt.Sprintf("%s (%s)\n\n%s\n", k.Name, k.Severity, k.Doc)
	if check.IsCompiled(k) {
		text += "\nTo silence it, in what makes the inhibition or above it:\n\n  # slowburn:ignore " + k.Name + " REASON\n"
	}
	if c := checkOf(k); c != nil {
		if c.Optional {
			text = fmt.Sprintf("%s (off)\n\n%s\n", k.Name, k.Doc)
		}
		if c.Configuration != "" {
			text += fmt.Sprintf("\nIn .slowburn.yaml, below checks:\n\n%s", indent(c.Configuration+"\n"))
		}
		where, comment := "in the rule or above it", "# slowburn:ignore "+k.Name+" REASON"
		if c.Resources != nil && !c.JudgesRules() {
			where = "in the item or above it"
		}
		if c.Pages != nil {
			where, comment = "above the block, or below the title", "<!-- slowburn:ignore "+k.Name+" REASON -->"
		}
		text += fmt.Sprintf("\nBad:\n\n%s\nGood:\n\n%s\nTo silence it, %s:\n\n  %s\n", indent(c.Bad), indent(c.Good), where, comment)
	}
	_, err := io.WriteString(w, text)
	return err
}

// writeKindsJSON prints a document for each kind.
func writeKindsJSON(w io.Writer, kinds []*diag.Kind) error {
	for _, k := range kinds {
		doc := struct {
			Finding  string `json:"finding"`
			Severity string `json:"severity"`
			Doc      string `json:"doc"`
			Config   string `json:"configuration,omitempty"`
			Bad      string `json:"bad,omitempty"`
			Good     string `json:"good,omitempty"`
		}{Finding: k.Name, Severity: k.Severity.String(), Doc: k.Doc}
		if c := checkOf(k); c != nil {
			doc.Config, doc.Bad, doc.Good = c.Configuration, c.Bad, c.Good
			if c.Optional {
				doc.Severity = "off"
			}
		}
		if err := writeJSON(w, doc); err != nil {
			return err
		}
	}
	return nil
}

// writeJSON prints a document as people can read it, PromQL unescaped.
func writeJSON(w io.Writer, doc any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

// checkOf is the check that reports a kind, or nil.
func checkOf(k *diag.Kind) *check.Check {
	for _, c := range check.All {
		if c.Name == k.Name {
			return c
		}
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
