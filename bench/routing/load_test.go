package routing

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/alertmanager/config"

	"slowburn/internal/amconfig"
	"slowburn/internal/check"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// wide has routes side by side, in the old form, the new one and with names in UTF-8.
func wide(routes int) string {
	var b strings.Builder
	b.WriteString("route:\n  receiver: r0\n  routes:\n")
	for i := range routes {
		form := []string{`match: {team: t%d, severity: page}`, `matchers: [team="t%d", 'severity=~"ticket|info"']`, `match_re: {team: "t%d|u%[1]d"}`, `matchers: ['{"größe mm"="%d"}']`}[i%4]
		fmt.Fprintf(&b, "    - {"+form+", receiver: r%d}\n", i/4, i%500)
	}
	b.WriteString("receivers:\n")
	for i := range 500 {
		fmt.Fprintf(&b, "  - {name: r%d, webhook_configs: [{url: http://r%d.example.com}]}\n", i, i)
	}
	return b.String()
}

// deep has routes each below the one before.
func deep(levels int) string {
	var b strings.Builder
	b.WriteString("route:\n  receiver: a\n")
	for i := range levels {
		indent := strings.Repeat("  ", i+1)
		fmt.Fprintf(&b, "%sroutes:\n%s- matchers: [l%d=\"x\"]\n", indent, indent, i)
	}
	return b.String() + "receivers: [{name: a, webhook_configs: [{url: http://a.example.com}]}]\n"
}

var sizes = []struct{ name, text string }{{"10000-routes", wide(10_000)}, {"400-levels", deep(400)}}

// TestLarge holds that large configurations are read, and nothing is found in them.
func TestLarge(t *testing.T) {
	for _, size := range sizes {
		ours, _ := both(t, size.text)
		for _, f := range check.RunRoutes([]*amconfig.Config{ours}, nil, check.RoutesOptions{}) {
			t.Errorf("%s: %s: %s", size.name, f.Pos, f.Text())
		}
	}
}

// BenchmarkLoad is Alertmanager's loader, which is what amtool check-config does.
func BenchmarkLoad(b *testing.B) {
	checkAll(sizes[1].text) // sets how Alertmanager reads matchers: with any UTF-8, as when it runs
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			perRun(b, func() {
				if _, err := config.Load(size.text); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// BenchmarkCheck is what slowburn check does: that loader, places of everything, and all checks.
func BenchmarkCheck(b *testing.B) {
	for _, size := range sizes {
		b.Run(size.name, func(b *testing.B) {
			perRun(b, func() { checkAll(size.text) })
		})
	}
}

// BenchmarkRefused is the same for a configuration with a mistake in every
// hundredth line, of which each is told.
func BenchmarkRefused(b *testing.B) {
	lines := strings.Split(sizes[0].text, "\n")
	for i := 3; i < 10_000; i += 100 {
		lines[i] = strings.Replace(lines[i], "receiver: r", "receiver: s", 1)
	}
	text := strings.Join(lines, "\n")
	perRun(b, func() {
		if found := checkAll(text); found != 100 {
			b.Fatal(found)
		}
	})
}

// perRun also reports processor time, which says more on a busy machine.
func perRun(b *testing.B, f func()) {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	before := used()
	for b.Loop() {
		f()
	}
	b.ReportMetric(float64((used()-before).Milliseconds())/float64(b.N), "cpu-ms/op")
}

func checkAll(text string) int {
	var r diag.Report
	src := &diag.Source{Name: "alertmanager.yml", Text: []byte(text)}
	docs := spec.ReadYAML(src, &r)
	if c := amconfig.Read(src, docs[0], &r); c != nil {
		return len(check.RunRoutes([]*amconfig.Config{c}, nil, check.RoutesOptions{}))
	}
	return r.Len()
}
