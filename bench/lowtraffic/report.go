package main

import (
	_ "embed"
	"fmt"
	"math"
	"os"
	"strings"
	"time"
)

// report collects what was measured, of each traffic.
type report struct {
	amount
	seed               uint64
	fastTier, slowTier *study

	pages, pagesBorn, tickets []*falsePages
	detected, detectedBorn    []*detection
}

// measure does everything for one traffic.
func (r *report) measure(perHour float64) error {
	for _, m := range []struct {
		into   *[]*falsePages
		of     *study
		born   bool
		months int
	}{{&r.pages, r.fastTier, false, r.months}, {&r.pagesBorn, r.fastTier, true, r.born}, {&r.tickets, r.slowTier, false, r.slow}} {
		f, err := m.of.falsePages(perHour, m.born, m.months)
		if err != nil {
			return err
		}
		*m.into = append(*m.into, f)
	}
	for _, m := range []struct {
		into *[]*detection
		born bool
	}{{&r.detected, false}, {&r.detectedBorn, true}} {
		d, err := r.fastTier.detection(perHour, m.born, r.outages)
		if err != nil {
			return err
		}
		*m.into = append(*m.into, d)
	}
	return nil
}

// tables are all of them, in Markdown.
func (r *report) tables() string {
	return strings.Join([]string{
		r.falsePages("False pages a month: 14.4 over 1h and 5m", r.fastTier, r.pages, r.months),
		r.falsePages("False pages a month where a series of errors is born with its first error", nil, r.pagesBorn, r.born),
		r.detection(),
		r.falsePages("A slower tier: false alerts a month of 6 over 6h and 30m", r.slowTier, r.tickets, r.slow),
	}, "\n")
}

// falsePages is a table of firings. With a study, what arithmetic says of it
// stands beside.
func (r *report) falsePages(title string, computed *study, all []*falsePages, months int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n%d months of each traffic.\n\n| requests an hour |", title, months)
	columns := 0
	for _, k := range guards {
		fmt.Fprintf(&b, " %s |", guardName(k))
		if columns++; computed != nil {
			b.WriteString(" computed |")
			columns++
		}
	}
	fmt.Fprintf(&b, "\n|---:|%s\n", strings.Repeat("---:|", columns))
	for _, f := range all {
		fmt.Fprintf(&b, "| %g |", f.perHour)
		for g, k := range guards {
			fmt.Fprintf(&b, " %s |", estimated(f.counts[g]))
			if computed != nil {
				fmt.Fprintf(&b, " %s |", figure(computed.expected(f.perHour, k)))
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

func guardName(k int) string {
	if k == 0 {
		return "no guard"
	}
	return fmt.Sprintf("`minErrors: %d`", k)
}

// detection is the table of outages.
func (r *report) detection() string {
	var b strings.Builder
	b.WriteString("## Detection of a full outage of one hour: 14.4 over 1h and 5m\n\n")
	b.WriteString("| requests an hour | guard | outages | median | 95 % | never | born: median | born: 95 % | born: never |\n|---:|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for i, d := range r.detected {
		for g, k := range guards {
			fmt.Fprintf(&b, "| %g | %s | %d | %s | %s |\n", d.perHour, guardName(k), len(d.after[g]), d.cells(g), r.detectedBorn[i].cells(g))
		}
	}
	return b.String()
}

// cells are the median, the time within which 95 % of the outages are detected,
// and the share that never is.
func (d *detection) cells(guard int) string {
	of := d.after[guard]
	return fmt.Sprintf("%s | %s | %.1f %%", elapsed(quantile(of, 0.5)), elapsed(quantile(of, 0.95)), 100*d.missed(guard))
}

func elapsed(seconds float64) string {
	if math.IsInf(seconds, 1) {
		return "never"
	}
	d := time.Duration(seconds * float64(time.Second)).Round(time.Second)
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// String is the estimate with its bounds.
func (e estimate) String() string {
	if e.mean == 0 {
		return fmt.Sprintf("0 (to %s)", figure(e.high))
	}
	return fmt.Sprintf("%s (%s to %s)", figure(e.mean), figure(e.low), figure(e.high))
}

// figure is a number a month in as many digits as mean something.
func figure(v float64) string {
	switch {
	case v < 0.0005:
		return "0.000"
	case v < 0.1:
		return fmt.Sprintf("%.3f", v)
	case v < 10:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.1f", v)
}

//go:embed lowtraffic.md.in
var page string

// write writes the tables to a file, with what they mean.
func (r *report) write(path string) error {
	text := strings.NewReplacer("@TABLES@\n", r.tables(), "@SEED@", fmt.Sprint(r.seed)).Replace(page)
	return os.WriteFile(path, []byte(text), 0o644)
}
