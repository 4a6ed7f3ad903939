package load

// Spec is a service with one SLO and the four tiers that Sloth has. Beside the
// scenarios that every SLO is put through, one lasts for the whole period.
const Spec = `apiVersion: slowburn/v1
kind: Service
name: bench
owner: bench
metrics: metrics.prom
scrapeInterval: 30s
evaluationInterval: 1m
period: 30d
burn:
  - {name: Page1h, budget: 2%, windows: [1h, 5m], labels: {severity: page}}
  - {name: Page6h, budget: 5%, windows: [6h, 30m], labels: {severity: page}}
  - {name: Ticket1d, budget: 10%, windows: [1d, 2h], labels: {severity: ticket}}
  - {name: Ticket3d, budget: 10%, windows: [3d, 6h], labels: {severity: ticket}}
slos:
  - name: availability
    title: Availability
    summary: requests without a 5xx
    objective: 99.9%
    availability:
      total: http_requests_total{job="bench"}
      bad: code=~"5.."
scenarios:
  - {name: whole-period, slo: availability, outage: 30d, errors: 0.05%, expect: silent}
`

// Metrics is Spec's catalogue.
const Metrics = `# HELP http_requests_total Requests.
# TYPE http_requests_total counter
http_requests_total{code="200"} 1
http_requests_total{code="500"} 1
`
