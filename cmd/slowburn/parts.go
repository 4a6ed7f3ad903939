package main

import (
	"fmt"
	"slices"
	"strings"

	"slowburn/generators"
	"slowburn/internal/spec"
)

// partNames are what compile --only takes: the folders of the output, and of
// prometheus the rules and their unit tests.
var partNames = []string{"rules", "tests", "kubernetes", "chart", "alertmanager", "grafana", "runbooks", "keda"}

// parts are those of the output that are asked for; none are all of them.
type parts []string

func (p parts) check() error {
	for _, name := range p {
		if slices.Contains(partNames, name) {
			continue
		}
		return fmt.Errorf("--only %s: %s", name, spec.Suggest(name, partNames))
	}
	return nil
}

// want tells whether any of some parts is asked for.
func (p parts) want(names ...string) bool {
	return len(p) == 0 || slices.ContainsFunc(names, func(name string) bool { return slices.Contains(p, name) })
}

// of are the artifacts that are asked for.
func (p parts) of(artifacts []generators.Artifact) []generators.Artifact {
	return slices.DeleteFunc(slices.Clone(artifacts), func(a generators.Artifact) bool { return !p.want(partOf(a.Path)) })
}

// partOf is the part that a path of the output belongs to.
func partOf(path string) string {
	folder, _, _ := strings.Cut(path, "/")
	switch {
	case strings.HasPrefix(path, "prometheus/tests/"):
		return "tests"
	case folder == "prometheus":
		return "rules"
	}
	return folder
}
