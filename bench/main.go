// Command bench compares slowburn's rule engine with promtool and with
// Prometheus' rule manager, in one run: what each costs, and that their results
// are the same. It imports none of what it measures, and stays small itself:
// Linux counts the memory of whoever starts a process as part of its peak.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// bench is a run of the benchmark.
type bench struct {
	bin    string // folder of promtool, slowburn and bench-peer
	work   string // folder for what is generated
	runs   int    // of what is short
	full   bool   // let upstream evaluate all 30 days
	report report

	slos, scaleRuns int // of what is measured at scale
	scaleTable      table
}

func main() {
	b := &bench{}
	flag.StringVar(&b.bin, "bin", "../.bin", "folder with promtool, slowburn and bench-peer")
	flag.IntVar(&b.runs, "runs", 3, "how often to run what is short; the best counts")
	flag.BoolVar(&b.full, "full", false, "let Prometheus evaluate all 30 days, which takes many minutes")
	markdown := flag.String("markdown", "", "file to write the tables to, with what they mean")
	part := flag.String("part", "all", "what to measure: engine, scale or all")
	flag.IntVar(&b.slos, "slos", 10_000, "how many SLOs are many")
	flag.IntVar(&b.scaleRuns, "scale-runs", 2, "how often to run what is measured at scale; the best counts")
	scaleMarkdown := flag.String("scale-markdown", "", "file to write the tables about scale to, with what they mean")
	keep := flag.String("keep", "", "folder to leave what is generated in")
	flag.Parse()
	if err := b.run(*keep, *part); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	b.report.text(os.Stdout)
	if b.scaleTable.head != nil {
		fmt.Printf("\n%s\n\n", b.scaleTable.title)
		b.scaleTable.text(os.Stdout)
	}
	if *scaleMarkdown != "" {
		if err := b.writeScale(*scaleMarkdown); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(2)
		}
	}
	if *markdown != "" {
		if err := b.report.write(*markdown); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(2)
		}
	}
	if b.report.differs() {
		fmt.Fprintln(os.Stderr, "bench: results differ; what is wrong is not fast")
		os.Exit(1)
	}
}

func (b *bench) run(keep, part string) error {
	var err error
	if b.bin, err = filepath.Abs(b.bin); err != nil {
		return err
	}
	if b.work = keep; keep == "" {
		if b.work, err = os.MkdirTemp("", "slowburn-bench"); err != nil {
			return err
		}
		defer os.RemoveAll(b.work)
	} else if err = os.MkdirAll(keep, 0o755); err != nil {
		return err
	}
	if b.report.environment, err = b.environment(); err != nil {
		return err
	}
	steps := map[string][]func() error{
		"engine": {b.unitTest, b.trivialTests, b.thirtyDays, b.growth, b.scenarios},
		"scale":  {b.scale},
	}
	steps["all"] = append(steps["engine"], steps["scale"]...)
	if steps[part] == nil {
		return fmt.Errorf("-part %s: write engine, scale or all", part)
	}
	for _, step := range steps[part] {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// file writes something generated, and returns where.
func (b *bench) file(name, text string) (string, error) {
	path := b.path(name)
	return path, os.WriteFile(path, []byte(text), 0o644)
}

func (b *bench) path(name string) string { return filepath.Join(b.work, name) }

func (b *bench) tool(name string) string { return filepath.Join(b.bin, name) }
