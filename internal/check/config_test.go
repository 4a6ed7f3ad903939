package check

import (
	"os"
	"strings"
	"testing"

	"slowburn/internal/diag"
)

const twoRules = `groups:
- name: g
  rules:
  - {alert: A, expr: up > 1, annotations: {a: "{{ $labels.job }}"}}
  - {alert: B, expr: sum(up) == 0, annotations: {a: "{{ $labels.job }}"}}
`

// TestConfig holds what a configuration makes of the findings about twoRules,
// one each of never-fires and template-label, by the path of the file.
func TestConfig(t *testing.T) {
	for _, c := range []struct {
		name, config, path string
		want               string // check and severity of what is found
	}{
		{"none", "", "rules/a.yaml", "never-fires error, template-label warning"},
		{"off", "checks: {never-fires: off}", "rules/a.yaml", "template-label warning"},
		{"quoted", `checks: {"never-fires": "off"}`, "rules/a.yaml", "template-label warning"},
		{"another severity", "checks: {never-fires: note, template-label: error}", "rules/a.yaml", "never-fires note, template-label error"},
		{"in a map", "checks: {never-fires: {severity: warning}}", "rules/a.yaml", "never-fires warning, template-label warning"},
		{"by path", "paths: [{match: 'rules/*.yaml', checks: {never-fires: off}}]", "rules/a.yaml", "template-label warning"},
		{"by another path", "paths: [{match: 'rules/*.yaml', checks: {never-fires: off}}]", "rules/old/a.yaml", "never-fires error, template-label warning"},
		{"any depth", "paths: [{match: 'rules/**', checks: {never-fires: off}}]", "rules/old/a.yaml", "template-label warning"},
		{"any folder", "paths: [{match: '**/a.yaml', checks: {never-fires: off}}]", "a.yaml", "template-label warning"},
		{"from here", "paths: [{match: './rules/**', checks: {never-fires: off}}]", "rules/a.yaml", "template-label warning"},
		{"several patterns", "paths: [{match: [x.yaml, 'rules/?.yaml'], checks: {never-fires: off}}]", "rules/a.yaml", "template-label warning"},
		{"the later wins", "checks: {never-fires: off}\npaths: [{match: '**', checks: {never-fires: error}}, {match: 'rules/**', checks: {never-fires: note}}]", "rules/a.yaml", "never-fires note, template-label warning"},
		{"above the root", "paths: [{match: '**', checks: {never-fires: off}}]", "../rules/a.yaml", "template-label warning"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r diag.Report
			var config *Config
			if c.config != "" {
				config = ReadConfig(&diag.Source{Name: ".slowburn.yaml", Text: []byte(c.config)}, &r)
			}
			files, sources := unit(t, twoRules)
			findings := config.Judge(Run(files, Options{Config: config, Sources: sources}), func(string) string { return c.path })
			r.Append(Silence(findings, sources, false)...)
			var got []string
			for _, f := range r.Findings() {
				got = append(got, f.Kind.Name+" "+f.Severity().String())
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %s\nwant %s\n%s", got, c.want, shown(r.Findings()))
			}
		})
	}
}

// TestChecksOfNoUse holds that a check of which nobody would hear is not run, and
// that one is which is wanted somewhere, or which a comment names.
func TestChecksOfNoUse(t *testing.T) {
	const recording = "groups:\n- name: g\n  rules:\n  - {record: 'a:b', expr: sum(up)}\n"
	for _, c := range []struct {
		name, config, text string
		found              bool
	}{
		{"off", "", recording, false},
		{"on", "checks: {unused-recording: warning}", recording, true},
		{"on in some files", "checks: {unused-recording: off}\npaths: [{match: 'x/**', checks: {unused-recording: note}}]", recording, true},
		{"off in some files", "paths: [{match: 'x/**', checks: {unused-recording: off}}]", recording, false},
		{"named by a comment", "", "# slowburn:ignore unused-recording people read it\n" + recording, true},
		{"another is named", "", "# slowburn:ignore short-range it is fast\n" + recording, false},
	} {
		var r diag.Report
		files, sources := unit(t, c.text)
		config := ReadConfig(&diag.Source{Name: ".slowburn.yaml", Text: []byte(c.config)}, &r)
		if got := len(Run(files, Options{Config: config, Sources: sources})) > 0; got != c.found || r.Len() > 0 {
			t.Errorf("%s: found: %v %s", c.name, got, shown(r.Findings()))
		}
		if len(Run(files, Options{Config: config})) == 0 {
			t.Errorf("%s: it is not run where the sources are not known", c.name)
		}
	}
}

// TestParametersByPath holds that later layers of a configuration set only what they say.
func TestParametersByPath(t *testing.T) {
	var r diag.Report
	c := ReadConfig(&diag.Source{Name: ".slowburn.yaml", Text: []byte(`checks:
  ruler-limits: {rulesPerGroup: 20, groups: 70}
  alert-metadata: {labels: [severity, team], values: {severity: [page]}}
paths:
  - match: big/**
    checks:
      ruler-limits: {rulesPerGroup: 100}
      alert-metadata: {labels: [severity]}
`)}, &r)
	if r.Len() > 0 {
		t.Fatal(shown(r.Findings()))
	}
	for _, want := range []struct {
		path   string
		rules  int
		labels string
	}{{"a.yaml", 20, "severity team"}, {"big/a.yaml", 100, "severity"}} {
		limits := c.parameters(rulerLimits, want.path).(*limitParameters)
		if limits.RulesPerGroup.N != want.rules || limits.Groups.N != 70 {
			t.Errorf("%s: %d rules, %d groups", want.path, limits.RulesPerGroup.N, limits.Groups.N)
		}
		metadata := c.parameters(alertMetadata, want.path).(*metadataParameters)
		if got := strings.Join(metadata.Labels.list(), " "); got != want.labels || len(metadata.Values) != 1 {
			t.Errorf("%s: labels %s, values %v", want.path, got, metadata.Values)
		}
	}
}

// TestConfigFindings holds what is wrong with a configuration, with its place.
func TestConfigFindings(t *testing.T) {
	for _, c := range []struct{ config, want string }{
		{"cheks: {}", `1:1: unknown key "cheks"; did you mean "checks"? (unknown-key)`},
		{"checks: {nevr-fires: off}", `1:10: there is no check "nevr-fires"; did you mean "never-fires"? (unknown-key)`},
		{"checks: {never-fires: of}", `1:23: "of" is not a severity; did you mean "off"? (bad-value)`},
		{"checks: {never-fires: true}", `1:23: "true" is not a severity; use one of off, note, warning, error (bad-value)`},
		{"checks: {never-fires: }", `1:23: nothing is not a severity; write off, note, warning or error (wrong-type)`},
		{"checks: {never-fires: [off]}", `1:23: a list is not a severity; write off, note, warning or error (wrong-type)`},
		{"checks: {never-fires: {level: off}}", `1:24: never-fires has no parameter "level"; use severity (unknown-key)`},
		{"checks: {short-range: {scrapeIntervall: 5s}}", `1:24: unknown key "scrapeIntervall"; did you mean "scrapeInterval"? (unknown-key)`},
		{"checks: {short-range: {scrapeInterval: often}}", `(bad-value)`},
		{"checks: [never-fires]", `1:9: a list is not a map; write a map of checks (wrong-type)`},
		{"checks: {never-fires: off, never-fires: error}", `1:28: "never-fires" is already set in line 1; keep one of the two (duplicate-key)`},
		{"paths: [{checks: {never-fires: off}}]", `1:9: key "match" is missing; add it (missing-key)`},
		{"paths: [{match: 'a[', checks: {}}]", `1:17: "a[" is not a pattern of paths`},
		{"paths: [{match: 5}]", `1:17: "5" is not a text; quote it (wrong-type)`},
		{"metrics: {a: b}", `1:10: a map is not a text; write a text (wrong-type)`},
		{"checks: {}\n---\nchecks: {}", `3:1: a configuration has one document; make it one document (wrong-type)`},
		{"a: [", `(yaml-syntax)`},
		{"checks: {rule-selector: {matchExpressions: [{key: a, operator: Inn}]}}", `1:64: there is no operator "Inn"; did you mean "In"? (bad-value)`},
		{"checks: {unused-recording: {readElsewhere: '('}}", `1:44: "(": error parsing regexp`},
	} {
		var r diag.Report
		ReadConfig(&diag.Source{Name: "c", Text: []byte(c.config)}, &r)
		if got := strings.TrimPrefix(shown(r.Findings()), "c:"); !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
			t.Errorf("%s\ngot  %s\nwant %s", c.config, got, c.want)
		}
	}
}

// FuzzConfig holds that no configuration makes reading it, or running with it, panic.
func FuzzConfig(f *testing.F) {
	for _, c := range All {
		if c.Configuration != "" {
			f.Add([]byte("checks:\n" + indented(c.Configuration)))
		}
	}
	f.Add([]byte("metrics: a\npaths:\n- match: ['a/**', '{b,c}/[d-e].yaml']\n  metrics: [x]\n  checks: {never-fires: off, short-range: {scrapeInterval: 1m}}\n"))
	rules, err := os.ReadFile("testdata/never-fires/value.yaml")
	if err != nil {
		f.Fatal(err)
	}
	files, sources := unit(f, string(rules))
	f.Fuzz(func(t *testing.T, text []byte) {
		var r diag.Report
		c := ReadConfig(&diag.Source{Name: "c", Text: text}, &r)
		c.AllMetrics()
		Silence(c.Judge(Run(files, Options{Config: c}), func(name string) string { return name }), sources, false)
	})
}
