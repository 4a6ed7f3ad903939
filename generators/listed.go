package generators

import (
	"fmt"

	"slowburn/dashboards"
)

// Listed is what a listing of the output says of a file that people look for by
// its name. Of all others it says nothing.
type Listed struct {
	Kind string // a dashboard, a chart
	Name string // by which others refer to it
	Says string // what it says that it is
	Size func() string
}

// listDashboard tells a dashboard by its uid, which stays when its title changes.
func listDashboard(d dashboards.Dashboard) *Listed {
	l := &Listed{Kind: "dashboard", Name: *d.Uid}
	if d.Title != nil {
		l.Says = *d.Title
	}
	panels := 0
	for _, p := range d.Panels {
		switch {
		case p.Panel != nil:
			panels++
		case p.RowPanel != nil: // those of a row that is folded
			panels += len(p.RowPanel.Panels)
		}
	}
	l.Size = func() string { return counted(panels, "panel") }
	return l
}

// list tells a chart with the size that its release has for Helm, in bytes.
func (c *chart) list(release func() int) *Listed {
	return &Listed{Kind: "chart", Name: c.name, Says: "version " + c.version, Size: func() string {
		size := fmt.Sprintf("%d of", (release()+1023)>>10)
		if release() > maxRelease {
			size = "more than" // by how much, nobody counted
		}
		return fmt.Sprintf("%s, %s the %d KiB that Helm can store", counted(len(c.resources), "template"), size, maxRelease>>10)
	}}
}

// counted is a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
