// Command operator writes the definitions of custom resources that slowburn
// checks resources against: those that the Prometheus operator and KEDA install,
// without descriptions, one compressed file for each kind. Run it by make crds.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// sources are the files of definitions in each module.
var sources = []struct{ module, files string }{
	{"github.com/prometheus-operator/prometheus-operator", "example/prometheus-operator-crd/*.yaml"},
	{"github.com/kedacore/keda/v2", "config/crd/bases/keda.sh_scaledobjects.yaml"},
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: operator FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string) error {
	for _, s := range sources {
		dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", s.module).Output()
		if err != nil {
			return fmt.Errorf("%s: %w; go mod download it", s.module, err)
		}
		names, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), s.files))
		if err != nil || len(names) == 0 {
			return fmt.Errorf("%s has no %s", s.module, s.files)
		}
		for _, name := range names {
			if err := write(folder, name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return nil
}

// definition is what is read of a CustomResourceDefinition.
type definition struct {
	Spec struct {
		Group    string
		Names    struct{ Kind string }
		Versions []struct {
			Name   string
			Served bool
			Schema struct {
				Schema map[string]any `json:"openAPIV3Schema"`
			}
		}
	}
}

// write writes the schemas of the versions that are served, by their names.
func write(folder, name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var d definition
	if err := yaml.Unmarshal(text, &d); err != nil {
		return err
	}
	versions := map[string]any{}
	for _, v := range d.Spec.Versions {
		if v.Served {
			dropDescriptions(v.Schema.Schema)
			versions[v.Name] = v.Schema.Schema
		}
	}
	asJSON, err := json.Marshal(versions)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(asJSON); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, d.Spec.Group+"_"+d.Spec.Names.Kind+".json.gz"), b.Bytes(), 0o644)
}

// dropDescriptions makes a schema a tenth of its size. A property may have the
// name description: then it is no text.
func dropDescriptions(node any) {
	switch node := node.(type) {
	case map[string]any:
		if _, ok := node["description"].(string); ok {
			delete(node, "description")
		}
		for _, child := range node {
			dropDescriptions(child)
		}
	case []any:
		for _, child := range node {
			dropDescriptions(child)
		}
	}
}
