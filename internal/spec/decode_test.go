package spec

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
)

type CommonHeader struct {
	Kind Text `json:"kind" jsonschema:"required"`
	Team Name `json:"team,omitempty"`
}

type testTier struct {
	Node
	Budget  Ratio      `json:"budget" jsonschema:"required"`
	Windows []Duration `json:"windows"`
}

type testDocument struct {
	Node
	CommonHeader
	Name    Name               `json:"name" jsonschema:"required"`
	Period  Duration           `json:"period"`
	Enabled bool               `json:"enabled"`
	Rate    Count              `json:"rate"`
	Labels  Labels             `json:"labels"`
	Tiers   []testTier         `json:"tiers"`
	ByName  map[Name]*testTier `json:"byName"`
	Default *testTier          `json:"default"`
	Hidden  Text               `json:"-"`
	NoTag   Text
}

func decodeDocument(t *testing.T, text string) (*testDocument, []string) {
	t.Helper()
	var r diag.Report
	into := new(testDocument)
	Decode(readOne(t, text), into, &r)
	return into, list(&r)
}

func TestDecode(t *testing.T) {
	doc, findings := decodeDocument(t, `
kind: Service
team: infra
name: veza
period: 30d
enabled: true
rate: 7
labels: {b: 2h, a: x}
tiers:
  - {budget: 2%, windows: [1h, 5m]}
  - budget: 0.05
byName:
  slow: {budget: 10%}
default: {budget: 1}
`)
	if len(findings) > 0 {
		t.Fatalf("findings: %q", findings)
	}
	if doc.Kind.Text != "Service" || doc.Team.Text != "infra" { // embedded: keys of the parent
		t.Errorf("kind %q, team %q", doc.Kind, doc.Team)
	}
	if doc.Name.Text != "veza" || doc.Period.Duration != 30*24*time.Hour || !doc.Enabled || doc.Rate.N != 7 {
		t.Errorf("name %q, period %s, enabled %v, rate %d", doc.Name, doc.Period, doc.Enabled, doc.Rate.N)
	}
	if len(doc.Labels) != 2 || doc.Labels[0].Name.Text != "a" || doc.Labels.Get("b").Value.Text != "2h" {
		t.Errorf("labels %v", doc.Labels)
	}
	if len(doc.Tiers) != 2 || len(doc.Tiers[0].Windows) != 2 || doc.Tiers[0].Windows[1].Duration != 5*time.Minute || doc.Tiers[1].Budget.String() != "5%" {
		t.Errorf("tiers %v", doc.Tiers)
	}
	if doc.Default == nil || doc.Default.Budget.String() != "100%" || len(doc.ByName) != 1 {
		t.Errorf("default %v, by name %v", doc.Default, doc.ByName)
	}
	for name, tier := range doc.ByName {
		if name.Text != "slow" || tier.Budget.String() != "10%" {
			t.Errorf("%s: %v", name, tier)
		}
	}
}

// TestNode holds that a struct knows where it and its keys stand.
func TestNode(t *testing.T) {
	doc, _ := decodeDocument(t, "kind: Service\nname: veza\ntiers:\n  - budget: 2%\n    windows: [1h]\ndefault: {budget: 1}\n")
	for _, c := range []struct {
		name string
		pos  diag.Pos
		want string
	}{
		{"the document", doc.Pos(), "slo.yaml:1:1"},
		{"a scalar", doc.Name.Pos(), "slo.yaml:2:7"},
		{"an embedded scalar", doc.Kind.Pos(), "slo.yaml:1:7"},
		{"a key", doc.KeyPos("name"), "slo.yaml:2:7"},
		{"a key that is missing stands where its map does", doc.KeyPos("period"), "slo.yaml:1:1"},
		{"a list item", doc.Tiers[0].Pos(), "slo.yaml:4:5"},
		{"a key of it", doc.Tiers[0].KeyPos("windows"), "slo.yaml:5:14"},
		{"behind a pointer", doc.Default.Pos(), "slo.yaml:6:10"},
		{"what is not set has no place", doc.Period.Pos(), ""},
		{"nor has its key", doc.Period.KeyPos("x"), ""},
	} {
		if got := c.pos.String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if doc.Period.IsSet() || doc.Default.Budget.Value().Text != "1" {
		t.Error("the values that they were decoded from are lost")
	}
}

func TestDecodeFindings(t *testing.T) {
	const valid = "kind: Service\nname: veza\n"
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"an unknown key, with the nearest", valid + "perid: 30d\n", []string{`3:1: unknown key "perid"; did you mean "period"? (unknown-key)`}},
		{"an unknown key, near none", "kind: x\nname: x\ndefault: {budget: 1, zebra: 1}\n", []string{`3:22: unknown key "zebra"; use one of budget, windows (unknown-key)`}},
		{"fields without a key are not known", valid + "NoTag: x\nHidden: x\n", []string{
			`3:1: unknown key "NoTag"; use one of byName, default, enabled, kind, labels, name, period, rate, team, tiers (unknown-key)`,
			`4:1: unknown key "Hidden"; use one of byName, default, enabled, kind, labels, name, period, rate, team, tiers (unknown-key)`,
		}},
		{"missing keys, of an embedded struct too", "period: 30d\n", []string{
			`1:1: key "kind" is missing; add it (missing-key)`,
			`1:1: key "name" is missing; add it (missing-key)`,
		}},
		{"a missing key stands where its map does", valid + "tiers:\n  - windows: []\n", []string{`4:5: key "budget" is missing; add it (missing-key)`}},
		{"a key without a value", valid + "period:\ntiers: null\n", []string{
			`3:1: "period" has no value; give it a value, or leave the key out (missing-key)`,
			`4:1: "tiers" has no value; give it a value, or leave the key out (missing-key)`,
		}},
		{"a mandatory key without a value is reported once", "kind: Service\nname: ~\n", []string{`2:1: "name" has no value; give it a value, or leave the key out (missing-key)`}},
		{"nothing in a list", valid + "tiers: [~]\n", []string{`3:9: nothing is not a map; write a map (wrong-type)`}},
		{"not a document", "5\n", []string{`1:1: "5" is not a map; write a map (wrong-type)`}},
		{"a map for a text", "kind: {a: b}\nname: veza\n", []string{`1:7: a map is not a text; write a text (wrong-type)`}},
		{"a number for a text", "kind: 5\nname: veza\n", []string{`1:7: "5" is not a text; quote it (wrong-type)`}},
		{"true for a text", "kind: true\nname: veza\n", []string{`1:7: "true" is not a text; quote it (wrong-type)`}},
		{"a list for a name", "kind: Service\nname: [a]\n", []string{`2:7: a list is not a text; write a text (wrong-type)`}},
		{"a list for a duration", valid + "period: [1]\n", []string{`3:9: a list is not a duration such as 30s, 5m or 30d; write a duration such as 30s, 5m or 30d (wrong-type)`}},
		{"a text for true", valid + "enabled: yes\n", []string{`3:10: "yes" is not true or false; write true or false (wrong-type)`}},
		{"a text for a count", valid + "rate: many\n", []string{`3:7: "many" is not a whole number; write a whole number (wrong-type)`}},
		{"a map for a list", valid + "tiers: {budget: 1}\n", []string{`3:8: a map is not a list; write a list (wrong-type)`}},
		{"a list for a map", valid + "byName: [a]\n", []string{`3:9: a list is not a map; write a map (wrong-type)`}},
		{"a text for a struct", valid + "default: x\n", []string{`3:10: "x" is not a map; write a map (wrong-type)`}},
		{"a text for labels", valid + "labels: x\n", []string{`3:9: "x" is not a map of labels; write a map of labels (wrong-type)`}},
		{"a key that is no name", valid + "byName: {A B: {budget: 1}}\n", []string{`3:10: "A B" is not a name; use lower case letters, digits and dashes, 63 at most (bad-value)`}},
		{"a number as a key", valid + "byName: {5: {budget: 1}}\n", []string{`3:10: "5" is not a text; quote it (wrong-type)`}},
		{"long and long-winded values are cut", "kind: Service\nname: |\n  a\n\n  b " + strings.Repeat("x", 200) + "\n", []string{
			`2:7: "a\n\nb xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" is not a name; use lower case letters, digits and dashes, 63 at most (bad-value)`,
		}},
		{"everything at once", `
naem: veza
period: tomorrow
enabled: 1
rate: -1
labels: {a-b: c, d: 5}
tiers:
  - budget: 50
    windows: [1h, x]
  - bugdet: 1
default: {budget: a lot}
`, []string{
			`2:1: key "kind" is missing; add it (missing-key)`,
			`2:1: unknown key "naem"; did you mean "name"? (unknown-key)`,
			`3:9: "tomorrow" is not a duration; write a number with a unit: 30s, 5m, 1h30m, 30d (bad-value)`,
			`4:10: "1" is not true or false; write true or false (wrong-type)`,
			`5:7: "-1" is out of range; write a number from 0 to 1000000000 (bad-value)`,
			`6:10: "a-b" is not a label name; use letters, digits and underscores (bad-value)`,
			`6:21: "5" is not a text; quote it (wrong-type)`,
			`8:13: "50" is a share above 1; write 50% (bad-value)`,
			`9:19: "x" is not a duration; write a number with a unit: 30s, 5m, 1h30m, 30d (bad-value)`,
			`10:5: unknown key "bugdet"; did you mean "budget"? (unknown-key)`,
			`11:19: "a lot" is not a share; write a percentage such as 99.5% (bad-value)`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, findings := decodeDocument(t, c.text)
			if diff := cmp.Diff(c.want, findings); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestDecodeOverlay holds that an overlay needs no key, may remove any, and is
// otherwise held to the same rules.
func TestDecodeOverlay(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"no key is mandatory, at any depth", "tiers: [{windows: [1h]}]\n", nil},
		{"a key without a value removes one", "period:\ntiers: ~\ndefault: {windows: null}\n", nil},
		{"a label without a value as well", "labels: {a: null, b: c}\n", nil},
		{"an unknown key, even without a value", "perid:\n", []string{`1:1: unknown key "perid"; did you mean "period"? (unknown-key)`}},
		{"a wrong type", "labels: {a: 5}\nenabled: 1\n", []string{
			`1:13: "5" is not a text; quote it (wrong-type)`,
			`2:10: "1" is not true or false; write true or false (wrong-type)`,
		}},
	} {
		var r diag.Report
		DecodeOverlay(readOne(t, c.text), new(testDocument), &r)
		if diff := cmp.Diff(c.want, list(&r)); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}
