package diag

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var machineFindings = []Finding{
	{Kind: tooHigh, Pos: at("kind: Service\nobjective: 100\n", "100"), Message: `objective "100"`, Help: "use less"},
	{Kind: odd, Pos: Pos{Source: &Source{Name: "spec.jsonnet"}, Path: "slos[0].name"}, Message: "name"},
	{Kind: hint, Pos: Pos{Source: &Source{Name: "slo.yaml"}, Line: 3}, Message: "no column"},
	{Kind: odd, Message: "no place"},
	{Kind: hint, Message: "a", Help: "b", Detail: "c\n  d"},
}

func TestWriteJSON(t *testing.T) {
	var b strings.Builder
	if err := WriteJSON(&b, machineFindings); err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{
		{"kind": "too-high", "severity": "error", "file": "slo.yaml", "line": 2., "column": 12., "message": `objective "100"`, "help": "use less"},
		{"kind": "odd", "severity": "warning", "file": "spec.jsonnet", "path": "slos[0].name", "message": "name"},
		{"kind": "hint", "severity": "note", "file": "slo.yaml", "line": 3., "message": "no column"},
		{"kind": "odd", "severity": "warning", "message": "no place"},
		{"kind": "hint", "severity": "note", "message": "a", "help": "b", "detail": "c\n  d"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestWriteNothing holds that no findings are an empty list, which is what a
// reader of either format can iterate over.
func TestWriteNothing(t *testing.T) {
	var b strings.Builder
	if err := WriteJSON(&b, nil); err != nil || b.String() != "[]\n" {
		t.Errorf("JSON: %q, %v", b.String(), err)
	}
	log := sarifLog(t, nil)
	if r := log.Runs[0]; r.Results == nil || len(r.Results) != 0 || r.Tool.Driver.Rules == nil {
		t.Errorf("SARIF: results %v, rules %v", r.Results, r.Tool.Driver.Rules)
	}
}

func TestWriteGitHub(t *testing.T) {
	for _, c := range []struct {
		name    string
		finding Finding
		want    string
	}{
		{"an error", machineFindings[0], `::error file=slo.yaml,line=2,col=12,title=too-high::objective "100"; use less`},
		{"a warning, at a path", machineFindings[1], "::warning file=spec.jsonnet,title=odd::slos[0].name: name"},
		{"a note is a notice", machineFindings[2], "::notice file=slo.yaml,line=3,title=hint::no column"},
		{"no place", machineFindings[3], "::warning title=odd::no place"},
		{"a detail", machineFindings[4], "::notice title=hint::a; b%0Ac%0A  d"},
		{
			"what separates properties is escaped in them",
			Finding{Kind: &Kind{Name: "a:b,c%d"}, Pos: Pos{Source: &Source{Name: "a,b:c%d\r\ne.yaml"}}},
			"::notice file=a%2Cb%3Ac%25d%0D%0Ae.yaml,title=a%3Ab%2Cc%25d::",
		},
		{
			"a message keeps colons and commas, on one line",
			Finding{Kind: odd, Message: "100%: a, b\r\n::error::c"},
			"::warning title=odd::100%25: a, b%0D%0A::error::c",
		},
	} {
		var b strings.Builder
		if err := WriteGitHub(&b, []Finding{c.finding}); err != nil {
			t.Fatal(err)
		}
		if b.String() != c.want+"\n" {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, b.String(), c.want+"\n")
		}
	}
}

// sarifDocument is what code scanning reads of a SARIF log:
// https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
type sarifDocument struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []struct {
		ColumnKind string `json:"columnKind"`
		Tool       struct {
			Driver struct {
				Name  string
				Rules []struct {
					ID                                      string
					ShortDescription, FullDescription, Help struct{ Text string }
				}
			}
		}
		Results []struct {
			RuleID    string
			RuleIndex int
			Level     string
			Message   struct{ Text string }
			Locations []struct {
				PhysicalLocation struct {
					ArtifactLocation struct{ URI string }
					Region           sarifRegion
				}
			}
		}
	}
}

type sarifRegion struct{ StartLine, StartColumn, EndColumn int }

func sarifLog(t *testing.T, findings []Finding) sarifDocument {
	t.Helper()
	var b strings.Builder
	if err := WriteSARIF(&b, findings); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(b.String(), "}\n") {
		t.Error("the log does not end with a line end")
	}
	var log sarifDocument
	if err := json.Unmarshal([]byte(b.String()), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || log.Schema == "" || len(log.Runs) != 1 {
		t.Fatalf("version %q, schema %q, %d runs", log.Version, log.Schema, len(log.Runs))
	}
	return log
}

func TestWriteSARIF(t *testing.T) {
	run := sarifLog(t, append(machineFindings, machineFindings[0])).Runs[0]
	if run.Tool.Driver.Name != "slowburn" || run.ColumnKind != "unicodeCodePoints" {
		t.Errorf("driver %q, columns in %q", run.Tool.Driver.Name, run.ColumnKind)
	}
	var ids []string
	for _, rule := range run.Tool.Driver.Rules {
		ids = append(ids, rule.ID)
		if rule.ShortDescription.Text == "" || rule.FullDescription.Text == "" || rule.Help.Text == "" {
			t.Errorf("rule %s lacks a description: %+v", rule.ID, rule)
		}
	}
	if diff := cmp.Diff([]string{"too-high", "odd", "hint"}, ids); diff != "" {
		t.Errorf("rules: -want +got:\n%s", diff)
	}
	if got := run.Tool.Driver.Rules[0]; got.ShortDescription.Text != "A value is too high." || got.Help.Text != tooHigh.Doc {
		t.Errorf("described by %q, %q", got.ShortDescription.Text, got.Help.Text)
	}
	var got []string
	for _, result := range run.Results {
		got = append(got, result.Level+" "+result.RuleID+": "+result.Message.Text)
		if i := slices.Index(ids, result.RuleID); i < 0 || i != result.RuleIndex {
			t.Errorf("result of rule %q has index %d, the rule has %d", result.RuleID, result.RuleIndex, i)
		}
	}
	want := []string{
		`error too-high: objective "100"; use less`,
		"warning odd: slos[0].name: name",
		"note hint: no column",
		"warning odd: no place",
		"note hint: a; b\nc\n  d",
		`error too-high: objective "100"; use less`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results: -want +got:\n%s", diff)
	}
	if len(run.Results[3].Locations) != 0 {
		t.Error("a finding about no file has a location")
	}
}

func TestSARIFPlace(t *testing.T) {
	for _, c := range []struct {
		name string
		pos  Pos
		file string
		want sarifRegion
	}{
		{"line and column", at("a\nobjective: 100\n", "100"), "slo.yaml", sarifRegion{2, 12, 15}},
		{"columns are characters", at("é日: 100\n", "100"), "slo.yaml", sarifRegion{1, 5, 8}},
		{"a text over several lines ends with its first", at("a: b\n  c\n", "b\n  c"), "slo.yaml", sarifRegion{1, 4, 5}},
		{"a line", Pos{Source: &Source{Name: "a.yaml"}, Line: 3}, "a.yaml", sarifRegion{3, 0, 0}},
		{"a file", Pos{Source: &Source{Name: "a.yaml"}}, "a.yaml", sarifRegion{1, 0, 0}},
		{"a file name that is no URI", Pos{Source: &Source{Name: "my specs/100%:a#b?.yaml"}}, "my specs/100%:a#b?.yaml", sarifRegion{1, 0, 0}},
		{"a file name with a colon", Pos{Source: &Source{Name: "a:b.yaml"}}, "./a:b.yaml", sarifRegion{1, 0, 0}},
		{"standard input", Pos{Source: &Source{Name: "<stdin>"}}, "<stdin>", sarifRegion{1, 0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			place := sarifLog(t, []Finding{{Kind: odd, Pos: c.pos, Message: "x"}}).Runs[0].Results[0].Locations[0].PhysicalLocation
			if place.Region != c.want {
				t.Errorf("region %+v, want %+v", place.Region, c.want)
			}
			uri, err := url.Parse(place.ArtifactLocation.URI)
			if err != nil || uri.Path != c.file || uri.Scheme != "" || strings.ContainsAny(place.ArtifactLocation.URI, " <>") {
				t.Errorf("URI %q (%v)", place.ArtifactLocation.URI, err)
			}
		})
	}
}
