package unittest

import (
	"math"
	"math/rand/v2"
)

// poisson draws counts of independent events. The same seed draws the same.
type poisson struct{ random *rand.Rand }

func newPoisson(seed uint64) *poisson {
	return &poisson{rand.New(rand.NewPCG(seed, 0x736c6f776275726e))} // "slowburn"
}

// draw is a count whose mean is given. Small means multiply uniform numbers
// until the product falls below e^-mean (Knuth, The Art of Computer Programming,
// vol. 2, 3.4.1, algorithm Q); others use transformed rejection with squeeze
// (W. Hörmann, "The transformed rejection method for generating Poisson random
// variables", Insurance: Mathematics and Economics 12 (1993), algorithm PTRS).
func (p *poisson) draw(mean float64) float64 {
	switch {
	case mean <= 0:
		return 0
	case mean >= maxExact:
		return mean
	case mean < 10:
		limit, product := math.Exp(-mean), p.random.Float64()
		n := 0.0
		for product > limit {
			n++
			product *= p.random.Float64()
		}
		return n
	}
	return p.large(mean)
}

// maxExact is above what floats count one by one.
const maxExact = 1 << 53

func (p *poisson) large(mean float64) float64 {
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	inverseAlpha := 1.1239 + 1.1328/(b-3.4)
	vr := 0.9277 - 3.6224/(b-2)
	for {
		u, v := p.random.Float64()-0.5, 1-p.random.Float64() // v is never 0
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + mean + 0.43)
		if us >= 0.07 && v <= vr {
			return k
		}
		if k < 0 || us < 0.013 && v > us {
			continue
		}
		factorial, _ := math.Lgamma(k + 1)
		if math.Log(v)+math.Log(inverseAlpha)-math.Log(a/(us*us)+b) <= k*math.Log(mean)-mean-factorial {
			return k
		}
	}
}
