package check

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

var invalidDashboard = &Check{
	Kind: diag.Kind{Name: "invalid-dashboard", Severity: diag.Error, Doc: `A dashboard has a value that Grafana does not take.

A number in quotes, a list where one thing belongs: Grafana ignores the value, or does not load the dashboard. What the types
are, Grafana's own schema says. Keys that it does not know are no finding, since older dashboards and plugins have more of
them, nor are those that are missing, for which there are defaults. A uid of more than 40 characters, or with others than letters,
digits, - and _, is refused. A dashboard that ends before it begins shows nothing.`},
	Bad: `{
  "title": "API", "uid": "api", "schemaVersion": "42", "panels": [],
  "templating": {"list": []}, "annotations": {"list": []}
}
`,
	Good: `{
  "title": "API", "uid": "api", "schemaVersion": 42, "panels": [],
  "templating": {"list": []}, "annotations": {"list": []}
}
`,
	Run: func(p *Pass) {
		p.EachDashboard(func(d *dashfile.Dashboard) {
			p.checkUID(d.Value.Get("uid"))
			p.checkTime(d.Value.Get("time"))
			//lint:ignore SA1019 this is the form that is read
			err := new(dashboard.Dashboard).UnmarshalJSONStrict(asJSON(d.Value))
			var all cog.BuildErrors
			if !errors.As(err, &all) {
				return
			}
			for _, one := range all {
				_, wrong, ok := strings.Cut(one.Message, "cannot unmarshal ")
				if !ok {
					continue
				}
				got, want, _ := strings.Cut(wrong, " into Go ")
				if i := strings.LastIndex(want, "of type "); i >= 0 {
					want = want[i+len("of type "):]
				}
				path := strings.TrimSuffix(one.Path, ".StringOrArrayOfString") // of both forms the last is complained about
				at := along(d.Value, path)
				if m := structField().FindStringSubmatch(wrong); m != nil {
					at, path = within(at, path, m[1])
				}
				if source := at.Get("datasource"); source != nil && source.Kind != spec.Map {
					at, path = source, path+".datasource" // by which a query's type is chosen
				}
				article := "a"
				if strings.ContainsAny(got[:min(1, len(got))], "aeiou") {
					article = "an"
				}
				p.Report(at.Pos, "write a value of type "+typeName(want), "%s is %s %s", path, article, got)
			}
		})
	},
}

// typeName is what a finding calls a type of Go.
func typeName(of string) string {
	if strings.HasPrefix(of, "struct") || strings.HasPrefix(of, "map") {
		return "object"
	}
	name := strings.TrimLeft(of[strings.LastIndexByte(of, '.')+1:], "*[]")
	switch {
	case strings.HasPrefix(name, "uint"), strings.HasPrefix(name, "int"), strings.HasPrefix(name, "float"):
		return "number"
	case name == "", name == "RawMessage", strings.ToLower(name) != name:
		return "object" // or one of Grafana's own
	}
	return name
}

// structField finds the field below a path that has the value.
var structField = pattern.New(`struct field [A-Za-z]*\.([A-Za-z.]+) of type`)

// within is the field of a value by the names on the way, if it is there.
func within(v *spec.Value, path, names string) (*spec.Value, string) {
	at, way := v, path
	for name := range strings.SplitSeq(names, ".") {
		if at = at.Get(name); at == nil {
			return v, path
		}
		way += "." + name
	}
	return at, way
}

// along is the value at a path, or the last one on the way that there is.
func along(v *spec.Value, path string) *spec.Value {
	for _, step := range strings.FieldsFunc(path, func(c rune) bool { return c == '.' || c == '[' || c == ']' }) {
		next := v.Get(step)
		if i, err := strconv.Atoi(step); err == nil && i < len(v.Items()) {
			next = v.Items()[i]
		}
		if next == nil {
			return v
		}
		v = next
	}
	return v
}

// asJSON writes a document as JSON, whatever it was written in.
func asJSON(v *spec.Value) []byte {
	text, err := json.Marshal(plainValue(v))
	if err != nil {
		return []byte("{}") // a number that JSON does not know, such as .inf
	}
	return text
}

// plainField is the value of a field as Grafana of today writes it: a data source
// had only a name before 8.3, refresh was true or false, and the number of a public
// dashboard is a number in some. It still reads all of them.
func plainField(f spec.Field) any {
	switch {
	case f.Key.Text == "datasource" && f.Value.Kind == spec.String:
		return map[string]any{"uid": f.Value.Text}
	case f.Key.Text == "refresh" && f.Value.Kind == spec.Bool, f.Key.Text == "gnetId" && f.Value.Kind == spec.Number:
		return nil
	}
	return plainValue(f.Value)
}

func plainValue(v *spec.Value) any {
	switch v.Kind {
	case spec.List:
		all := make([]any, len(v.Items()))
		for i, item := range v.Items() {
			all[i] = plainValue(item)
		}
		return all
	case spec.Map:
		all := make(map[string]any, len(v.Fields()))
		for _, f := range v.Fields() {
			all[f.Key.Text] = plainField(f)
		}
		return all
	case spec.Number:
		return json.Number(v.Text)
	case spec.Bool:
		return strings.EqualFold(v.Text, "true")
	case spec.String:
		return v.Text
	}
	return nil
}
