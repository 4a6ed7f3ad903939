// Command slowburn compiles service-level objectives into everything that a
// team needs in order to be woken for the right reason, and proves it.
//
// This package is the only one that reads files and flags, prints, and sets the
// exit status. Each command has a file; pipeline.go is the table of stages that
// takes specs to artifacts.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	_ "time/tzdata" // locations of intervals, wherever this runs

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// Exit statuses, the same for every command.
const (
	exitClean    = 0
	exitFindings = 1 // findings or failed tests
	exitUsage    = 2 // wrong usage, or a broken environment
)

const exitHelp = `
EXIT STATUS
  0  clean
  1  findings, or failed tests
  2  wrong usage, or something in the environment is broken`

// errFindings ends a command whose findings are printed already.
var errFindings = errors.New("findings")

func main() {
	deferGarbage()
	if len(os.Args) > 1 && os.Args[1] == jsonnetChild {
		os.Exit(runJsonnetChild(os.Args[2:], os.Stdout))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // the second one ends the program where it is
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are what a command reads and writes: data on out, progress on err.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run is the program without its process.
func run(ctx context.Context, args []string, std streams) int {
	root := newRootCmd(std)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitClean
	case errors.Is(err, errFindings):
		return exitFindings
	case ctx.Err() != nil: // everything that was going on says so
		fmt.Fprintln(std.err, "slowburn: interrupted")
		return exitUsage
	}
	fmt.Fprintf(std.err, "slowburn: %v\n", err)
	return exitUsage
}

func newRootCmd(std streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "slowburn",
		Short: "compile SLOs into alerts that are proven to work",
		Long: `slowburn compiles service-level objectives into recording rules, burn-rate alerts, an Alertmanager configuration and
runbooks, checks them, and runs every alert against synthetic series in Prometheus' own engine.

Start with: slowburn init myservice && slowburn compile myservice -o out && slowburn test myservice
` + exitHelp,
		SilenceErrors: true,
		SilenceUsage:  true,
		CompletionOptions: cobra.CompletionOptions{
			HiddenDefaultCmd: true,
		},
	}
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	root.AddCommand(newCompileCmd(std), newCheckCmd(std), newTestCmd(std), newExplainCmd(std), newInitCmd(std), newScaffoldCmd(std), newSchemaCmd(std))
	return root
}

// isTerminal tells whether w is a terminal that may be coloured and written over.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colour tells whether to colour what goes to w (https://no-color.org).
func colour(w io.Writer) bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(w)
}
