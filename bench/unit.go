package main

import (
	"fmt"
	"os"
	"strconv"

	"slowburn/bench/load"
)

// unitSLOs make 187 rules.
const unitSLOs = 11

// unitTest measures one unit test of many rules, whole processes; and the rule
// manager with the same input, whose recorded samples must be the engine's.
func (b *bench) unitTest() error {
	rules, err := b.file("many.rules.yaml", load.Rules(unitSLOs))
	if err != nil {
		return err
	}
	test, err := b.file("many.test.yaml", load.Unit(unitSLOs, "many.rules.yaml"))
	if err != nil {
		return err
	}
	who, ours := b.ourTest(test)
	title := fmt.Sprintf("1. One unit test: %d rules of %d SLOs, 361 steps", unitSLOs*load.RulesPerSLO, unitSLOs)
	b.progress(title)
	c, err := alternate(b.runs, process(b.tool("promtool"), "test", "rules", test), ours)
	if err != nil {
		return err
	}
	b.report.compared(title, "whole processes", row{"promtool test rules", c[0]}, row{who, c[1]}, 60)

	evaluation := func(by, out string) measured {
		return b.evaluation("-by", by, "-rules", rules, "-test", test, "-until", "6h", "-out", b.path(out))
	}
	c, err = alternate(min(b.runs, 2), evaluation("upstream", "many.upstream"), evaluation("engine", "many.engine"))
	if err != nil {
		return err
	}
	b.report.compared(title, "evaluation only", row{"Prometheus' rule manager", c[0]}, row{"slowburn's engine", c[1]}, 0)
	return b.compare("1. unit test, all steps", "many.engine", "many.upstream", "0", "6h")
}

// trivialTests measures what a unit test costs that has next to nothing to do.
func (b *bench) trivialTests() error {
	const tests = 200
	if _, err := b.file("trivial.rules.yaml", load.TrivialRules); err != nil {
		return err
	}
	test, err := b.file("trivial.test.yaml", load.Trivial(tests, "trivial.rules.yaml"))
	if err != nil {
		return err
	}
	who, ours := b.ourTest(test)
	title := "2. " + strconv.Itoa(tests) + " unit tests in one file: one series, one rule, one assertion each"
	b.progress(title)
	c, err := alternate(b.runs, process(b.tool("promtool"), "test", "rules", test), ours)
	if err != nil {
		return err
	}
	b.report.compared(title, "whole processes", row{"promtool test rules", c[0]}, row{who, c[1]}, 50)
	return nil
}

// ourTest is how slowburn runs a unit test file: with slowburn test if that can
// tell a test that passes from one that fails, or else with what stands in for
// it in bench-peer.
func (b *bench) ourTest(file string) (string, measured) {
	good, err := b.file("probe.test.yaml", load.Trivial(1, "trivial.rules.yaml"))
	if err == nil {
		_, err = b.file("trivial.rules.yaml", load.TrivialRules)
	}
	bad := b.path("probe-fails.test.yaml")
	if err == nil {
		err = os.WriteFile(bad, []byte(load.Failing(1, "trivial.rules.yaml")), 0o644)
	}
	slowburn := b.tool("slowburn")
	if err == nil && status(slowburn, "test", good) == 0 && status(slowburn, "test", bad) == 1 {
		return "slowburn test", process(slowburn, "test", file)
	}
	return "slowburn's engine (stand-in for slowburn test)", process(b.tool("bench-peer"), "unit", file)
}
