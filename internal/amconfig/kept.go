package amconfig

import (
	"encoding/base64"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// KeptConfig is a configuration that a Secret or a ConfigMap holds as a file.
type KeptConfig struct {
	value   *spec.Value
	encoded bool // in base64
}

// Kept are the configurations in a document: in a Secret, such as the operator
// reads as its configSecret, in a ConfigMap, or in those of a list.
func Kept(doc *spec.Value) []KeptConfig {
	kind := doc.Get("kind")
	if kind == nil {
		return nil
	}
	var all []KeptConfig
	if strings.HasSuffix(kind.Text, "List") {
		for _, item := range items(doc.Get("items")) {
			all = append(all, Kept(item)...)
		}
		return all
	}
	isSecret := kind.Text == "Secret"
	if !isSecret && kind.Text != "ConfigMap" {
		return nil
	}
	for _, key := range []string{"data", "stringData"} {
		for _, name := range []string{"alertmanager.yaml", "alertmanager.yml"} {
			if v := doc.Get(key).Get(name); v != nil && v.Kind == spec.String {
				all = append(all, KeptConfig{v, isSecret && key == "data"})
			}
		}
	}
	return all
}

// Read reads the configuration. It is nil where Alertmanager refuses it, and
// where it is a placeholder that something fills in.
func (k KeptConfig) Read(src *diag.Source, r *diag.Report) *Config {
	text := k.value.Text
	if k.encoded {
		decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
		if err != nil {
			k.value.Pos.Hide()
			r.Add(Invalid, k.value.Pos, "write it under stringData, or encode it", "what stands under data is not in base64: %v", err)
			return nil
		}
		text = string(decoded)
	}
	docs := spec.ReadHeld(k.value, text, r)
	if len(docs) == 0 || !Is(docs[0]) {
		return nil
	}
	c := readDocument(src, text, docs[0], r)
	if c != nil {
		c.Kept = true
	}
	return c
}
