package main

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

func addSpecFlags(cmd *cobra.Command, envs *[]string) {
	cmd.Flags().StringSliceVar(envs, "env", nil, "overlays to apply, in order: NAME[,NAME...]")
}

// checkEnvironments reports an environment that no overlay is made for.
func checkEnvironments(builds []*build, envs []string) error {
	known := map[string]bool{}
	for _, b := range builds {
		for _, env := range b.known {
			known[env] = true
		}
	}
	for _, env := range envs {
		if known[env] {
			continue
		}
		return fmt.Errorf("--env %s: no spec has an overlay for it; %s", env, spec.Suggest(env, slices.Sorted(maps.Keys(known))))
	}
	return nil
}

// findingFormats are the ways to print findings.
var findingFormats = map[string]func(io.Writer, []diag.Finding) error{
	"text":   func(w io.Writer, f []diag.Finding) error { return diag.WriteText(w, f, colour(w)) },
	"json":   diag.WriteJSON,
	"sarif":  diag.WriteSARIF,
	"github": diag.WriteGitHub,
}

func addFormatFlag(cmd *cobra.Command, format *string) {
	cmd.Flags().StringVar(format, "format", "text", "how to print findings: text, json, sarif or github")
	cmd.PreRunE = func(*cobra.Command, []string) error {
		if findingFormats[*format] == nil {
			return fmt.Errorf("--format %s: use text, json, sarif or github", *format)
		}
		return nil
	}
}

// failOn are the severities at which check ends with exit status 1.
var failOn = map[string]diag.Severity{"error": diag.Error, "warning": diag.Warning}

func addFailOnFlag(cmd *cobra.Command, severity *string) {
	cmd.Flags().StringVar(severity, "fail-on", "warning", "the mildest finding that makes the exit status 1: warning or error")
	before := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if _, ok := failOn[*severity]; !ok {
			return fmt.Errorf("--fail-on %s: use warning or error", *severity)
		}
		return before(cmd, args)
	}
}

// printProblems prints findings beside what a command is for. Of notes it says
// how many there are: what asks for nothing should not stand before every output.
func printProblems(w io.Writer, format string, findings []diag.Finding) error {
	if format != "text" {
		return printFindings(w, format, findings)
	}
	problems := slices.DeleteFunc(slices.Clone(findings), func(f diag.Finding) bool { return f.Severity() == diag.Note })
	if err := printFindings(w, format, problems); err != nil {
		return err
	}
	if notes := len(findings) - len(problems); notes > 0 {
		fmt.Fprintf(w, "%s, which slowburn check shows\n", countWord(notes, "note"))
	}
	return nil
}

func printFindings(w io.Writer, format string, findings []diag.Finding) error {
	return findingFormats[format](w, findings)
}
