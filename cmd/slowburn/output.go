package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"slowburn/generators"
)

// An output folder holds artifacts and a manifest of their hashes. Every file
// is written beside its place and renamed, so that each is old or new and never
// half. Before the first rename the new manifest is put down as pending; after
// the last one it replaces the old. So a folder with a pending manifest is known
// to be incomplete, and both manifests together tell which files are ours: the
// pending one also lists what was ours before it, since an interrupted run may
// be followed by another interrupted one.
const (
	manifestName = "manifest.json"
	pendingName  = "manifest.json.pending"
	tempSuffix   = ".slowburn-tmp"
)

// output is an output folder, confined: no name can lead out of it.
type output struct {
	root     *os.Root
	dir      string
	locked   *os.File // the folder, while this process writes to it
	written  hashes   // by the run before, and by interrupted ones
	pending  bool     // the run before was interrupted
	damaged  []string // what is wrong with manifests
	inTheWay []string // files that have a manifest's name and are none
}

// openOutput opens a folder; to write, it makes it where it is missing, and
// keeps others from writing until it is closed.
func openOutput(dir string, write bool) (*output, error) {
	if write {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	o := &output{root: root, dir: dir, written: hashes{}}
	if write {
		err = o.lock()
	}
	for _, name := range []string{manifestName, pendingName} {
		if err == nil {
			err = o.readManifest(name)
		}
	}
	if err != nil {
		o.close()
		return nil, err
	}
	return o, nil
}

func (o *output) close() {
	if o.locked != nil {
		o.locked.Close()
	}
	o.root.Close()
}

// lock fails while another process writes to the folder: together they would
// make a mixture of two outputs.
func (o *output) lock() error {
	var err error
	if o.locked, err = o.root.Open("."); err != nil {
		return err
	}
	if isLocked(o.locked) {
		return fmt.Errorf("%s: another slowburn is writing to it: compile again when that is done", o.dir)
	}
	return nil
}

// readManifest learns from a manifest which files are ours. From one that is
// damaged it learns nothing, as if it were missing.
func (o *output) readManifest(name string) error {
	text, err := o.read(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, errNotRegular):
		o.inTheWay = append(o.inTheWay, name)
		return nil
	case err != nil:
		return o.because(name, err)
	}
	m, err := parseManifest(text)
	switch {
	case errors.Is(err, errNoManifest):
		o.inTheWay = append(o.inTheWay, name)
	case err != nil:
		o.damaged = append(o.damaged, fmt.Sprintf("%s is damaged: %v", path.Join(o.dir, name), err))
	}
	o.pending = o.pending || name == pendingName
	for p, sum := range m.Files {
		o.written.add(p, sum)
	}
	for p, sums := range m.Before {
		for _, sum := range sums {
			o.written.add(p, sum)
		}
	}
	return nil
}

// errNotRegular is something that slowburn never wrote: a link, a pipe, a folder.
var errNotRegular = errors.New("it is not a regular file")

// read reads a file. A link is not followed: it is somebody's, and may lead anywhere.
func (o *output) read(name string) ([]byte, error) {
	info, err := o.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	return o.root.ReadFile(name)
}

// because is an error about a file, by the name that the user knows.
func (o *output) because(name string, err error) error {
	return fmt.Errorf("%s: %w", path.Join(o.dir, name), reason(err))
}

// differences lists how the folder differs from what artifacts want it to be.
func (o *output) differences(artifacts []generators.Artifact) ([]string, error) {
	var diffs []string
	if o.pending {
		diffs = append(diffs, "incomplete: an earlier run was interrupted")
	}
	want := map[string]bool{}
	for _, a := range artifacts {
		want[a.Path] = true
		have, err := o.read(a.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			diffs = append(diffs, "missing: "+a.Path)
		case err != nil && !errors.Is(err, errNotRegular):
			return nil, o.because(a.Path, err)
		case err != nil || !bytes.Equal(have, a.Bytes):
			diffs = append(diffs, "differs: "+a.Path)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(o.written)) {
		if _, err := o.root.Lstat(p); !want[p] && err == nil {
			diffs = append(diffs, "no longer generated: "+p)
		}
	}
	have, err := o.read(manifestName)
	if len(diffs) == 0 && (err != nil || !bytes.Equal(have, newManifest(artifacts).bytes())) {
		diffs = append(diffs, "differs: "+manifestName)
	}
	return diffs, nil
}

// foreign lists files in the way of artifacts that slowburn did not write.
func (o *output) foreign(artifacts []generators.Artifact) []string {
	found := slices.Clone(o.inTheWay)
	for _, a := range artifacts {
		have, err := o.read(a.Path)
		_, ours := o.written[a.Path]
		if errors.Is(err, errNotRegular) || err == nil && !ours && !bytes.Equal(have, a.Bytes) {
			found = append(found, a.Path)
		}
	}
	return found
}

// write makes the folder hold artifacts. It returns the files that were edited
// by hand and no longer generated, which it leaves where they are.
func (o *output) write(artifacts []generators.Artifact) (kept []string, err error) {
	next := newManifest(artifacts)
	pending := next
	pending.Before = o.written
	if err := o.replace(pendingName, pending.bytes()); err != nil {
		return nil, err
	}
	for _, a := range artifacts {
		if err := o.replace(a.Path, a.Bytes); err != nil {
			return nil, err
		}
	}
	for _, p := range slices.Sorted(maps.Keys(o.written)) {
		if _, stays := next.Files[p]; stays {
			continue
		}
		edited, err := o.remove(p)
		if err != nil {
			return nil, err
		}
		if edited {
			kept = append(kept, p)
		}
	}
	if err := o.replace(manifestName, next.bytes()); err != nil {
		return nil, err
	}
	if err := o.root.Remove(pendingName); err != nil {
		return nil, o.because(pendingName, err)
	}
	return kept, nil
}

// replace writes a file whole: beside its place first, then renamed. A file
// that is right already is not touched.
func (o *output) replace(name string, text []byte) error {
	temp := name + tempSuffix
	if have, err := o.read(name); err == nil && bytes.Equal(have, text) {
		if o.pending {
			_ = o.root.Remove(temp) // the interrupted run may have left one
		}
		return nil
	}
	if err := o.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return o.because(name, err)
	}
	f, err := o.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return o.because(name, err)
	}
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = o.root.Rename(temp, name)
	}
	if err != nil {
		_ = o.root.Remove(temp) // best effort: the first error is the one to tell
		return o.because(name, err)
	}
	return nil
}

// remove deletes a file that is no longer generated, unless it was edited since,
// and the folders that it leaves empty.
func (o *output) remove(name string) (edited bool, err error) {
	_ = o.root.Remove(name + tempSuffix) // left by an interrupted run, if any
	text, err := o.read(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil && !errors.Is(err, errNotRegular):
		return false, o.because(name, err)
	case err != nil || !slices.Contains(o.written[name], hash(text)):
		return true, nil
	}
	if err := o.root.Remove(name); err != nil {
		return false, o.because(name, err)
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if o.root.Remove(dir) != nil {
			break // not empty
		}
	}
	return false, nil
}

// countWord is "1 file" or "3 files".
func countWord(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %ss", n, strings.TrimSuffix(one, "s"))
}
