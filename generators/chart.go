package generators

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"slowburn/internal/diag"
)

// chartVersion is the version of a chart for which the specs have none: they
// tell its history. Whoever publishes one may set another, too: helm package --version.
const chartVersion = "1.0.0"

// LargeChart is a chart that Helm cannot install.
var LargeChart = &diag.Kind{Name: "large-chart", Severity: diag.Warning, Doc: `A Helm chart is too large to be installed.

Helm keeps each release, the chart with what it was rendered to, compressed in a Secret, and Kubernetes stores no Secret above
1 MiB. helm template still renders it. Put the services into several folders, each of which has a chart of its own, or apply
the files of kubernetes.`}

// chart is a Helm chart on its way to files.
type chart struct {
	name      string // of the system
	version   string
	resources []Artifact
	families  []*family // of the resources, in the order of families
}

// Chart prints the resources among the artifacts of a system as a Helm chart:
// with everything switched on, it renders to exactly those. A system without
// resources has no chart.
func Chart(system, version string, artifacts []Artifact, r *diag.Report) []Artifact {
	c := chart{name: system, version: cmp.Or(version, chartVersion)}
	used := map[*family]bool{}
	for _, a := range artifacts {
		if a.resource != nil {
			c.resources = append(c.resources, a)
			used[a.resource.family] = true
		}
	}
	if len(c.resources) == 0 {
		return nil
	}
	slices.SortFunc(c.resources, func(a, b Artifact) int { return strings.Compare(a.Path, b.Path) })
	for _, f := range families {
		if used[f] {
			c.families = append(c.families, f)
		}
	}
	values := c.settings()
	files := []Artifact{
		c.file("Chart.yaml", c.about()),
		c.file("values.yaml", values.yaml()),
		c.file("values.schema.json", values.schemaFile(c.name)),
		c.file("README.md", c.readme(values)),
		c.file("templates/_metadata.tpl", c.metadataHelper()),
		c.file("templates/NOTES.txt", c.notes()),
	}
	for _, a := range c.resources {
		name := "templates/" + strings.TrimPrefix(a.Path, "kubernetes/")
		made := c.file(name, c.template(a))
		made.Pos = a.Pos
		files = append(files, made)
	}
	size := sync.OnceValue(func() int { return c.releaseSize(files) })
	files[0].Listed = c.list(size)
	if c.mayBeLarge(files) && size() > maxRelease {
		r.Add(LargeChart, files[0].Pos, "put its services into several folders, or apply the files of kubernetes", "the chart of %s cannot be installed: as a release it has more than 1 MiB", c.name)
	}
	return files
}

func (c *chart) file(name string, text []byte) Artifact {
	return Artifact{Path: "chart/" + c.name + "/" + name, Bytes: text, Pos: c.resources[0].Pos}
}

func (c *chart) about() []byte {
	return printYAML(struct {
		APIVersion  string `yaml:"apiVersion"`
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
		Type        string `yaml:"type"`
		Version     string `yaml:"version"`
	}{"v2", c.name, "Rules, alerts and dashboards of " + c.name, "application", c.version})
}

// notes are shown after an installation, which does nothing unless it is told to.
func (c *chart) notes() []byte {
	var b bytes.Buffer
	b.WriteString("{{- if not (and .Values.metrics.enabled (or")
	for _, f := range c.families {
		fmt.Fprintf(&b, " .Values.metrics.%s.enabled", f.key)
	}
	b.WriteString(")) }}\nNothing was deployed: set metrics.enabled, and one or more of these:\n")
	for _, f := range c.families {
		fmt.Fprintf(&b, "  metrics.%s.enabled\n", f.key)
	}
	b.WriteString("{{- end }}\n")
	return b.Bytes()
}
