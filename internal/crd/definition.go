// Package crd holds custom resources, anybody's, against the definitions that
// their operators install, without a cluster and with the API server's own
// library: which keys there are, what their values may be, and rules in CEL. What
// it finds stands at its place in the YAML.
package crd

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
)

//go:embed definitions/*.json.gz
var embedded embed.FS

// definition is what an operator says of one kind of resource.
type definition struct {
	group, kind string
	file        string
	load        func() map[string]*version // by name; unpacked when the first such resource is met
}

// version is one version of a kind.
type version struct {
	schema    *schema.Structural
	validator *validate.SchemaValidator
	rules     *cel.Validator // in CEL; nil where there are none
}

// definitions are those of all kinds that are known, by kind; no two groups have one of the same name.
var definitions = sync.OnceValue(func() map[string]*definition {
	entries, err := embedded.ReadDir("definitions")
	if err != nil {
		panic(err) // it is part of the program
	}
	all := map[string]*definition{}
	for _, e := range entries {
		group, kind, _ := strings.Cut(strings.TrimSuffix(e.Name(), ".json.gz"), "_")
		d := &definition{group: group, kind: kind, file: "definitions/" + e.Name()}
		d.load = sync.OnceValue(func() map[string]*version {
			versions, err := d.read()
			if err != nil {
				panic(fmt.Sprintf("%s: %v", d.file, err)) // TestDefinitions reads all
			}
			return versions
		})
		all[kind] = d
	}
	return all
})

// Kinds are the kinds of resources that are known, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(definitions())) }

// apiVersions are what resources of the kind may have as apiVersion, sorted.
func (d *definition) apiVersions() []string {
	var all []string
	for name := range d.load() {
		all = append(all, d.group+"/"+name)
	}
	slices.Sort(all)
	return all
}

func (d *definition) read() (map[string]*version, error) {
	packed, err := embedded.ReadFile(d.file)
	if err != nil {
		return nil, err
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	var schemas map[string]*apiextensionsv1.JSONSchemaProps
	if err := json.NewDecoder(unpacked).Decode(&schemas); err != nil {
		return nil, err
	}
	versions := map[string]*version{}
	for name, of := range schemas {
		if versions[name], err = newVersion(of); err != nil {
			return nil, err
		}
	}
	return versions, nil
}

func newVersion(of *apiextensionsv1.JSONSchemaProps) (*version, error) {
	var internal apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(of, &internal, nil); err != nil {
		return nil, err
	}
	structural, err := schema.NewStructural(&internal)
	if err != nil {
		return nil, err
	}
	return &version{
		schema:    structural,
		validator: validate.NewSchemaValidator(structural.ToKubeOpenAPI(), nil, "", strfmt.Default),
		rules:     cel.NewValidator(structural, true, celconfig.PerCallLimit),
	}, nil
}
