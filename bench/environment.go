package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// pinned is the version of promtool and of the rule manager: tools/go.mod and go.mod have it.
const pinned = "0.315.0"

// environment says what was measured on what, and fails if the peer is another one.
func (b *bench) environment() (string, error) {
	out, err := exec.Command(b.tool("promtool"), "--version").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("promtool: %w (make .bin/promtool)", err)
	}
	// A binary that go build made without Prometheus' own Makefile has no version, but go has.
	modules, err := exec.Command("go", "version", "-m", b.tool("promtool")).Output()
	if err != nil {
		return "", err
	}
	if !strings.Contains(string(modules)+string(out), "github.com/prometheus/prometheus\tv"+pinned) {
		return "", fmt.Errorf("%s is not version %s", b.tool("promtool"), pinned)
	}
	loads, _ := os.ReadFile("/proc/loadavg")
	return fmt.Sprintf("%s, %s, %s/%s, %d processors, %s; load average before: %s; Prometheus v%s; best of %d runs.",
		time.Now().UTC().Format("2006-01-02"), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), model(),
		strings.Join(strings.Fields(string(loads))[:min(3, len(strings.Fields(string(loads))))], " "), pinned, b.runs), nil
}

func model() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown model"
}

func (b *bench) progress(title string) { fmt.Fprintln(os.Stderr, "measuring", title) }
