package alerts

import (
	"path"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// InlineSecret is a secret in a spec.
var InlineSecret = &diag.Kind{Name: "inline-secret", Severity: diag.Error, Doc: `A secret stands in a spec.

Specs are read by everyone who reads the repository. Secrets stay in files that only Alertmanager reads, or in a Kubernetes
secret; a spec names the file or the secret. The line is not shown with the finding. What was committed once is known: replace
the secret, too.`}

// SecretRef is a key of a Kubernetes secret.
type SecretRef struct {
	spec.Node
	// Name of the secret, in the namespace of the AlertmanagerConfig.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Key within the secret.
	Key spec.Text `json:"key" jsonschema:"required"`
}

// secret is where Alertmanager finds a secret: a file, a key of a Kubernetes
// secret, or both, so that one spec serves both ways of deploying.
type secret struct {
	name string // of the keys in the spec, such as url: urlFile and urlSecret
	of   spec.Node
	file spec.Text
	ref  *SecretRef
}

// MountedSecrets is where the Prometheus operator mounts the secrets that an
// Alertmanager resource lists, each in a folder of its name.
const MountedSecrets = "/etc/alertmanager/secrets/"

// path is the file that Alertmanager reads the secret from.
func (s secret) path() string {
	if s.file.Text == "" && s.ref != nil {
		return MountedSecrets + s.ref.Name.Text + "/" + s.ref.Key.Text
	}
	return s.file.Text
}

// check reports a secret that stands in the spec itself, and a path that
// Alertmanager could not read one from.
func (s secret) check(r *diag.Report) {
	file := s.file.Text
	switch {
	case file == "" && s.ref == nil && s.isMeant(): // reading has reported that it stands there itself, or in a misspelt key
	case file == "" && s.ref == nil && !s.file.IsUnreadable():
		r.Add(spec.MissingKey, s.of.Pos(), "add "+s.name+"File: PATH, or "+s.name+"Secret: {name: NAME, key: KEY}", "there is neither %sFile nor %sSecret", s.name, s.name)
	case file == "":
	case strings.Contains(file, "://"):
		at := s.file.Pos()
		at.Conceal(file)
		r.Add(InlineSecret, at, "put the address into a file that Alertmanager can read, and name the file here", "an address stands where the name of a file belongs")
	case !path.IsAbs(file) && !strings.Contains(file, "/"):
		at := s.file.Pos()
		at.Conceal(file)
		r.Add(InlineSecret, at, "write an absolute path; if it is the secret itself, put it into a file", "%sFile is not the name of a file", s.name)
	case !path.IsAbs(file) || path.Clean(file) != file:
		r.Add(spec.BadValue, s.file.Pos(), "write an absolute path", "%q depends on where Alertmanager is started", file)
	}
	if s.ref != nil && strings.ContainsAny(s.ref.Key.Text, "/\\") {
		r.Add(spec.BadValue, s.ref.Key.Pos(), "name a key of the secret", "%q is not a key of a Kubernetes secret", s.ref.Key.Text)
	}
}

// isMeant tells whether a key is there that is none of the two, and was meant to be.
func (s secret) isMeant() bool {
	v := s.of.Value()
	return v != nil && slices.ContainsFunc(v.Fields(), func(f spec.Field) bool {
		return spec.Nearest(f.Key.Text, []string{s.name, s.name + "File", s.name + "Secret"}) != ""
	})
}

// reportAddress reports an address where something else belongs: those of
// webhooks are as good as a password.
func reportAddress(text spec.Text, want string, r *diag.Report) {
	if !strings.Contains(text.Text, "://") {
		return
	}
	at := text.Pos()
	at.Conceal(text.Text)
	r.Add(InlineSecret, at, "write "+want+"; an address belongs into a file", "an address stands where it says who is told")
}

// keyRef is a reference to a key as Kubernetes resources have it.
type keyRef struct {
	Name string `yaml:"name"`
	Key  string `yaml:"key"`
}

// selector is the secret as an AlertmanagerConfig refers to it, or nil where the
// spec only knows a file.
func (s secret) selector() *keyRef {
	if s.ref == nil {
		return nil
	}
	return &keyRef{s.ref.Name.Text, s.ref.Key.Text}
}

// SecretText is a key that must not be used: a secret would stand in the spec.
type SecretText struct{ spec.Node }

// Instead names the key that takes a file.
func (*SecretText) Instead(key string) string { return key + "File" }

// DecodeSpec implements spec.Decoder.
func (s *SecretText) DecodeSpec(v *spec.Value, r *diag.Report) {
	s.Node = spec.NodeOf(v)
	at := v.Pos
	at.Conceal(v.Text)
	r.Add(InlineSecret, at, "put it into a file that Alertmanager can read, and name the file: the same key, ending in File", "a secret stands in the spec")
}
