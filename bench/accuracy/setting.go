package main

import (
	"math/rand/v2"
	"slices"
	"time"

	"slowburn/bench/accuracy/traffic"
	"slowburn/internal/rulefile"
)

const day = 24 * time.Hour

// variant is circumstances under which all candidates are measured.
type variant struct {
	name, title string
	quiet       bool // there are spells without traffic
	missed      bool // some evaluations do not take place
	down        bool // Prometheus is down at times
	rollout     bool // and all pods are replaced meanwhile
	cost        bool // the cost is measured here
}

var variants = []variant{
	{name: "all", title: "Everything that may happen", quiet: true, cost: true},
	{name: "busy", title: "Without quiet spells"},
	{name: "missed", title: "With missed evaluations", quiet: true, missed: true},
	{name: "down", title: "With a Prometheus that was down for two hours", quiet: true, down: true},
	{name: "replaced", title: "With a Prometheus that was down for two hours, in which all pods were replaced", quiet: true, down: true, rollout: true},
}

// setting is a world, and when rules are evaluated in it.
type setting struct {
	variant
	world      *traffic.World
	from, last time.Duration // since traffic.Begin: measured at each minute after from, up to last
}

// newSetting makes the world of a variant. Where Prometheus goes down, it does
// so in the middle of the history and of what is measured, by day.
func newSetting(v variant, o options) *setting {
	s := &setting{variant: v, from: o.history, last: o.history + o.measured}
	c := traffic.Config{Seed: o.seed, Length: s.last, Pods: o.pods, Peak: o.peak, Quiet: v.quiet}
	if v.down {
		for _, on := range []time.Duration{o.history / 2, o.history + o.measured/2} {
			on = on.Truncate(2 * day) // on other days pods are replaced
			c.Down = append(c.Down, traffic.Interval{From: on + 9*time.Hour, To: on + 11*time.Hour})
			if v.rollout {
				c.Rollouts = append(c.Rollouts, on+10*time.Hour)
			}
		}
	}
	s.world = traffic.Generate(c)
	return s
}

// misses tells of a candidate's evaluations that do not take place: about
// every two hours those of a group for one, three or five minutes, and one time
// in twelve for twenty. What records the first of a candidate's ratios misses
// the same as that of others, so that they can be compared.
func (s *setting) misses(c *candidate) func(*rulefile.Group, time.Time) bool {
	if !s.missed && !s.down {
		return nil
	}
	missed := map[*rulefile.Group][]bool{}
	for i, g := range c.groups {
		number := i + 1
		if slices.Contains(c.recordedBy(c.ratios[0]), g) {
			number = 0
		}
		missed[g] = s.missedMinutes(number)
	}
	return func(g *rulefile.Group, t time.Time) bool {
		at := t.Sub(traffic.Begin)
		return s.world.IsDown(at) || missed[g][at/time.Minute]
	}
}

func (s *setting) missedMinutes(group int) []bool {
	r := rand.New(rand.NewPCG(s.world.Seed, uint64(100+group)))
	missed := make([]bool, s.last/time.Minute+1)
	if !s.missed {
		return missed
	}
	for at := 0; at < len(missed); {
		at += 1 + int(r.ExpFloat64()*120)
		length := []int{1, 3, 5}[r.IntN(3)]
		if r.IntN(12) == 0 {
			length = 20
		}
		for ; length > 0 && at < len(missed); length-- {
			missed[at] = true
			at++
		}
	}
	return missed
}
