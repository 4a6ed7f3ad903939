package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"slowburn/generators"
	"slowburn/internal/diag"
)

type compileOptions struct {
	paths  []string
	out    string
	envs   []string
	check  bool
	force  bool
	format string
	std    streams
}

func newCompileCmd(std streams) *cobra.Command {
	opts := compileOptions{std: std}
	cmd := &cobra.Command{
		Use:   "compile [PATH...] -o DIR",
		Short: "compile specs into rules, routing and runbooks",
		Long: `compile reads specs (YAML or Jsonnet) and writes rule files, PrometheusRules, an Alertmanager configuration and runbooks.

A PATH is a file, a folder, a glob or - for standard input; without one it is the current folder. A folder is one unit: its
documents refer to each other. The folder named by PATH goes to DIR itself, each folder below it to a folder of the same
name in DIR. Nothing is written if there is an error in any spec.

Files are replaced whole and a manifest is written last, so that an interrupted run is noticed and the next one repairs it.
Files that slowburn did not write are never touched.`,
		Example: `  slowburn compile specs/veza -o out
  slowburn compile specs -o golden --check       # in CI: fail if golden is not up to date
  slowburn compile specs/dataflow -o out --env gke`,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			return runCompile(cmd.Context(), opts)
		},
	}
	cmd.Long += "\n" + exitHelp
	cmd.Flags().StringVarP(&opts.out, "output", "o", "", "folder to write to (required)")
	cmd.Flags().BoolVar(&opts.check, "check", false, "write nothing; exit with 1 if the folder is not up to date")
	cmd.Flags().BoolVar(&opts.force, "force", false, "overwrite files that slowburn did not write")
	addSpecFlags(cmd, &opts.envs)
	addFormatFlag(cmd, &opts.format)
	_ = cmd.MarkFlagRequired("output")
	return cmd
}

func runCompile(ctx context.Context, opts compileOptions) error {
	builds, report, err := compileAll(ctx, opts.paths, opts.envs, opts.std)
	if err != nil {
		return err
	}
	if err := printFindings(opts.std.err, opts.format, report.Findings()); err != nil {
		return err
	}
	if report.HasErrors() {
		return errFindings
	}
	artifacts := gather(builds)
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

// gather puts the artifacts of all units below their folders.
func gather(builds []*build) []generators.Artifact {
	var all []generators.Artifact
	for _, b := range builds {
		for _, a := range b.artifacts {
			a.Path = filepath.ToSlash(filepath.Join(b.unit.out, a.Path))
			all = append(all, a)
		}
	}
	return all
}

func checkOutput(opts compileOptions, artifacts []generators.Artifact) error {
	o, err := openOutput(opts.out, false)
	if err != nil {
		return err
	}
	defer o.root.Close()
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
	defer o.root.Close()
	if foreign := o.foreign(artifacts); len(foreign) > 0 && !opts.force {
		return fmt.Errorf("%s holds files that slowburn did not write and would overwrite (%s): choose another folder, or use --force", opts.out, strings.Join(foreign, ", "))
	}
	kept, err := o.write(artifacts)
	if err != nil {
		return err
	}
	for _, p := range kept {
		fmt.Fprintf(opts.std.err, "%s is no longer generated, but was edited by hand: remove it yourself\n", filepath.Join(opts.out, p))
	}
	fmt.Fprintf(opts.std.err, "%s: %s\n", opts.out, countWord(len(artifacts), "file"))
	return nil
}

// compileAll compiles every unit of the input.
func compileAll(ctx context.Context, paths, envs []string, std streams) ([]*build, *diag.Report, error) {
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
		builds = append(builds, compile(u, envs, jsonnetProcess(ctx, u.dir), report))
	}
	return builds, report, checkEnvironments(builds, envs)
}
