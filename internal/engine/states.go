package engine

import (
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// The series that an alerting rule writes, and the label that tells its state.
const (
	alertsMetric   = "ALERTS"
	forStateMetric = "ALERTS_FOR_STATE"
	stateLabel     = "alertstate"
)

// states writes an alerting rule's ALERTS and ALERTS_FOR_STATE, with a stale
// marker where one ends.
type states struct{ previous, current []*series }

func (s *states) write(c *alerting, at int64) error {
	s.current = s.current[:0]
	for _, a := range c.order {
		state, name := 0, "pending"
		if !a.alert.Fired.IsZero() {
			state, name = 1, "firing"
		}
		if err := s.add(c, a, state, stateSeries(alertsMetric, name), point{t: at, f: 1}); err != nil {
			return err
		}
		if err := s.add(c, a, 2, stateSeries(forStateMetric, ""), point{t: at, f: float64(a.alert.Active.Unix())}); err != nil {
			return err
		}
	}
	for _, was := range s.previous {
		// What has been written just now is not stale, and is refused.
		_ = c.run.storage.write(was, point{t: at, f: Stale}, c.rule.Group.QueryOffset.Milliseconds())
	}
	s.previous, s.current = s.current, s.previous
	return nil
}

// stateSeries names a series of an alert, by metric and state.
func stateSeries(metric, state string) func(*labels.Builder) {
	return func(b *labels.Builder) {
		b.Set(model.MetricNameLabel, metric)
		if state != "" {
			b.Set(stateLabel, state)
		}
	}
}

func (s *states) add(c *alerting, a *active, kind int, name func(*labels.Builder), p point) error {
	if a.series[kind] == nil {
		// Prometheus begins with the rule's labels unexpanded; they show where one expands to nothing.
		b := labels.NewBuilder(labels.FromMap(c.rule.labels))
		a.alert.Labels.Range(func(l labels.Label) { b.Set(l.Name, l.Value) })
		name(b)
		a.series[kind] = c.run.storage.series(b.Labels())
	}
	s.current = append(s.current, a.series[kind])
	return c.run.storage.write(a.series[kind], p, c.rule.Group.QueryOffset.Milliseconds())
}
