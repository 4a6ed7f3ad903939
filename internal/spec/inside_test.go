package spec

import (
	"testing"

	"slowburn/internal/diag"
)

// TestReadInside holds where things in a text within a text stand.
func TestReadInside(t *testing.T) {
	for _, c := range []struct{ name, text, at, part, finding string }{
		{"block", "data:\n  a.json: |-\n    {\n      \"é\": \"X\"\n    }\n", "4:12", "4:13", ""},
		{"deeper block", "data:\n  a.json: |2-\n        {\n      \"é\": \"X\"\n    }\n", "4:12", "4:13", ""},
		{"one line", `data: {a.json: '{"é": "X"}'}`, "1:16", "1:16", ""},
		{"folded", "data:\n  a.json: >-\n    {\n    \"é\": \"X\" }\n", "2:11", "2:11", ""},
		{"broken", "data:\n  a.json: |\n    {\n      \"é\": X\n", "", "", "a.yaml:4"},
	} {
		var r diag.Report
		src := &diag.Source{Name: "a.yaml", Text: []byte(c.text)}
		outer := ReadYAML(src, &r)[0].Get("data").Get("a.json")
		docs := ReadInside(outer, &r)
		if c.finding != "" {
			if f := r.Findings(); len(f) == 0 || f[0].Pos.Source != src || f[0].Pos.Line < 3 {
				t.Errorf("%s: got %v", c.name, f)
			}
			continue
		}
		if r.Len() > 0 || len(docs) != 1 {
			t.Fatalf("%s: %v", c.name, r.Findings())
		}
		v := docs[0].Get("é")
		if got := v.Pos.String(); got != "a.yaml:"+c.at {
			t.Errorf("%s: the value stands at %s, want %s", c.name, got, c.at)
		}
		if got := v.Sub(0, 1).String(); got != "a.yaml:"+c.part {
			t.Errorf("%s: its first letter stands at %s, want %s", c.name, got, c.part)
		}
	}
}
