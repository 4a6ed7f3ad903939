package enginetest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"

	"slowburn/internal/expr"
)

// Shape is how likely a random case has what is rare, in percent.
type Shape struct {
	Later   int // a rule reads what is written later
	Ahead   int // an offset is negative, or there is an @
	Limits  int // a group has a limit
	Clashes int // two rules write the same metric
	Risky   int // an operation may fail
	Odd     int // a value is not finite, a series has a gap
}

// Usual is a case with a little of everything.
var Usual = Shape{Later: 6, Ahead: 4, Limits: 10, Clashes: 8, Risky: 3, Odd: 8}

// Generator makes rule files and series. The same seed makes the same.
type Generator struct {
	*rand.Rand
	Shape
	names []string // of metrics that an expression may read
}

// New makes a generator.
func New(seed uint64, s Shape) *Generator {
	return &Generator{Rand: rand.New(rand.NewPCG(seed, 1)), Shape: s}
}

// Chance is true so many times out of 100.
func (g *Generator) Chance(percent int) bool { return g.IntN(100) < percent }

// Duration is one below a bound.
func (g *Generator) Duration(below time.Duration) time.Duration {
	return time.Duration(g.Int64N(int64(below)))
}

// Pick is one of several things, those that come more often more often.
func Pick[T any](g *Generator, of ...T) T { return of[g.IntN(len(of))] }

// Series makes some of each metric: c are counters, g gauges, h native
// histograms, b classic ones. Values are small integers, so that sums are exact
// in any order.
func (g *Generator) Series(from, to time.Time) []Series {
	var all []Series
	for _, name := range []string{"c", "g", "h", "b"} {
		for _, job := range []string{"a", "b"} {
			for _, inst := range []string{"1", "2"} {
				if g.Chance(15) {
					continue
				}
				if name != "b" {
					all = append(all, g.seriesOf(Metric(name, "job", job, "inst", inst), from, to))
					continue
				}
				for _, le := range []string{"1", "10", "+Inf"} {
					all = append(all, g.seriesOf(Metric(name, "job", job, "inst", inst, "le", le), from, to))
				}
			}
		}
	}
	return all
}

func (g *Generator) seriesOf(lset labels.Labels, from, to time.Time) Series {
	f := Series{Labels: lset}
	step := Pick(g, 15*time.Second, 30*time.Second, 30*time.Second, time.Minute)
	if g.Chance(15) {
		from = from.Add(g.Duration(to.Sub(from)))
	}
	if g.Chance(50) {
		from = from.Add(time.Duration(g.IntN(30)) * time.Second)
	}
	if g.Chance(10) {
		to = to.Add(-g.Duration(10 * time.Minute))
	}
	v, level := 0.0, float64(g.IntN(20))
	rise := 1 + g.IntN(9)
	away := 0 // scrapes to skip
	for at := from; !at.After(to); at = at.Add(step) {
		p := Sample{T: at.UnixMilli()}
		v += float64(g.IntN(rise))
		if g.Chance(3) {
			v = float64(g.IntN(3)) // a reset
		}
		if g.Chance(20) {
			level = float64(g.IntN(30) - 5)
		}
		if away > 0 {
			away--
			continue
		}
		if g.Chance(g.Odd / 2) {
			away = g.IntN(30)
			if g.Chance(50) {
				f.Samples = append(f.Samples, Sample{T: at.UnixMilli(), F: math.Float64frombits(value.StaleNaN)})
			}
			continue
		}
		switch lset.Get(model.MetricNameLabel) {
		case "h":
			p.H = NativeHistogram(v)
		case "g":
			p.F = level
			if g.Chance(g.Odd / 4) {
				p.F = Pick(g, math.NaN(), math.Inf(1), math.Inf(-1))
			}
		default:
			p.F = v
		}
		f.Samples = append(f.Samples, p)
	}
	return f
}

// Rules makes a rule file.
func (g *Generator) Rules() string {
	type rule struct{ name, alert string }
	var made [][]rule
	g.names = []string{"c", "g", "g", "h", "b"}
	recordable := 0
	var later []string
	for range 1 + g.IntN(3) {
		var group []rule
		for range 1 + g.IntN(4) {
			switch {
			case g.Chance(40):
				group = append(group, rule{alert: fmt.Sprintf("A%d", g.IntN(6))})
			default:
				recordable++
				name := fmt.Sprintf("r%d", recordable)
				if g.Chance(g.Clashes) {
					name = Pick(g, "r1", "r2", "c")
				}
				group = append(group, rule{name: name})
				later = append(later, name)
			}
		}
		made = append(made, group)
	}
	later = append(later, "ALERTS", "ALERTS_FOR_STATE")
	var b strings.Builder
	b.WriteString("groups:\n")
	for i, group := range made {
		fmt.Fprintf(&b, "  - name: group%d\n", i)
		g.groupOptions(&b)
		b.WriteString("    rules:\n")
		for _, r := range group {
			known := g.names
			if g.Chance(g.Later) {
				g.names = append(g.names[:len(g.names):len(g.names)], later...)
			}
			text := g.expression()
			g.names = known
			if r.name != "" {
				fmt.Fprintf(&b, "      - record: %s\n        expr: %s\n", r.name, strconv.Quote(text))
				if g.Chance(30) {
					fmt.Fprintf(&b, "        labels: {%s}\n", Pick(g, "sev: x", "job: all", "inst: ''"))
				}
				g.names = append(g.names, r.name, r.name)
				continue
			}
			fmt.Fprintf(&b, "      - alert: %s\n        expr: %s\n", r.alert, strconv.Quote(text))
			g.alertOptions(&b)
			if g.Chance(30) {
				g.names = append(g.names, "ALERTS", "ALERTS_FOR_STATE")
			}
		}
	}
	return b.String()
}

func (g *Generator) groupOptions(b *strings.Builder) {
	if g.Chance(30) {
		fmt.Fprintf(b, "    interval: %s\n", Pick(g, "30s", "1m", "90s", "2m", "3m"))
	}
	if g.Chance(20) {
		fmt.Fprintf(b, "    query_offset: %s\n", Pick(g, "0s", "30s", "1m", "2m"))
	}
	if g.Chance(g.Limits) {
		fmt.Fprintf(b, "    limit: %d\n", 2+g.IntN(4))
	}
	if g.Chance(20) {
		fmt.Fprintf(b, "    labels: {%s}\n", Pick(g, "team: x", "job: all", "sev: y"))
	}
}

func (g *Generator) alertOptions(b *strings.Builder) {
	if g.Chance(60) {
		fmt.Fprintf(b, "        for: %s\n", Pick(g, "30s", "1m", "90s", "3m", "5m"))
	}
	if g.Chance(40) {
		fmt.Fprintf(b, "        keep_firing_for: %s\n", Pick(g, "30s", "2m", "4m"))
	}
	if g.Chance(60) {
		fmt.Fprintf(b, "        labels: {%s}\n", Pick(g, "sev: x", `sev: "{{ $labels.job }}"`, `v: "{{ $value }}"`, `cluster: "{{ $externalLabels.cluster }}"`,
			`empty: "{{ $labels.none }}"`, `bad: "{{ query \"nothing\" | first | value }}"`, `n: "{{ with query \"count(g)\" }}{{ . | first | value }}{{ end }}"`))
	}
	if g.Chance(70) {
		fmt.Fprintf(b, "        annotations: {note: %s}\n", Pick(g, "plain", `"{{ $labels.job }} is {{ $value | humanize }} at {{ $externalURL }}"`,
			`"{{ query \"g\" | first | value }}"`, `"{{ range query \"sum by (job) (ALERTS)\" | sortByLabel \"job\" }}{{ .Labels.job }}={{ .Value }} {{ end }}"`,
			`"{{ $labels.job | printf \"count(g{job='%s'})\" | query | first | value }}"`))
	}
}

// Expression makes one that parses and reads some of the given metrics.
func (g *Generator) Expression(metrics ...string) string {
	g.names = metrics
	return g.expression()
}

// expression is one that parses and reads metrics of names.
func (g *Generator) expression() string {
	for {
		var text string
		if g.Chance(5) {
			text = g.scalar(2)
		} else {
			text = g.vector(1 + g.IntN(3))
		}
		if g.Chance(40) {
			text += " " + Pick(g, ">", "<", "==", "!=", ">=") + " " + g.number()
		}
		// What does not parse has an @ and an offset twice, or the like.
		if _, err := expr.Parse(text); err == nil {
			return text
		}
	}
}

func (g *Generator) number() string {
	return Pick(g, "0", "0.1", "1", "2", "5", "10", "20", "-3", "0.25")
}

func (g *Generator) scalar(depth int) string {
	switch g.IntN(4) {
	case 0:
		return "time()"
	case 1:
		return "scalar(" + g.vector(depth-1) + ")"
	case 2:
		return g.number() + " * scalar(sum(g))"
	}
	return g.number()
}
