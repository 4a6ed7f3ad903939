package generators

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/runbook"
)

func runbooks(t *testing.T, pages map[string]string) (map[string]string, []string) {
	t.Helper()
	s, routing := build(t)
	var r diag.Report
	var read []*runbook.Page
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		read = append(read, runbook.Read(name, &diag.Source{Name: name + ".md", Text: []byte(pages[name])}, &r))
	}
	rendered := map[string]string{}
	for _, a := range Runbooks([]*alerts.Service{s}, routing, read, &r) {
		rendered[filepath.Base(a.Path)] = string(a.Bytes)
	}
	var findings []string
	for _, f := range r.Findings() {
		findings = append(findings, fmt.Sprintf("%s: %s (%s)", f.Pos, f.Text(), f.Kind.Name))
	}
	return rendered, findings
}

func TestRunbookFacts(t *testing.T) {
	pages, findings := runbooks(t, map[string]string{"orders": "# Orders\n\nText *stays*.\n\n<!-- slowburn:facts -->\n\nEnd.\n"})
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	got := pages["orders.md"]
	for _, want := range []string{
		"# Orders\n\nText *stays*.\n\n**OrdersSLOFast**\n",
		"- Objective: 99.9% over 30d: \\*orders\\* &lt;b&gt; {{ .X }} \"quoted\".\n",
		"- Fires when more than 1.44% of the events of the last 1h, and of the last 5m, were bad: the error budget burns more than 14.4 times too fast.\n",
		"- In a full outage it fires after 51.8s, plus a scrape and an evaluation; it ends 4m55.7s after the last error.\n",
		"- By then 2% of the budget is spent. A full outage of 43m12s spends all of it.\n",
		"- Silent below 3 bad events in 1h, whatever their share.\n",
		"- Tells phone (pagerduty) after 30s, at all times; again every 4h.\n",
		"```promql\nslo:sli_error:ratio_rate1h{service=\"shop\",slo=\"orders\"}\n```\n",
		"**OrdersSLOMetricsAbsent**",
		"\n\nEnd.\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q:\n%s", want, got)
		}
	}
	if strings.Count(got, "Objective: 99.9%") != 1 {
		t.Errorf("what alerts of one SLO have in common is said once:\n%s", got)
	}
}

func TestRunbookMarkers(t *testing.T) {
	for _, c := range []struct {
		name, text string
		findings   []string
		keeps      string // a part of the source that must stand in the output
	}{
		{"in a code block it is an example", "```\n<!-- slowburn:facts -->\n```\n", nil, "<!-- slowburn:facts -->"},
		{"another comment is the writer's", "<!-- note -->\n", nil, "<!-- note -->"},
		{"unknown", "a\n\n<!-- slowburn:fact -->\n", []string{`orders.md:3:15: unknown marker "fact"; did you mean "facts"? (runbook-marker)`}, ""},
		{"inside a paragraph", "see <!-- slowburn:facts --> here\n", []string{`orders.md:1:5: the marker stands inside a paragraph; put it on a line of its own, between empty lines (runbook-marker)`}, ""},
		{"twice", "<!-- slowburn:facts -->\n\n<!--slowburn:facts-->\n", []string{"orders.md:3:14: the marker facts stands in line 1 already; remove it (runbook-marker)"}, ""},
		{"rules", "<!-- slowburn:rules -->\n", nil, "```yaml\n- alert: OrdersSLOFast\n  expr: "},
		{"alone", "<!-- slowburn:related -->\n", nil, "No other page has to do with this one."},
		{"HTML is left alone", "<details>more</details>\n", nil, "<details>more</details>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pages, findings := runbooks(t, map[string]string{"orders": c.text})
			if diff := cmp.Diff(c.findings, findings); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if !strings.Contains(pages["orders.md"], c.keeps) {
				t.Errorf("the page lacks %q:\n%s", c.keeps, pages["orders.md"])
			}
		})
	}
}

func TestRunbookMissing(t *testing.T) {
	_, findings := runbooks(t, map[string]string{"order": "# Order\n"})
	want := []string{`spec.yaml:11:14: there is no runbook "orders"; slowburn scaffold begins runbooks/orders.md; or did you mean "order"? (unknown-reference)`}
	if diff := cmp.Diff(want, findings); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRunbookRelated holds why one page leads to another.
func TestRunbookRelated(t *testing.T) {
	pages, _ := runbooks(t, map[string]string{
		"orders": "# Orders\n\n<!-- slowburn:related -->\n",
		"other":  "# Some *other* page\n\nSee [orders](orders.md).\n",
		"third":  "# Third\n",
	})
	want := "# Orders\n\n- [Some other page](other.md): leads here.\n"
	if pages["orders.md"] != want {
		t.Errorf("got %q, want %q", pages["orders.md"], want)
	}
}

// TestRunbookIndex holds that one finds a page by what one sees, by alert, and
// by what routing tells alerts apart by.
func TestRunbookIndex(t *testing.T) {
	pages, _ := runbooks(t, map[string]string{
		"orders": "# Orders | fail\n\nOwner: infra · Reviewed: 2026-01-02 · Category: Money\n\nNobody can buy: tell somebody.\n\n```sh\nHOST=a.example.com  # any\n# look\nping -c 1 \"$HOST\" | tail -n 1\n```\n",
		"lonely": "# Lonely\n",
	})
	for _, want := range []string{
		"| Nobody can buy | [Orders \\| fail](orders.md) | `ping -c 1 \"$HOST\" \\| tail -n 1` |\n",
		"|  | [Lonely](lonely.md) |  |\n",
		"| OrdersSLOFast | [Orders \\| fail](orders.md) |\n",
		"## By service\n\n- **shop**: [Lonely](lonely.md), [Orders \\| fail](orders.md)\n",
		"## By category\n\n- **money**: [Orders \\| fail](orders.md)\n",
	} {
		if !strings.Contains(pages["index.md"], want) {
			t.Errorf("the index lacks %q:\n%s", want, pages["index.md"])
		}
	}
}

// TestScaffold holds that a page is begun once, with the sections of its style.
func TestScaffold(t *testing.T) {
	s, _ := build(t)
	own := runbook.Style{Name: "own", Sections: []runbook.Section{{Titles: []string{"Impact"}}, {Titles: []string{"What fired"}}, {Titles: []string{"What fired before"}}}}
	for _, style := range append([]runbook.Style{own}, runbook.Styles...) {
		begun := Scaffold([]*alerts.Service{s}, nil, &style)
		if len(begun) != 1 || begun[0].Path != "runbooks/orders.md" {
			t.Fatalf("%s: %v", style.Name, begun)
		}
		var r diag.Report
		p := runbook.Read("orders", &diag.Source{Name: "orders.md", Text: begun[0].Bytes}, &r)
		if r.Len() > 0 {
			t.Errorf("%s: %v", style.Name, r.Findings())
		}
		for _, section := range style.Sections {
			if !slices.ContainsFunc(p.Headings, func(h runbook.Heading) bool { return section.Is(h.Text) }) {
				t.Errorf("%s: no section %s:\n%s", style.Name, section.Title(), begun[0].Bytes)
			}
		}
		if len(p.Marks) != 1 || p.Marks[0].Name != runbook.Facts {
			t.Errorf("%s: marks %v", style.Name, p.Marks)
		}
	}
	if again := Scaffold([]*alerts.Service{s}, []string{"orders"}, nil); len(again) > 0 {
		t.Errorf("begun again: %v", again)
	}
}
