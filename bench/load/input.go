package load

import (
	"math"
	"time"
)

// InputMetric is the one metric that the rules read; all others are recorded.
const InputMetric = "http_requests_total"

// Scrape is the time between two samples of a counter.
const Scrape = 30 * time.Second

// Step is the time between two evaluations.
const Step = time.Minute

var instances = []string{"a", "b"}

// Counter is an input series. Values[i] was scraped at Offset + i·Scrape, in
// milliseconds since the beginning.
type Counter struct {
	Labels map[string]string
	Offset int64
	Values []float64
}

// Time is when sample i was scraped.
func (c *Counter) Time(i int) int64 { return c.Offset + int64(i)*Scrape.Milliseconds() }

// Counters are the input of several SLOs: of each two instances with three
// status codes. Traffic goes up and down with the day, every instance is
// restarted every third day, and every fifth day has an outage of 20 minutes at
// six o'clock, of which both alerts fire. They are over before the day is, so
// that any day can be evaluated by itself.
func Counters(slos int, length time.Duration) []*Counter {
	var all []*Counter
	for slo := range slos {
		for i, instance := range instances {
			offset := time.Duration(7+12*i) * time.Second // of scrapes from evaluations
			all = append(all, counters(slo, i, instance, offset, length)...)
		}
	}
	return all
}

func counters(slo, number int, instance string, offset, length time.Duration) []*Counter {
	codes := []string{"200", "404", "500"}
	of := make([]*Counter, len(codes))
	for i, code := range codes {
		of[i] = &Counter{
			Labels: map[string]string{"__name__": InputMetric, "code": code, "instance": instance, "job": service(slo)},
			Offset: offset.Milliseconds(),
		}
	}
	var total [3]float64
	for at := offset; at <= length; at += Scrape {
		day, inDay := at/(24*time.Hour), at%(24*time.Hour)
		if number == int(day%3) && inDay < Scrape {
			total = [3]float64{}
		}
		traffic := 300 + 20*float64(slo) + 150*math.Sin(2*math.Pi*inDay.Hours()/24+float64(number))
		failed := 0.0005
		if day%5 == 0 && day > 0 && inDay >= 6*time.Hour && inDay < 6*time.Hour+20*time.Minute {
			failed = 0.3
		}
		for i, share := range []float64{0.99 - failed, 0.01, failed} {
			total[i] += traffic * share
			of[i].Values = append(of[i].Values, math.Floor(total[i]))
		}
	}
	return of
}
