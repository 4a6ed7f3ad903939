package generators

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// setting is a value of a chart: a leaf with a default, or what is below a key.
// Helm's values, their schema and the README are printed from it.
type setting struct {
	key      string
	doc      string
	fallback any            // of a leaf
	schema   map[string]any // of a leaf
	below    settings
}

type settings []*setting

// settings are the values of a chart. Severity and receivers are none: whom an
// alert tells is proven, and a value would void the proof.
func (c *chart) settings() settings {
	metrics := settings{toggle("enabled", "Switches everything on or off.", false)}
	var slos, alerts settings
	seen := map[switched]bool{} // an SLO has groups in several resources
	owners := map[switched]*setting{}
	for _, f := range c.families {
		of := &setting{key: f.key, doc: f.doc, below: f.settings()}
		for _, a := range c.resources {
			if a.resource.family == f && a.resource.values != nil {
				a.resource.values(of)
			}
		}
		metrics = append(metrics, of)
	}
	for _, a := range c.resources {
		for _, s := range a.resource.switches {
			list := &alerts
			if s.isSLO {
				list = &slos
			}
			id := switched{isSLO: s.isSLO, owner: s.owner, name: s.name}
			if seen[id] {
				continue
			}
			seen[id] = true
			of := switched{isSLO: s.isSLO, owner: s.owner}
			if owners[of] == nil {
				owners[of] = &setting{key: s.owner}
				*list = append(*list, owners[of])
			}
			owners[of].below = append(owners[of].below, &setting{key: s.name, doc: s.doc, below: settings{toggle("enabled", "", true)}})
		}
	}
	all := settings{{key: "metrics", below: metrics}}
	if len(slos) > 0 {
		all = append(all, &setting{key: "slos", doc: "SLOs, by service: recording rules and burn-rate alerts.", below: slos})
	}
	if len(alerts) > 0 {
		all = append(all, &setting{key: "alerts", doc: "Alerts, by service. An alert of an SLO needs the SLO.", below: alerts})
	}
	return all
}

func toggle(key, doc string, on bool) *setting {
	return &setting{key: key, doc: doc, fallback: on, schema: map[string]any{"type": "boolean"}}
}

// labelValue is the form of a label's value, of which Kubernetes would tell after all else.
const labelValue = "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$"

// nameOf is the form of a label's name, and of an annotation's, whose domain may have capital letters. A name that Kubernetes
// refuses would be told once for each resource, and only when they are applied.
func nameOf(letters string) map[string]any {
	label := "[" + letters + "0-9]([-" + letters + "0-9]*[" + letters + "0-9])?"
	return map[string]any{"pattern": "^(" + label + "([.]" + label + ")*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$"}
}

// settings are those of a family.
func (f *family) settings() settings {
	texts := func(names, one map[string]any) map[string]any {
		return map[string]any{"type": "object", "propertyNames": names, "additionalProperties": one}
	}
	all := settings{
		toggle("enabled", "Deploys them; metrics.enabled must be true as well.", false),
		{key: "labels", doc: "Labels besides, or in place of, those of the specs.", fallback: map[string]string{},
			schema: texts(nameOf("a-z"), map[string]any{"type": "string", "maxLength": 63, "pattern": labelValue})},
		{key: "annotations", doc: "Annotations.", fallback: map[string]string{}, schema: texts(nameOf("A-Za-z"), map[string]any{"type": "string"})},
	}
	if !f.fixed {
		all = append(all, &setting{key: "namespace", doc: "Namespace in place of the specs', or else of the release's.", fallback: "",
			schema: map[string]any{"type": "string", "maxLength": 63, "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$"}})
	}
	return all
}

// text adds a leaf. Where resources have different defaults, it has none: each
// resource's own holds unless there is a value.
func (s *settings) text(key, doc, fallback, pattern string) {
	for _, have := range *s {
		if have.key == key && have.fallback != fallback {
			have.fallback = ""
		}
	}
	s.add(&setting{key: key, doc: doc, fallback: fallback, schema: map[string]any{"type": "string", "pattern": pattern}})
}

// choice adds a leaf that has one of several texts. Where resources allow
// different ones, those that all of them do are left.
func (s *settings) choice(key, doc, fallback string, allowed []string) {
	for _, have := range *s {
		if have.key != key {
			continue
		}
		if have.fallback != fallback {
			have.fallback = ""
		}
		both := slices.DeleteFunc(have.schema["enum"].([]string), func(text string) bool { return !slices.Contains(allowed, text) })
		have.schema["enum"] = both
	}
	s.add(&setting{key: key, doc: doc, fallback: fallback, schema: map[string]any{"type": "string", "enum": allowed}})
}

// child is the setting below a key, made where there is none.
func (s *settings) child(key string) *setting {
	for _, have := range *s {
		if have.key == key {
			return have
		}
	}
	made := &setting{key: key}
	*s = append(*s, made)
	return made
}

// add appends a setting, unless there is one of its key.
func (s *settings) add(one *setting) {
	if !slices.ContainsFunc(*s, func(have *setting) bool { return have.key == one.key }) {
		*s = append(*s, one)
	}
}

// yaml prints the defaults, with what they mean above them.
func (s settings) yaml() []byte { return printYAML(s.node()) }

func (s settings) node() *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, one := range s {
		key, value := new(yaml.Node), new(yaml.Node)
		key.SetString(one.key)
		key.HeadComment = one.doc
		if one.below != nil {
			value = one.below.node()
		} else if err := value.Encode(one.fallback); err != nil {
			panic(fmt.Sprintf("generators: %T does not encode: %v", one.fallback, err)) // booleans, texts, maps of them always do
		}
		node.Content = append(node.Content, key, value)
	}
	return node
}

// schemaFile prints the JSON Schema that Helm holds values against. Every key
// is required: null would take a default away.
func (s settings) schemaFile(name string) []byte {
	schema := s.schema()
	schema["$schema"] = "http://json-schema.org/draft-07/schema#"
	schema["title"] = "Values of the chart " + name
	// A chart that has this one as a part hands its global values down, and has a condition beside this one's values.
	above := schema["properties"].(map[string]any)
	above["global"] = map[string]any{"type": "object"}
	above["enabled"] = map[string]any{"type": "boolean", "description": "For the condition of a chart that has this one as a part."}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(schema); err != nil {
		panic(fmt.Sprintf("generators: the schema of %s does not encode: %v", name, err)) // maps of texts always do
	}
	return b.Bytes()
}

func (s settings) schema() map[string]any {
	properties := map[string]any{}
	var required []string
	for _, one := range s {
		schema := one.schema
		if one.below != nil {
			schema = one.below.schema()
		}
		if one.doc != "" {
			schema["description"] = one.doc
		}
		properties[one.key] = schema
		required = append(required, one.key)
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}
