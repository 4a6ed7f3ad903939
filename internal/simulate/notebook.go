package simulate

import "sync"

// notebook remembers how series are written down for promtool. What a series
// shows depends on the load and on its share of the events, and on no name: SLOs
// with the same objective and tiers share it. It may be used by several goroutines.
type notebook struct {
	mu      sync.Mutex
	written map[string]string // samples in promtool's notation, by what they follow from
}

func newNotebook() *notebook { return &notebook{written: map[string]string{}} }

// knows tells whether something was written for a key.
func (n *notebook) knows(key string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	_, known := n.written[key]
	return known
}

// write writes a series down; it is "" for one without samples.
func (n *notebook) write(m made, step int64) string {
	if m.key == "" {
		return m.notation(step)
	}
	if !n.knows(m.key) {
		text := m.notation(step)
		n.mu.Lock()
		n.written[m.key] = text
		n.mu.Unlock()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.written[m.key]
}
