package traffic

import (
	"math"
	"math/rand/v2"
)

const (
	minute = 60
	hour   = 60 * minute
	day    = 24 * hour
)

// plan is, for each second, how many requests there are on average and which
// share of them is bad.
type plan struct {
	Config
	rate, bad []float32
}

// newPlan is usual days with all that may happen within each four of them: a
// spell without traffic by night of 20 minutes, one of 3 hours, and one of 45
// minutes in the evening; a partial outage at peak and a full one by night.
func newPlan(c Config, r *rand.Rand, seconds int) *plan {
	p := &plan{c, make([]float32, seconds+1), make([]float32, seconds+1)}
	for d := range seconds/day + 1 {
		at := d * day
		p.usual(at)
		for range 6 {
			p.burst(at+r.IntN(day), 30+r.IntN(270), 3+5*r.Float32(), 0.004*r.Float32())
		}
		for h := range 24 {
			p.cron(at + h*hour)
		}
		some := r.IntN(hour)
		switch d % 4 {
		case 0:
			p.silence(at+4*hour+some, 20*minute)
		case 1:
			p.silence(at+hour+some, 3*hour)
		case 2:
			p.outage(at+14*hour+some, 30*minute, 0.2)
			p.silence(at+20*hour+some, 45*minute)
		case 3:
			p.outage(at+2*hour+some, 40*minute, 1)
		}
	}
	return p
}

// each calls for the seconds of a time, as far as there are any.
func (p *plan) each(from, length int, change func(s int)) {
	for s := from; s < min(from+length, len(p.rate)); s++ {
		change(s)
	}
}

// usual is a day on which nothing happens. By night more of the requests fail.
func (p *plan) usual(at int) {
	p.each(at, day, func(s int) {
		height := 0.5 - 0.5*math.Cos(2*math.Pi*(float64(s-at)/hour-3)/24)
		height = math.Pow(height, 1.5)
		p.rate[s] = float32(p.Peak * (0.01 + 0.99*height))
		p.bad[s] = float32(0.0005 + 0.0015*(1-height))
	})
}

// burst is more traffic than usual, of which more fails.
func (p *plan) burst(at, length int, factor, bad float32) {
	p.each(at, length, func(s int) { p.rate[s] *= factor; p.bad[s] += bad })
}

// cron is a job that sends its requests at once, on the hour.
func (p *plan) cron(at int) {
	p.each(at, 20, func(s int) { p.rate[s] += float32(p.Peak) / 5; p.bad[s] += 0.01 })
}

func (p *plan) outage(at, length int, bad float32) {
	p.each(at, length, func(s int) { p.bad[s] = min(1, p.bad[s]+bad) })
}

func (p *plan) silence(at, length int) {
	if p.Quiet {
		p.each(at, length, func(s int) { p.rate[s] = 0 })
	}
}
