package spec

import "slices"

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
	var fields []Field
	for _, f := range base.Fields() {
		over := overlay.Get(f.Key.Text)
		switch {
		case over == nil || f.Key.Text == "name" && over.Kind == String && over.Text == f.Value.Text: // by which it was found
			fields = append(fields, f)
		case over.Kind != Null:
			fields = append(fields, Field{Key: f.Key, Value: Merge(f.Value, over)})
		}
	}
	for _, f := range overlay.Fields() {
		if base.Get(f.Key.Text) == nil && f.Value.Kind != Null {
			fields = append(fields, f)
		}
	}
	merged.SetFields(fields)
	return &merged
}

func mergeNamed(base, overlay *Value) *Value {
	merged := *base
	items := slices.Clone(base.Items())
	place := map[string]int{}
	for i, item := range items {
		place[item.Get("name").Text] = i
	}
	for _, item := range overlay.Items() {
		name := item.Get("name").Text
		if i, ok := place[name]; ok {
			items[i] = Merge(items[i], item)
			continue
		}
		place[name] = len(items)
		items = append(items, item)
	}
	merged.SetItems(items)
	return &merged
}

// named tells whether a list has items, each of them a map with a name.
func named(list *Value) bool {
	for _, item := range list.Items() {
		if name := item.Get("name"); name == nil || name.Kind != String {
			return false
		}
	}
	return len(list.Items()) > 0
}

// withoutRemovals is a value of an overlay without the keys that it only removes.
func (v *Value) withoutRemovals() *Value {
	kept := *v
	switch v.Kind {
	case List:
		var items []*Value
		for _, item := range v.Items() {
			items = append(items, item.withoutRemovals())
		}
		kept.SetItems(items)
	case Map:
		var fields []Field
		for _, f := range v.Fields() {
			if f.Value.Kind != Null {
				fields = append(fields, Field{Key: f.Key, Value: f.Value.withoutRemovals()})
			}
		}
		kept.SetFields(fields)
	}
	return &kept
}
