// Command peer is what the benchmark measures in processes of their own: the
// engine by itself, Prometheus' rule manager, and the comparison of the two.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime/pprof"
	"time"
)

func main() {
	if len(os.Args) < 2 {
		fatal(fmt.Errorf("usage: peer evaluate|unit|compare ..."))
	}
	commands := map[string]func([]string) error{"evaluate": evaluate, "unit": unit, "compare": compare}
	run := commands[os.Args[1]]
	if run == nil {
		fatal(fmt.Errorf("no command %q", os.Args[1]))
	}
	if err := run(os.Args[2:]); err != nil {
		fatal(err)
	}
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "peer:", err)
	os.Exit(1)
}

// evaluate runs rules and prints what that cost, as JSON.
func evaluate(args []string) error {
	f := flag.NewFlagSet("evaluate", flag.ExitOnError)
	var (
		by      = f.String("by", "engine", "engine or upstream")
		rules   = f.String("rules", "", "rule file")
		test    = f.String("test", "", "test file whose first test has the input; otherwise it is generated")
		slos    = f.Int("slos", 1, "SLOs to generate input for")
		from    = f.Duration("from", 0, "first evaluation")
		until   = f.Duration("until", 0, "last evaluation")
		history = f.String("history", "", "file with samples recorded before")
		out     = f.String("out", "", "file to write the recorded samples to")
		profile = f.String("cpuprofile", "", "file to write a profile to")
		heap    = f.String("memprofile", "", "file to write a profile of allocations to")
	)
	_ = f.Parse(args)
	file, err := readRules(*rules)
	if err != nil {
		return err
	}
	in := &input{from: *from, until: *until}
	if *test != "" {
		err = in.read(*test)
	} else {
		in.generate(*slos)
	}
	if err == nil && *history != "" {
		err = in.remember(*history)
	}
	if err != nil {
		return err
	}
	var e evaluator = &ours{file: file}
	if *by == "upstream" {
		e = &theirs{path: *rules, file: file}
	}
	if err := e.prepare(in); err != nil {
		return err
	}
	defer e.close()
	meter, err := start(*profile)
	if err != nil {
		return err
	}
	if err := e.run(); err != nil {
		return err
	}
	cost, err := meter.stop(*heap)
	if err != nil {
		return err
	}
	if *out != "" {
		if err := write(*out, e, in); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(cost)
}

// evaluator is one of the two that are compared.
type evaluator interface {
	prepare(*input) error // not measured
	run() error           // measured
	recorded() source
	close()
}

// meter measures this process from start to stop.
type meter struct {
	began   time.Time
	cpu     time.Duration
	profile *os.File
}

func start(profile string) (*meter, error) {
	m := &meter{}
	settle()
	if profile != "" {
		var err error
		if m.profile, err = os.Create(profile); err != nil {
			return nil, err
		}
		if err := pprof.StartCPUProfile(m.profile); err != nil {
			return nil, err
		}
	}
	m.began, m.cpu = time.Now(), processorTime()
	return m, nil
}

// cost is what the benchmark reads.
type cost struct {
	Wall, Processor time.Duration
	Memory          int64
}

func (m *meter) stop(heap string) (cost, error) {
	c := cost{Wall: time.Since(m.began), Processor: processorTime() - m.cpu, Memory: peakMemory()}
	if m.profile != nil {
		pprof.StopCPUProfile()
		if err := m.profile.Close(); err != nil {
			return c, err
		}
	}
	if heap != "" {
		f, err := os.Create(heap)
		if err != nil {
			return c, err
		}
		defer f.Close()
		return c, pprof.Lookup("allocs").WriteTo(f, 0)
	}
	return c, nil
}
