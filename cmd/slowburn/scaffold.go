package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"slowburn/generators"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

type scaffoldOptions struct {
	paths []string
	envs  []string
	std   streams
}

func newScaffoldCmd(std streams) *cobra.Command {
	opts := scaffoldOptions{std: std}
	cmd := &cobra.Command{
		Use:   "scaffold [PATH...]",
		Short: "begin the runbooks that specs refer to and that are missing",
		Long: `scaffold writes, in the folder runbooks beside the specs, each page that an alert names and that is not there yet: with the
sections of the service's style, and prompts where a person must write. slowburn check finds the prompts that are left. Pages
that only an environment's alerts name are begun, too. A file that exists is never touched.

A PATH is a file or a folder with specs, or a glob; without one it is the current folder.
` + exitHelp,
		Example: `  slowburn scaffold specs/veza`,
		RunE: func(cmd *cobra.Command, args []string) error {
			opts.paths = args
			return runScaffold(cmd.Context(), opts)
		},
	}
	addSpecFlags(cmd, &opts.envs)
	return cmd
}

func runScaffold(ctx context.Context, opts scaffoldOptions) error {
	builds, report, err := compileAll(ctx, opts.paths, opts.envs, opts.std)
	if err != nil {
		return err
	}
	// That pages are missing is what brought the user here.
	var others diag.Report
	for _, f := range report.Findings() {
		if f.Kind != spec.UnknownReference || !strings.HasPrefix(f.Help, generators.ScaffoldHelp) {
			others.Append(f)
		}
	}
	if err := printProblems(opts.std.err, "text", others.Findings()); err != nil {
		return err
	}
	if stops(&others) {
		fmt.Fprintln(opts.std.err, "no runbook was begun: mend the errors first")
		return errFindings
	}
	begun := 0
	for _, b := range builds {
		n, err := b.scaffold(opts.std)
		if err != nil {
			return err
		}
		begun += n
	}
	fmt.Fprintf(opts.std.err, "began %s\n", countWord(begun, "runbook"))
	if others.HasErrors() { // predictions that are wrong: no page hangs on them
		return errFindings
	}
	return nil
}

// scaffold begins the missing runbooks of a unit, in all environments.
func (b *build) scaffold(std streams) (int, error) {
	if b.unit.root == nil {
		return 0, nil
	}
	_, style := b.styles(new(diag.Report))
	var have []string
	names, err := fs.Glob(b.unit.root, path.Join(pagesFolder, "*.md"))
	if err != nil {
		return 0, err
	}
	for _, name := range names {
		have = append(have, strings.TrimSuffix(path.Base(name), ".md"))
	}
	folder, err := os.OpenRoot(b.unit.dir) // which a link cannot lead out of
	if err != nil {
		return 0, err
	}
	defer folder.Close()
	begun := 0
	for _, in := range append([]*build{b}, inEnvironments(b).others...) {
		for _, a := range generators.Scaffold(in.alerting, have, style) {
			written, err := createFile(folder, filepath.FromSlash(a.Path), a.Bytes)
			if err != nil {
				return begun, err
			}
			have = append(have, strings.TrimSuffix(path.Base(a.Path), ".md"))
			if written {
				begun++
				fmt.Fprintln(std.out, filepath.ToSlash(filepath.Join(b.unit.dir, a.Path)))
			}
		}
	}
	return begun, nil
}

// createFile writes a file that does not exist. It is false if it does, which
// somebody else may have seen to meanwhile.
func createFile(folder *os.Root, name string, text []byte) (bool, error) {
	if err := folder.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return false, err
	}
	f, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = f.Write(text)
	return true, errors.Join(err, f.Close())
}
