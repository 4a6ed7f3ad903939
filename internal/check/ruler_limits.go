package check

import (
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var rulerLimits = &Check{
	Kind: diag.Kind{Name: "ruler-limits", Severity: diag.Error, Doc: `A ruler would refuse the rules, since they are too many.

Mimir and the like limit the rules of a group and the groups of a tenant (by default 20 and 70, -ruler.max-rules-per-rule-group
and -ruler.max-rule-groups-per-tenant); what is beyond is refused as a whole. The parameters rulesPerGroup and groups say
the limits; without them there are none. Files that are checked together are taken for one tenant's.`},
	Configuration: "ruler-limits: {rulesPerGroup: 2, groups: 70}",
	Bad: `groups:
  - name: example
    rules:
      - {record: "job:up:sum", expr: sum by (job) (up)}
      - {record: "job:up:count", expr: count by (job) (up)}
      - {record: "job:up:avg", expr: avg by (job) (up)}
`,
	Good: `groups:
  - name: example
    rules:
      - {record: "job:up:sum", expr: sum by (job) (up)}
      - {record: "job:up:count", expr: count by (job) (up)}
  - name: example-averages
    rules:
      - {record: "job:up:avg", expr: avg by (job) (up)}
`,
	Parameters: func() any { return &limitParameters{} },
	Run: func(p *Pass) {
		groups := 0
		p.EachFile(func(f *rulefile.File) {
			limits := parametersOf[limitParameters](p)
			for _, p.group = range f.Groups {
				if most := limits.RulesPerGroup; most.IsSet() && len(p.group.Rules) > most.N {
					p.Report(p.group.Value.Pos, "split it, where no rule reads what another one records", "group %s has %d rules, and the ruler takes %d", p.group.Name, len(p.group.Rules), most.N)
				}
				groups++
				if most := limits.Groups; most.IsSet() && groups == most.N+1 {
					p.Report(p.group.Value.Pos, "merge groups, or ask for a higher limit", "this is group %d of the tenant, and the ruler takes %d", groups, most.N)
				}
			}
		})
	},
}

type limitParameters struct {
	// RulesPerGroup is how many rules a group may have.
	RulesPerGroup spec.Count `json:"rulesPerGroup,omitempty"`
	// Groups is how many groups a tenant may have.
	Groups spec.Count `json:"groups,omitempty"`
}
