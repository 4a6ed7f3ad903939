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

// slothVersion is the version of Sloth: tools/sloth/go.mod has it.
const slothVersion = "0.16.0"

// environment says what was measured on what, and fails if the peer is another one.
func (b *bench) environment() (string, error) {
	if err := isBuiltFrom(b.tool("promtool"), "github.com/prometheus/prometheus\tv"+pinned); err != nil {
		return "", err
	}
	if err := isBuiltFrom(b.tool("sloth"), "github.com/slok/sloth\tv"+slothVersion); err != nil {
		return "", err
	}
	loads, _ := os.ReadFile("/proc/loadavg")
	return fmt.Sprintf("%s, %s, %s/%s, %d processors, %s; load average before: %s; Prometheus v%s; best of %d runs.",
		time.Now().UTC().Format("2006-01-02"), runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), model(),
		strings.Join(strings.Fields(string(loads))[:min(3, len(strings.Fields(string(loads))))], " "), pinned, b.runs), nil
}

// isBuiltFrom fails if a binary was built from something else. One that go build
// made without its project's own Makefile knows no version, but go does.
func isBuiltFrom(binary, module string) error {
	modules, err := exec.Command("go", "version", "-m", binary).Output()
	if err != nil {
		return fmt.Errorf("%s: %w (make bench builds it)", binary, err)
	}
	if !strings.Contains(string(modules), module) {
		return fmt.Errorf("%s is not built from %s", binary, strings.ReplaceAll(module, "\t", " "))
	}
	return nil
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
