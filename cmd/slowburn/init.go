package main

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"slowburn/internal/spec"
)

// The first spec is real files, which a test compiles, checks and proves.
//
//go:embed init
var initFiles embed.FS

// placeholder is the service's name in the first spec.
const placeholder = "myservice"

func newInitCmd(std streams) *cobra.Command {
	return &cobra.Command{
		Use:   "init DIR",
		Short: "write a first spec, commented, that compiles",
		Long: `init makes a folder with a first spec: two SLOs, their alerts, another alert, a routing tree, runbooks and a small metric catalogue, each key
with a comment. It compiles and its scenarios pass; edit it from there. The folder's name becomes the service's. Files that
exist are never touched.
` + exitHelp,
		Example: `  slowburn init specs/checkout
  slowburn compile specs/checkout -o out && slowburn test specs/checkout`,
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return runInit(args[0], std)
		},
	}
}

func runInit(dir string, std streams) error {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	name := filepath.Base(absolute)
	if !spec.IsName(name) {
		return fmt.Errorf("%q is no name for a service: name the folder with lower case letters, digits and dashes", name)
	}
	files, err := firstSpec(name, time.Now().UTC())
	if err != nil {
		return err
	}
	for p := range files {
		if _, err := os.Lstat(filepath.Join(dir, p)); err == nil {
			return fmt.Errorf("%s exists already; nothing was written", filepath.Join(dir, p))
		}
	}
	for p, text := range files {
		p = filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			return err
		}
		f, err := os.OpenFile(p, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		_, err = f.WriteString(text)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return err
		}
	}
	fmt.Fprintf(std.err, "wrote %s: edit service.yaml, then\n  slowburn compile %s -o out\n  slowburn test %s\n", countWord(len(files), "file"), dir, dir)
	return nil
}

// firstSpec is the first spec, by path, for a service of that name. Its pages
// were reviewed today: whoever runs init is looking at them.
func firstSpec(name string, today time.Time) (map[string]string, error) {
	title := strings.ToUpper(placeholder[:1]) + placeholder[1:]
	rename := strings.NewReplacer(placeholder, name, title, spec.CamelCase(name), "{today}", today.Format(time.DateOnly))
	files := map[string]string{}
	err := fs.WalkDir(initFiles, "init", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := initFiles.ReadFile(p)
		rel := strings.TrimPrefix(p, "init/")
		files[path.Join(path.Dir(rel), rename.Replace(path.Base(rel)))] = rename.Replace(string(text))
		return err
	})
	return files, err
}
