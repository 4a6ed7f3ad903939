package traffic

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// codes are the statuses, with their share among the good or the bad ones.
var codes = []struct {
	code  string
	bad   bool
	share float64
}{{"200", false, 0.97}, {"404", false, 0.03}, {"500", true, 0.7}, {"503", true, 0.3}}

// pods serve the requests, and are scraped.
type pods struct {
	world  *World
	random *rand.Rand // for lives
	luck   *rand.Rand // for scrapes
	ends   [][]end    // for each slot, ascending
	live   []*pod     // one a slot
	gone   []*pod     // replaced, and to be marked as stale at their next scrape
	born   int
}

// end is what ends a process: a crash, after which it counts from zero, or a
// replacement by a pod with another name.
type end struct {
	at       int
	replaced bool
}

// pod counts in the order of codes. A counter is exposed from its first event
// on, as those of client libraries with labels are.
type pod struct {
	instance string
	weight   float64
	from     int // serves from this second on
	counts   []uint32
	series   []int  // index in World.Series, -1 for none yet
	exposed  []bool // by the last scrape
	next     int64  // scrape, in milliseconds without jitter
	failing  int    // so many scrapes fail from now on
}

// newPods plans crashes and replacements: each day one pod is replaced, every
// other day all of them, one after the other, and every third day of a pod has
// a crash.
func newPods(w *World, r *rand.Rand, seconds int) *pods {
	p := &pods{world: w, random: r, luck: rand.New(rand.NewPCG(w.Seed, 4)), ends: make([][]end, w.Pods), live: make([]*pod, w.Pods)}
	for d := range seconds/day + 1 {
		drained := r.IntN(w.Pods)
		rollout := d*day + 9*hour + r.IntN(8*hour)
		for i := range w.Pods {
			if d%2 == 1 {
				p.ends[i] = append(p.ends[i], end{rollout + i*45, true})
			}
			if i == drained {
				p.ends[i] = append(p.ends[i], end{d*day + r.IntN(day), true})
			}
			if r.IntN(3) == 0 {
				p.ends[i] = append(p.ends[i], end{d*day + r.IntN(day), false})
			}
		}
	}
	for i := range p.live {
		for _, at := range w.Rollouts {
			p.ends[i] = append(p.ends[i], end{int(at/time.Second) + i*45, true})
		}
		slices.SortFunc(p.ends[i], func(a, b end) int { return a.at - b.at })
		p.live[i] = p.bear(0)
	}
	return p
}

// bear makes a pod. Each is scraped at a moment of its own.
func (p *pods) bear(at int) *pod {
	p.born++
	made := &pod{
		instance: fmt.Sprintf("10.0.%d.%d:8080", p.born/200, p.born%200),
		weight:   0.6 + 0.8*p.random.Float64(),
		from:     at,
		counts:   make([]uint32, len(codes)),
		series:   slices.Repeat([]int{-1}, len(codes)),
		exposed:  make([]bool, len(codes)),
	}
	phase := p.random.Int64N(Scrape.Milliseconds())
	made.next = phase
	for made.next < int64(max(at, 1))*1000 { // the first second is that before 1
		made.next += Scrape.Milliseconds()
	}
	return made
}

// serve spreads a second's events over the pods that are up.
func (p *pods) serve(s int, r *rand.Rand, good, bad float64) (goods, bads uint32) {
	weight := 0.0
	for i, of := range p.live {
		for len(p.ends[i]) > 0 && p.ends[i][0].at <= s {
			of = p.end(i, s, p.ends[i][0].replaced)
			p.ends[i] = p.ends[i][1:]
		}
		if s >= of.from {
			weight += of.weight
		}
	}
	if good+bad == 0 || weight == 0 {
		return 0, 0
	}
	for _, of := range p.live {
		if s < of.from {
			continue
		}
		for i, c := range codes {
			mean := good * c.share * of.weight / weight
			if c.bad {
				mean = bad * c.share * of.weight / weight
			}
			n := poisson(r, mean)
			of.counts[i] += n
			if c.bad {
				bads += n
			} else {
				goods += n
			}
		}
	}
	return goods, bads
}

// end ends the process in a slot, and returns the next one.
func (p *pods) end(slot, s int, replaced bool) *pod {
	of := p.live[slot]
	if !replaced {
		clear(of.counts)
		of.from = s + 5
		return of
	}
	p.gone = append(p.gone, of)
	p.live[slot] = p.bear(s + 10)
	return p.live[slot]
}

// poisson is a random number with that mean. It is close enough to Poisson's:
// whatever it is, it is counted.
func poisson(r *rand.Rand, mean float64) uint32 {
	if mean > 12 {
		return uint32(max(0, math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	u := r.Float64()
	if u < 1-mean {
		return 0 // less than exp(-mean)
	}
	p := math.Exp(-mean)
	n := uint32(0)
	for sum := p; u > sum && n < 100; sum += p {
		n++
		p *= mean / float64(n)
	}
	return n
}
