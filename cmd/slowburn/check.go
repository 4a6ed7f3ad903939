package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slowburn/internal/check"
	"slowburn/internal/crd"
	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/internal/unittest"
)

type checkOptions struct {
	paths  []string
	envs   []string
	format string
	failOn string
	config string
	only   []string  // checks that are run alone
	today  time.Time // the day on which reviews of runbooks are overdue or not
	std    streams
}

func newCheckCmd(std streams) *cobra.Command {
	opts := checkOptions{std: std, today: time.Now().UTC()}
	cmd := &cobra.Command{
		Use:   "check [PATH...]",
		Short: "find mistakes in specs, rule files, custom resources, dashboards, Alertmanager configurations and runbooks",
		Long: `check reads specs, and anybody's rule files, PrometheusRules, Grafana dashboards and Alertmanager configurations, recognised by
their content, and prints what is wrong with them, each finding at its place. It finds everything that promtool check rules and amtool check-config
find, and what they do not look for. The custom resources of the Prometheus operator, and KEDA's ScaledObjects, are held against
what those define, without a cluster.

A PATH is a file, a folder, a glob or - for standard input; without one it is the current folder. The rules of one folder are
checked together: what one file records, another may use. Specs are compiled in memory and the result is checked; a finding
about a generated rule stands at the place in the spec that it comes from.

Runbooks are Markdown files in a folder runbooks, or named by PATH. They are checked together with the specs, or the rules,
that were read: links, steps, queries, commands, warnings, names of alerts and metrics, owners and reviews.

A finding of a check (slowburn explain NAME tells what it means) is silenced by a comment in the rule or above it:
  # slowburn:ignore template-label the label is added by relabelling
In a runbook it is <!-- slowburn:ignore NAME why --> above the block, or below the title.

Severities and parameters of checks stand in a file .slowburn.yaml, in the current folder or above it:
  checks:
    duplicate-rule: error                        # off, note, warning or error
    short-range: {scrapeInterval: 30s}
  paths:
    - {match: "rules/legacy/**", checks: {template-label: off}}
`,
		Example: `  slowburn check specs
  slowburn check 'rules/*.yaml' --format sarif > findings.sarif
  kubectl get prometheusrules -o yaml | slowburn check -
  slowburn check rules.yaml --only promtool              # what promtool check rules finds, at a fraction of its cost`,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			return runCheck(cmd.Context(), opts)
		},
	}
	cmd.Long += exitHelp
	addSpecFlags(cmd, &opts.envs)
	addFormatFlag(cmd, &opts.format)
	addFailOnFlag(cmd, &opts.failOn)
	cmd.Flags().StringVar(&opts.config, "config", "", "configuration of the checks (default: the nearest "+configName+")")
	cmd.Flags().StringSliceVar(&opts.only, "only", nil, "run these checks alone; "+promtool+" stands for those of promtool check rules")
	cmd.Flags().Var(dayFlag{&opts.today}, "today", "the day by which reviews of runbooks may be overdue (default: today)")
	return cmd
}

// multipleDocuments is a rule file of which Prometheus reads a part.
var multipleDocuments = &diag.Kind{Name: "multiple-documents", Severity: diag.Warning, Doc: `A rule file or an Alertmanager configuration has more than one YAML document.

Prometheus and Alertmanager read the first and ignore the rest, with no more than a line in the log.`}

func runCheck(ctx context.Context, opts checkOptions) error {
	only, err := checksNamed(opts.only)
	if err != nil {
		return err
	}
	builds, report, err := compileUnits(ctx, build{envs: opts.envs, lean: isLean(only)}, opts.paths, opts.std)
	if err != nil {
		return err
	}
	config, err := readConfig(opts.config, report)
	if err != nil {
		return err
	}
	if len(only) > 0 {
		config.Config = config.Only(only)
	}
	var units []environments
	for _, b := range builds {
		units = append(units, inEnvironments(b))
	}
	var filesOf [][]*rulefile.File
	for _, b := range units {
		filesOf = append(filesOf, b.ruleFiles())
	}
	all := slices.Concat(filesOf...)
	alerting := slices.Clone(all) // whose alerts come to the Alertmanager configurations: those of specs, too
	for _, b := range units {
		alerting = append(alerting, b.emitted.files...)
	}
	specs, rules, others, boards, configs, customs := 0, 0, 0, 0, 0, 0
	var pages pageCount
	for i, b := range units {
		files, dashboards := filesOf[i], b.dashboardFiles()
		var findings []check.Finding
		if !b.incomplete() {
			findings = b.judge(config)
		}
		report.Append(b.unrunnableTests()...)
		findings = append(findings, check.RunAll(files, dashboards, config.options(b.unit.sources()))...)
		findings = append(findings, b.checkRoutes(alerting, config)...)
		resources := b.resources()
		findings = append(findings, b.checkResources(resources, files, config)...)
		findings = append(findings, b.compiledFindings()...)
		findings = config.Judge(findings, config.path)
		report.Append(check.Silence(findings, b.unit.sources(), report.HasErrors())...)
		b.checkPages(opts, config, all, &pages)
		specs += len(b.documents)
		others += len(files) + len(dashboards) + len(resources) + b.skimmed.files
		rules += b.skimmed.rules
		customs += len(resources)
		boards += len(dashboards)
		configs += len(b.configs)
		for _, o := range b.build.others {
			if unittest.Is(o.value) || isRoutes(o) {
				others++ // ruleFiles has read it
			}
		}
		for _, f := range files {
			rules += len(f.Rules())
		}
	}
	if specs+others+pages.pages == 0 && report.Len() == 0 {
		return fmt.Errorf("%s: nothing to check: no spec, rule file, custom resource, dashboard, Alertmanager configuration or runbook", strings.Join(opts.paths, " "))
	}
	counted := []string{countWord(specs, "spec document"), countWord(rules, "rule")}
	if boards > 0 {
		counted = append(counted, countWord(boards, "dashboard"))
	}
	if configs > 0 {
		counted = append(counted, countWord(configs, "Alertmanager configuration"))
	}
	if customs > 0 {
		counted = append(counted, countWord(customs, "custom resource"))
	}
	if pages.pages > 0 {
		counted = append(counted, pages.String())
	}
	if err := finish(opts, report, counted); !errors.Is(err, errFindings) || opts.format != "text" {
		return err
	}
	for _, b := range units {
		b.tellUnchecked(opts.std.err)
	}
	return errFindings
}

func finish(opts checkOptions, report *diag.Report, counted []string) error {
	findings := report.Findings()
	if err := printFindings(opts.std.out, opts.format, findings); err != nil {
		return err
	}
	if opts.format == "text" {
		fmt.Fprintf(opts.std.err, "%s: %s\n", strings.Join(counted, ", "), summary(findings))
	}
	if worst, _ := report.Worst(); worst >= failOn[opts.failOn] {
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
	for _, f := range b.unitTests() {
		b.report.Append(f.Findings()...)
	}
	known := b.knownSources()
	var files []*rulefile.File
	for _, o := range b.others {
		src := o.file.source
		if unittest.Is(o.value) || b.readRoutes(o) {
			continue
		}
		if dashfile.Is(o.value) || dashfile.Holds(o.value) {
			continue
		}
		if o.meant() {
			b.report.Append(unittest.FromDocuments(src, []*spec.Value{o.value}).Findings()...)
			continue
		}
		if !rulefile.Is(o.value) && !(o.file.explicit && isEmptyMap(o.value)) {
			asked := o.file.explicit && !(known[src] && isResource(o.value))
			if (asked || looksLikeRules(o.value) || crd.Misspelt(o.value)) && len(crd.Resources(src, o.value)) == 0 {
				b.addUnknown(o.value)
			}
			continue
		}
		if o.value.Get("groups") != nil && o.value.Document > 0 {
			b.report.Add(multipleDocuments, o.value.Pos, "make a file of it", "Prometheus ignores all documents but the first of a rule file")
		}
		files = append(files, rulefile.Read(src, o.value, b.report)...)
	}
	return files
}

// knownSources are the sources in which there is something to check. What
// stands beside it, as in all that a chart renders, is somebody else's.
func (b *build) knownSources() map[*diag.Source]bool {
	known := map[*diag.Source]bool{}
	for _, o := range b.others {
		src := o.file.source
		if rulefile.Is(o.value) || dashfile.Is(o.value) || dashfile.Holds(o.value) || len(crd.Resources(src, o.value)) > 0 {
			known[src] = true
		}
	}
	return known
}

// isResource tells whether a document is a resource of Kubernetes, be it any.
func isResource(v *spec.Value) bool { return v.Get("apiVersion") != nil && v.Get("kind") != nil }

// dashboardFiles reads the dashboards of a unit.
func (b *build) dashboardFiles() []*dashfile.Dashboard {
	var all []*dashfile.Dashboard
	for _, o := range b.others {
		if dashfile.Is(o.value) {
			all = append(all, dashfile.Read(o.file.source, o.value))
		}
		all = append(all, dashfile.Held(o.file.source, o.value, b.report)...)
	}
	return all
}

// meant tells whether a document was named as a unit-test file, although it is
// not taken for one in a folder.
func (o other) meant() bool {
	return o.file.explicit && o.value.Document == 0 && unittest.Meant(o.value)
}

// reportNamed reports the files that were named to be tested and have no tests:
// they would pass otherwise. What lies in a folder is somebody else's.
func (b *build) reportNamed() {
	for _, o := range b.others {
		switch {
		case o.meant():
			b.report.Append(unittest.FromDocuments(o.file.source, []*spec.Value{o.value}).Findings()...)
		case o.file.explicit && o.value.Document == 0 && o.value.Kind != spec.Map:
			b.addUnknown(o.value)
		}
	}
}

func (b *build) addUnknown(v *spec.Value) {
	b.report.Add(unknownDocument, v.Pos, suggestKey(v), "this is neither a spec nor a rule file, a custom resource, a dashboard or an Alertmanager configuration")
}

// isEmptyMap tells whether a document is {}: a rule file without rules, as
// generators print it.
func isEmptyMap(v *spec.Value) bool { return v.Kind == spec.Map && len(v.Fields()) == 0 }

// looksLikeRules tells whether a document was meant to be rules, although
// Prometheus would not read it. In a folder all else is somebody else's.
func looksLikeRules(v *spec.Value) bool {
	if v.Kind == spec.List {
		return holdsRules(v)
	}
	for _, f := range v.Fields() {
		if spec.Nearest(f.Key.Text, []string{"groups"}) != "" && holdsRules(f.Value) {
			return true
		}
	}
	kind, resource := v.Get("kind"), v.Get("spec")
	return kind != nil && spec.Nearest(kind.Text, []string{"PrometheusRule"}) != "" && resource != nil && holdsRules(resource.Get("groups"))
}

// holdsRules tells whether a list has rules in it, or groups of them.
func holdsRules(list *spec.Value) bool {
	return list != nil && slices.ContainsFunc(list.Items(), func(item *spec.Value) bool {
		return item.Get("expr") != nil && (item.Get("alert") != nil || item.Get("record") != nil) || holdsRules(item.Get("rules"))
	})
}

// suggestKey is the way out of a document that is not recognised.
func suggestKey(v *spec.Value) string {
	known := []string{"groups", "apiVersion", "kind"}
	for _, f := range v.Fields() {
		if near := spec.Nearest(f.Key.Text, known); near != "" && !slices.Contains(known, f.Key.Text) {
			return fmt.Sprintf("%s: did you mean %q?", f.Key.Text, near)
		}
	}
	if kind := v.Get("kind"); kind != nil && v.Get("apiVersion") != nil {
		if near := spec.Nearest(kind.Text, crd.Kinds()); near != "" {
			return fmt.Sprintf("kind: did you mean %q?", near)
		}
		return fmt.Sprintf("of Kubernetes resources, those of the Prometheus operator and ScaledObjects are read, and this is a %s", kind.Text)
	}
	if v.Kind == spec.List {
		return "put groups: above the list"
	}
	return "begin a spec with apiVersion: " + apiVersion + ", a rule file with groups:"
}
