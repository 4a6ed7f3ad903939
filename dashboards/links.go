package dashboards

import (
	"net/url"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// runbookLink leads to what to do.
func runbookLink(title, address string) dashboard.DashboardLink {
	return link("Runbook: "+title, address)
}

// alertLink leads to the alerting rule, in Grafana's own list.
func alertLink(alert string) dashboard.DashboardLink {
	return link("Alert: "+alert, "/alerting/list?search="+url.QueryEscape(alert))
}

// dashboardLink leads to another dashboard, of the same data source and time.
func dashboardLink(title, uid string) dashboard.DashboardLink {
	l := link(title, "/d/"+uid)
	l.IncludeVars, l.KeepTime, l.TargetBlank = true, true, false
	return l
}

func link(title, address string) dashboard.DashboardLink {
	return dashboard.DashboardLink{
		Title: plain(title), Type: dashboard.DashboardLinkTypeLink, Icon: "external link", Tags: []string{}, Url: given(plain(address)), TargetBlank: true,
	}
}
