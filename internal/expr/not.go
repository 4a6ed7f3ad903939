package expr

import (
	"sync"

	"github.com/prometheus/prometheus/model/labels"
)

// Not is the matcher that matches exactly what m does not.
func Not(m *labels.Matcher) *labels.Matcher {
	of := matcherKey{m.Type, m.Name, m.Value}
	if known := inverses.get(of); known != nil {
		return known
	}
	inverse, err := m.Inverse()
	if err != nil {
		panic(err) // a matcher that exists has an inverse
	}
	inverses.put(of, inverse)
	return inverse
}

// inverses remember what Not made: a regular expression takes longer to compile than all else that is done with it, and
// all SLOs of a service may have the same.
var inverses = matcherCache{known: map[matcherKey]*labels.Matcher{}}

// mostInverses is how many are remembered.
const mostInverses = 1000

type matcherKey struct {
	kind        labels.MatchType
	name, value string
}

type matcherCache struct {
	mu    sync.Mutex
	known map[matcherKey]*labels.Matcher
}

func (c *matcherCache) get(of matcherKey) *labels.Matcher {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.known[of]
}

func (c *matcherCache) put(of matcherKey, m *labels.Matcher) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) < mostInverses {
		c.known[of] = m
	}
}
