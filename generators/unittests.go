package generators

import (
	"path"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/internal/parallel"
	"slowburn/internal/simulate"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// unitTestFile is a file of unit tests as promtool reads it.
type unitTestFile struct {
	RuleFiles  []string   `yaml:"rule_files"`
	Evaluation string     `yaml:"evaluation_interval"`
	Order      []string   `yaml:"group_eval_order"` // promtool's is random otherwise
	Tests      []unitTest `yaml:"tests"`
}

type unitTest struct {
	Name     string        `yaml:"name"`
	Interval string        `yaml:"interval"`
	Series   []inputSeries `yaml:"input_series"`
	Queries  []queryTest   `yaml:"promql_expr_test"`
}

type inputSeries struct {
	Series string `yaml:"series"`
	Values string `yaml:"values"`
}

// queryTest asks for the ALERTS series: unlike the alerts themselves, it does
// not depend on annotations, which print values.
type queryTest struct {
	Expr    string           `yaml:"expr"`
	At      string           `yaml:"eval_time"`
	Samples []expectedSample `yaml:"exp_samples"`
}

type expectedSample struct {
	Labels string `yaml:"labels"`
	Value  int    `yaml:"value"`
}

// UnitTests prints the exported ones of the scenarios as unit tests of a service's
// rule files, which stock promtool runs too: a witness that shares no engine
// with ours. Those of threshold alerts have a file of their own: promtool
// evaluates all rules of a file in each of its tests.
func (r *RuleFiles) UnitTests(scenarios []simulate.Scenario, x *simulate.Exporter) []Artifact {
	s := r.service
	isThreshold := func(sc simulate.Scenario) bool { return sc.Alert != nil }
	ofSLOs := slices.DeleteFunc(slices.Clone(scenarios), isThreshold)
	ofThresholds := slices.DeleteFunc(slices.Clone(scenarios), func(sc simulate.Scenario) bool { return !isThreshold(sc) })
	// Alerts depend on no rule of the whole period, and promtool would evaluate them all the same.
	return slices.Concat(
		r.unitTests(s.Name, ofSLOs, x, func(purpose string) bool { return purpose != slo.Period && purpose != slo.Thresholds }),
		r.unitTests(s.ResourceName(slo.Thresholds), ofThresholds, x, func(purpose string) bool { return purpose == slo.Thresholds }),
	)
}

// unitTests are those of some scenarios, on the rule files that they need.
func (r *RuleFiles) unitTests(name string, scenarios []simulate.Scenario, x *simulate.Exporter, needs func(purpose string) bool) []Artifact {
	file := unitTestFile{}
	for _, f := range r.files {
		if !needs(f.purpose) {
			continue
		}
		file.RuleFiles = append(file.RuleFiles, "../"+path.Base(f.path()))
		for _, g := range f.Groups {
			file.Order = append(file.Order, g.Name)
		}
	}
	fired := firedLabels(r.service)
	exported := make([]simulate.UnitTest, len(scenarios))
	printed := make([]unitTest, len(scenarios))
	parallel.Each(len(scenarios), func(i int) {
		if scenarios[i].Exported() {
			exported[i] = x.Export(&scenarios[i])
			printed[i] = printTest(exported[i], fired[scenarios[i].SLO])
		}
	})
	for i, test := range exported {
		if len(test.Assertions) == 0 {
			continue // it is not exported, or all of it is too close to call
		}
		file.Evaluation = spec.PrometheusDuration(test.Evaluation)
		file.Tests = append(file.Tests, printed[i])
	}
	if len(file.Tests) == 0 {
		return nil
	}
	return []Artifact{{Path: "prometheus/tests/" + name + ".test.yaml", Bytes: file.print(), Pos: scenarios[0].Pos}}
}

// firedLabels are the labels of each SLO's alerts while they fire, as the ALERTS
// series shows them. Those of an alert with a template for a label are not known.
func firedLabels(s *alerts.Service) map[*slo.SLO]map[string]labels.Labels {
	fired := map[*slo.SLO]map[string]labels.Labels{}
	for _, a := range s.All() {
		if a.SLO == nil {
			continue // what fires has labels of its series, too
		}
		set := a.LabelSet()
		set[model.MetricNameLabel], set["alertstate"] = "ALERTS", "firing"
		if fired[a.SLO] == nil {
			fired[a.SLO] = map[string]labels.Labels{}
		}
		lset := labels.FromMap(set)
		if !strings.Contains(lset.String(), "{{") {
			fired[a.SLO][a.Name] = lset
		}
	}
	return fired
}

func printTest(t simulate.UnitTest, fired map[string]labels.Labels) unitTest {
	test := unitTest{Name: t.Name, Interval: spec.PrometheusDuration(t.Interval)}
	for _, s := range t.Series {
		test.Series = append(test.Series, inputSeries(s))
	}
	for _, a := range t.Assertions {
		query := queryTest{Expr: expr.String(a.Query), At: spec.PrometheusDuration(a.At), Samples: []expectedSample{}}
		if a.Fires {
			lset, known := fired[a.Alert]
			b := labels.NewBuilder(lset)
			var by []string
			for _, l := range a.Group {
				b.Set(l.Name, l.Value)
				by = append(by, l.Name)
			}
			if !known {
				query.Expr = expr.String(expr.Count(a.Query, by...))
			}
			query.Samples = append(query.Samples, expectedSample{b.Labels().String(), 1})
		}
		test.Queries = append(test.Queries, query)
	}
	return test
}
