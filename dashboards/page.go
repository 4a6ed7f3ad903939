package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// columns is how wide Grafana's grid is.
const columns = 24

// size is that of a panel, in columns and in rows of about 30 pixels.
type size struct{ width, height uint32 }

// page puts panels on a dashboard, from left to right and from top to bottom.
type page struct {
	*Model
	x, y, height uint32 // where the next panel stands, and the tallest one beside it
	ids          uint32
}

// newPage is an empty dashboard that shows the last hours and keeps up with them.
func newPage(uid, title, description string, tags ...string) *page {
	return &page{Model: &Model{
		Uid: given(uid), Title: given(plain(title)), Description: given(plain(description)), Tags: append([]string{"slowburn"}, tags...),
		Editable: given(false), // the specs are the place to edit it
		// One crosshair for all graphs: what happened at the same time is seen at once.
		GraphTooltip:  given(dashboard.DashboardCursorSyncCrosshair),
		Time:          &dashboard.DashboardDashboardTime{From: "now-6h", To: "now"},
		Refresh:       given("1m"),
		SchemaVersion: dashboard.NewDashboard().SchemaVersion,
		Panels:        []dashboard.PanelOrRowPanel{},
		Templating:    dashboard.DashboardDashboardTemplating{List: []dashboard.VariableModel{dataSourceVariable()}},
		Annotations:   dashboard.AnnotationContainer{List: []dashboard.AnnotationQuery{}},
	}, ids: 1} // the first is taken: see alerts.PanelID
}

// add places a panel.
func (p *page) add(s size, panel dashboard.Panel) {
	if p.x+s.width > columns {
		p.newLine()
	}
	if panel.Id == nil {
		p.ids++
		panel.Id = given(p.ids)
	}
	panel.GridPos = &dashboard.GridPos{X: p.x, Y: p.y, W: s.width, H: s.height}
	panel.Datasource = given(dataSource)
	p.Panels = append(p.Panels, dashboard.PanelOrRowPanel{Panel: &panel})
	p.x += s.width
	p.height = max(p.height, s.height)
}

// heading begins a section.
func (p *page) heading(title string) {
	p.newLine()
	p.ids++
	p.Panels = append(p.Panels, dashboard.PanelOrRowPanel{RowPanel: &dashboard.RowPanel{
		Type: "row", Title: given(title), Id: p.ids, Panels: []dashboard.Panel{},
		GridPos: &dashboard.GridPos{Y: p.y, W: columns, H: 1},
	}})
	p.y++
}

func (p *page) newLine() { p.x, p.y, p.height = 0, p.y+p.height, 0 }
