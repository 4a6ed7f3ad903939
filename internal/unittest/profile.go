package unittest

import "time"

// traffic is how many events there are in a second, over time: a base rate that
// ramps, less at night, more in bursts. Times count from the start of the test.
type traffic struct {
	rate     float64
	ramps    []ramp // one after the other
	night    *night
	bursts   []burst
	midnight time.Duration // since the last one, at the start of the test
}

// ramp is a linear change to another base rate, which stays from then on.
type ramp struct {
	from, to time.Duration
	rate     float64
}

// night multiplies the rate from one time of day to another, in UTC.
type night struct {
	times    float64
	from, to time.Duration
}

// burst multiplies the rate for a while, once or again and again.
type burst struct {
	at, length, every time.Duration
	times             float64
}

const day = 24 * time.Hour

// at is the rate at a moment.
func (p *traffic) at(t time.Duration) float64 { return p.base(t) * p.factor(t) }

// base is the rate without nights and bursts. It has no jumps.
func (p *traffic) base(t time.Duration) float64 {
	rate := p.rate
	for _, r := range p.ramps {
		switch {
		case t <= r.from:
			return rate
		case t < r.to:
			return rate + (r.rate-rate)*float64(t-r.from)/float64(r.to-r.from)
		}
		rate = r.rate
	}
	return rate
}

// factor is what nights and bursts make of the base rate. It only jumps.
func (p *traffic) factor(t time.Duration) float64 {
	f := 1.0
	if p.night != nil && p.night.covers((p.midnight+t)%day) {
		f *= p.night.times
	}
	for _, b := range p.bursts {
		if since, _ := b.phase(t); t >= b.at && since < b.length {
			f *= b.times
		}
	}
	return f
}

func (n *night) covers(ofDay time.Duration) bool {
	if n.from <= n.to {
		return n.from <= ofDay && ofDay < n.to
	}
	return ofDay >= n.from || ofDay < n.to
}

// phase is how long ago the burst began, and when it did.
func (b *burst) phase(t time.Duration) (since, began time.Duration) {
	since = t - b.at
	if b.every > 0 && since > 0 {
		since %= b.every
	}
	return since, t - since
}

// events is how many events there are from one moment to another: the integral
// of the rate, exact, since between two breaks the rate is a straight line.
func (p *traffic) events(from, to time.Duration) float64 {
	sum := 0.0
	for from < to {
		end := min(p.nextBreak(from), to)
		sum += p.factor(from) * (p.base(from) + p.base(end)) / 2 * (end - from).Seconds()
		from = end
	}
	return sum
}

// never is later than any break.
const never = time.Duration(maxDuration)

// nextBreak is the first moment after t at which the rate stops being the
// straight line that it is after t.
func (p *traffic) nextBreak(t time.Duration) time.Duration {
	next := never
	consider := func(at time.Duration) {
		if at > t {
			next = min(next, at)
		}
	}
	for _, r := range p.ramps {
		consider(r.from)
		consider(r.to)
	}
	if p.night != nil {
		today := t - (p.midnight+t)%day
		for _, edge := range []time.Duration{p.night.from, p.night.to} {
			consider(today + edge)
			consider(today + edge + day)
		}
	}
	for _, b := range p.bursts {
		if t < b.at {
			consider(b.at)
			continue
		}
		_, began := b.phase(t)
		consider(began + b.length)
		if b.every > 0 {
			consider(began + b.every)
		}
	}
	return next
}

// breaks bounds how many breaks there are within a length of time.
func (p *traffic) breaks(length time.Duration) float64 {
	n := float64(2 * len(p.ramps))
	if p.night != nil {
		n += 2 * (float64(length/day) + 1)
	}
	for _, b := range p.bursts {
		n += 2
		if b.every > 0 {
			n += 2 * float64(length/b.every)
		}
	}
	return n
}
