package amconfig

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/prometheus/alertmanager/config"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// explain reports everything for which Alertmanager refuses a configuration. Its
// verdict stands: where nothing else is found, it is what its loader says.
func explain(doc *spec.Value, text string, refused error, r *diag.Report) {
	var found diag.Report
	b := &blamer{complainer: newComplainer(doc), report: &found}
	if n, err := asParts(text, doc); err == nil && doc.Kind == spec.Map && n.decode != nil {
		b.whole(n)
	}
	if found.Len() == 0 && !twice(refused, r) {
		b.complain(refused, r)
	}
	r.Append(found.Findings()...)
}

// twice tells whether a complaint is about keys that are there twice, which the
// reader has told.
func twice(refused error, r *diag.Report) bool {
	for _, f := range r.Findings() {
		if f.Kind == spec.DuplicateKey && strings.Contains(refused.Error(), "already set in") {
			return true
		}
	}
	return false
}

// whole reports what is wrong with each part of a configuration, and then with
// the parts together.
func (b *blamer) whole(n raw) {
	before := b.report.Len()
	parts := b.blameParts(n, reflect.TypeFor[config.Config]())
	b.names(n.value)
	global := b.globalParts(parts)
	for _, p := range parts {
		if p.name == "receivers" && p.decode != nil {
			for _, receiver := range partsOf(p.raw, p.typ) {
				b.integrations(receiver, global)
			}
		}
		if p.name == "route" {
			b.root(p)
		}
	}
	if n.value.Get("route") == nil && b.report.Len() == before {
		b.report.Add(Invalid, n.value.Pos, "add route: with a receiver for what nobody foresaw", "no route provided in config")
	}
}

// together is what Alertmanager says of parts that are right, each of them; set
// puts them into its configuration.
func together(set func(*config.Config) error) error {
	return guarded(func() error {
		return new(config.Config).UnmarshalYAML(func(into any) error {
			whole := reflect.ValueOf(into).Elem()
			c := whole.Convert(reflect.TypeFor[config.Config]()).Interface().(config.Config)
			if err := set(&c); err != nil {
				return err
			}
			whole.Set(reflect.ValueOf(c).Convert(whole.Type()))
			return nil
		})
	})
}

// anybody is a receiver that Alertmanager has nothing against.
const anybody = "anybody"

// globalParts are the parts of the key global, whose own contradictions are
// reported. What contradicts each other counts as guilty from then on.
func (b *blamer) globalParts(parts []part) []part {
	i := slices.IndexFunc(parts, func(p part) bool { return p.name == "global" && p.decode != nil })
	if i < 0 {
		return nil
	}
	shape := shapeOf(parts[i].typ)
	global := partsOf(parts[i].raw, shape)
	for i, g := range global {
		if g.typ == nil {
			global[i].guilty, global[i].meant = true, spec.Nearest(g.name, sortedKeys(fieldsOf(shape)))
		} else {
			global[i].guilty = g.decode != nil && g.into(reflect.New(g.typ).Interface()) != nil
		}
	}
	for {
		err := together(func(c *config.Config) error {
			c.Route, c.Receivers = &config.Route{Receiver: anybody}, []config.Receiver{{Name: anybody}}
			return putGlobal(c, global)
		})
		if err == nil {
			return global
		}
		if !isConsequence(err, global) {
			b.add(parts[i].value, shape, err)
		}
		before := countGuilty(global)
		for i, g := range global {
			global[i].guilty = g.guilty || strings.Contains(err.Error(), g.name)
		}
		if countGuilty(global) == before {
			return global
		}
	}
}

func countGuilty(parts []part) int {
	n := 0
	for _, p := range parts {
		if p.guilty {
			n++
		}
	}
	return n
}

func putGlobal(c *config.Config, parts []part) error {
	if parts == nil {
		return nil
	}
	c.Global = new(config.GlobalConfig)
	return assemble(reflect.ValueOf(c.Global).Elem(), parts)
}

// integrations reports the integrations of a receiver that lack what neither
// they nor the global part have.
func (b *blamer) integrations(receiver part, global []part) {
	if receiver.decode == nil {
		return
	}
	for _, list := range partsOf(receiver.raw, shapeOf(receiver.typ)) {
		if list.typ == nil || list.typ.Kind() != reflect.Slice {
			continue
		}
		for i, item := range partsOf(list.raw, list.typ) {
			of := config.Receiver{Name: anybody}
			items := reflect.ValueOf(&of).Elem().FieldByIndex(list.index)
			items.Set(reflect.MakeSlice(items.Type(), 1, 1))
			if item.decode != nil && item.into(items.Index(0).Addr().Interface()) != nil {
				continue // it was told
			}
			err := together(func(c *config.Config) error {
				c.Route, c.Receivers = &config.Route{Receiver: anybody}, []config.Receiver{of}
				return putGlobal(c, global)
			})
			if err == nil || isConsequence(err, global) {
				continue
			}
			b.add(or(itemOf(list.value, i), list.value), list.typ.Elem(), err)
		}
	}
}

// root reports what the root of the tree must not have, or lacks.
func (b *blamer) root(route part) {
	if route.decode == nil || route.value.Kind != spec.Map {
		return
	}
	try := func(at *spec.Value, given ...part) {
		err := together(func(c *config.Config) error {
			c.Receivers, c.Route = []config.Receiver{{Name: anybody}}, new(config.Route)
			if err := assemble(reflect.ValueOf(c.Route).Elem(), given); err != nil {
				c.Route = &config.Route{Receiver: anybody} // it was told
				return nil
			}
			switch {
			case c.Route.Continue:
				return errors.New("cannot have continue in root route") // its loader says so afterwards
			case c.Route.Receiver != "" || len(given) > 0 && given[0].name != "receiver":
				c.Route.Receiver = anybody
			}
			return nil
		})
		if err != nil && !strings.HasPrefix(err.Error(), "undefined time interval") {
			b.add(at, reflect.TypeFor[config.Route](), err)
		}
	}
	parts := partsOf(route.raw, shapeOf(route.typ))
	receiver := false
	for _, p := range parts {
		switch near := spec.Nearest(p.name, []string{"receiver"}); {
		case p.name == "receiver":
			receiver = true
			if p.decode == nil {
				try(route.value, p)
			} else {
				try(p.key, p)
			}
		case p.typ == nil:
			receiver = receiver || near != "" // it was told
		case p.name != "routes":
			try(p.key, p)
		}
	}
	if !receiver {
		try(route.value)
	}
}
