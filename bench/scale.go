package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"slowburn/bench/load"
)

// scale measures what many SLOs cost, whole processes from nothing, beside
// Sloth and promtool. Nothing is left out for speed: every check runs, and
// promtool must load what was written.
func (b *bench) scale() error {
	for _, step := range []func() error{b.oneSLO, b.manyRules, b.compileRules, b.compileAll, b.systems} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// noKubernetes leaves resources and their chart out, which Sloth does not write either.
const noKubernetes = "kubernetes: {enabled: false}\n"

// onlyRules leaves out whatever Sloth does not write.
var onlyRules = []string{"--only", "rules"}

func (b *bench) fleet(name string, slos, perService int, more string) (string, error) {
	dir := b.path(name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	for name, text := range load.Fleet(slos, perService, more) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	return dir, nil
}

// compiled measures slowburn compile into a folder that is not there.
func (b *bench) compiled(dir string, flags ...string) measured {
	out := dir + "-out" + strings.Join(flags, "")
	return func() (cost, error) {
		if err := os.RemoveAll(out); err != nil {
			return cost{}, err
		}
		return process(b.tool("slowburn"), append([]string{"compile", dir, "-o", out}, flags...)...)()
	}
}

// sloth measures sloth generate, and returns the rules that it writes.
func (b *bench) sloth(slos int) (string, measured, error) {
	spec, err := b.file(fmt.Sprintf("sloth-%d.yaml", slos), load.Sloth(slos))
	out := b.path(fmt.Sprintf("sloth-%d.rules.yaml", slos))
	return out, process(b.tool("sloth"), "generate", "-i", spec, "-o", out), err
}

func (b *bench) oneSLO() error {
	const title = "1. Compile one SLO, process from start to end"
	b.progress(title)
	_, theirs, err := b.sloth(1)
	if err != nil {
		return err
	}
	dir, err := b.fleet("one", 1, 1, "")
	if err != nil {
		return err
	}
	c, err := alternate(3*b.runs, theirs, b.compiled(dir), b.compiled(dir, onlyRules...))
	if err != nil {
		return err
	}
	b.scaled(title, row{"sloth generate", c[0]}, row{"slowburn compile --only rules", c[2]}, aims{wall: 0.020, memory: 40})
	b.scaled(title, row{"sloth generate", c[0]}, row{"slowburn compile, everything that it writes", c[1]}, aims{wall: 0.020, memory: 40})
	return nil
}

func (b *bench) manyRules() error {
	rules, theirs, err := b.sloth(b.slos)
	if err != nil {
		return err
	}
	if _, err := theirs(); err != nil {
		return err
	}
	title := fmt.Sprintf("2. Check %d rules in one file, those that Sloth writes for %d SLOs", load.RulesPerSLO*b.slos, b.slos)
	b.progress(title)
	c, err := alternate(b.scaleRuns, process(b.tool("promtool"), "check", "rules", rules), process(b.tool("slowburn"), "check", rules),
		process(b.tool("slowburn"), "check", "--only", "promtool", rules))
	if err != nil {
		return err
	}
	b.scaled(title, row{"promtool check rules", c[0]}, row{"slowburn check --only promtool", c[2]}, aims{faster: 8, smaller: 20})
	b.scaled(title, row{"promtool check rules", c[0]}, row{"slowburn check, what promtool checks and all of ours", c[1]}, aims{faster: 4})
	return nil
}

func (b *bench) compileRules() error {
	title := fmt.Sprintf("3. Compile %d SLOs: rules for the same four tiers", b.slos)
	b.progress(title)
	_, theirs, err := b.sloth(b.slos)
	if err != nil {
		return err
	}
	one, err := b.fleet("rules-one", b.slos, b.slos, noKubernetes)
	if err != nil {
		return err
	}
	many, err := b.fleet("rules-many", b.slos, 10, noKubernetes)
	if err != nil {
		return err
	}
	c, err := alternate(b.scaleRuns, theirs, b.compiled(one), b.compiled(many), b.compiled(one, onlyRules...))
	if err != nil {
		return err
	}
	const also = "slowburn compile, with unit tests and dashboards"
	aim := aims{faster: 12, smaller: 15}
	b.scaled(title, row{"sloth generate, one file", c[0]}, row{"slowburn compile --only rules, one file", c[3]}, aim)
	b.scaled(title, row{"sloth generate, one file", c[0]}, row{also + ", one file", c[1]}, aim)
	b.scaled(title, row{"sloth generate, one file", c[0]}, row{also + ", ten SLOs a file", c[2]}, aim)
	return b.loads(one + "-out")
}

// loads fails unless promtool loads the rules that were written.
func (b *bench) loads(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "prometheus", "*.rules.yaml"))
	if err != nil || len(names) == 0 {
		return fmt.Errorf("%s: no rules: %v", dir, err)
	}
	_, err = process(b.tool("promtool"), append([]string{"check", "rules", "--lint=none"}, names...)...)()
	return err
}

func (b *bench) compileAll() error {
	title := fmt.Sprintf("4. Compile %d SLOs to everything that there is, and check the specs", b.slos)
	b.progress(title)
	aim := aims{wall: 5, memory: 500}
	if b.slos < 10_000 {
		aim = aims{} // it is for so many
	}
	for _, layout := range []struct {
		name       string
		perService int
	}{{"one file", b.slos}, {"ten SLOs a file", 10}} {
		dir, err := b.fleet("all-"+strings.Fields(layout.name)[0], b.slos, layout.perService, "")
		if err != nil {
			return err
		}
		c, err := alternate(1, b.compiled(dir), process(b.tool("slowburn"), "check", "--fail-on", "error", dir))
		if err != nil {
			return err
		}
		b.alone(title, "slowburn compile, "+layout.name, c[0], aim)
		b.alone(title, "slowburn check, "+layout.name, c[1], aim)
	}
	return nil
}

func (b *bench) systems() error {
	const title = "5. The five systems of specs, compiled, checked and proven"
	b.progress(title)
	c, err := alternate(1, process("make", "-C", "..", "run"))
	if err != nil {
		return err
	}
	b.alone(title, "make run", c[0], aims{wall: 30})
	return nil
}
