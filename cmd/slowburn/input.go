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

// maxFile bounds what is read of one file.
const maxFile = 512 << 20

// unit is one folder of input: its documents refer to each other.
type unit struct {
	dir   string // as the user named it, or found below that
	out   string // where its output goes, relative to the output folder
	files []file
	root  fs.FS // the folder, confined; nil for standard input
}

// file is one input file.
type file struct {
	name     string // within the folder
	source   *diag.Source
	explicit bool // named by the user, not found in a folder
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
			return fmt.Errorf("%s: no such file or folder, and as a pattern it matches nothing", p)
		}
	}
	for _, m := range matches {
		info, err := os.Stat(m)
		if err != nil {
			return err
		}
		if info.IsDir() {
			err = c.addFolder(m)
		} else {
			err = c.addFile(filepath.Dir(m), filepath.Base(m), ".", true)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addFolder adds the files below a folder, each subfolder as a unit of its own.
func (c *collector) addFolder(top string) error {
	found := false
	err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := strings.HasPrefix(d.Name(), ".") && p != top
		switch {
		case d.IsDir() && hidden:
			return fs.SkipDir
		case d.IsDir() || hidden || !slices.Contains(inputExtensions, filepath.Ext(p)):
			return nil
		}
		found = true
		rel, err := filepath.Rel(top, filepath.Dir(p))
		if err != nil {
			return err
		}
		return c.addFile(filepath.Dir(p), filepath.Base(p), filepath.ToSlash(rel), false)
	})
	if err == nil && !found {
		err = fmt.Errorf("%s: nothing to read: no file that ends in %s", top, strings.Join(inputExtensions, ", "))
	}
	return err
}

func (c *collector) addFile(dir, name, out string, explicit bool) error {
	u := c.units[dir]
	if u == nil {
		root, err := os.OpenRoot(dir)
		if err != nil {
			return err
		}
		u = &unit{dir: dir, out: out, root: root.FS()}
		c.units[dir] = u
		c.order = append(c.order, u)
	}
	if slices.ContainsFunc(u.files, func(f file) bool { return f.name == name }) {
		return nil
	}
	src, err := readSource(os.DirFS(dir), dir, name)
	if err != nil {
		return err
	}
	u.files = append(u.files, file{name: name, source: src, explicit: explicit})
	return nil
}

// readSource reads a file of a unit. What is no regular file (a pipe, a device)
// might never end.
func readSource(root fs.FS, dir, name string) (*diag.Source, error) {
	shown := path.Join(filepath.ToSlash(dir), name)
	info, err := fs.Stat(root, name)
	if err != nil {
		return nil, err
	}
	switch {
	case info.IsDir():
		return nil, fmt.Errorf("%s is a folder", shown)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", shown)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s is larger than %d MiB", shown, maxFile>>20)
	}
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown, err)
	}
	return &diag.Source{Name: shown, Text: text}, nil
}
