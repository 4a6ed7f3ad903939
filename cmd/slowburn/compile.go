package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"slowburn/generators"
	"slowburn/internal/diag"
	"slowburn/internal/simulate"
)

type compileOptions struct {
	paths   []string
	out     string
	envs    []string
	only    []string // parts
	check   bool
	force   bool
	verbose bool
	format  string
	std     streams
}

func newCompileCmd(std streams) *cobra.Command {
	opts := compileOptions{std: std}
	cmd := &cobra.Command{
		Use:   "compile [PATH...] -o DIR",
		Short: "compile specs into rules, routing and runbooks",
		Long: `compile reads specs (YAML or Jsonnet) and writes rule files, PrometheusRules, an Alertmanager configuration and runbooks.

A PATH is a file, a folder, a glob or - for standard input; without one it is the current folder. A folder is one unit: its
documents refer to each other. The folder named by PATH goes to DIR itself, each folder below it to a folder of the same
name in DIR. Nothing is written if there is an error in any spec, or if two folders compile to the same file.

Files are replaced whole and a manifest is written last, so that an interrupted run is noticed and the next one repairs it.
With --only the folder holds no other parts; all findings are reported all the same.

Files that slowburn did not write are never touched. While one slowburn writes to a folder, another one refuses to.`,
		Example: `  slowburn compile specs/veza -o out
  slowburn compile specs -o golden --check       # in CI: fail if golden is not up to date
  slowburn compile specs/dataflow -o out --env gke
  slowburn compile specs/veza -o rules --only rules,tests`,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			return runCompile(cmd.Context(), opts)
		},
	}
	cmd.Long += "\n" + exitHelp
	cmd.Flags().StringVarP(&opts.out, "output", "o", "", "folder to write to (required)")
	cmd.Flags().StringSliceVar(&opts.only, "only", nil, "write these parts alone: "+strings.Join(partNames, ", "))
	cmd.Flags().BoolVar(&opts.check, "check", false, "write nothing; exit with 1 if the folder is not up to date")
	cmd.Flags().BoolVar(&opts.force, "force", false, "overwrite files that slowburn did not write")
	cmd.Flags().BoolVarP(&opts.verbose, "verbose", "v", false, "list the dashboards and charts that are written, with their sizes")
	addSpecFlags(cmd, &opts.envs)
	addFormatFlag(cmd, &opts.format)
	_ = cmd.MarkFlagRequired("output")
	return cmd
}

func runCompile(ctx context.Context, opts compileOptions) error {
	if opts.out == "" {
		return errors.New("--output is empty: name a folder to write to")
	}
	only := parts(opts.only)
	if err := only.check(); err != nil {
		return err
	}
	builds, report, err := compileUnits(ctx, build{passing: true, only: only, envs: opts.envs}, opts.paths, opts.std)
	if err != nil {
		return err
	}
	config, err := readConfig("", new(diag.Report)) // what is wrong in it is for check to say
	if err != nil {
		return err
	}
	heedSilences(builds, config, report)
	if !report.HasErrors() && only.want("tests") {
		x := simulate.NewExporter()
		for _, b := range builds {
			b.export(x)
		}
	}
	for _, b := range builds {
		b.artifacts = only.of(b.artifacts)
	}
	artifacts := gather(builds, report)
	if err := printProblems(opts.std.err, opts.format, report.Findings()); err != nil {
		return err
	}
	if report.HasErrors() {
		return errFindings
	}
	if len(artifacts) == 0 && slices.ContainsFunc(builds, func(b *build) bool { return len(b.services)+len(b.routings) > 0 }) {
		return fmt.Errorf("--only %s: the specs make nothing of that", strings.Join(opts.only, ","))
	}
	if len(artifacts) == 0 && report.Len() > 0 {
		return errFindings
	}
	if len(artifacts) == 0 {
		return fmt.Errorf("%s: no specs: nothing begins with apiVersion: %s", strings.Join(opts.paths, " "), apiVersion)
	}
	if opts.check {
		return checkOutput(opts, artifacts)
	}
	return writeOutput(opts, artifacts)
}

// duplicateOutput is a file that two units want to be.
var duplicateOutput = &diag.Kind{Name: "duplicate-output", Severity: diag.Error, Doc: `Two specs compile to the same file.

Every folder named on the command line goes to the output folder itself, so that one would overwrite the other. Folders below
one that is named keep their names.`}

// gather puts the artifacts of all units below their folders, and reports those
// of one unit that would overwrite another's.
func gather(builds []*build, r *diag.Report) []generators.Artifact {
	var all []generators.Artifact
	first := map[string]generators.Artifact{}
	reported := map[[2]string]bool{} // places of one pair may collide in many files
	for _, b := range builds {
		for _, a := range b.artifacts {
			a.Path = filepath.ToSlash(filepath.Join(b.unit.out, a.Path))
			other, exists := first[a.Path]
			if !exists {
				first[a.Path] = a
				all = append(all, a)
				continue
			}
			pair := [2]string{a.Pos.String(), other.Pos.String()}
			if !bytes.Equal(a.Bytes, other.Bytes) && !reported[pair] {
				reported[pair] = true
				r.Add(duplicateOutput, a.Pos, "compile each to a folder of its own, or name the folder above both", "%s would be overwritten: %s compiles to it as well", a.Path, other.Pos)
			}
		}
	}
	return all
}

func checkOutput(opts compileOptions, artifacts []generators.Artifact) error {
	o, err := openOutput(opts.out, false)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(opts.std.err, "%s is not there: compile without --check\n", opts.out)
		return errFindings
	}
	if err != nil {
		return err
	}
	defer o.close()
	diffs, err := o.differences(artifacts)
	if err != nil {
		return err
	}
	for _, d := range diffs {
		fmt.Fprintln(opts.std.out, d)
	}
	if len(diffs) > 0 {
		fmt.Fprintf(opts.std.err, "%s is not up to date: compile again without --check\n", opts.out)
		return errFindings
	}
	return nil
}

func writeOutput(opts compileOptions, artifacts []generators.Artifact) error {
	o, err := openOutput(opts.out, true)
	if err != nil {
		return err
	}
	defer o.close()
	if foreign := o.foreign(artifacts); len(foreign) > 0 && !opts.force {
		return fmt.Errorf("%s holds files that slowburn did not write and would overwrite (%s): choose another folder, or use --force", opts.out, strings.Join(foreign, ", "))
	}
	for _, d := range o.damaged {
		fmt.Fprintf(opts.std.err, "%s; it is taken for missing\n", d)
	}
	kept, err := o.write(artifacts)
	if err != nil {
		return err
	}
	for _, p := range kept {
		fmt.Fprintf(opts.std.err, "%s is no longer generated, but was edited by hand: remove it yourself\n", filepath.Join(opts.out, p))
	}
	fmt.Fprintf(opts.std.err, "%s: %s\n", opts.out, countWord(len(artifacts), "file"))
	if opts.verbose {
		return writeListing(opts.std.err, artifacts)
	}
	return nil
}

// writeListing prints what people look for by name among the artifacts, in columns.
func writeListing(w io.Writer, artifacts []generators.Artifact) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, a := range artifacts {
		if l := a.Listed; l != nil {
			fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", l.Kind, l.Name, l.Says, l.Size())
		}
	}
	return table.Flush()
}

// compileAll compiles every unit of the input.
func compileAll(ctx context.Context, paths, envs []string, std streams) ([]*build, *diag.Report, error) {
	return compileUnits(ctx, build{envs: envs}, paths, std)
}

// compileUnits is compileAll, for those who have no use for all that is made: like says what for.
func compileUnits(ctx context.Context, like build, paths []string, std streams) ([]*build, *diag.Report, error) {
	if len(paths) == 0 {
		paths = []string{"."}
	}
	units, err := readInput(paths, std.in)
	if err != nil {
		return nil, nil, err
	}
	report := new(diag.Report)
	var builds []*build
	for _, u := range units {
		b := like
		b.unit, b.evaluate, b.report = u, jsonnetProcess(ctx, u.dir), new(diag.Report)
		compiled := compile(&b)
		report.Append(compiled.report.Findings()...)
		compiled.report = report // of all: nothing that is found from here on depends on what is wrong with another
		builds = append(builds, compiled)
	}
	return builds, report, checkEnvironments(builds, like.envs)
}
