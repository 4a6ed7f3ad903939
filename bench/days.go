package main

import (
	"fmt"
	"strconv"
	"time"

	"slowburn/bench/load"
)

const day = 24 * time.Hour

// period is 30 days of evaluations, the first at its beginning.
const period = 30 * day

// thirtyDays measures the rules of one SLO over 30 days, twice: from nothing,
// as in a test, and with 30 days before them, so that all windows are full.
func (b *bench) thirtyDays() error {
	rules, err := b.file("one.rules.yaml", load.Rules(1))
	if err != nil {
		return err
	}
	title := fmt.Sprintf("3. %d rules of one SLO over 30 days at 1m (43200 steps), scraped every 30s", load.RulesPerSLO)
	if err := b.days(title+", from nothing", rules, 0, ""); err != nil {
		return err
	}
	past := b.path("past.engine")
	if _, err := b.evaluation("-rules", rules, "-until", period.String(), "-out", past)(); err != nil {
		return err
	}
	return b.days(title+", after 30 days more", rules, period, past)
}

// days measures the engine over all days from an instant on, and upstream over
// the one in the middle, unless it is to do all of them. What was recorded
// before that day is put into upstream's storage first. From nothing, windows
// fill as days pass, and the middle day costs what the average day does; with
// full windows any day does.
func (b *bench) days(title, rules string, from time.Duration, past string) error {
	b.progress(title)
	until := from + period - load.Step
	name := "days" + strconv.Itoa(int(from/day))
	engine := []string{"-rules", rules, "-from", from.String(), "-until", until.String(), "-out", b.path(name + ".engine")}
	if past != "" {
		engine = append(engine, "-history", past)
	}
	ours, err := alternate(b.runs, b.evaluation(engine...))
	if err != nil {
		return err
	}
	first, last, scale := from+15*day, from+16*day-load.Step, 30.0
	history, who := b.path(name+".engine"), "Prometheus' rule manager (day 16 of 30, × 30)"
	if b.full {
		first, last, scale, history, who = from, until, 1, past, "Prometheus' rule manager (all of it)"
	}
	upstream := []string{"-by", "upstream", "-rules", rules, "-from", first.String(), "-until", last.String(), "-out", b.path(name + ".upstream")}
	if history != "" {
		upstream = append(upstream, "-history", history)
	}
	theirs, err := b.evaluation(upstream...)()
	if err != nil {
		return err
	}
	b.report.compared(title, "evaluation only", row{who, theirs.times(scale)}, row{"slowburn's engine", ours[0]}, 500)
	what := title[:2] + " from nothing"
	if past != "" {
		what = title[:2] + " after 30 days more"
	}
	return b.compare(fmt.Sprintf("%s, steps %d to %d", what, (first-from)/load.Step, (last-from)/load.Step), name+".engine", name+".upstream", first.String(), last.String())
}
