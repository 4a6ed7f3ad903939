package amconfig

import (
	"slices"

	"github.com/prometheus/alertmanager/matcher/compat"
	"github.com/prometheus/alertmanager/pkg/labels"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// MatcherPos is where a matcher of a route or an inhibition stands, in whichever
// of the three forms. The prefix is that of the side of an inhibition: source_ or target_.
func MatcherPos(of *spec.Value, prefix string, m *labels.Matcher) diag.Pos {
	for _, item := range items(of.Get(prefix + "matchers")) {
		parsed, err := compat.Matchers(item.Text, "config")
		if err == nil && slices.ContainsFunc(parsed, func(p *labels.Matcher) bool { return p.String() == m.String() }) {
			return item.Pos
		}
	}
	for _, form := range []struct {
		key string
		typ labels.MatchType
	}{{"match", labels.MatchEqual}, {"match_re", labels.MatchRegexp}} {
		if value := of.Get(prefix + form.key).Get(m.Name); value != nil && m.Type == form.typ && value.Text == m.Value {
			return value.Pos
		}
	}
	return of.Pos
}
