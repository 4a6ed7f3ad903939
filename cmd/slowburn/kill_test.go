package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKilledWhileWriting kills the program sixty times while it replaces
// one output by another. Afterwards the folder is the old output, the new one,
// or known to be incomplete; no file is half written; and the next run repairs it.
func TestKilledWhileWriting(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "slowburn")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, program); err != nil { // the name makes the test binary be the program
		t.Fatal(err)
	}
	var specs, outputs [2]string
	var want [2]map[string]string
	for i, first := range []int{0, 2} { // the two have services in common, and each has some of its own
		specs[i] = filepath.Join(dir, fmt.Sprintf("spec%d", i))
		outputs[i] = filepath.Join(dir, fmt.Sprintf("whole%d", i))
		writeServices(t, specs[i], first, 6, 90+i)
		compileWith(t, program, specs[i], outputs[i])
		want[i] = readTree(t, outputs[i])
	}
	out := filepath.Join(dir, "out")
	start := time.Now()
	compileWith(t, program, specs[0], out)
	usual := time.Since(start)

	random := rand.New(rand.NewPCG(1, 2))
	interrupted := 0
	for n := range 60 {
		to := (n + 1) % 2
		cmd := exec.Command(program, "compile", specs[to], "-o", out)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(usual))))
		_ = cmd.Process.Kill() // it may have ended already
		_ = cmd.Wait()
		if checkTree(t, program, specs, out, want) {
			interrupted++
		}
		if n%10 == 9 { // let it recover now and then, so that every state is a start
			compileWith(t, program, specs[to], out)
			if got := readTree(t, out); !sameTree(got, want[to]) {
				t.Fatalf("run %d: the next run did not repair the folder: %s", n, differences(got, want[to]))
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if interrupted == 0 {
		t.Error("no run was caught while it wrote: the test shows nothing")
	}
	t.Logf("%d of 60 runs were caught while they wrote", interrupted)
}

// checkTree checks the folder after a kill and tells whether it is incomplete.
func checkTree(t *testing.T, program string, specs [2]string, out string, want [2]map[string]string) bool {
	t.Helper()
	got := readTree(t, out)
	for name, text := range got {
		if strings.HasSuffix(name, tempSuffix) || name == pendingName || name == manifestName {
			continue
		}
		if text != want[0][name] && text != want[1][name] {
			t.Errorf("%s is neither old nor new", name)
		}
	}
	if sameTree(withoutTemps(got), want[0]) || sameTree(withoutTemps(got), want[1]) {
		return false
	}
	if _, pending := got[pendingName]; !pending {
		t.Errorf("the folder is a mixture, and nothing says so: %s", differences(got, want[0]))
	}
	if !json.Valid([]byte(got[manifestName])) {
		t.Errorf("the manifest is damaged: %q", got[manifestName])
	}
	for _, spec := range specs {
		text, err := exec.Command(program, "compile", spec, "-o", out, "--check").Output()
		if err == nil || !strings.Contains(string(text), "incomplete: an earlier run was interrupted") {
			t.Errorf("--check says %q (%v)", text, err)
		}
	}
	return true
}

func writeServices(t *testing.T, dir string, first, count, objective int) {
	t.Helper()
	var b strings.Builder
	for i := first; i < first+count; i++ {
		fmt.Fprintf(&b, `---
apiVersion: slowburn/v1
kind: Service
name: service-%d
burn: [{name: Fast, budget: 2%%, windows: [1h, 5m]}]
slos:
  - {name: orders, title: Orders%d, objective: %d%%, availability: {total: orders_total, bad: 'status="failed"'}}
`, i, i, objective)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "slo.yaml"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func compileWith(t *testing.T, program, spec, out string) {
	t.Helper()
	if text, err := exec.Command(program, "compile", spec, "-o", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
}

// readTree reads every file below a folder, by path.
func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		rel, _ := filepath.Rel(dir, p)
		files[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func withoutTemps(files map[string]string) map[string]string {
	kept := map[string]string{}
	for name, text := range files {
		if !strings.HasSuffix(name, tempSuffix) {
			kept[name] = text
		}
	}
	return kept
}

func sameTree(a, b map[string]string) bool { return differences(a, b) == "" }

func differences(a, b map[string]string) string {
	var diffs []string
	for name := range a {
		if a[name] != b[name] {
			diffs = append(diffs, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			diffs = append(diffs, name)
		}
	}
	return strings.Join(diffs, ", ")
}
