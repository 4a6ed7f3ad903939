package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"slowburn/internal/diag"
)

// errNoPath is a path or a pattern that names nothing.
var errNoPath = errors.New("no such file or folder, and as a pattern it matches nothing")

// maxFile bounds what is read of one file.
const maxFile = 512 << 20

// unit is one folder of input: its documents refer to each other.
type unit struct {
	dir   string // as the user named it, or found below that
	out   string // where its output goes, relative to the output folder
	files []file
	pages []file // runbooks: Markdown in the folder runbooks, or named by the user
	root  fs.FS  // the folder, confined; nil for standard input
}

// file is one input file.
type file struct {
	name     string // within the folder
	source   *diag.Source
	explicit bool  // named by the user, not found in a folder
	err      error // it could not be read; only of one that was found
}

// inputExtensions are those of files that are looked at in folders.
var inputExtensions = []string{".yaml", ".yml", ".jsonnet", ".json"}

// readInput finds and reads what paths name: files, folders, globs, and - for
// standard input. Files of one folder are one unit.
func readInput(paths []string, stdin io.Reader) ([]*unit, error) {
	c := collector{units: map[string]*unit{}}
	for _, p := range paths {
		if err := c.add(p, stdin); err != nil {
			return nil, err
		}
	}
	return c.order, nil
}

type collector struct {
	units map[string]*unit
	order []*unit
}

func (c *collector) add(p string, stdin io.Reader) error {
	if p == "-" {
		text, err := io.ReadAll(io.LimitReader(stdin, maxFile))
		if err != nil {
			return fmt.Errorf("standard input: %w", err)
		}
		c.order = append(c.order, &unit{dir: ".", out: ".", files: []file{{name: "-", explicit: true, source: &diag.Source{Name: "<stdin>", Text: text}}}})
		return nil
	}
	matches := []string{p}
	if _, err := os.Lstat(p); errors.Is(err, fs.ErrNotExist) {
		matches, err = filepath.Glob(p)
		if err != nil {
			return fmt.Errorf("%s: %w", p, err)
		}
		if len(matches) == 0 {
			return fmt.Errorf("%s: %w", p, errNoPath)
		}
	}
	for _, m := range matches {
		info, err := os.Stat(m)
		if err != nil {
			return err
		}
		switch {
		case info.IsDir():
			err = c.addFolder(m)
		case isPage(m):
			err = c.addPage(filepath.Dir(m), m)
		default:
			err = c.addFile(filepath.Dir(m), filepath.Base(m), ".", true)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addFolder adds the files below a folder, each subfolder as a unit of its own.
// Of a folder with nothing but Markdown the pages are runbooks, wherever they stand.
func (c *collector) addFolder(top string) error {
	found, foundPage := false, false
	var pages []string // that stand in no folder runbooks
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil && p == top {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && p != top
		switch {
		case d.IsDir() && (hidden || p != top && isHelmOwn(p)):
			return fs.SkipDir
		case err != nil: // a folder, or what is in it, cannot be read
			return c.addUnreadable(p, err)
		case isPage(p) && !d.IsDir() && !hidden && filepath.Base(filepath.Dir(p)) == pagesFolder:
			foundPage = true
			return c.addPage(top, p)
		case isPage(p) && !d.IsDir() && !hidden:
			pages = append(pages, p)
			return nil
		case d.IsDir() || hidden || isHelmOwn(p) || !slices.Contains(inputExtensions, filepath.Ext(p)):
			return nil
		}
		found = true
		rel, err := filepath.Rel(top, filepath.Dir(p))
		if err != nil {
			return err
		}
		return c.addFile(filepath.Dir(p), filepath.Base(p), filepath.ToSlash(rel), false)
	})
	switch {
	case err != nil || found:
		return err
	case len(pages) == 0 && !foundPage:
		return fmt.Errorf("%s: nothing to read: no file that ends in %s", top, strings.Join(inputExtensions, ", "))
	}
	for _, p := range pages {
		if err := c.addPage(top, p); err != nil {
			return err
		}
	}
	return nil
}

func isPage(name string) bool { return filepath.Ext(name) == ".md" }

// addPage adds a runbook to the unit of its folder; of a folder runbooks, to
// that of the folder above, whose specs and rules it belongs to.
func (c *collector) addPage(top, p string) error {
	dir := filepath.Dir(p)
	if filepath.Base(dir) == pagesFolder {
		dir = filepath.Dir(dir)
	}
	out, err := filepath.Rel(top, dir)
	if err != nil || !filepath.IsLocal(out) {
		out = "."
	}
	u, err := c.unit(dir, filepath.ToSlash(out))
	if err != nil {
		return err
	}
	name, err := filepath.Rel(dir, p)
	if err != nil {
		return err
	}
	name = filepath.ToSlash(name)
	if !slices.ContainsFunc(u.pages, func(f file) bool { return f.name == name }) {
		u.pages = append(u.pages, file{name: name})
	}
	return nil
}

// helmOwn are the parts of a Helm chart that nobody but Helm reads. Templates
// have names of YAML files, and become YAML only when they are rendered.
var helmOwn = []string{"templates", "values.yaml", "values.schema.json"}

// isHelmOwn tells whether a file or folder is such a part.
func isHelmOwn(p string) bool {
	if !slices.Contains(helmOwn, filepath.Base(p)) {
		return false
	}
	_, err := os.Stat(filepath.Join(filepath.Dir(p), "Chart.yaml"))
	return err == nil
}

func (c *collector) unit(dir, out string) (*unit, error) {
	if u := c.units[dir]; u != nil {
		return u, nil
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	u := &unit{dir: dir, out: out, root: root.FS()}
	c.units[dir] = u
	c.order = append(c.order, u)
	return u, nil
}

// addUnreadable notes what was found in a folder and cannot be read. It must not
// keep what is wrong with the rest from being told.
func (c *collector) addUnreadable(p string, err error) error {
	u, parentErr := c.unit(filepath.Dir(p), ".")
	if parentErr != nil {
		return parentErr
	}
	u.files = append(u.files, file{name: filepath.Base(p), source: &diag.Source{Name: filepath.ToSlash(p)}, err: err})
	return nil
}

func (c *collector) addFile(dir, name, out string, explicit bool) error {
	u, err := c.unit(dir, out)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(u.files, func(f file) bool { return f.name == name }) {
		return nil
	}
	src, err := readSource(os.DirFS(dir), dir, name)
	if err != nil && explicit {
		return fmt.Errorf("%s: %w", src.Name, reason(err))
	}
	u.files = append(u.files, file{name: name, source: src, explicit: explicit, err: err})
	return nil
}

// readSource reads a file of a unit; after an error the source has a name only.
// What is no regular file (a pipe, a device) might never end.
func readSource(root fs.FS, dir, name string) (*diag.Source, error) {
	src := &diag.Source{Name: path.Join(filepath.ToSlash(dir), name)}
	info, err := fs.Stat(root, name)
	switch {
	case err != nil:
	case info.IsDir():
		err = errors.New("it is a folder")
	case !info.Mode().IsRegular():
		err = errors.New("it is not a regular file")
	case info.Size() > maxFile:
		err = fmt.Errorf("it is larger than %d MiB", maxFile>>20)
	default:
		src.Text, err = fs.ReadFile(root, name)
	}
	return src, err
}

// reason is an error without the path, and the system call, that it repeats.
func reason(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &l):
		return l.Err
	}
	return err
}
