package main

import "math"

// estimate is a mean with the bounds within which it is with a confidence of 95 %.
type estimate struct{ mean, low, high float64 }

// exactBelow is the number of firings below which the interval is Poisson's.
const exactBelow = 30

// estimated is the mean of monthly counts. Its interval is 1.96 standard errors
// to both sides, which holds for counts that come in clusters too; where there
// are few, the exact one of a Poisson distributed total.
func estimated(counts []int) estimate {
	n, total, squares := float64(len(counts)), 0, 0.0
	for _, c := range counts {
		total += c
	}
	mean := float64(total) / n
	if total < exactBelow {
		low, high := poissonInterval(total)
		return estimate{mean, low / n, high / n}
	}
	for _, c := range counts {
		squares += (float64(c) - mean) * (float64(c) - mean)
	}
	off := 1.96 * math.Sqrt(squares/(n-1)/n)
	return estimate{mean, mean - off, mean + off}
}

// poissonInterval are the means of which a total of n, or one further away, has
// a probability of 2.5 % (Garwood, Fiducial Limits for the Poisson
// Distribution, Biometrika 28, 1936).
func poissonInterval(n int) (low, high float64) {
	if n > 0 {
		low = solve(func(mean float64) bool { return poissonAtLeast(n, mean) < 0.025 })
	}
	high = solve(func(mean float64) bool { return 1-poissonAtLeast(n+1, mean) > 0.025 })
	return low, high
}

// solve finds where below, which holds for small numbers, ceases to hold.
func solve(below func(float64) bool) float64 {
	low, high := 0.0, 10.0*exactBelow
	for range 60 {
		if middle := (low + high) / 2; below(middle) {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// poissonAtLeast is the probability of n or more events where mean are expected.
// The terms on the lesser side of the mean are added, outwards, so that small
// probabilities are exact and none is lost to a first term that is no number.
func poissonAtLeast(n int, mean float64) float64 {
	switch {
	case n <= 0:
		return 1
	case mean == 0:
		return 0
	case float64(n) <= mean:
		sum := 0.0
		for i, term := n-1, poissonTerm(n-1, mean); i >= 0 && term > sum*1e-17; i-- {
			sum += term
			term *= float64(i) / mean
		}
		return 1 - sum
	}
	sum := 0.0
	for i, term := n, poissonTerm(n, mean); term > sum*1e-17; i++ {
		sum += term
		term *= mean / float64(i+1)
	}
	return sum
}

// poissonTerm is the probability of exactly n events where mean are expected.
func poissonTerm(n int, mean float64) float64 {
	logFactorial, _ := math.Lgamma(float64(n) + 1)
	return math.Exp(float64(n)*math.Log(mean) - mean - logFactorial)
}

// quantile is the smallest of the values, which are ascending, that a share q
// of them does not exceed.
func quantile(ascending []float64, q float64) float64 {
	return ascending[max(0, int(math.Ceil(q*float64(len(ascending))))-1)]
}
