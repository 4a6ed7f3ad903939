package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"slowburn/internal/check"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

type checkOptions struct {
	paths  []string
	envs   []string
	format string
	std    streams
}

func newCheckCmd(std streams) *cobra.Command {
	opts := checkOptions{std: std}
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "find mistakes in specs, rule files and PrometheusRules",
		Long: `check reads specs, and anybody's rule files and PrometheusRules, recognised by their content, and prints what is wrong with
them, each finding at its place. It finds everything that promtool check rules finds, and what promtool does not look for.

A PATH is a file, a folder, a glob or - for standard input; without one it is the current folder. The rules of one folder are
checked together: what one file records, another may use. Specs are compiled in memory and the result is checked; a finding
about a generated rule stands at the place in the spec that it comes from.

A finding of a check (slowburn explain NAME tells what it means) is silenced by a comment in the rule or above it:
  # slowburn:ignore template-label the label is added by relabelling
`,
		Example: `  slowburn check specs
  slowburn check 'rules/*.yaml' --format sarif > findings.sarif
  kubectl get prometheusrules -o yaml | slowburn check -`,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			return runCheck(cmd.Context(), opts)
		},
	}
	cmd.Long += exitHelp
	addSpecFlags(cmd, &opts.envs)
	addFormatFlag(cmd, &opts.format)
	return cmd
}

// multipleDocuments is a rule file of which Prometheus reads a part.
var multipleDocuments = &diag.Kind{Name: "multiple-documents", Severity: diag.Warning, Doc: `A rule file has more than one YAML document.

Prometheus reads the first and ignores the rest, with no more than a line in its log.`}

func runCheck(ctx context.Context, opts checkOptions) error {
	builds, report, err := compileAll(ctx, opts.paths, opts.envs, opts.std)
	if err != nil {
		return err
	}
	specs, rules := 0, 0
	for _, b := range builds {
		files := b.ruleFiles()
		var findings []check.Finding
		if !report.HasErrors() {
			findings = judge(b)
		}
		findings = append(findings, check.Run(files)...)
		report.Append(check.Silence(findings, b.unit.sources(), report.HasErrors())...)
		specs += len(b.services) + len(b.routings)
		for _, f := range files {
			rules += len(f.Rules())
		}
	}
	if specs+rules == 0 && report.Len() == 0 {
		return fmt.Errorf("%s: nothing to check: no spec, rule file or PrometheusRule", strings.Join(opts.paths, " "))
	}
	return finish(opts, report, specs, rules)
}

func finish(opts checkOptions, report *diag.Report, specs, rules int) error {
	findings := report.Findings()
	if err := printFindings(opts.std.out, opts.format, findings); err != nil {
		return err
	}
	if opts.format == "text" {
		fmt.Fprintf(opts.std.err, "%s, %s: %s\n", countWord(specs, "spec document"), countWord(rules, "rule"), summary(findings))
	}
	if worst, _ := report.Worst(); worst > diag.Note {
		return errFindings
	}
	return nil
}

// summary counts findings; notes apart, since they ask for nothing.
func summary(findings []diag.Finding) string {
	notes := 0
	for _, f := range findings {
		if f.Severity() == diag.Note {
			notes++
		}
	}
	if notes == 0 {
		return countWord(len(findings), "finding")
	}
	return countWord(len(findings)-notes, "finding") + " and " + countWord(notes, "note")
}

// ruleFiles reads the rule files and PrometheusRules of a unit.
func (b *build) ruleFiles() []*rulefile.File {
	var files []*rulefile.File
	first := map[*diag.Source]bool{}
	for _, o := range b.others {
		src := o.file.source
		if !rulefile.Is(o.value) {
			if o.file.explicit && !isEmptyMap(o.value) {
				b.report.Add(unknownDocument, o.value.Pos, suggestKey(o.value), "this is neither a spec nor a rule file nor a PrometheusRule")
			}
			continue
		}
		if o.value.Get("groups") != nil && first[src] {
			b.report.Add(multipleDocuments, o.value.Pos, "make a file of it", "Prometheus ignores all documents but the first of a rule file")
		}
		first[src] = true
		files = append(files, rulefile.Read(src, o.value, b.report)...)
	}
	return files
}

// isEmptyMap tells whether a document is {}: a rule file without rules, as
// generators print it.
func isEmptyMap(v *spec.Value) bool { return v.Kind == spec.Map && len(v.Fields) == 0 }

// suggestKey is the way out of a document that is not recognised.
func suggestKey(v *spec.Value) string {
	for _, f := range v.Fields {
		if near := spec.Nearest(f.Key.Text, []string{"groups", "apiVersion", "kind"}); near != "" {
			return fmt.Sprintf("%s: did you mean %q?", f.Key.Text, near)
		}
	}
	return "begin a spec with apiVersion: " + apiVersion + ", a rule file with groups:"
}
