package simulate

import (
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/alerts"
	"slowburn/internal/engine"
)

// description is the annotation whose text is held against what happened.
const description = "description"

// says is what the alert's description must say in a scene, or "": where
// something is gone there is no value to tell. A text of the spec says what it
// likes.
func (p levelProof) says(scene alerts.Scene) string {
	for _, n := range p.of.Threshold.Annotations {
		if n.Name.Text == description {
			return ""
		}
	}
	if !scene.Vanish {
		return ""
	}
	return p.levels.GoneSays
}

// reading are the instants at which alerts are read.
func (s *Scenario) reading() []time.Time {
	if s.says == "" {
		return nil
	}
	return []time.Time{start.Add(s.firing())}
}

// listen holds what firing alerts say against what the scenario wants them to.
func (r *Result) listen(observed [][]engine.Observation) {
	for _, at := range observed {
		for _, o := range at {
			if !o.Firing || o.Rule.Alert != r.Prediction.Alert || !r.Scenario.owns(o.Alert) {
				continue
			}
			o.Annotations.Range(func(l labels.Label) {
				if l.Name == description && !strings.Contains(l.Value, r.Scenario.says) {
					r.Strange = "“" + l.Value + "”, which does not say “" + r.Scenario.says + "”"
				}
			})
		}
	}
}
