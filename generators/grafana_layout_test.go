package generators

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// TestDashboardLayout holds the example systems' dashboards to what reads at a
// glance: at most four panels beside each other, in the usual widths, none so low
// that nothing is seen in it, and a table or numbers before the first graph.
func TestDashboardLayout(t *testing.T) {
	names, err := filepath.Glob("../golden/*/grafana/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no dashboards", err)
	}
	usual := map[int]bool{24: true, 12: true, 8: true, 6: true}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Panels []struct {
				Type, Title, Description string
				GridPos                  struct{ X, Y, W, H int }
			}
		}
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		beside := map[int]int{}
		answered := false
		for _, p := range d.Panels {
			g := p.GridPos
			if p.Type == "row" {
				continue
			}
			if beside[g.Y]++; beside[g.Y] > 4 {
				t.Errorf("%s: %q is the fifth in its line", name, p.Title)
			}
			if !usual[g.W] || g.H < 4 || g.H > 16 || p.Description == "" {
				t.Errorf("%s: %q is %d x %d, described as %q", name, p.Title, g.W, g.H, p.Description)
			}
			answered = answered || p.Type == "table" || p.Type == "stat"
			if p.Type == "timeseries" && !answered && g.Y == 0 {
				t.Errorf("%s begins with a graph", name)
			}
		}
	}
}
