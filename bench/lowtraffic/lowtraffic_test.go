package main

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// TestArrivals holds that arrivals are Poisson's: counts in hours have the rate
// as their mean and as their variance, and those of neighbouring hours have
// nothing to do with each other.
func TestArrivals(t *testing.T) {
	const hours = 20_000
	for _, perHour := range traffics {
		counts := make([]float64, hours)
		arrive(rand.New(rand.NewPCG(1, 2)), perHour, hours*time.Hour, func(at time.Duration) { counts[at/time.Hour]++ })
		var sum, squares, products float64
		for i, c := range counts {
			sum += c
			squares += (c - perHour) * (c - perHour)
			products += (c - perHour) * (counts[(i+1)%hours] - perHour)
		}
		// Five standard errors of a mean, a variance and a correlation.
		mean, variance, correlation := sum/hours, squares/hours, products/squares
		if math.Abs(mean-perHour) > 5*math.Sqrt(perHour/hours) {
			t.Errorf("%g an hour: a mean of %g", perHour, mean)
		}
		if math.Abs(variance-perHour) > 5*math.Sqrt((perHour+2*perHour*perHour)/hours) {
			t.Errorf("%g an hour: a variance of %g", perHour, variance)
		}
		if math.Abs(correlation) > 5/math.Sqrt(hours) {
			t.Errorf("%g an hour: a correlation of %g", perHour, correlation)
		}
	}
}

// TestPoisson holds probabilities and the exact interval against published
// values (Garwood 1936; Ulm, American Journal of Epidemiology 131, 1990).
func TestPoisson(t *testing.T) {
	for _, c := range []struct {
		n         int
		low, high float64
	}{{0, 0, 3.6889}, {1, 0.0253, 5.5716}, {10, 4.7954, 18.3904}} {
		low, high := poissonInterval(c.n)
		if math.Abs(low-c.low) > 1e-4 || math.Abs(high-c.high) > 1e-4 {
			t.Errorf("%d: %.4f to %.4f, want %.4f to %.4f", c.n, low, high, c.low, c.high)
		}
	}
	for _, c := range []struct {
		n          int
		mean, want float64
	}{{3, 1, 1 - 2.5/math.E}, {1, 2, 1 - 1/math.E/math.E}, {165, 2997, 1}, {3000, 500, 0}} {
		if p := poissonAtLeast(c.n, c.mean); math.Abs(p-c.want) > 1e-14 {
			t.Errorf("%d or more of %g expected: %v, want %v", c.n, c.mean, p, c.want)
		}
	}
}

// direct is how often each guard's condition becomes true, counted from the
// requests themselves and not from rates: n scrapes in a window are the
// requests of the n-1 intervals between them.
func (s *study) direct(t traffic, rng *rand.Rand) []int {
	t.length = s.before() + month
	c := t.draw(rng)
	var sums [2][]float64 // of each status, up to each scrape
	for status := range sums {
		sums[status] = []float64{0}
		for n := range c[0][0] {
			more := c[0][status][n]
			if n < len(c[1][status]) {
				more += c[1][status][n]
			}
			sums[status] = append(sums[status], sums[status][n]+more)
		}
	}
	tier := s.tier()
	threshold, _ := tier.Threshold().Float64()
	starts, on := make([]int, len(guards)), make([]bool, len(guards))
	first := int(s.before() / scrape)
	for n := first - 1; n < len(sums[0]); n++ { // n scrapes have been seen
		counted := func(window time.Duration) (bad, all float64) {
			from := n - int(window/scrape) + 1
			bad = sums[1][n] - sums[1][from]
			return bad, bad + sums[0][n] - sums[0][from]
		}
		bad, all := counted(tier.Long)
		badShort, allShort := counted(tier.Short)
		for g, k := range guards {
			fires := bad > threshold*all && badShort > threshold*allShort && bad >= float64(k)
			if fires && !on[g] && n >= first {
				starts[g]++
			}
			on[g] = fires
		}
	}
	return starts
}

// TestFalsePages holds, on a month each, that the compiled rules fire as often
// as counting says, and that the guard takes false pages away.
func TestFalsePages(t *testing.T) {
	var total [3]int
	for _, c := range []struct {
		tier    string
		perHour float64
	}{{fastTier, 50}, {fastTier, 100}, {slowTier, 50}} {
		s := testStudy(t, c.tier)
		f := pagesOf(t, s, c.perHour, false)
		want := s.direct(traffic{perHour: c.perHour, failing: s.budget()}, s.random(forFalsePages, c.perHour, 0))
		for g, k := range guards {
			got := f.counts[g][0]
			if got != want[g] {
				t.Errorf("%s, %g an hour, guard %d: %d pages, counted %d", c.tier, c.perHour, k, got, want[g])
			}
			total[g] += got
		}
	}
	if total[0] < 25 || total[1] >= total[0]/10 || total[2] > total[1] {
		t.Errorf("false pages without a guard, and with 3 and 5: %v", total)
	}
}

// TestBorn holds that series which are born with their first error lose it:
// fewer pages, of the same requests; and that a seed gives the same again.
func TestBorn(t *testing.T) {
	s := testStudy(t, fastTier)
	there := s.direct(traffic{perHour: 50, failing: s.budget()}, s.random(forFalsePages, 50, 0))
	born := pagesOf(t, s, 50, true)
	if n := born.counts[0][0]; n == 0 || n >= there[0]/2 {
		t.Errorf("%d pages where series are born, and %d where they are there", n, there[0])
	}
	if again := pagesOf(t, s, 50, true); !reflect.DeepEqual(born, again) {
		t.Errorf("%v and then %v", born, again)
	}
}

func pagesOf(t *testing.T, s *study, perHour float64, born bool) *falsePages {
	t.Helper()
	f, err := s.falsePages(perHour, born, 1)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestDetection holds that a guard delays detection, and by how much: until k
// requests have come.
func TestDetection(t *testing.T) {
	s := testStudy(t, fastTier)
	d, err := s.detection(50, false, 1)
	if err != nil {
		t.Fatal(err)
	}
	for g, k := range guards {
		want := float64(max(k, 1)) * 3600 / 50
		if mean := meanOf(d.after[g]); mean < want*0.8 || mean > want*1.2+60 {
			t.Errorf("a guard of %d detects after %.0f s, want about %.0f s and a scrape", k, mean, want)
		}
	}
}

// TestDetected holds what counts as the detection of an outage.
func TestDetected(t *testing.T) {
	at := func(minutes ...time.Duration) span { return span{minutes[0] * time.Minute, minutes[1] * time.Minute} }
	outages := []span{at(0, 60), at(200, 260), at(400, 460), at(600, 660), at(800, 860)}
	fired := []span{at(2, 64), at(199, 201), at(210, 264), at(459, 463), at(700, 705), at(861, 863)}
	if got, want := detected(outages, fired), []float64{120, 59 * 60, never, 61 * 60}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func testStudy(t *testing.T, tier string) *study {
	t.Helper()
	s, err := compile(tier)
	if err != nil {
		t.Fatal(err)
	}
	return &study{s, 1}
}

func meanOf(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}
