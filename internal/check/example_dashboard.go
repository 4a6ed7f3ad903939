package check

import (
	"strconv"
	"strings"
)

// exampleDashboard is a dashboard of one graph: what a check of queries and
// variables shows as an example, with the query and further variables.
func exampleDashboard(query string, variables ...string) string {
	variables = append([]string{`{"name": "datasource", "type": "datasource", "query": "prometheus"}`}, variables...)
	return `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": ` + strconv.Quote(query) + `}]}
  ],
  "templating": {"list": [
    ` + strings.Join(variables, ",\n    ") + `
  ]},
  "annotations": {"list": []}
}
`
}

// jobVariable is a variable of an example.
const jobVariable = `{"name": "job", "type": "query", "query": "label_values(up, job)"}`
