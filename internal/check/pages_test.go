package check

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slowburn/internal/diag"
	"slowburn/internal/runbook"
	"slowburn/slo"
)

// today is the day on which the fixtures are judged.
var today = time.Date(2026, time.November, 21, 0, 0, 0, 0, time.UTC)

// rulesOfPages are the rules that pages are judged together with, where they say so.
const rulesOfPages = `groups:
  - name: redis
    rules:
      - record: redis:up:min
        expr: min(redis_up)
      - alert: RedisDown
        expr: redis_up == 0
        for: 1m
`

var (
	alertComment = regexp.MustCompile(`<!-- alert: (\S+) ?(\S*) -->`)
	pageMetric   = regexp.MustCompile(`<!-- metric: (.*) -->`)
)

// books are pages with what their comments say is around them: alerts with
// their runbooks, metrics, rules. A file other.txt is beside them.
func books(t testing.TB, r *diag.Report, texts ...string) *Runbooks {
	t.Helper()
	b := &Runbooks{Today: today, Exists: func(_ *runbook.Page, path string) bool { return path == "other.txt" }}
	var metrics strings.Builder
	if len(texts) == 1 {
		texts = strings.Split(texts[0], "\n<!-- next page -->\n")
	}
	for i, text := range texts {
		name := "page"
		if i > 0 {
			name = fmt.Sprintf("page-%d", i+1)
		}
		src := &diag.Source{Name: name + ".md", Text: []byte(text)}
		b.Pages = append(b.Pages, runbook.Read(name, src, r))
		for _, m := range alertComment.FindAllStringSubmatchIndex(text, -1) {
			b.Alerts = append(b.Alerts, LinkedAlert{Name: text[m[2]:m[3]], Runbook: text[m[4]:m[5]], Pos: diag.PosAt(src, m[2], m[3]-m[2])})
		}
		for _, m := range pageMetric.FindAllStringSubmatch(text, -1) {
			metrics.WriteString(m[1] + "\n")
		}
		if strings.Contains(text, "<!-- with rules -->") {
			b.Files, _ = unit(t, rulesOfPages)
		}
	}
	if metrics.Len() > 0 {
		c := slo.ReadCatalogue(&diag.Source{Name: "metrics.prom", Text: []byte(metrics.String())}, []string{"job", "instance"}, r)
		b.Catalogues = append(b.Catalogues, c)
	}
	return b
}

// judgedPages are the findings about pages, those silenced left out.
func judgedPages(t testing.TB, settings string, texts ...string) []diag.Finding {
	t.Helper()
	var r diag.Report
	b := books(t, &r, texts...)
	c := config(t, settings)
	findings := c.Judge(RunPages(b, PagesOptions{Config: c}), func(name string) string { return name })
	r.Append(SilencePages(findings, b.Pages, false)...)
	return r.Findings()
}

// TestPageChecks holds of the checks of runbooks what TestChecks holds of the others.
func TestPageChecks(t *testing.T) {
	for _, c := range All {
		if c.Pages == nil {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			if _, err := os.Stat(strings.ReplaceAll(c.Name, "-", "_") + ".go"); err != nil {
				t.Error(err)
			}
			if fixtures, _ := filepath.Glob(filepath.Join("testdata", "pages", c.Name, "*.md")); len(fixtures) == 0 {
				t.Errorf("there are no fixtures in testdata/pages/%s", c.Name)
			}
			checkDoc(t, c.Doc)
			for _, name := range parameterNames(c) {
				if !strings.Contains(c.Doc, name) || !strings.Contains(c.Configuration, name) {
					t.Errorf("parameter %s is not documented", name)
				}
			}
			if (c.Parameters == nil) != (c.Configuration == "") {
				t.Error("parameters want an example of a configuration, and nothing else does")
			}
			bad := judgedPages(t, c.Configuration, c.Bad)
			if len(bad) == 0 {
				t.Error("the bad example has no finding")
			}
			for _, f := range bad {
				if f.Kind.Name != c.Name {
					t.Errorf("the bad example has a finding of another check: %s", shown(bad))
				}
			}
			if good := judgedPages(t, c.Configuration, c.Good); len(good) > 0 {
				t.Errorf("the good example has findings:\n%s", shown(good))
			}
		})
	}
}

// TestPageFixtures runs all checks over pages. A file .want beside each says
// what is found; UPDATE_WANTS=1 writes it, to be read before it is believed. A
// page may begin with the configuration of its check.
func TestPageFixtures(t *testing.T) {
	fixtures, err := filepath.Glob(filepath.Join("testdata", "pages", "*", "*.md"))
	if err != nil || len(fixtures) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, name := range fixtures {
		t.Run(filepath.ToSlash(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			settings := ""
			if m := regexp.MustCompile(`<!-- configuration: (.*) -->`).FindSubmatch(text); m != nil {
				settings = filepath.Base(filepath.Dir(name)) + ": " + string(m[1])
			}
			got := ""
			for _, f := range judgedPages(t, settings, string(text)) {
				got += fmt.Sprintf("%s: %s (%s)\n", f.Pos, f.Text(), f.Kind.Name)
			}
			wantFile := strings.TrimSuffix(name, ".md") + ".want"
			if os.Getenv("UPDATE_WANTS") != "" {
				if err := os.WriteFile(wantFile, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(wantFile)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestManyPages judges a few thousand pages, and says how long that took.
func TestManyPages(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	const pages = 3000
	var texts []string
	for i := range pages {
		texts = append(texts, fmt.Sprintf(`# Case %[1]d

Owner: infra · Reviewed: 2026-06-01

Users of part %[1]d notice that nothing happens for a long while, and then report an error number.

## First moves

1. Look at [the next page](page-%[2]d.md#first-moves).

   `+"```sh"+`
   HOST=h%[1]d.example.com
   ping -c 1 "$HOST" | tail -n 2
   `+"```"+`

2. Count:

   `+"```promql"+`
   sum by (job) (rate(errors_total{part="%[1]d"}[5m]))
   `+"```"+`

3. Go back to step 1, or to step 9.

> **Warning:** it is gone for good.

`+"```sh"+`
rm -rf "/var/cache/part-%[1]d"
`+"```"+`
`, i, min(i+2, pages)))
	}
	start := time.Now()
	findings := judgedPages(t, "", texts...)
	t.Logf("%d pages took %s", pages, time.Since(start)) // the figure in docs/checks.md
	if len(findings) != pages {                          // step 9
		t.Errorf("%d findings, first %s", len(findings), shown(findings[:min(len(findings), 3)]))
	}
}

// TestLongScript holds that commands which nobody could parse are not parsed.
func TestLongScript(t *testing.T) {
	page := pageHead + "```sh\n" + strings.Repeat("(", maxScript) + "\n```\n"
	got := judgedPages(t, "", page)
	if len(got) != 1 || got[0].Pos.String() != "page.md:6:1" || !strings.Contains(got[0].Message, "32 KiB in one block") {
		t.Errorf("one finding in the block's first line is wanted: %s", shown(got))
	}
}

// FuzzPages reads and judges pages that people write.
func FuzzPages(f *testing.F) {
	for _, c := range All {
		if c.Pages != nil {
			f.Add(c.Bad)
			f.Add(c.Good)
		}
	}
	names, _ := filepath.Glob("../../specs/*/runbooks/*.md")
	for _, name := range names {
		if text, err := os.ReadFile(name); err == nil {
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		var r diag.Report
		src := &diag.Source{Name: "page.md", Text: []byte(text)}
		page := runbook.Read("page", src, &r)
		files, _ := unit(t, rulesOfPages)
		b := &Runbooks{Pages: []*runbook.Page{page}, Alerts: []LinkedAlert{{Name: "RedisDown", Runbook: "page"}}, Files: files, Style: &runbook.Styles[0], Today: today}
		r.Append(SilencePages(RunPages(b, PagesOptions{}), b.Pages, false)...)
		lines := strings.Count(text, "\n") + 1
		for _, f := range r.Findings() {
			if f.Pos.Line > lines || f.Pos.Source != nil && f.Pos.Source != src {
				t.Errorf("%s: no such place", f.Pos)
			}
		}
	})
}
