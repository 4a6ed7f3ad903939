package generators

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// maxRelease is how many bytes the data of a Kubernetes Secret may have
// (k8s.io/api/core/v1, MaxSecretSize).
const maxRelease = 1 << 20

// mayBeLarge tells whether a release may be larger than a Secret: if it may, were nothing compressed. To compress the chart of
// one SLO takes a third of the time in which all of it is compiled.
func (c *chart) mayBeLarge(files []Artifact) bool {
	const overhead = 1 << 10 // of gzip's blocks
	return base64.StdEncoding.EncodedLen(c.longest(files)+overhead) > maxRelease
}

// longest is how long a release can be as JSON at most.
func (c *chart) longest(files []Artifact) int {
	const longest = len(`\u003c`) // is how a character stands in JSON
	size := len(`{"files":[],"manifest":""}` + "\n")
	for _, f := range files {
		size += longest*len(f.Path) + base64.StdEncoding.EncodedLen(len(f.Bytes)) + len(`{"name":"","data":""},`)
	}
	for _, a := range c.resources {
		size += longest * (len(a.Path) + len(a.Bytes) + len("---\n# Source: \n"))
	}
	return size
}

// releaseSize is about how many bytes Helm stores of a release with everything
// on: templates, other files and the rendered manifest as JSON, the files in
// base64, compressed, and that in base64 again. Above maxRelease it is any
// number above that.
func (c *chart) releaseSize(files []Artifact) int {
	var size limit
	compressed, _ := gzip.NewWriterLevel(&size, gzip.BestCompression) // there is such a level
	if err := c.writeRelease(compressed, files); err == nil {
		_ = compressed.Close() // size says what happened
	}
	return base64.StdEncoding.EncodedLen(int(size))
}

// writeRelease writes a release as JSON, part by part: together the parts are
// several times as large as all files.
func (c *chart) writeRelease(w io.Writer, files []Artifact) error {
	var err error
	write := func(texts ...[]byte) {
		for _, text := range texts {
			if err == nil {
				_, err = w.Write(text)
			}
		}
	}
	inString := func(text []byte) []byte {
		quoted, _ := json.Marshal(string(text)) // texts always marshal
		return quoted[1 : len(quoted)-1]
	}
	write([]byte(`{"files":[`))
	for i, f := range files {
		if i > 0 {
			write([]byte(","))
		}
		write([]byte(`{"name":"`), inString([]byte(f.Path)), []byte(`","data":"`))
		for part := range slices.Chunk(f.Bytes, 3<<13) { // whole groups of base64
			if err != nil {
				return err
			}
			write(base64.StdEncoding.AppendEncode(nil, part))
		}
		write([]byte(`"}`))
	}
	write([]byte(`],"manifest":"`))
	for _, a := range c.resources {
		write(inString(fmt.Appendf(nil, "---\n# Source: %s\n", a.Path)))
		for line := range bytes.Lines(a.Bytes) {
			if err != nil {
				return err
			}
			write(inString(line))
		}
	}
	write([]byte(`"}`), []byte("\n"))
	return err
}

// limit counts what is written, until it is more than a Secret can hold.
type limit int

var errFull = errors.New("larger than a Secret")

// Write implements io.Writer.
func (l *limit) Write(p []byte) (int, error) {
	*l += limit(len(p))
	if *l > maxRelease {
		return 0, errFull
	}
	return len(p), nil
}
