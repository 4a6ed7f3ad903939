package generators

import (
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// maxRelease is how many bytes the data of a Kubernetes Secret may have
// (k8s.io/api/core/v1, MaxSecretSize).
const maxRelease = 1 << 20

// releaseSize is about how many bytes Helm stores of a release with everything
// on: templates, other files and the rendered manifest as JSON, the files in
// base64, compressed, and that in base64 again. Above maxRelease it is any
// number above that.
func (c *chart) releaseSize(files []Artifact) int {
	type stored struct {
		Name string `json:"name"`
		Data []byte `json:"data"` // as base64
	}
	var release struct {
		Files    []stored `json:"files"`
		Manifest string   `json:"manifest"`
	}
	for _, f := range files {
		release.Files = append(release.Files, stored{f.Path, f.Bytes})
	}
	var manifest strings.Builder
	for _, a := range c.resources {
		fmt.Fprintf(&manifest, "---\n# Source: %s\n%s", a.Path, a.Bytes)
	}
	release.Manifest = manifest.String()
	var size limit
	compressed, _ := gzip.NewWriterLevel(&size, gzip.BestCompression) // there is such a level
	if err := json.NewEncoder(compressed).Encode(release); err == nil {
		_ = compressed.Close() // size says what happened
	}
	return base64.StdEncoding.EncodedLen(int(size))
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
