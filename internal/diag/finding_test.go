package diag

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFindingsAreSorted(t *testing.T) {
	a, b := &Source{Name: "a.yaml"}, &Source{Name: "b.yaml"}
	var r Report
	r.Add(odd, Pos{Source: b, Line: 1, Col: 1}, "", "%d", 7)
	r.Add(odd, Pos{Source: a, Path: "slos[1]"}, "", "path")
	r.Add(odd, Pos{Source: a, Line: 10, Col: 1}, "", "line 10 after line 9")
	r.Add(odd, Pos{Source: a, Line: 9, Col: 12}, "", "column 12 after column 9")
	r.Add(tooHigh, Pos{Source: a, Line: 9, Col: 9}, "", "z")
	r.Add(odd, Pos{Source: a, Line: 9, Col: 9}, "", "z")
	r.Add(odd, Pos{Source: a, Line: 9, Col: 9}, "", "y")
	r.Append(Finding{Kind: odd, Pos: Pos{Source: a, Path: "slos[0]"}, Message: "path"}, Finding{Kind: odd, Message: "nowhere"})
	var got []string
	for _, f := range r.Findings() {
		got = append(got, f.Pos.String()+" "+f.Message+" "+f.Kind.Name)
	}
	want := []string{
		" nowhere odd",
		"a.yaml: slos[0] path odd",
		"a.yaml: slos[1] path odd",
		"a.yaml:9:9 y odd",
		"a.yaml:9:9 z odd",
		"a.yaml:9:9 z too-high",
		"a.yaml:9:12 column 12 after column 9 odd",
		"a.yaml:10:1 line 10 after line 9 odd",
		"b.yaml:1:1 7 odd",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestFindingsDoNotRepeat(t *testing.T) {
	src := &Source{Name: "a.yaml"}
	place := Pos{Source: src, Line: 1, Col: 1}
	for _, c := range []struct {
		name   string
		second Finding
		want   int
	}{
		{"the same", Finding{Kind: odd, Pos: place, Message: "x"}, 1},
		{"the same, in the file read once more", Finding{Kind: odd, Pos: Pos{Source: &Source{Name: "a.yaml"}, Line: 1, Col: 1}, Message: "x"}, 1},
		{"another kind", Finding{Kind: tooHigh, Pos: place, Message: "x"}, 2},
		{"another message", Finding{Kind: odd, Pos: place, Message: "y"}, 2},
		{"another column", Finding{Kind: odd, Pos: Pos{Source: src, Line: 1, Col: 2}, Message: "x"}, 2},
		{"another path", Finding{Kind: odd, Pos: Pos{Source: src, Line: 1, Col: 1, Path: "a"}, Message: "x"}, 2},
	} {
		var r Report
		r.Add(odd, place, "", "x")
		r.Add(odd, Pos{Source: src, Line: 5}, "", "between")
		r.Append(c.second)
		if got := len(r.Findings()) - 1; got != c.want {
			t.Errorf("%s: %d findings, want %d", c.name, got, c.want)
		}
	}
}

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		name      string
		kinds     []*Kind
		worst     Severity
		any       bool
		hasErrors bool
	}{
		{"nothing", nil, Note, false, false},
		{"a note", []*Kind{hint}, Note, true, false},
		{"a warning among notes", []*Kind{hint, odd, hint}, Warning, true, false},
		{"an error among warnings", []*Kind{odd, tooHigh, odd}, Error, true, true},
	} {
		var r Report
		for _, k := range c.kinds {
			r.Add(k, Pos{}, "", "x")
		}
		if worst, found := r.Worst(); worst != c.worst || found != c.any || r.HasErrors() != c.hasErrors {
			t.Errorf("%s: %s, %v, errors %v", c.name, worst, found, r.HasErrors())
		}
	}
}
