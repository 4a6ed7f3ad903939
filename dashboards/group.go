package dashboards

import (
	"slices"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/prometheus/prometheus/model/labels"

	"slowburn/alerts"
	"slowburn/slo"
)

// groupLabels are the labels by which SLOs of services are grouped, each once.
func groupLabels(services ...*alerts.Service) []string {
	var all []string
	for _, s := range services {
		for _, o := range s.SLOs {
			for _, label := range o.Per {
				if !slices.Contains(all, label) {
					all = append(all, label)
				}
			}
		}
	}
	return all
}

// groupVariable is the name of the variable that chooses values of a label. No
// other variable begins like it.
func groupVariable(label string) string { return "per_" + label }

// chosenGroups are the variables by which groups of the chosen SLO are chosen: all
// of them, unless somebody does.
func chosenGroups(s *alerts.Service) []dashboard.VariableModel {
	var all []dashboard.VariableModel
	of := sloView{s}.ofSLO(slo.RemainingBudgetMetric)
	for _, label := range groupLabels(s) {
		text := "label_values(" + printed(of) + ", " + label + ")"
		everything := dashboard.VariableOption{
			Text:  dashboard.StringOrArrayOfString{ArrayOfString: []string{"All"}},
			Value: dashboard.StringOrArrayOfString{ArrayOfString: []string{"$__all"}},
		}
		all = append(all, dashboard.VariableModel{
			Type: dashboard.VariableTypeQuery, Name: groupVariable(label), Label: given(label), Datasource: given(dataSource),
			Refresh: given(dashboard.VariableRefreshOnTimeRangeChanged), Sort: given(dashboard.VariableSortAlphabeticalAsc),
			// An SLO that is not grouped by the label has no values of it, and is there all the same.
			Multi: given(true), IncludeAll: given(true), AllValue: given(".*"), Current: &everything,
			Query: &dashboard.StringOrMap{String: given(text)}, Definition: given(text),
		})
	}
	return all
}

// chosenValues are matchers of the chosen groups, by labels.
func chosenValues(groupedBy []string) []*labels.Matcher {
	var all []*labels.Matcher
	for _, label := range groupedBy {
		all = append(all, labels.MustNewMatcher(labels.MatchRegexp, label, variable(groupVariable(label))))
	}
	return all
}

// legend is a name for a line, with the values of labels that tell lines of the
// same name apart.
func legend(name string, groupedBy []string) string {
	words := []string{name}
	for _, label := range groupedBy {
		words = append(words, "{{"+label+"}}")
	}
	return strings.TrimSpace(strings.Join(words, " "))
}
