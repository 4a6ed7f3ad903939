package main

import "math"

// falsePages are how often each guard's alert began to fire in each month.
type falsePages struct {
	perHour float64
	born    bool
	counts  [][]int // of each guard, by month
}

// budget is the probability that a request fails: exactly the error budget.
func (s *study) budget() float64 {
	b, _ := s.slos[0].Budget().Float64()
	return b
}

// falsePages counts, in months of a service that is exactly at its budget,
// every alert that begins to fire. Each month is simulated by itself.
func (s *study) falsePages(perHour float64, born bool, months int) (*falsePages, error) {
	f := &falsePages{perHour: perHour, born: born}
	for range guards {
		f.counts = append(f.counts, make([]int, months))
	}
	err := parallel(months, func(m int) error {
		fired, err := s.run(traffic{perHour: perHour, failing: s.budget(), born: born}, s.random(forFalsePages, perHour, m))
		for g, spans := range fired {
			for _, of := range spans {
				if of.from >= s.before() {
					f.counts[g][m]++
				}
			}
		}
		return err
	})
	return f, err
}

// expected is what arithmetic says of a guard of k, in firings a month. An
// error fires the alert if with those of the long window before it there are k
// or more, and so many that the good events beside them are too few: both are
// Poisson distributed. Left out is that errors within a short window of each
// other are one page, and that the short window may be below the threshold.
func (s *study) expected(perHour float64, k int) float64 {
	tier := s.tier()
	threshold, _ := tier.Threshold().Float64()
	inWindow := perHour * tier.Long.Hours()
	bad, good := inWindow*s.budget(), inWindow*(1-s.budget())
	fires := 0.0 // the probability that an error does
	for errors := max(k, 1); poissonAtLeast(errors-1, bad) > 1e-12; errors++ {
		before := poissonAtLeast(errors-1, bad) - poissonAtLeast(errors, bad)
		tooMany := int(math.Ceil(float64(errors) * (1 - threshold) / threshold))
		fires += before * (1 - poissonAtLeast(tooMany, good))
	}
	return perHour * s.budget() * month.Hours() * fires
}
