package main

import (
	"fmt"
	"time"

	"slowburn/bench/load"
)

// growth measures the engine with more and more steps, and with more and more rules.
func (b *bench) growth() error {
	b.progress("4. Growth of steps and of rules")
	measure := func(slos int, length time.Duration) (cost, error) {
		rules, err := b.file("growth.rules.yaml", load.Rules(slos))
		if err != nil {
			return cost{}, err
		}
		c, err := alternate(b.runs, b.evaluation("-rules", rules, "-slos", fmt.Sprint(slos), "-until", (length-load.Step).String()))
		if err != nil {
			return cost{}, err
		}
		return c[0], nil
	}
	for _, n := range []int{1, 2, 4, 8} {
		length := period / 8 * time.Duration(n)
		c, err := measure(1, length)
		if err != nil {
			return err
		}
		b.report.grew("steps", n, fmt.Sprintf("%d rules, %d steps", load.RulesPerSLO, length/load.Step), c)
	}
	for _, n := range []int{1, 2, 4, 8} {
		slos := 4 * n
		c, err := measure(slos, 2*day)
		if err != nil {
			return err
		}
		b.report.grew("rules", n, fmt.Sprintf("%d rules, %d steps", slos*load.RulesPerSLO, 2*day/load.Step), c)
	}
	return nil
}
