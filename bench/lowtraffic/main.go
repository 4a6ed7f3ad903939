// Command lowtraffic measures what the guard against low traffic, minErrors, is
// worth: how often a service that is exactly at its budget pages without it and
// with it, and what the guard costs in the detection of outages. Rules are those
// that slowburn compiles, evaluated by its own engine; requests arrive at random.
package main

import (
	"flag"
	"fmt"
	"os"
	"time"
)

// amount is how many months are simulated of what.
type amount struct{ months, born, slow, outages int }

func main() {
	var n amount
	flag.IntVar(&n.months, "months", 60, "months of each traffic in which false pages of the fast tier are counted")
	flag.IntVar(&n.born, "born", 24, "months of the same with series of errors that are born with their first error")
	flag.IntVar(&n.slow, "slow", 12, "months of the slow tier")
	flag.IntVar(&n.outages, "outages", 4, "months with an outage every six hours")
	seed := flag.Uint64("seed", 1, "seed of the random numbers; the same seed gives the same figures")
	markdown := flag.String("markdown", "", "file to write the tables to, with what they mean")
	flag.Parse()
	began := time.Now()
	if err := run(n, *seed, *markdown); err != nil {
		fmt.Fprintln(os.Stderr, "lowtraffic:", err)
		os.Exit(1)
	}
	fmt.Fprintf(os.Stderr, "%s\n", time.Since(began).Round(time.Second))
}

func run(n amount, seed uint64, markdown string) error {
	fast, err := compile(fastTier)
	if err != nil {
		return err
	}
	slow, err := compile(slowTier)
	if err != nil {
		return err
	}
	r := &report{amount: n, seed: seed, fastTier: &study{fast, seed}, slowTier: &study{slow, seed}}
	for _, perHour := range traffics {
		fmt.Fprintf(os.Stderr, "simulating %g requests an hour\n", perHour)
		if err := r.measure(perHour); err != nil {
			return err
		}
	}
	fmt.Print(r.tables())
	if markdown == "" {
		return nil
	}
	return r.write(markdown)
}
