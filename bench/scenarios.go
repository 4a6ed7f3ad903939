package main

import (
	"os"
	"path/filepath"
	"time"

	"slowburn/bench/load"
)

// What the scenarios of one SLO may take.
const (
	scenariosWall   = 2 * time.Second
	scenariosMemory = 250_000_000
)

// scenarios measures slowburn test on a spec, which must pass. No peer does
// that, so that there is an aim for the figures themselves.
func (b *bench) scenarios() error {
	const title = "5. All scenarios of one SLO, one of them of 30 days at 1m"
	b.progress(title)
	dir := b.path("spec")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{"service.yaml": load.Spec, "metrics.prom": load.Metrics} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	b.report.alone = append(b.report.alone, single{title: title, who: "slowburn test SPEC, whole process", wall: scenariosWall, memory: scenariosMemory})
	s := &b.report.alone[0]
	if status(b.tool("slowburn"), "test", dir) != 0 {
		return nil // stays unmeasured
	}
	c, err := alternate(b.runs, process(b.tool("slowburn"), "test", dir))
	if err != nil {
		return err
	}
	s.measured, s.cost = true, c[0]
	return nil
}
