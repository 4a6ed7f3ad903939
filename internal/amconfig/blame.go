package amconfig

import (
	"reflect"
	"slices"
	"strings"

	"slowburn/internal/diag"
)

// blamer finds everything that keeps a configuration from being loaded.
// Alertmanager's types decode themselves and stop at the first mistake; here
// they decode part by part, so that each mistake is theirs, and at its place.
type blamer struct {
	complainer
	report *diag.Report
}

// blame reports what keeps a node from being decoded into a type, and tells
// whether there is anything.
func (b *blamer) blame(n raw, t reflect.Type) bool {
	if n.decode == nil {
		return false
	}
	err := n.into(reflect.New(t).Interface())
	if err == nil {
		return false
	}
	shape := shapeOf(t)
	parts := b.blameParts(n, shape)
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch own := assemble(reflect.New(t).Elem(), parts); {
	case len(parts) == 0:
		b.add(n.value, shape, err)
	case own != nil && shape.Kind() == reflect.Slice && b.blameAlone(t, shape, parts):
	case own != nil && !isConsequence(own, parts):
		b.add(n.value, shape, own)
	case own == nil && countGuilty(parts) == 0:
		b.add(n.value, shape, err)
	}
	return true
}

// blameAlone reports the items of a list that are refused by themselves: some
// lists are read as texts first, and stop at the first that means nothing.
func (b *blamer) blameAlone(t, shape reflect.Type, parts []part) bool {
	found := false
	for _, p := range parts {
		if err := assemble(reflect.New(t).Elem(), []part{p}); err != nil {
			b.add(p.value, shape.Elem(), err)
			found = true
		}
	}
	return found
}

// blameParts takes a node apart, and reports what is wrong with each part.
func (b *blamer) blameParts(n raw, shape reflect.Type) []part {
	parts := partsOf(n, shape)
	for i, p := range parts {
		if p.typ == nil {
			b.unknownKey(parts, i, shape)
			continue
		}
		parts[i].guilty = b.blame(p.raw, p.typ)
	}
	return parts
}

// isConsequence tells whether a complaint is about what a guilty part would have
// said: it has all words of its key.
func isConsequence(err error, parts []part) bool {
	return slices.ContainsFunc(parts, func(p part) bool { return p.guilty && (speaksOf(err, p.name) || speaksOf(err, p.meant)) })
}

func speaksOf(err error, key string) bool {
	message := strings.ToLower(err.Error())
	return key != "" && !slices.ContainsFunc(strings.Split(key, "_"), func(word string) bool { return !strings.Contains(message, word) })
}
