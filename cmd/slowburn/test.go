package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"slowburn/internal/rulefile"
	"slowburn/internal/simulate"
)

type testOptions struct {
	paths []string
	envs  []string
	std   streams
}

func newTestCmd(std streams) *cobra.Command {
	opts := testOptions{std: std}
	cmd := &cobra.Command{
		Use:   "test [PATH...]",
		Short: "run the scenarios of specs through Prometheus' engine",
		Long: `test compiles specs in memory and runs the rules, as they would be written, over synthetic series with Prometheus' own
engine. Each scenario is an outage; what the burn-rate arithmetic predicts stands beside what was observed, and the test
fails where they differ by more than scraping and evaluation can explain.

A PATH is a file, a folder, a glob or - for standard input; without one it is the current folder.
`,
		Example: `  slowburn test specs/veza`,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			return runTest(cmd.Context(), opts)
		},
	}
	cmd.Long += exitHelp
	addSpecFlags(cmd, &opts.envs)
	return cmd
}

func runTest(ctx context.Context, opts testOptions) error {
	builds, report, err := compileAll(ctx, opts.paths, opts.envs, opts.std)
	if err != nil {
		return err
	}
	if err := printFindings(opts.std.err, "text", report.Findings()); err != nil {
		return err
	}
	if report.HasErrors() {
		return errFindings
	}
	var results []simulate.Result
	for _, b := range builds {
		var groups []*rulefile.Group
		for _, f := range readBack(b.rawRules(), report).files {
			groups = append(groups, f.Groups...)
		}
		for _, s := range b.scenarios {
			r, err := simulate.Run(ctx, s, groups)
			if err != nil {
				return err
			}
			results = append(results, r...)
		}
	}
	if len(results) == 0 {
		return fmt.Errorf("no scenarios: add scenarios to a Service, or there is nothing to test")
	}
	failed := 0
	for _, r := range results {
		if !r.OK() {
			failed++
		}
	}
	if err := writeResults(opts.std.out, results); err != nil {
		return err
	}
	fmt.Fprintf(opts.std.err, "%s, %d failed\n", countWord(len(results), "prediction"), failed)
	if failed > 0 {
		return errFindings
	}
	return nil
}

// writeResults prints what was predicted beside what was observed.
func writeResults(w io.Writer, results []simulate.Result) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\tSCENARIO\tALERT\tPREDICTED\tOBSERVED")
	for _, r := range results {
		mark := "ok"
		if !r.OK() {
			mark = "FAIL"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", mark, r.Scenario.Name, r.Alert, r.Predicted(), r.Saw())
	}
	return table.Flush()
}
