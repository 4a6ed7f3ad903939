package check

import (
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
)

// recording is a recording rule, and what is known of the series that it makes.
type recording struct {
	file   *rulefile.File
	group  *rulefile.Group
	rule   *rulefile.Rule
	number int               // among all of the unit
	static map[string]string // the labels that it sets, those of its group among them
	sets   []string          // of those, what it sets to something, sorted
	drops  []string          // and what it sets to nothing, which is how a rule drops a label
	// What follows is computed once, when something reads the series. Until that is done, which only a rule that
	// reads itself sees, they say that nothing is known.
	labels  *labelSet
	bounds  *bounds
	carried carried
	// unconditional tells whether the series are there whatever the values are.
	unconditional *bool
}

// maxFollowed is how long a chain of recording rules is followed.
const maxFollowed = 1000

func newRecording(f *rulefile.File, g *rulefile.Group, r *rulefile.Rule) *recording {
	made := &recording{file: f, group: g, rule: r, static: g.LabelsOf(r)}
	made.sets = make([]string, 0, len(made.static))
	for name, value := range made.static {
		if value == "" {
			made.drops = append(made.drops, name)
		} else {
			made.sets = append(made.sets, name)
		}
	}
	slices.Sort(made.sets)
	return made
}

// metricOf is the name of the metric that a selector selects, or "" if it may
// select several: name, {"name"} or {__name__="name"}.
func metricOf(s *parser.VectorSelector) string {
	name, _ := expr.MetricName(s)
	return name
}

// matches tells whether a selector can match the series: no label that the rule
// sets is one that the selector excludes.
func (r *recording) matches(s *parser.VectorSelector) bool {
	for _, m := range s.LabelMatchers {
		if value, ok := r.static[m.Name]; ok && !m.Matches(value) {
			return false
		}
	}
	return true
}

// labelIndex are the recording rules of one metric by what they set a label to.
type labelIndex struct {
	byValue map[string][]*recording
	unset   []*recording // those that do not set it, and may have any value
}

// recordings are the rules that record the series which a selector matches. Most
// checks ask, so they are remembered. The list is not to be changed.
func (u *Unit) recordings(s *parser.VectorSelector) []*recording {
	rules, ok := u.read.get(s)
	if !ok {
		rules = u.recordedFor(s)
		u.read.put(s, rules)
	}
	return rules
}

// recordedFor looks recordings up. There may be very many of one name, each for
// another SLO, so it is done by the matcher that leaves the fewest.
func (c *corpus) recordedFor(s *parser.VectorSelector) []*recording {
	metric := metricOf(s)
	if metric == "" {
		return nil
	}
	candidates := c.recorded[metric]
	for _, m := range s.LabelMatchers {
		if m.Type != labels.MatchEqual || m.Name == model.MetricNameLabel || len(candidates) < 2 {
			continue
		}
		index := c.index(metric, m.Name)
		if set := index.byValue[m.Value]; len(set)+len(index.unset) < len(candidates) {
			candidates = set
			if len(index.unset) > 0 {
				candidates = slices.Concat(set, index.unset)
			}
		}
	}
	isOther := func(r *recording) bool { return !r.matches(s) }
	if !slices.ContainsFunc(candidates, isOther) {
		return candidates
	}
	return slices.DeleteFunc(slices.Clone(candidates), isOther)
}

// index is made when the label is first asked for.
func (c *corpus) index(metric, label string) *labelIndex {
	key := [2]string{metric, label}
	c.indexing.RLock()
	index := c.indexes[key]
	c.indexing.RUnlock()
	if index != nil {
		return index
	}
	c.indexing.Lock()
	defer c.indexing.Unlock()
	index = &labelIndex{byValue: map[string][]*recording{}}
	for _, r := range c.recorded[metric] {
		if value, ok := r.static[label]; ok {
			index.byValue[value] = append(index.byValue[value], r)
		} else {
			index.unset = append(index.unset, r)
		}
	}
	c.indexes[key] = index
	return index
}
