package simulate

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
	"slowburn/slo"
)

const metrics = `# TYPE http_requests_total counter
http_requests_total{method="GET",path="/a",status="200"} 5
http_requests_total{method="GET",path="/b",status="304"} 5
http_requests_total{method="GET",path="/b",status="500"} 1
http_requests_total{method="POST",path="/b",status="502"} 1
# TYPE latency_seconds histogram
latency_seconds_bucket{method="GET",le="0.1"} 4
latency_seconds_bucket{method="GET",le="0.5"} 4
latency_seconds_bucket{method="GET",le="1"} 5
latency_seconds_bucket{method="GET",le="+Inf"} 5
latency_seconds_sum{method="GET"} 1.5
latency_seconds_count{method="GET"} 5
`

// The rules are written by hand here, as anybody would: what the compiler emits
// is tested where it is emitted.
const rules = `groups:
  - name: orders
    interval: 30s
    rules:
      - {record: ratio5m, expr: 'sum(rate(http_requests_total{job="api",method="GET",status=~"5.."}[5m])) / sum(rate(http_requests_total{job="api",method="GET"}[5m]))', labels: {service: shop, slo: orders}}
      - {record: ratio1h, expr: 'sum(rate(http_requests_total{job="api",method="GET",status=~"5.."}[1h])) / sum(rate(http_requests_total{job="api",method="GET"}[1h]))', labels: {service: shop, slo: orders}}
      - {alert: OrdersSLOFast, expr: 'ratio1h{slo="orders"} > (14.4 * 0.005) and ratio5m{slo="orders"} > (14.4 * 0.005)'}
  - name: latency
    interval: 30s
    rules:
      - {record: ratio5m, expr: '1 - sum(rate(latency_seconds_bucket{job="api",le="0.5"}[5m])) / sum(rate(latency_seconds_count{job="api"}[5m]))', labels: {service: shop, slo: latency}}
      - {record: ratio1h, expr: '1 - sum(rate(latency_seconds_bucket{job="api",le="0.5"}[1h])) / sum(rate(latency_seconds_count{job="api"}[1h]))', labels: {service: shop, slo: latency}}
      - {alert: LatencySLOFast, expr: 'ratio1h{slo="latency"} > (14.4 * 0.005) and ratio5m{slo="latency"} > (14.4 * 0.005)'}
`

const service = `name: shop
burn: [{name: Fast, budget: 2%, windows: [1h, 5m]}]
slos:
  - name: orders
    objective: 99.5%
    availability: {total: 'http_requests_total{job="api",method="GET"}', bad: 'status=~"5.."'}
  - name: latency
    objective: 99.5%
    latency: {of: 'latency_seconds{job="api"}', within: 500ms}
scenarios:
`

// scenarios resolves scenarios of the service, which stand on lines of their own from line 11 on.
func scenarios(t *testing.T, text string) ([]Scenario, []string) {
	t.Helper()
	var r diag.Report
	var doc struct {
		slo.ServiceSpec
		ScenariosSpec
	}
	spec.Decode(spec.ReadYAML(&diag.Source{Name: "slo.yaml", Text: []byte(service + text)}, &r)[0], &doc, &r)
	catalogue := slo.ReadCatalogue(&diag.Source{Name: "m", Text: []byte(metrics)}, []string{"job", "instance"}, &r)
	resolved := Resolve(doc.ScenariosSpec, slo.Resolve(&doc.ServiceSpec, catalogue, &r), &r).All()
	var findings []string
	for _, f := range r.Findings() {
		findings = append(findings, fmt.Sprintf("%d:%d: %s (%s)", f.Pos.Line, f.Pos.Col, f.Text(), f.Kind.Name))
	}
	return resolved, findings
}

func groups(t *testing.T, text string) []*rulefile.Group {
	t.Helper()
	var r diag.Report
	src := &diag.Source{Name: "rules.yaml", Text: []byte(text)}
	files := rulefile.Read(src, spec.ReadYAML(src, &r)[0], &r)
	if r.HasErrors() {
		t.Fatal(r.Findings())
	}
	return files[0].Groups
}

func run(t *testing.T, scenario, rules string) Result {
	t.Helper()
	list, findings := scenarios(t, scenario)
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	results, err := RunAll(context.Background(), []Scenario{list[0]}, groups(t, rules), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return results[0] // of the tier; the second is of the alert on absence
}

func TestScenarios(t *testing.T) {
	for _, c := range []struct {
		scenario  string
		predicted string
	}{
		{"{name: a, slo: orders, outage: 30s, expect: silent}", "silent: it needs 4m19.2s"},
		{"{name: a, slo: orders, outage: 4m, expect: silent}", "silent: it needs 4m19.2s"},
		{"{name: a, slo: orders, outage: 10s, expect: silent}", "silent: it needs 4m19.2s"}, // less than a scrape
		{"{name: a, slo: orders, outage: 5m, expect: {Fast: {fires: 259.2s, clears: 278.4s}}}", "fires after 4m19.2s, clears after 4m38.4s"},
		{"{name: a, slo: orders, outage: 2h, expect: {Fast: {fires: 259.2s}}}", "fires after 4m19.2s, clears after 4m38.4s"},
		{"{name: a, slo: orders, outage: 2h, errors: 15%, expect: {Fast: {fires: 28m48s, clears: 2m36s}}}", "fires after 28m48s, clears after 2m36s"},
		{"{name: a, slo: orders, outage: 2h, errors: 7%, expect: silent}", "silent: its threshold of 7.2% is never exceeded"},
		{"{name: a, slo: latency, outage: 5m, expect: {Fast: {fires: 259.2s}}}", "fires after 4m19.2s, clears after 4m38.4s"},
	} {
		got := run(t, "  - "+c.scenario+"\n", rules)
		if got.Predicted() != c.predicted {
			t.Errorf("%s: predicted %s, want %s", c.scenario, got.Predicted(), c.predicted)
		}
		if !got.OK() {
			t.Errorf("%s: predicted %s, observed %s", c.scenario, got.Predicted(), got.Saw())
		}
	}
}

// TestWrongRulesFail breaks the rules in ways that people do, and wants each noticed.
func TestWrongRulesFail(t *testing.T) {
	const orders = "  - {name: a, slo: orders, outage: 5m, expect: {Fast: {}}}\n"
	const latency = "  - {name: a, slo: latency, outage: 5m, expect: {Fast: {}}}\n"
	for _, c := range []struct{ name, scenario, old, new string }{
		{"threshold ten times too high", orders, "14.4 * 0.005", "144 * 0.005"},
		{"threshold of another factor", orders, "14.4 * 0.005", "6 * 0.005"},
		{"short window dropped", orders, ` and ratio5m{slo="orders"} > (14.4 * 0.005)`, ""},
		{"job not selected: the decoy counts", orders, `{job="api",method="GET"`, `{method="GET"`},
		{"method not selected", orders, `job="api",method="GET"`, `job="api"`},
		{"one status instead of all", orders, `status=~"5.."`, `status="500"`},
		{"one instance instead of all", orders, `sum(rate(http_requests_total{job="api",method="GET",status`, `sum(rate(http_requests_total{job="api",instance=~"a.*",method="GET",status`},
		{"the bucket below", latency, `le="0.5"`, `le="0.1"`},
		{"the bucket above", latency, `le="0.5"`, `le="1.0"`},
		{"comparison turned round", orders, `> (14.4`, `< (14.4`},
		{"another window", orders, `[1h]`, `[2h]`},
		{"a delay", orders, "OrdersSLOFast,", "OrdersSLOFast, for: 10m,"},
		{"the alert of another SLO", orders, `slo="orders"}`, `slo="latency"}`},
	} {
		broken := strings.ReplaceAll(rules, c.old, c.new)
		if broken == rules {
			t.Errorf("%s: nothing was broken", c.name)
		}
		list, _ := scenarios(t, c.scenario)
		results, err := RunAll(context.Background(), []Scenario{list[0]}, groups(t, broken), Options{})
		if err == nil && results[0].OK() {
			t.Errorf("%s: nobody noticed; %s", c.name, results[0].Saw())
		}
	}
}

func TestExpectations(t *testing.T) {
	_, got := scenarios(t, `  - {name: a, slo: order, outage: 5m, expect: silent}
  - {name: b, slo: orders, outage: 5m, expect: silent}
  - {name: c, slo: orders, outage: 60s, expect: {Fast: {fires: 259s}}}
  - {name: d, slo: orders, outage: 5m, expect: {Fast: {fires: 5m, clears: 278.4s}}}
  - {name: e, slo: orders, outage: 5m, expect: {Fats: {fires: 259s}}}
  - {name: f, slo: orders, outage: 5m, expect: quiet}
  - {name: g, slo: orders, outage: 5m, expect: {Fast: {fire: 259s}}}
  - {name: h, slo: orders, outage: 60s, expect: {Fast: silent}}
  - {name: i, slo: orders, outage: 60s, expect: {Fast: }}
`)
	want := []string{
		`11:20: there is no SLO "order"; did you mean "orders"? (unknown-reference)`,
		`12:48: Fast fires in this outage, after 4m19.2s; expect {Fast: {fires: 4m19.2s}}, or a shorter outage (wrong-prediction)`,
		`13:50: Fast cannot fire in this outage; expect it to be silent: it needs 4m19.2s (wrong-prediction)`,
		`14:63: Fast fires after 4m19.2s, not 5m; write 4m19.2s (wrong-prediction)`,
		`15:49: there is no tier "Fats"; did you mean "Fast"? (unknown-reference)`,
		`16:48: an expectation is silent or a map of tiers; write silent, or {FastBurn: {fires: 4m20s}}; of an alert {fires: 2m} (bad-value)`,
		`17:56: unknown key "fire"; did you mean "fires"? (unknown-key)`,
		`18:56: a tier that is not listed is silent; leave Fast out; in an overlay write Fast: without a value (wrong-type)`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestGuard holds that low traffic waits for the guard to open.
func TestGuard(t *testing.T) {
	list, findings := scenarios(t, "  - {name: a, slo: orders, outage: 30m, traffic: 60, expect: {Fast: {}}}\n")
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	s := list[0]
	s.SLO.MinErrors = 10
	// 60 events an hour: the tenth bad one comes after ten minutes, long after the ratio is exceeded.
	p := predict(s.SLO, &s.SLO.BurnAlerts()[0], member{load: s.Load}, s.Watch)
	if len(p.Fires) != 1 || (p.Fires[0].From-s.Event.From).Round(time.Millisecond) != 10*time.Minute {
		t.Errorf("fires in %v", p.Fires)
	}
	s.SLO.MinErrors = 40
	if p := predict(s.SLO, &s.SLO.BurnAlerts()[0], member{load: s.Load}, s.Watch); len(p.Fires) > 0 || p.Why != "the guard needs 40 bad events" {
		t.Errorf("fires in %v; %s", p.Fires, p.Why)
	}
}

func TestWitnesses(t *testing.T) {
	m := func(kind labels.MatchType, value string) *labels.Matcher {
		return labels.MustNewMatcher(kind, "l", value)
	}
	for _, c := range []struct {
		seen     []string
		matchers []*labels.Matcher
		first    string
	}{
		{[]string{"200", "503"}, []*labels.Matcher{m(labels.MatchRegexp, "5..")}, "503"},
		{nil, []*labels.Matcher{m(labels.MatchRegexp, "5..")}, "500"},
		{nil, []*labels.Matcher{m(labels.MatchRegexp, "POST|PUT")}, "POST"},
		{nil, []*labels.Matcher{m(labels.MatchRegexp, "(foo|ba[rz])+/v[0-9]{2}")}, "foo/v00"},
		{nil, []*labels.Matcher{m(labels.MatchNotEqual, "200"), m(labels.MatchNotRegexp, "4..")}, "204"},
		{nil, []*labels.Matcher{m(labels.MatchRegexp, ".+"), m(labels.MatchNotRegexp, ".*")}, ""},
	} {
		got := witnesses(c.seen, c.matchers)
		if (len(got) == 0) != (c.first == "") || len(got) > 0 && got[0] != c.first {
			t.Errorf("%v with %v seen: %q, want %q first", c.matchers, c.seen, got, c.first)
		}
	}
}

// FuzzWitnesses wants every value that is made up to be accepted, and no expression to hang.
func FuzzWitnesses(f *testing.F) {
	for _, seed := range []string{"5..", "a|b", "(a*)*", "[^a]", "(?i)x{3,}", "((((a{9}){9}){9}){9}){9}", "\\bx\\b", "[[:^word:]]", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		m, err := labels.NewMatcher(labels.MatchRegexp, "l", expression)
		if err != nil {
			return
		}
		for _, v := range witnesses(nil, []*labels.Matcher{m}) {
			if !m.Matches(v) {
				t.Errorf("%q does not match %q", v, expression)
			}
		}
	})
}
