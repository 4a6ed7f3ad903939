package main

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
	"slowburn/internal/spec"
)

// pagesFolder is the folder of a unit that holds its runbooks.
const pagesFolder = "runbooks"

// readPages reads the runbooks of the unit's folder.
func (b *build) readPages() []*runbook.Page {
	if b.unit.root == nil {
		return nil
	}
	if _, err := fs.Stat(b.unit.root, pagesFolder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		b.unreadablePage(pagesFolder, err) // a link out of the folder, for one
		return nil
	}
	names, err := fs.Glob(b.unit.root, pagesFolder+"/*.md")
	if err != nil {
		return nil
	}
	var pages []*runbook.Page
	for _, name := range names {
		if p := b.readPage(name); p != nil {
			pages = append(pages, p)
		}
	}
	return pages
}

// readPage reads a runbook that has a name of its own, or reports why not. A
// link is not followed: what it leads to may be anybody's.
func (b *build) readPage(name string) *runbook.Page {
	src := b.readPageSource(name)
	if src == nil {
		return nil
	}
	at := diag.Pos{Source: src}
	page := pageName(name)
	switch {
	case !spec.IsName(page):
		b.report.Add(spec.BadValue, at, "rename it: lower case letters, digits and dashes", "%q is not a name for a runbook", page)
		return nil
	case page == "index":
		b.report.Add(spec.BadValue, at, "rename it: the index of the runbooks is written there", "%q is not a name for a runbook", page)
		return nil
	}
	return runbook.Read(page, src, b.report)
}

// readPageSource reads the file of a page, or reports why it cannot.
func (b *build) readPageSource(name string) *diag.Source {
	info, err := fs.Lstat(b.unit.root, name)
	if err == nil && info.Mode()&fs.ModeSymlink != 0 {
		err = errors.New("it is a link; put the page itself there")
	}
	var src *diag.Source
	if err == nil {
		src, err = b.readBeside(name)
	}
	if err != nil {
		b.unreadablePage(name, err)
		return nil
	}
	return src
}

func (b *build) unreadablePage(name string, err error) {
	at := diag.Pos{Source: &diag.Source{Name: path.Join(filepath.ToSlash(b.unit.dir), name)}}
	b.report.Add(spec.UnknownReference, at, "", "the runbook cannot be read: %v", reason(err))
}

// pageName is the name of a runbook: that of its file, without .md.
func pageName(file string) string { return strings.TrimSuffix(path.Base(file), ".md") }

// styles are the styles of pages that the services know, and the one that pages
// have unless they say otherwise.
func (b *build) styles(r *diag.Report) ([]runbook.Style, *runbook.Style) {
	styles, style := runbook.Styles, (*runbook.Style)(nil)
	for _, doc := range b.services {
		all, chosen := doc.Runbooks.Resolve(r)
		styles = append(styles[:len(styles):len(styles)], all[len(runbook.Styles):]...)
		if style == nil {
			style = chosen
		}
	}
	return styles, style
}
