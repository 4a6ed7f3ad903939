package spec

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLabels(t *testing.T) {
	for _, c := range []struct {
		source   string
		want     []string
		findings []string
	}{
		{"{}", nil, nil},
		{"{team: infra, Area_1: b}", []string{"Area_1=b", "team=infra"}, nil},
		{"{a: ''}", []string{"a="}, nil},
		{"{a-b: c, d: e}", []string{"d=e"}, []string{`1:5: "a-b" is not a label name; use letters, digits and underscores (bad-value)`}},
		{"{__name__: c}", nil, []string{`1:5: "__name__" is not a label name; use letters, digits and underscores (bad-value)`}},
		{"{5: c}", nil, []string{`1:5: "5" is not a label name; use letters, digits and underscores (bad-value)`}},
		{"{a: 5, b: null, c: [d]}", []string{"a=", "b=", "c="}, []string{
			`1:8: "5" is not a text; quote it (wrong-type)`,
			`1:14: nothing is not a text; write a text (wrong-type)`,
			`1:23: a list is not a text; write a text (wrong-type)`,
		}},
		{"[a]", nil, []string{`1:4: a list is not a map of labels; write a map of labels (wrong-type)`}},
	} {
		var ls Labels
		findings := decodeValue(t, c.source, &ls)
		if diff := cmp.Diff(c.findings, findings); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.source, diff)
		}
		if diff := cmp.Diff(c.want, labelTexts(ls)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.source, diff)
		}
	}
}

func labelTexts(ls Labels) []string {
	var texts []string
	for _, l := range ls {
		texts = append(texts, l.Name.Text+"="+l.Value.Text)
	}
	return texts
}

func TestLabelsWith(t *testing.T) {
	base := NewLabels("c", "1", "a", "2")
	for _, c := range []struct {
		more Labels
		want []string
	}{
		{nil, []string{"a=2", "c=1"}},
		{NewLabels("b", "3"), []string{"a=2", "b=3", "c=1"}},
		{NewLabels("c", "4", "d", "5"), []string{"a=2", "c=4", "d=5"}},
	} {
		if diff := cmp.Diff(c.want, labelTexts(base.With(c.more))); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
	if diff := cmp.Diff([]string{"a=2", "c=1"}, labelTexts(base)); diff != "" {
		t.Errorf("With changed its receiver: %s", diff)
	}
	if l := base.Get("c"); l == nil || l.Value.Text != "1" || base.Get("x") != nil {
		t.Errorf("Get finds %v and %v", l, base.Get("x"))
	}
}

func TestChoices(t *testing.T) {
	for _, c := range []struct {
		source   string
		want     []string
		findings []string
	}{
		{"{severity: [page, ticket], area: db}", []string{"area=db", "severity=page|ticket"}, nil},
		{"{a: [c, b]}", []string{"a=c|b"}, nil}, // the order of values is the spec's
		{"{a: []}", nil, []string{`1:8: label "a" has no values; list the values that it may have (bad-value)`}},
		{"{a: [5, b]}", []string{"a=|b"}, []string{`1:9: "5" is not a text; quote it (wrong-type)`}},
		{"{a: {b: c}}", []string{"a="}, []string{`1:8: a map is not a text; write a text (wrong-type)`}},
		{"{a b: c}", nil, []string{`1:5: "a b" is not a label name; use letters, digits and underscores (bad-value)`}},
		{"x", nil, []string{`1:4: "x" is not a map of labels; write a map of labels (wrong-type)`}},
	} {
		var cs Choices
		findings := decodeValue(t, c.source, &cs)
		if diff := cmp.Diff(c.findings, findings); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.source, diff)
		}
		var got []string
		for _, choice := range cs {
			var values []string
			for _, v := range choice.Values {
				values = append(values, v.Text)
			}
			got = append(got, choice.Name.Text+"="+strings.Join(values, "|"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.source, diff)
		}
	}
}
