package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"slowburn/internal/check"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// configName is the file that configures the checks.
const configName = ".slowburn.yaml"

// configuration is a configuration of the checks with what it refers to. The
// zero value is that of somebody who has none.
type configuration struct {
	*check.Config
	dir        string // absolute; "" where there is none
	catalogues map[string]*slo.Catalogue
}

// findConfig is the configuration of the current folder: the one that stands in
// it, or in the nearest folder above it up to the root of the repository.
func findConfig() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		name := filepath.Join(dir, configName)
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			return name, nil
		}
		_, err := os.Stat(filepath.Join(dir, ".git"))
		above := filepath.Dir(dir)
		if err == nil || above == dir {
			return "", nil
		}
		dir = above
	}
}

// readConfig reads the named configuration, or the one of the current folder.
func readConfig(name string, r *diag.Report) (*configuration, error) {
	explicit := name != ""
	if !explicit {
		var err error
		if name, err = findConfig(); err != nil || name == "" {
			return &configuration{}, err
		}
	}
	absolute, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(absolute)
	src, err := readSource(os.DirFS(dir), dir, filepath.Base(absolute))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, reason(err))
	}
	src.Name = shortName(absolute)
	c := &configuration{Config: check.ReadConfig(src, r), dir: dir, catalogues: map[string]*slo.Catalogue{}}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	for _, text := range c.AllMetrics() {
		c.readCatalogue(root.FS(), text, r)
	}
	return c, nil
}

// shortName is a file as it is called from the current folder.
func shortName(absolute string) string {
	dir, err := os.Getwd()
	if err != nil {
		return absolute
	}
	rel, err := filepath.Rel(dir, absolute)
	if err != nil {
		return absolute
	}
	return filepath.ToSlash(rel)
}

func (c *configuration) readCatalogue(root fs.FS, name spec.Text, r *diag.Report) {
	if name.Text == "" || c.catalogues[name.Text] != nil {
		return
	}
	src, err := &diag.Source{Name: name.Text}, errors.New("it is outside of the folder")
	if fs.ValidPath(name.Text) {
		src, err = readSource(root, filepath.Dir(name.Pos().File()), name.Text)
	}
	if err != nil {
		r.Add(spec.UnknownReference, name.Pos(), "name a file below the configuration", "the metric catalogue cannot be read: %v", reason(err))
		return
	}
	c.catalogues[name.Text] = slo.ReadCatalogue(src, []string{"job", "instance"}, r)
}

// path is what the patterns of the configuration are held against: the way to
// a file from the folder of the configuration.
func (c *configuration) path(source string) string {
	absolute, err := filepath.Abs(source)
	if err != nil || c.dir == "" {
		return source
	}
	rel, err := filepath.Rel(c.dir, absolute)
	if err != nil {
		return source
	}
	return filepath.ToSlash(rel)
}

// around is what is known of what is around a file.
func (c *configuration) around(source string) check.Surroundings {
	s := check.Surroundings{Path: c.path(source)}
	for _, name := range c.MetricsOf(s.Path) {
		if known := c.catalogues[name.Text]; known != nil {
			s.Catalogues = append(s.Catalogues, known)
		}
	}
	return s
}

// options are those for rule files that people wrote, with the sources of their unit.
func (c *configuration) options(sources []*diag.Source) check.Options {
	return check.Options{Config: c.Config, Sources: sources, Around: func(f *rulefile.File) check.Surroundings { return c.around(f.Source.Name) }}
}

// optionsFor are those for the rules that a build emits, which stand in no file
// yet. What the specs say counts besides.
func (c *configuration) optionsFor(b *build) check.Options {
	return check.Options{Config: c.Config, Sources: b.unit.sources(), Around: func(f *rulefile.File) check.Surroundings {
		s := c.around(filepath.Join(b.unit.dir, f.Source.Name))
		s.Catalogues = append(s.Catalogues, b.catalogues...)
		for _, service := range b.resolved {
			if s.ScrapeInterval == 0 || service.ScrapeInterval < s.ScrapeInterval {
				s.ScrapeInterval = service.ScrapeInterval
			}
		}
		return s
	}}
}
