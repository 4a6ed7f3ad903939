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
	"slices"

	"slowburn/generators"
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

// errNoManifest is about a file that has a manifest's name and is somebody's.
var errNoManifest = errors.New("it is no manifest of slowburn")

// parseManifest reads a manifest. What an interrupted copy or a merge left of
// one is damaged, and so is one that names files outside of its folder.
func parseManifest(text []byte) (manifest, error) {
	var m manifest
	err := json.Unmarshal(text, &m)
	begin := manifest{}.bytes()[:len("{\n  \"files\"")]
	switch {
	case err != nil && !json.Valid(text) && (bytes.HasPrefix(begin, text) || bytes.Contains(text, begin[len("{\n"):])):
		return manifest{}, err
	case err != nil || m.Files == nil:
		return manifest{}, errNoManifest
	}
	paths := slices.Concat(slices.Collect(maps.Keys(m.Files)), slices.Collect(maps.Keys(m.Before)))
	for _, p := range slices.Sorted(slices.Values(paths)) {
		if !fs.ValidPath(p) || p == "." {
			return manifest{}, fmt.Errorf("it names %q", p)
		}
	}
	return m, nil
}
