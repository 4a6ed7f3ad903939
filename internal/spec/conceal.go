package spec

import (
	"slices"
	"strings"

	"slowburn/internal/diag"
)

// Conceal keeps the secrets of a document from being shown with findings: by
// their keys, and whatever form they have there. It is for documents in which
// secrets are expected; what the text alone tells is known without it.
func Conceal(v *Value) {
	if v == nil {
		return
	}
	for _, item := range v.Items() {
		Conceal(item)
	}
	for _, f := range v.Fields() {
		conceal(f)
		Conceal(f.Value)
	}
}

func conceal(f Field) {
	key := diag.SecretKeyOf(f.Key.Text)
	switch {
	case f.Value.Kind != List && f.Value.Kind != Map:
		if key.Hides(f.Value.Text) || isWayToTell(f.Key.Text) {
			f.Value.Pos.Conceal(f.Value.Text)
		}
	case isWayToTell(f.Key.Text):
		for _, item := range f.Value.Items() { // each should be a map
			if item.Kind != Map {
				concealBelow(item)
			}
		}
	case key == diag.Secret, key == diag.Address && !strings.EqualFold(f.Key.Text, "webhook"):
		concealBelow(f.Value)
	}
}

// isWayToTell tells whether a key is one of a list of ways to tell a receiver.
func isWayToTell(key string) bool {
	return strings.HasSuffix(key, "_configs") || strings.HasSuffix(key, "Configs")
}

// references are the keys by which something refers to a secret.
var references = []string{"name", "key", "optional", "type"}

// concealBelow conceals a value that stands where a secret belongs, all of it but
// what refers to a secret elsewhere.
func concealBelow(v *Value) {
	if v.Kind != List && v.Kind != Map {
		v.Pos.Conceal(v.Text)
	}
	for _, item := range v.Items() {
		concealBelow(item)
	}
	for _, f := range v.Fields() {
		if key := diag.SecretKeyOf(f.Key.Text); slices.Contains(references, f.Key.Text) || key == diag.File {
			if key.Hides(f.Value.Text) {
				f.Value.Pos.Conceal(f.Value.Text)
			}
			continue
		}
		concealBelow(f.Value)
	}
}
