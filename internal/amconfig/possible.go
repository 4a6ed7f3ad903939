package amconfig

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/alertmanager/pkg/labels"
)

// Verdict is an answer that may not be known: some questions about regular
// expressions take too long.
type Verdict int

// The verdicts.
const (
	Unknown Verdict = iota
	Yes
	No
)

// Solver answers whether an alert can exist that matches this and not that. It
// remembers what it compiled, so that one is used for a whole configuration.
type Solver struct {
	automata map[string]*automaton
	values   map[string]valueOf
	inverses map[*labels.Matcher]*labels.Matcher
}

type valueOf struct {
	value   string
	verdict Verdict
}

// NewSolver makes a solver.
func NewSolver() *Solver {
	return &Solver{automata: map[string]*automaton{}, values: map[string]valueOf{}, inverses: map[*labels.Matcher]*labels.Matcher{}}
}

// maxSteps bounds the search through which matcher of each condition fails.
const maxSteps = 2000

// AlertName is the label that every alert has.
const AlertName = "alertname"

// every alert has a name.
var every = labels.Matchers{{Type: labels.MatchNotEqual, Name: AlertName, Value: ""}}

// Find looks for an alert that matches all of must, and none of the mustNot:
// of each, at least one matcher fails. If the verdict is Yes, the labels are such
// an alert; a label that is missing is empty. No is certain.
func (s *Solver) Find(must labels.Matchers, mustNot ...labels.Matchers) (Labels, Verdict) {
	return s.find(slices.Concat(every, must), mustNot)
}

func (s *Solver) find(must labels.Matchers, mustNot []labels.Matchers) (Labels, Verdict) {
	search := &search{solver: s, by: map[string]labels.Matchers{}, values: Labels{}, left: maxSteps}
	for _, m := range must {
		search.by[m.Name] = append(search.by[m.Name], m)
	}
	for name := range search.by {
		value, verdict := s.value(search.by[name])
		if verdict != Yes {
			return nil, verdict
		}
		search.values[name] = value
	}
	return search.avoid(mustNot)
}

// search is one way of letting conditions fail: the matchers that must hold, by
// label, with a value that satisfies those of each.
type search struct {
	solver *Solver
	by     map[string]labels.Matchers
	values Labels
	left   int
}

// avoid finds values by which each of the conditions fails. Of the first that
// does not, one matcher must: each is tried. What was tried stays, so that a
// condition is met once on the way down.
func (s *search) avoid(conditions []labels.Matchers) (Labels, Verdict) {
	i := slices.IndexFunc(conditions, func(c labels.Matchers) bool { return Matches(c, s.values) })
	if i < 0 {
		return maps.Clone(s.values), Yes
	}
	answer := No
	for _, m := range conditions[i] {
		if s.left--; s.left < 0 {
			return nil, Unknown
		}
		before, had := s.by[m.Name], s.values[m.Name]
		extended := append(slices.Clone(before), s.solver.inverse(m))
		value, verdict := s.solver.value(extended)
		if verdict == Yes {
			s.by[m.Name], s.values[m.Name] = extended, value
			var found Labels
			found, verdict = s.avoid(conditions)
			s.by[m.Name], s.values[m.Name] = before, had
			if verdict == Yes {
				return found, Yes
			}
		}
		if verdict == Unknown {
			answer = Unknown
		}
	}
	return nil, answer
}

// inverse matches exactly what a matcher does not.
func (s *Solver) inverse(m *labels.Matcher) *labels.Matcher {
	if made := s.inverses[m]; made != nil {
		return made
	}
	opposite := map[labels.MatchType]labels.MatchType{
		labels.MatchEqual: labels.MatchNotEqual, labels.MatchNotEqual: labels.MatchEqual,
		labels.MatchRegexp: labels.MatchNotRegexp, labels.MatchNotRegexp: labels.MatchRegexp,
	}
	made, err := labels.NewMatcher(opposite[m.Type], m.Name, m.Value)
	if err != nil {
		panic(err) // its expression was compiled before
	}
	s.inverses[m] = made
	return made
}

// frequent are values that exist, tried before an automaton is asked.
var frequent = []string{"", "a", "0", "x1"}

// value is a value that all matchers of one label accept.
func (s *Solver) value(matchers labels.Matchers) (string, Verdict) {
	accepted := func(v string) bool {
		return !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(v) })
	}
	for _, m := range matchers {
		if m.Type == labels.MatchEqual {
			if accepted(m.Value) {
				return m.Value, Yes
			}
			return "", No
		}
	}
	for _, m := range matchers {
		// Plain alternatives are all the values that there are.
		if m.Type == labels.MatchRegexp && regexp.QuoteMeta(strings.ReplaceAll(m.Value, "|", "")) == strings.ReplaceAll(m.Value, "|", "") {
			for v := range strings.SplitSeq(m.Value, "|") {
				if accepted(v) {
					return v, Yes
				}
			}
			return "", No
		}
	}
	for _, v := range frequent {
		if accepted(v) {
			return v, Yes
		}
	}
	key := ""
	for _, m := range matchers {
		key += m.Type.String() + m.Value + "\x00"
	}
	known, ok := s.values[key]
	if !ok {
		known.value, known.verdict = s.product(matchers)
		s.values[key] = known
	}
	return known.value, known.verdict
}
