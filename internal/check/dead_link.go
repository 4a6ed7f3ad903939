package check

import (
	"net/url"
	"strings"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var deadLink = &Check{
	Kind: diag.Kind{Name: "dead-link", Severity: diag.Warning, Doc: `A link of a dashboard leads nowhere.

It has no address, is no web address and no path of Grafana, or still has a placeholder in it, such as {name}. A link to a dashboard by its uid, /d/UID, leads to one of the files that are checked together, if those have the
dashboards of a folder: more than one.`},
	Bad: `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "links": [{"title": "Runbook", "url": "runbooks/api"}],
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": "sum(rate(http_requests_total[$__rate_interval]))"}]}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Good: `{
  "title": "API", "uid": "api", "schemaVersion": 42,
  "panels": [
    {"id": 1, "type": "timeseries", "title": "Requests", "description": "Requests a second.",
      "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8}, "datasource": {"type": "prometheus", "uid": "${datasource}"},
      "links": [{"title": "Runbook", "url": "https://runbooks.example.com/api"}],
      "fieldConfig": {"defaults": {"unit": "reqps"}, "overrides": []},
      "targets": [{"refId": "A", "expr": "sum(rate(http_requests_total[$__rate_interval]))"}]}
  ],
  "templating": {"list": [
    {"name": "datasource", "type": "datasource", "query": "prometheus"}
  ]},
  "annotations": {"list": []}
}
`,
	Run: func(p *Pass) {
		uids := map[string]bool{}
		for _, d := range p.Dashboards {
			uids[d.UID] = true
		}
		p.EachDashboard(func(d *dashfile.Dashboard) {
			p.checkLinks(d.Value.Get("links"), uids)
			for _, panel := range d.Panels {
				p.checkLinks(panel.Value.Get("links"), uids)
				p.checkLinks(panel.Value.Get("fieldConfig").Get("defaults").Get("links"), uids)
				for _, o := range each(panel.Value.Get("fieldConfig").Get("overrides")) {
					for _, property := range each(o.Get("properties")) {
						if textOf(property, "id") == "links" {
							p.checkLinks(property.Get("value"), uids)
						}
					}
				}
			}
		})
	},
}

// checkLinks reports the links of a list that lead nowhere.
func (p *Pass) checkLinks(list *spec.Value, uids map[string]bool) {
	for _, link := range each(list) {
		if textOf(link, "type") == "dashboards" || textOf(link, "dashboard")+textOf(link, "dashUri") != "" {
			continue // by tags, or as it was before Grafana 7
		}
		v := link.Get("url")
		if v == nil || strings.TrimSpace(v.Text) == "" {
			p.Report(link.Pos, "give its url, or remove it", "the link %q has no address", textOf(link, "title"))
			continue
		}
		if why := whyDead(v.Text, uids); why != "" {
			p.Report(v.Pos, "write https://host/path, or /d/uid", "%s %s", v.Text, why)
		}
	}
}

// whyDead says what is wrong with an address, or nothing. Variables may stand for
// anything.
func whyDead(address string, uids map[string]bool) string {
	if uses := dashfile.UsesIn(address); len(uses) > 0 && uses[0].Start == 0 {
		return ""
	}
	u, err := url.Parse(dashfile.Fill(address, variablesOf(address)))
	switch {
	case err != nil:
		return "is no address"
	case u.Scheme != "" && u.Host == "" && u.Scheme != "mailto":
		return "has no host"
	case u.Scheme == "" && u.Host == "" && !strings.HasPrefix(u.Path, "/") && !strings.HasPrefix(u.Path, "d/"):
		return "is neither a web address nor a path of Grafana"
	case strings.ContainsAny(u.Path, "{}"):
		return "still has a placeholder in it"
	}
	uid, ok := strings.CutPrefix("/"+strings.TrimPrefix(u.Path, "/"), "/d/") // a page of Grafana's is seen from its root
	uid, _, _ = strings.Cut(uid, "/")
	if ok && u.Host == "" && len(uids) > 1 && len(dashfile.UsesIn(address)) == 0 && !uids[uid] {
		return "is no dashboard of these files"
	}
	return ""
}

// variablesOf has a word for each variable in a text.
func variablesOf(text string) map[string]string {
	values := map[string]string{}
	for _, u := range dashfile.UsesIn(text) {
		values[u.Name] = "variable"
	}
	return values
}
