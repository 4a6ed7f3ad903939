package check

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Config is how somebody wants the checks to run: what a .slowburn.yaml holds.
// Without one, everything is as it is documented.
type Config struct {
	spec.Node
	// Metrics are captured /metrics pages, files beside the configuration. With them, checks know which metrics are
	// counters and where the buckets of a histogram end; without, they go by the names.
	Metrics Texts `json:"metrics,omitempty"`
	// Pages says which alerts wake somebody: labels with a value or a list of values, all of which a page has; or a list
	// of such maps, of which one is enough. Without, pages are told by what is usual: severity page or critical, priority P1.
	Pages Pages `json:"pages,omitempty"`
	// ExternalLabels are labels that Prometheus adds to every alert (external_labels, alert_relabel_configs), so that
	// Alertmanager may route by them.
	ExternalLabels Texts `json:"externalLabels,omitempty"`
	// Checks sets, by the name of a check, its severity (off, note, warning or error), or a map of the severity and
	// parameters.
	Checks CheckSettings `json:"checks,omitempty"`
	// Paths sets the same for some of the files. Of several that match a file, the later ones win.
	Paths []PathConfig `json:"paths,omitempty"`
}

// PathConfig is a part of a configuration that holds for some files.
type PathConfig struct {
	spec.Node
	// Match are patterns of paths, seen from the folder of the configuration; one of them must match. * and ? stand for
	// anything within a name, ** for any folders.
	Match Patterns `json:"match" jsonschema:"required"`
	// Metrics are captured /metrics pages of what these rules are about.
	Metrics Texts `json:"metrics,omitempty"`
	// Pages says which alerts of these Alertmanager configurations wake somebody.
	Pages Pages `json:"pages,omitempty"`
	// Checks sets severities and parameters of checks.
	Checks CheckSettings `json:"checks,omitempty"`
}

// ReadConfig reads a configuration. What is wrong with it is reported; the rest holds.
func ReadConfig(src *diag.Source, r *diag.Report) *Config {
	c := &Config{}
	for i, doc := range spec.ReadYAML(src, r) {
		if i > 0 {
			r.Add(spec.WrongType, doc.Pos, "make it one document", "a configuration has one document")
			break
		}
		spec.Decode(doc, c, r)
	}
	return c
}

// layers are the settings that hold for a file, the later ones before the earlier.
func (c *Config) layers(path string) []CheckSettings {
	if c == nil {
		return nil
	}
	all := []CheckSettings{c.Checks}
	for _, p := range c.Paths {
		if p.Match.match(path) {
			all = append(all, p.Checks)
		}
	}
	return all
}

// MetricsOf are the captured /metrics pages of the rules in a file.
func (c *Config) MetricsOf(path string) []spec.Text {
	if c == nil {
		return nil
	}
	all := slices.Clone(c.Metrics)
	for _, p := range c.Paths {
		if p.Match.match(path) {
			all = append(all, p.Metrics...)
		}
	}
	return all
}

// has tells whether a text is among them.
func (t Texts) has(text string) bool {
	return slices.ContainsFunc(t, func(one spec.Text) bool { return one.Text == text })
}

// list are the texts.
func (t Texts) list() []string {
	var list []string
	for _, one := range t {
		list = append(list, one.Text)
	}
	return list
}

// AllMetrics are all captured /metrics pages that the configuration names.
func (c *Config) AllMetrics() []spec.Text {
	all := slices.Clone(c.Metrics)
	for _, p := range c.Paths {
		all = append(all, p.Metrics...)
	}
	return all
}

// Texts are one text, or a list of them.
type Texts []spec.Text

// DecodeSpec implements spec.Decoder.
func (t *Texts) DecodeSpec(v *spec.Value, r *diag.Report) {
	items := []*spec.Value{v}
	if v.Kind == spec.List {
		items = v.Items()
	}
	*t = nil // of a configuration's layers, the last one says
	for _, item := range items {
		var text spec.Text
		text.DecodeSpec(item, r)
		*t = append(*t, text)
	}
}

// Patterns are patterns of paths, one or a list.
type Patterns struct{ Texts }

// DecodeSpec implements spec.Decoder.
func (p *Patterns) DecodeSpec(v *spec.Value, r *diag.Report) {
	p.Texts.DecodeSpec(v, r)
	for _, t := range p.Texts {
		if !t.IsUnreadable() && !doublestar.ValidatePattern(t.Text) {
			r.Add(spec.BadValue, t.Pos(), "close its brackets; ** stands for folders, * for anything within a name", "%q is not a pattern of paths", t.Text)
		}
	}
}

func (p Patterns) match(path string) bool {
	return slices.ContainsFunc(p.Texts, func(t spec.Text) bool {
		ok, err := doublestar.Match(strings.TrimPrefix(t.Text, "./"), path)
		return ok && err == nil
	})
}
