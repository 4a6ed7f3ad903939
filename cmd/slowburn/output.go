package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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

// manifest is what an output folder holds: SHA-256 by path.
type manifest struct {
	Files map[string]string `json:"files"`
	// Before is, in a pending manifest, what the folder may still hold of earlier runs.
	Before hashes `json:"before,omitempty"`
}

// hashes are the contents that slowburn wrote under each path.
type hashes map[string][]string

func (h hashes) add(path, sum string) {
	if !slices.Contains(h[path], sum) {
		h[path] = append(h[path], sum)
	}
}

func newManifest(artifacts []generators.Artifact) manifest {
	m := manifest{Files: map[string]string{}}
	for _, a := range artifacts {
		m.Files[a.Path] = hash(a.Bytes)
	}
	return m
}

func hash(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (m manifest) bytes() []byte {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic(err) // a map of strings always marshals
	}
	return append(text, '\n')
}

// output is an output folder, confined: no name can lead out of it.
type output struct {
	root    *os.Root
	dir     string
	written hashes // by the run before, and by interrupted ones
	pending bool   // the run before was interrupted
}

// openOutput opens a folder; with create it makes it where it is missing.
func openOutput(dir string, create bool) (*output, error) {
	if create {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	o := &output{root: root, dir: dir, written: hashes{}}
	for _, name := range []string{manifestName, pendingName} {
		text, err := root.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		var m manifest
		if err := json.Unmarshal(text, &m); err != nil {
			return nil, fmt.Errorf("%s is damaged (%v): remove it, and the files that slowburn wrote", path.Join(dir, name), err)
		}
		for p, sum := range m.Files {
			o.written.add(p, sum)
		}
		for p, sums := range m.Before {
			for _, sum := range sums {
				o.written.add(p, sum)
			}
		}
		o.pending = o.pending || name == pendingName
	}
	return o, nil
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
		have, err := o.root.ReadFile(a.Path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			diffs = append(diffs, "missing: "+a.Path)
		case err != nil:
			return nil, err
		case !bytes.Equal(have, a.Bytes):
			diffs = append(diffs, "differs: "+a.Path)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(o.written)) {
		if _, err := o.root.Stat(p); !want[p] && err == nil {
			diffs = append(diffs, "no longer generated: "+p)
		}
	}
	have, err := o.root.ReadFile(manifestName)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if len(diffs) == 0 && !bytes.Equal(have, newManifest(artifacts).bytes()) {
		diffs = append(diffs, "differs: "+manifestName)
	}
	return diffs, nil
}

// foreign lists files in the way of artifacts that slowburn did not write.
func (o *output) foreign(artifacts []generators.Artifact) []string {
	var found []string
	for _, a := range artifacts {
		if _, ours := o.written[a.Path]; ours {
			continue
		}
		if have, err := o.root.ReadFile(a.Path); err == nil && !bytes.Equal(have, a.Bytes) {
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
	return kept, o.root.Remove(pendingName)
}

// replace writes a file whole: beside its place first, then renamed. A file
// that is right already is not touched.
func (o *output) replace(name string, text []byte) error {
	temp := name + tempSuffix
	if have, err := o.root.ReadFile(name); err == nil && bytes.Equal(have, text) {
		if o.pending {
			_ = o.root.Remove(temp) // the interrupted run may have left one
		}
		return nil
	}
	if err := o.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := o.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
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
	}
	return err
}

// remove deletes a file that is no longer generated, unless it was edited since,
// and the folders that it leaves empty.
func (o *output) remove(name string) (edited bool, err error) {
	_ = o.root.Remove(name + tempSuffix) // left by an interrupted run, if any
	text, err := o.root.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !slices.Contains(o.written[name], hash(text)) {
		return true, nil
	}
	if err := o.root.Remove(name); err != nil {
		return false, err
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
