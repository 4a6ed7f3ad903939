package alerts

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestSignalsInExpressions holds that a signal stands for a gauge, a rate or a
// sum wherever an alert or an SLO may name it.
func TestSignalsInExpressions(t *testing.T) {
	const signals = `name: shop
signals:
  - {name: requests, expr: 'requests_total{job="api"}'}
  - {name: lag, expr: 'lag_seconds{job="api"}'}
  - {name: error-rate, expr: 'sum(rate(requests_total{status="500"}[5m])) / sum(rate(signal:requests[5m]))'}
  - {name: left, expr: avail_bytes - 5}
  - {name: wrong, expr: lagg_seconds}
slos:
  - {name: slices, objective: 99%, timeSlice: {of: {signal: lag}, atMost: 5s}}
  - name: raw
    objective: 99%
    errorRatio:
      expr: sum(rate(signal:requests{status="500"}[$window])) / sum(rate(signal:requests[$window]))
      series: [{of: 'requests_total{status="500"}', bad: 1}, {of: requests_total, good: 1}]
alerts:
`
	for _, c := range []struct{ spec, want string }{
		{`lag: {of: {signal: lag}, above: 5s}`, `max(lag_seconds{job="api"}) > 5`},
		{`increasing: {of: {signal: requests}, over: 5m}`, `sum(increase(requests_total{job="api"}[5m])) > 0`},
		{`expr: 'signal:lag > 5'`, `lag_seconds{job="api"} > 5`},
		{`expr: 'signal:error_rate > 0.5'`, `(sum(rate(requests_total{status="500"}[5m])) / sum(rate(requests_total{job="api"}[5m]))) > 0.5`},
		{`expr: 'max(signal:left) - 2 * -signal:left > 1'`, `max(avail_bytes - 5) - 2 * -(avail_bytes - 5) > 1`},
		{`expr: 'max_over_time(signal:left[1h:5m]) > 5'`, `max_over_time((avail_bytes - 5)[1h:5m]) > 5`},
		{`expr: 'delta(signal:lag{topic="a"}[10m] offset 1h) > 5'`, `delta(lag_seconds{job="api",topic="a"}[10m] offset 1h) > 5`},
		{`expr: 'rate(signal:left[10m]) > 5'`, `16:31: signal "left" is no selector of one metric: it takes no matchers, no range and no offset; write signal:left alone, or let the signal be a plain selector (unknown-reference)`},
		{`expr: 'signal:left{claim="a"} > 5'`, `16:26: signal "left" is no selector of one metric: it takes no matchers, no range and no offset; write signal:left alone, or let the signal be a plain selector (unknown-reference)`},
		{`expr: 'signal:lga > 5'`, `16:26: there is no signal "lga"; did you mean "signal:lag"? (unknown-reference)`},
		{`expr: 'signal:wrong > 5'`, ``}, // told where it stands
		{`expr: '` + strings.Repeat("signal:error_rate + ", 2000) + `1 > 5'`, `16:26: with its signals the expression is longer than 100000 bytes; record what the signals are, and read that (unknown-reference)`},
		{`above: {of: {signal: left}, value: 5}`, `16:40: signal "left" is no selector of one metric; refer to a signal that is a plain selector, or compare it in an alert with expr: signal:left > 5 (unknown-reference)`},
	} {
		s, findings := resolveText(t, signals+"  - {name: Alert, "+c.spec+"}\n")
		got := strings.Join(slices.DeleteFunc(slices.Clone(findings), func(f string) bool { return strings.HasPrefix(f, "7:") }), "\n")
		if len(findings) == 0 || !strings.HasPrefix(findings[0], "7:25: the catalogue has no metric") {
			t.Errorf("%s: %v", c.spec, findings)
		}
		if got == "" && len(s.Thresholds) > 0 {
			got = s.Thresholds[0].Expr.String()
		}
		if got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.spec, got, c.want)
		}
		if len(s.Service.SLOs) != 2 {
			t.Fatalf("%v", findings)
		}
		if got, want := s.Service.SLOs[1].SLI.ErrorRatio(time.Hour).String(), `sum(rate(requests_total{job="api",status="500"}[1h])) / sum(rate(requests_total{job="api"}[1h]))`; got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
