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
}

// defines tells whether an item is whole, so that it may be new in an overlay.
func (l NamedList) defines(item *Value) bool {
	return slices.ContainsFunc(l.Defining, func(key string) bool { v := item.Get(key); return v != nil && v.Kind != Null })
}

// Names are those of items that an overlay over these documents can patch: of a
// base all, of other overlays the whole ones.
func (l NamedList) Names(base, overlays []*Value) []string {
	var names []string
	add := func(docs []*Value, whole bool) {
		for _, doc := range docs {
			if list := doc.Get(l.Key); list != nil && list.Kind == List {
				for _, item := range list.Items {
					if name := item.Get("name"); name != nil && (!whole || l.defines(item)) {
						names = append(names, name.Text)
					}
				}
			}
		}
	}
	add(base, false)
	add(overlays, true)
	return names
}

// WithoutUnknown is an overlay without the items of a list that neither patch
// one of the known names nor define a whole new item; each is reported.
func (l NamedList) WithoutUnknown(overlay *Value, known []string, r *diag.Report) *Value {
	list := overlay.Get(l.Key)
	if list == nil || list.Kind != List {
		return overlay
	}
	kept := *list
	kept.Items = slices.DeleteFunc(slices.Clone(list.Items), func(item *Value) bool {
		name := item.Get("name")
		if name == nil || name.Kind != String || slices.Contains(known, name.Text) || l.defines(item) {
			return false
		}
		r.Add(UnknownReference, name.Pos, l.help(name.Text, known), "there is no %s %q to patch", l.Item, name.Text)
		return true
	})
	if len(kept.Items) == len(list.Items) {
		return overlay
	}
	rest := *overlay
	rest.Fields = slices.DeleteFunc(slices.Clone(overlay.Fields), func(f Field) bool { return f.Key.Text == l.Key && len(kept.Items) == 0 })
	for i, f := range rest.Fields {
		if f.Key.Text == l.Key {
			rest.Fields[i].Value = &kept
		}
	}
	return &rest
}

// help is the way out of an item that patches nothing.
func (l NamedList) help(name string, known []string) string {
	whole := "for a new one add " + l.Defining[0]
	if len(l.Defining) > 1 {
		whole = "for a new one add one of " + strings.Join(l.Defining, ", ")
	}
	switch {
	case len(known) == 0:
		return whole
	case Nearest(name, known) != "":
		return Suggest(name, known)
	}
	return Suggest(name, known) + "; " + whole
}

// Merge is a document with an overlay laid over it; neither changes. Maps merge
// key by key. Lists whose items have a name merge by name, and what the base
// lacks is added at the end; any other list is replaced, by an empty one too. A
// key without a value is removed.
func Merge(base, overlay *Value) *Value {
	if base == nil || base.Kind != overlay.Kind {
		return overlay
	}
	switch base.Kind {
	case Map:
		return mergeMaps(base, overlay)
	case List:
		if named(base) && named(overlay) {
			return mergeNamed(base, overlay)
		}
	}
	return overlay
}

func mergeMaps(base, overlay *Value) *Value {
	merged := *base
	merged.Fields = nil
	for _, f := range base.Fields {
		over := overlay.Get(f.Key.Text)
		switch {
		case over == nil:
			merged.Fields = append(merged.Fields, f)
		case over.Kind != Null:
			merged.Fields = append(merged.Fields, Field{Key: f.Key, Value: Merge(f.Value, over)})
		}
	}
	for _, f := range overlay.Fields {
		if base.Get(f.Key.Text) == nil && f.Value.Kind != Null {
			merged.Fields = append(merged.Fields, f)
		}
	}
	return &merged
}

func mergeNamed(base, overlay *Value) *Value {
	merged := *base
	merged.Items = append([]*Value(nil), base.Items...)
	place := map[string]int{}
	for i, item := range merged.Items {
		place[item.Get("name").Text] = i
	}
	for _, item := range overlay.Items {
		name := item.Get("name").Text
		if i, ok := place[name]; ok {
			merged.Items[i] = Merge(merged.Items[i], item)
			continue
		}
		place[name] = len(merged.Items)
		merged.Items = append(merged.Items, item)
	}
	return &merged
}

// named tells whether a list has items, each of them a map with a name.
func named(list *Value) bool {
	for _, item := range list.Items {
		if name := item.Get("name"); name == nil || name.Kind != String {
			return false
		}
	}
	return len(list.Items) > 0
}

// withoutRemovals is a value of an overlay without the keys that it only removes.
func (v *Value) withoutRemovals() *Value {
	kept := *v
	kept.Items, kept.Fields = nil, nil
	for _, item := range v.Items {
		kept.Items = append(kept.Items, item.withoutRemovals())
	}
	for _, f := range v.Fields {
		if f.Value.Kind != Null {
			kept.Fields = append(kept.Fields, Field{Key: f.Key, Value: f.Value.withoutRemovals()})
		}
	}
	return &kept
}
