package load

import (
	"fmt"
	"strings"
)

// A fleet are SLOs of one objective and four tiers, each of a service of its
// own: once as Sloth has them, and as slowburn has them in one file or in a file
// for every ten.

// Sloth is a spec of Sloth with many SLOs.
func Sloth(slos int) string {
	var b strings.Builder
	b.WriteString("version: prometheus/v1\nservice: fleet\nlabels: {owner: bench}\nslos:\n")
	for i := range slos {
		fmt.Fprintf(&b, `  - name: requests-%[1]d
    objective: 99.9
    description: requests of %[2]s without a 5xx
    sli:
      events:
        error_query: sum(rate(%[3]s{job="%[2]s",code=~"(5..|429)"}[{{.window}}]))
        total_query: sum(rate(%[3]s{job="%[2]s"}[{{.window}}]))
    alerting:
      name: RequestsErrors%[1]d
      annotations: {summary: too many errors of %[2]s}
      page_alert: {labels: {severity: page}}
      ticket_alert: {labels: {severity: ticket}}
`, i, service(i), InputMetric)
	}
	return b.String()
}

// Fleet are specs with many SLOs, by file: a Service for every so many.
func Fleet(slos, perService int, more string) map[string]string {
	files := map[string]string{"metrics.prom": Metrics}
	for first := 0; first < slos; first += perService {
		var b strings.Builder
		name := fmt.Sprintf("fleet-%d", first/perService)
		// Without burn, the tiers are the four that Sloth has, joined to the same two alerts.
		fmt.Fprintf(&b, "apiVersion: slowburn/v1\nkind: Service\nname: %s\nowner: bench\nmetrics: metrics.prom\nscrapeInterval: 30s\n%sslos:\n", name, more)
		for i := first; i < min(first+perService, slos); i++ {
			fmt.Fprintf(&b, `  - name: requests-%[1]d
    title: Requests%[1]d
    summary: requests of %[2]s without a 5xx
    objective: 99.9%%
    availability:
      total: %[3]s{job="%[2]s"}
      bad: code=~"5..|429"
`, i, service(i), InputMetric)
		}
		files[name+".yaml"] = b.String()
	}
	return files
}
