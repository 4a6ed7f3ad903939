package check

import (
	"slices"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/yuin/goldmark/ast"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/pattern"
	"slowburn/internal/runbook"
	"slowburn/internal/spec"
)

var unknownName = &Check{
	Kind: diag.Kind{Name: "unknown-name", Severity: diag.Error, Doc: `A page speaks of an alert, a metric or a recorded series that does not exist.

The query comes back empty, and the reader takes that for an answer. Metrics in queries and in inline code are looked up in the
metric catalogues, recorded series among the rules, alerts by name wherever they stand; a word that is nearly an alert's name
is taken for a misspelt one. Without a catalogue metrics are not judged.`},
	Bad:  pageHead + "<!-- metric: redis_up 1 -->\n\n```promql\nredis_is_up\n```\n",
	Good: pageHead + "<!-- metric: redis_up 1 -->\n\n```promql\nredis_up\n```\n",
	Pages: func(p *PagesPass) {
		p.EachPage(func(page *runbook.Page) {
			known := p.knownNames()
			for _, c := range slices.Concat(page.Code, page.Spans) {
				if c.IsPromQL() {
					for _, q := range c.Queries() {
						p.checkQuery(known, q.Text, func(start, end int) diag.Pos { return c.Pos(q.Start+start, q.Start+end) })
					}
				}
				p.checkAlertMatchers(known, c)
			}
			walk(page.Root, func(n ast.Node) {
				text, ok := n.(*ast.Text)
				if !ok {
					return
				}
				at := func(start, end int) diag.Pos { return page.Pos(text.Segment.Start+start, text.Segment.Start+end) }
				words := string(text.Segment.Value(page.Source.Text))
				if _, isCode := n.Parent().(*ast.CodeSpan); isCode {
					p.checkSpan(known, words, at)
				}
				p.checkAlertNames(known, words, at)
			})
		})
	},
}

// knownNames are the names that there are.
type knownNames struct {
	made     bool
	scraped  bool // metrics are known at all
	metrics  map[string]bool
	recorded map[string]bool
	alerts   []string
}

// builtIn are series that Prometheus itself makes.
var builtIn = []string{"up", "ALERTS", "ALERTS_FOR_STATE", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling", "scrape_series_added"}

func (p *PagesPass) knownNames() *knownNames {
	k := p.known
	if k.made {
		return k
	}
	k.made, k.metrics, k.recorded, k.scraped = true, map[string]bool{}, map[string]bool{}, len(p.Catalogues) > 0
	for _, c := range p.Catalogues {
		for _, name := range c.Names() {
			k.metrics[name] = true
		}
	}
	for _, name := range builtIn {
		k.metrics[name] = true
	}
	for _, f := range p.Files {
		for _, r := range f.Rules() {
			if r.Record != "" {
				k.recorded[r.Record], k.metrics[r.Record] = true, true
			} else {
				k.alerts = append(k.alerts, r.Alert)
			}
			if r.Expr != nil {
				for _, s := range selectorsOf(r.Expr) {
					k.metrics[metricOf(s)] = true
				}
			}
		}
	}
	for _, a := range p.Alerts {
		k.alerts = append(k.alerts, a.Name)
	}
	slices.Sort(k.alerts)
	k.alerts = slices.Compact(k.alerts)
	return k
}

// lacks tells whether a name is surely no series: the rules record none of that
// name, or no catalogue has it.
func (k *knownNames) lacks(name string) bool {
	switch {
	case name == "" || k.metrics[name]:
		return false
	case strings.Contains(name, ":"):
		return len(k.recorded) > 0
	}
	return k.scraped
}

func (k *knownNames) suggest(name string) string {
	var all []string
	for known := range k.metrics {
		if strings.Contains(known, ":") == strings.Contains(name, ":") {
			all = append(all, known)
		}
	}
	slices.Sort(all)
	if near := spec.Nearest(name, all); near != "" {
		return "did you mean " + near + "?"
	}
	return "take the name from a /metrics page or from the rules"
}

func selectorsOf(e parser.Expr) []*parser.VectorSelector {
	var all []*parser.VectorSelector
	parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
		if s, ok := n.(*parser.VectorSelector); ok {
			all = append(all, s)
		}
		return nil
	})
	return all
}

func (p *PagesPass) checkQuery(known *knownNames, query string, at func(start, end int) diag.Pos) {
	e, err := expr.Parse(query)
	if err != nil {
		return // broken-promql says so
	}
	for _, s := range selectorsOf(e) {
		name := metricOf(s)
		start := int(s.PosRange.Start)
		if known.lacks(name) {
			p.Report(at(start, start+len(name)), known.suggest(name), "there is no series %s", name)
		}
		for _, m := range s.LabelMatchers {
			if m.Name == "alertname" && m.Type == labels.MatchEqual && len(known.alerts) > 0 && !slices.Contains(known.alerts, m.Value) {
				p.Report(at(start, int(s.PosRange.End)), spec.Suggest(m.Value, known.alerts), "there is no alert %s", m.Value)
			}
		}
	}
}

var (
	seriesWord   = pattern.New(`^[a-z_][a-z0-9_]*(?::[a-z0-9_]+)+$|^[a-z][a-z0-9_]*_(?:total|bucket|seconds|bytes|ratio|count|sum|milliseconds)$`)
	selectorSpan = pattern.New(`^[a-zA-Z_:][a-zA-Z0-9_:]*\{.*\}`)
	camelWord    = pattern.New(`\b[A-Z][A-Za-z0-9]*[a-z0-9][A-Z][A-Za-z0-9]*\b`)
	alertMatcher = pattern.New(`\balertname="?([A-Za-z_][A-Za-z0-9_]*)"?`)
)

// checkSpan judges inline code that is a series or a query.
func (p *PagesPass) checkSpan(known *knownNames, text string, at func(start, end int) diag.Pos) {
	switch {
	case seriesWord().MatchString(text):
		end := strings.IndexAny(text, ":_") + 1
		if !known.hasPrefix(text[:end]) {
			return // an address, a time, a field of something else
		}
		if known.lacks(text) {
			p.Report(at(0, len(text)), known.suggest(text), "there is no series %s", text)
		}
	case selectorSpan().MatchString(text):
		p.checkQuery(known, text, at)
	}
}

// hasPrefix tells whether there is any series whose name begins so.
func (k *knownNames) hasPrefix(prefix string) bool {
	for name := range k.metrics {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// checkAlertNames judges words that are nearly the name of an alert, or end as
// those of SLOs do.
func (p *PagesPass) checkAlertNames(known *knownNames, text string, at func(start, end int) diag.Pos) {
	for _, m := range camelWord().FindAllStringIndex(text, -1) {
		word := text[m[0]:m[1]]
		if slices.Contains(known.alerts, word) {
			continue
		}
		if near := spec.Nearest(word, known.alerts); near != "" {
			p.Report(at(m[0], m[1]), "did you mean "+near+"?", "there is no alert %s", word)
		}
	}
}

// checkAlertMatchers judges alerts that commands name, as amtool does.
func (p *PagesPass) checkAlertMatchers(known *knownNames, c runbook.Code) {
	if !c.IsShell() && !c.IsSession() || len(known.alerts) == 0 {
		return
	}
	for _, m := range alertMatcher().FindAllStringSubmatchIndex(c.Text, -1) {
		if name := c.Text[m[2]:m[3]]; !slices.Contains(known.alerts, name) {
			p.Report(c.Pos(m[2], m[3]), spec.Suggest(name, known.alerts), "there is no alert %s", name)
		}
	}
}
