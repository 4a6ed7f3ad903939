package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// cost is what something took.
type cost struct {
	Wall, Processor time.Duration
	Memory          int64 // bytes, at the peak
}

// best are the least figures of two runs.
func best(a, b cost) cost {
	return cost{min(a.Wall, b.Wall), min(a.Processor, b.Processor), min(a.Memory, b.Memory)}
}

func (c cost) times(n float64) cost {
	c.Wall, c.Processor = time.Duration(n*float64(c.Wall)), time.Duration(n*float64(c.Processor))
	return c
}

// measured is a way to measure something once.
type measured func() (cost, error)

// alternate measures several things in turn, so that a busy moment of the
// machine hits all of them, and returns the best of each.
func alternate(runs int, things ...measured) ([]cost, error) {
	costs := make([]cost, len(things))
	for i := range runs {
		for j, thing := range things {
			c, err := thing()
			if err != nil {
				return nil, err
			}
			if i > 0 {
				c = best(costs[j], c)
			}
			costs[j] = c
		}
	}
	return costs, nil
}

// process measures a whole process, which must succeed.
func process(name string, args ...string) measured {
	return func() (cost, error) {
		cmd := exec.Command(name, args...)
		began := time.Now()
		out, err := cmd.CombinedOutput()
		wall := time.Since(began)
		if err != nil {
			return cost{}, fmt.Errorf("%s: %w\n%s", cmd, err, firstLines(string(out), 20))
		}
		s := cmd.ProcessState
		memory := s.SysUsage().(*syscall.Rusage).Maxrss << 10 // KiB on Linux
		return cost{wall, s.UserTime() + s.SystemTime(), memory}, nil
	}
}

// evaluation lets bench-peer evaluate rules and measure only that.
func (b *bench) evaluation(args ...string) measured {
	return func() (cost, error) {
		var c cost
		return c, b.peer(&c, append([]string{"evaluate"}, args...)...)
	}
}

// peer runs bench-peer, which prints JSON.
func (b *bench) peer(into any, args ...string) error {
	cmd := exec.Command(b.tool("bench-peer"), args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s: %w", cmd, err)
	}
	return json.Unmarshal(out, into)
}

// status is a process' exit status, -1 if it could not be started.
func status(name string, args ...string) int {
	err := exec.Command(name, args...).Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -1
}

func firstLines(s string, n int) string {
	lines := strings.SplitN(strings.TrimSpace(s), "\n", n+1)
	return strings.Join(lines[:min(n, len(lines))], "\n")
}
