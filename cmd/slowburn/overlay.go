package main

import (
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
)

// overlay lays the overlays of the chosen environments over their documents.
func (b *build) overlay() {
	var base, overlays []document
	for _, d := range b.documents {
		if d.env == "" {
			base = append(base, d)
		} else {
			overlays = append(overlays, d)
		}
	}
	for i, o := range overlays {
		b.known = append(b.known, o.env)
		// Read on its own first: a mistake in an overlay is found whichever environment is compiled.
		kinds[o.kind](b, o.value, true)
		same := func(d document) bool { return d.kind == o.kind && d.name == o.name }
		if !slices.ContainsFunc(base, same) {
			if b.partial {
				continue // it is probably among what could not be read
			}
			b.addWithoutBase(o, base)
			continue
		}
		overlays[i].value = b.withoutUnknown(o, base, overlays)
	}
	for _, env := range b.envs {
		for _, o := range overlays {
			for i, d := range base {
				if o.env == env && d.kind == o.kind && d.name == o.name {
					base[i].value = spec.Merge(d.value, o.value)
				}
			}
		}
	}
	b.base = base
}

// addWithoutBase reports an overlay of a document that there is not.
func (b *build) addWithoutBase(o document, base []document) {
	at, help := o.value.Pos, "write kind and name of the document that it patches"
	if name := o.value.Get("name"); name != nil {
		at = name.Pos
	}
	var names []string
	for _, d := range base {
		if d.kind == o.kind {
			names = append(names, d.name)
		}
	}
	if near := spec.Nearest(o.name, names); near != "" {
		help = "did you mean \"" + near + "\"?"
	}
	b.report.Add(unknownEnvironment, at, help, "there is no %s %q to lay environment %q over", o.kind, o.name, o.env)
}

// withoutUnknown is an overlay without what patches nothing: laid over its
// document, that would be half an SLO, and the cause of misleading findings.
func (b *build) withoutUnknown(o document, base, overlays []document) *spec.Value {
	same := func(among []document) []*spec.Value {
		var values []*spec.Value
		for _, d := range among {
			if d.kind == o.kind && d.name == o.name {
				values = append(values, d.value)
			}
		}
		return values
	}
	value := o.value
	for _, list := range namedLists[o.kind] {
		value = list.WithoutUnknown(value, spec.Patching{Base: same(base), Overlays: same(overlays)}, b.report)
	}
	return value
}

// forOverlay tells where a wrong prediction is mended that stands in the document
// below an overlay: it may well be right without the overlay, which is to say
// then what it changes.
func (b *build) forOverlay(f diag.Finding) diag.Finding {
	if len(b.envs) == 0 || f.Kind != simulate.WrongPrediction || f.Pos.Path != "" || b.envAt(f.Pos) != "" {
		return f
	}
	f.Help += "; if it is right without --env " + strings.Join(b.envs, ",") + ", patch the scenario by its name in that overlay"
	return f
}

// envAt is the environment of the overlay that a place belongs to, or "".
func (b *build) envAt(at diag.Pos) string {
	env, line := "", 0
	for _, d := range b.documents {
		if start := d.value.Pos; start.Source == at.Source && line < start.Line && start.Line <= at.Line {
			env, line = d.env, start.Line
		}
	}
	return env
}
