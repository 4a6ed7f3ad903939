package dashfile

import (
	"slices"
	"strings"

	prometheus "github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
)

// known is what of the query does not depend on what is chosen: a selector has
// lost the matchers, and the name, that variables are in. It is nil where they
// stand anywhere else, as labels to group by or as numbers, say.
func (q *Query) known() parser.Expr {
	if q.Expr == nil || len(q.Uses) == 0 {
		return q.Expr
	}
	e, err := expr.Parse(q.read)
	if err != nil {
		return nil
	}
	selectors := expr.Reads(e, 1)
	for _, u := range q.Uses {
		if u.Range {
			continue
		}
		i := slices.IndexFunc(selectors, func(r expr.Read) bool {
			return u.Start >= int(r.Selector.PosRange.Start) && u.End <= int(r.Selector.PosRange.End)
		})
		if i < 0 {
			return nil
		}
		forget(selectors[i].Selector, q.read[u.Start:u.End])
	}
	return e
}

// forget takes the matchers out of a selector that have what was written for a
// variable in them.
func forget(s *parser.VectorSelector, written string) {
	s.LabelMatchers = slices.DeleteFunc(s.LabelMatchers, func(m *labels.Matcher) bool {
		return strings.Contains(m.Name, written) || strings.Contains(m.Value, written) || m.Name == prometheus.MetricNameLabel && strings.Contains(s.Name, written)
	})
	if strings.Contains(s.Name, written) {
		s.Name = ""
	}
}
