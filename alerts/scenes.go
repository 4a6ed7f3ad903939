package alerts

import (
	"math"
	"time"
)

// limit is a level that may not be exceeded, or not be fallen short of.
type limit struct {
	at    float64
	below bool // it must stay above
	whole bool // the level is 0 or 1, and the limit between
}

// margin is how far below and above a limit a level is that is close to it.
const margin = 0.02

// term is positive while the level is on the wrong side.
func (l limit) term(p Point) float64 {
	if l.below {
		return l.at - p.Level
	}
	return p.Level - l.at
}

// wrong and right are levels close to the limit on either side.
func (l limit) wrong() float64 { return l.beside(margin) }
func (l limit) right() float64 { return l.beside(-margin) }

func (l limit) beside(by float64) float64 {
	if l.whole {
		return math.Ceil(by)
	}
	if l.below && l.at == 0 {
		return min(-by, 0)
	}
	if l.below {
		by = -by
	}
	if l.at == 0 {
		return max(by, 0) // there may be nothing below zero
	}
	if l.at < 0 {
		by = -by
	}
	return l.at * (1 + by)
}

// far are levels that are well inside and well outside of the limit, of which
// none is negative that need not be.
func (l limit) far() (quiet, loud float64) {
	size := max(1, l.at, -l.at)
	low, high := l.at-size, l.at+size
	if l.at >= 0 {
		low = l.at / 2
	}
	switch {
	case l.below && l.at == 0:
		return high, -size
	case l.below:
		return high, low
	}
	return low, high
}

// jumps is the imitation of a level that jumps: from quiet to either side of a
// limit, and back.
func jumps(t Timing, l limit, quiet, loud float64) *Levels {
	jump := func(name string, to float64, length time.Duration) Scene {
		return Scene{Name: name, Length: length, Curve: []Knot{{0, quiet}, {0, to}, {length, to}, {length, quiet}}}
	}
	levels := &Levels{
		Quiet: quiet, Loud: loud, Holds: [][]Term{{l.term}},
		Outage: func(length time.Duration) Scene { return jump("", loud, length) },
	}
	noticed := t.Noticed()
	levels.Scenes = []Scene{
		{Name: "healthy", Length: noticed, Curve: []Knot{{0, quiet}}},
		jump("just outside", l.wrong(), noticed),
	}
	if l.right() != quiet {
		levels.Scenes = append(levels.Scenes, jump("just inside", l.right(), noticed))
	}
	if brief := t.tooShort(); brief > 0 {
		levels.Scenes = append(levels.Scenes, jump("too short", loud, brief))
	}
	levels.Scenes = append(levels.Scenes, Scene{Name: "vanishes", Length: noticed, Curve: []Knot{{0, quiet}}, Vanish: true})
	replaced := jump("replaced meanwhile", loud, 2*noticed)
	replaced.Replaced = true
	levels.Scenes = append(levels.Scenes, replaced)
	return levels
}

// oneOfTwo adds the scene of a kind whose best member counts: nothing fires while
// one of two is well, be the other as wrong as in the last scene.
func (l *Levels) oneOfTwo() {
	s := l.Scenes[len(l.Scenes)-1]
	s.Replaced = false
	s.Name, s.Alone, s.Silent = "one of two", true, "the other one is well"
	l.Scenes = append(l.Scenes, s)
}

// drifts is the imitation of a level that moves by itself, so much a second,
// from some start before the limit, until something puts it back to quiet. Of
// what takes long it is the last hour that is imitated.
func drifts(t Timing, l limit, quiet, start, slope float64) *Levels {
	from := func(start float64, name string, length time.Duration) Scene {
		end := start + slope*length.Seconds()
		return Scene{Name: name, Length: length, Curve: []Knot{{0, quiet}, {0, start}, {length, end}, {length, quiet}}}
	}
	reaches := min(time.Hour, time.Duration((l.at-start)/slope*float64(time.Second)))
	drift := func(name string, length time.Duration) Scene {
		return from(l.at-slope*reaches.Seconds(), name, length)
	}
	noticed := t.Noticed()
	levels := &Levels{
		Quiet: quiet, Loud: l.at + slope*2*noticed.Seconds(), Holds: [][]Term{{l.term}},
		Outage: func(length time.Duration) Scene { return from(start, "", length) },
	}
	levels.Scenes = []Scene{
		{Name: "healthy", Length: noticed, Curve: []Knot{{0, quiet}}},
		drift("just inside", reaches-t.Scrape-t.Evaluation),
		drift("just outside", reaches+noticed),
	}
	if brief := t.tooShort(); brief > 0 {
		levels.Scenes = append(levels.Scenes, drift("too short", reaches+brief))
	}
	levels.Scenes = append(levels.Scenes, Scene{Name: "vanishes", Length: noticed, Curve: []Knot{{0, quiet}}, Vanish: true})
	replaced := drift("replaced meanwhile", reaches+2*noticed)
	replaced.Replaced = true
	levels.Scenes = append(levels.Scenes, replaced)
	return levels
}
