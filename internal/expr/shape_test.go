package expr

import "testing"

// shaped are expressions in which values stand where they might be mistaken.
var shaped = []string{
	`up{job="a"}`, `up{job=""}`, `{job=""}`, `{job="",x="y"}`, `{job!="a"}`, `{job=~"a("}`, `{job=~"a"}`, `{__name__="a"}`, `up{__name__="a"}`, `up{job="a\q"}`, `up{job="a\"b"}`, `up{job="a`, `up{job='a"b'}`,
	"up{job=`a`}", `up == "a"`, `label_replace(up, "a", 'b="c"', "d", "e=\"f\"")`, `up # job="a"`, "up # \"\n / up{job=\"a\"}", `up{job = "a", x != "b"}`, `count_values("a=", up)`, `up{job="a
b"}`, `{"up", job="x"}`, `up{"job"="x"}`, `up{job="\xff"}`, "up{job=\"\xff\"}", `up{job="ü"}`, `up{job="a"} == bool on (x) up{job="b"}`, `up{job=="a"}`,
}

// FuzzShapes holds that what is told of an expression by its shape is what the
// parser says, whatever other expressions came before.
func FuzzShapes(f *testing.F) {
	for _, text := range append(shaped, printed...) {
		f.Add(text)
	}
	s := NewShapes()
	f.Fuzz(func(t *testing.T, text string) {
		_, err := Parse(text)
		if got := s.Parses(text); got != (err == nil) {
			t.Fatalf("%q parses: %v; the parser says %v", text, got, err)
		}
		of := shapeOf(text)
		if _, again := Parse(of); (again == nil) != (err == nil) {
			t.Fatalf("%q: %v; its shape %q: %v", text, err, of, again)
		}
	})
}

// Rules that differ in values alone are parsed once.
func TestShapes(t *testing.T) {
	s := NewShapes()
	for _, job := range []string{"a", "b", "c d", "e{}"} {
		if !s.Parses(`sum(rate(x{job="` + job + `",code=~"5.."}[5m])) / ignoring (code) x{job!='` + job + `'}`) {
			t.Error(job)
		}
	}
	if len(s.valid) != 1 {
		t.Errorf("%d shapes", len(s.valid))
	}
	if s.Parses(`sum(rate(x{job="a",code=~"5("}[5m])) / ignoring (code) x{job!='a'}`) {
		t.Error("a regular expression is not looked at")
	}
}
