package spec

import (
	"slices"
	"strings"

	"slowburn/internal/diag"
)

// NamedList is a list of a document that overlays patch by the names of its items.
type NamedList struct {
	Key, Item string   // slos, and SLO
	Defining  []string // keys of which an item has one, unless it only patches
	// Referred are the names by which a document speaks of items. Where it is given, a patch cannot be told from a new
	// item by its keys: what no document speaks of is not new.
	Referred func(doc *Value) []string
	Refer    string      // how a document speaks of an item, as an advice
	Inner    []NamedList // lists of an item
}

// Patching is what an overlay may patch: documents, or the items of a list of
// the same name, in the base and in all overlays.
type Patching struct {
	Base, Overlays []*Value
	docs           []*Value // all documents, which may speak of new items
}

// isNew tells whether an item is whole, so that it may be new in an overlay.
func (l NamedList) isNew(item *Value, docs []*Value) bool {
	if l.Referred != nil {
		return slices.ContainsFunc(docs, func(doc *Value) bool { return slices.Contains(l.Referred(doc), item.Get("name").Text) })
	}
	return slices.ContainsFunc(l.Defining, func(key string) bool { v := item.Get(key); return v != nil && v.Kind != Null })
}

// items are those of the list that have a name.
func (l NamedList) items(in []*Value) []*Value {
	var items []*Value
	for _, v := range in {
		if list := v.Get(l.Key); list != nil && list.Kind == List {
			for _, item := range list.Items() {
				if item.Get("name") != nil {
					items = append(items, item)
				}
			}
		}
	}
	return items
}

// names are those of items that an overlay can patch: of a base all, of other
// overlays the new ones.
func (l NamedList) names(in Patching) []string {
	whole := slices.DeleteFunc(l.items(in.Overlays), func(item *Value) bool { return !l.isNew(item, in.docs) })
	var names []string
	for _, item := range append(l.items(in.Base), whole...) {
		if name := item.Get("name").Text; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// WithoutUnknown is an overlay without the items of a list that neither patch
// one that there is nor are whole new ones; each is reported.
func (l NamedList) WithoutUnknown(overlay *Value, in Patching, r *diag.Report) *Value {
	if in.docs == nil {
		in.docs = slices.Concat(in.Base, in.Overlays)
	}
	list := overlay.Get(l.Key)
	if list == nil || list.Kind != List {
		return overlay
	}
	known := l.names(in)
	kept := *list
	items := slices.DeleteFunc(slices.Clone(list.Items()), func(item *Value) bool {
		name := item.Get("name")
		if name == nil || name.Kind != String || slices.Contains(known, name.Text) || l.isNew(item, in.docs) {
			return false
		}
		r.Add(UnknownReference, name.Pos, l.help(name.Text, known), "there is no %s %q to patch", l.Item, name.Text)
		return true
	})
	for i, item := range items {
		items[i] = l.inner(item, in, r)
	}
	if slices.Equal(items, list.Items()) {
		return overlay
	}
	kept.SetItems(items)
	rest := *overlay
	fields := slices.DeleteFunc(slices.Clone(overlay.Fields()), func(f Field) bool { return f.Key.Text == l.Key && len(items) == 0 })
	for i, f := range fields {
		if f.Key.Text == l.Key {
			fields[i].Value = &kept
		}
	}
	rest.SetFields(fields)
	return &rest
}

// inner is an item without what is unknown of its own lists.
func (l NamedList) inner(item *Value, in Patching, r *diag.Report) *Value {
	name := item.Get("name")
	if name == nil {
		return item
	}
	same := func(of []*Value) []*Value {
		return slices.DeleteFunc(l.items(of), func(o *Value) bool { return o.Get("name").Text != name.Text })
	}
	of := Patching{Base: same(in.Base), Overlays: same(in.Overlays), docs: in.docs}
	if len(of.Base) == 0 {
		return item // it is new, and so is all of it
	}
	for _, list := range l.Inner {
		item = list.WithoutUnknown(item, of, r)
	}
	return item
}

// help is the way out of an item that patches nothing.
func (l NamedList) help(name string, known []string) string {
	whole := l.Refer
	switch {
	case whole != "":
	case len(l.Defining) > 1:
		whole = "for a new one add one of " + strings.Join(l.Defining, ", ")
	default:
		whole = "for a new one add " + l.Defining[0]
	}
	switch {
	case len(known) == 0:
		return whole
	case Nearest(name, known) != "":
		return Suggest(name, known)
	}
	return Suggest(name, known) + "; " + whole
}
