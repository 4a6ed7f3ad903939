package check

import (
	"github.com/invopop/jsonschema"
	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Pages match the alerts that wake somebody: one of them is enough.
type Pages []labels.Matchers

// maxPages bounds the combinations of values.
const maxPages = 100

// DecodeSpec implements spec.Decoder: labels with a value or a list of values,
// all of which an alert must have; or a list of such maps, of which one is enough.
func (p *Pages) DecodeSpec(v *spec.Value, r *diag.Report) {
	alternatives := []*spec.Value{v}
	if v.Kind == spec.List {
		alternatives = v.Items()
	}
	*p = nil // of a configuration's layers, the last one says
	for _, one := range alternatives {
		if one.Kind != spec.Map || len(one.Fields()) == 0 {
			r.Add(spec.WrongType, one.Pos, "write labels with their values, such as {severity: [page, critical]}", "%s does not say which alerts are pages", one.Kind)
			continue
		}
		sets := []labels.Matchers{nil}
		for _, f := range one.Fields() {
			var values Texts
			values.DecodeSpec(f.Value, r)
			sets = withValues(sets, f.Key.Text, values.list())
		}
		if len(sets) == 0 || len(sets) > maxPages {
			r.Add(spec.BadValue, one.Pos, "give each label a few values", "this is %d combinations of values", len(sets))
			continue
		}
		*p = append(*p, sets...)
	}
}

// withValues are matchers that also ask for one of the values of a label.
func withValues(sets []labels.Matchers, name string, values []string) []labels.Matchers {
	var all []labels.Matchers
	for _, set := range sets {
		for _, value := range values {
			with := append(labels.Matchers{}, set...)
			all = append(all, append(with, &labels.Matcher{Type: labels.MatchEqual, Name: name, Value: value}))
		}
		if len(all) > maxPages {
			break
		}
	}
	return all
}

// JSONSchema describes pages to editors.
func (Pages) JSONSchema() *jsonschema.Schema {
	labels := &jsonschema.Schema{Type: "object", AdditionalProperties: Texts{}.JSONSchema()}
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{labels, {Type: "array", Items: labels}}}
}

// PagesOf match the pages of an Alertmanager configuration; nil if nothing says which they are.
func (c *Config) PagesOf(path string) []labels.Matchers {
	if c == nil {
		return nil
	}
	pages := c.Pages
	for _, p := range c.Paths {
		if p.Match.match(path) && p.Pages != nil {
			pages = p.Pages
		}
	}
	return pages
}

// AddedLabels are the labels that Prometheus adds to every alert.
func (c *Config) AddedLabels() []string {
	if c == nil {
		return nil
	}
	return c.ExternalLabels.list()
}
