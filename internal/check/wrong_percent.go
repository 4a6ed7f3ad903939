package check

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/pattern"
	"slowburn/internal/rulefile"
)

var wrongPercent = &Check{
	Kind: diag.Kind{Name: "wrong-percent", Severity: diag.Warning, Doc: `A share is taken for a percentage, or the other way round.

A quotient of a part and the whole is between 0 and 1, and one that is multiplied by 100 between 0 and 100. To compare the
first with 10, or the second with 0.1, is never or always true, or nearly. humanizePercentage multiplies by 100, so that it
makes 500% of 5; {{ $value }}% of a share of 0.05 prints "0.05%". Only what is computed so is judged, there or where it is
recorded, and not what names say: many a metric that ends in _ratio is in percent. That more than 0.05 % of
the requests fail may be worth an alert: such a limit is reported only where the alert's own texts speak of 5 %.`},
	Bad: `groups:
  - name: example
    rules:
      - alert: DiskFull
        expr: node_filesystem_avail_bytes / node_filesystem_size_bytes < 10
`,
	Good: `groups:
  - name: example
    rules:
      - alert: DiskFull
        expr: node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1
`,
	Queries: true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		for b := range partsOf[*parser.BinaryExpr](p) {
			p.checkScale(r, b)
		}
		if r.Alert != "" {
			p.checkPrinted(r)
		}
	},
}

// checkScale reports a comparison of a share with a percentage.
func (p *Pass) checkScale(r *rulefile.Rule, b *parser.BinaryExpr) {
	of := choosesFrom(b)
	if of == nil {
		return
	}
	op, limit := b.Op, b.RHS
	if hasScalarLeft(b) {
		op, limit = mirrored[b.Op], b.LHS
	}
	at, ok := expr.Constant(limit)
	if !ok {
		return
	}
	below := op == parser.LSS || op == parser.LTE
	switch p.scaleOf(of, 0) {
	case ofOne:
		// Of a share of events never-fires and always-fires know more. Something may be filled beyond its limit.
		if p.boundsOf(of) != share && at <= 100 && (at >= 5 || below && at >= 2) {
			p.Report(r.ExprPos(limit), "write "+shortNumber(at/100), "%s is compared with a share of 1, and was probably meant in percent", shortNumber(at))
		}
	case ofHundred:
		switch {
		case at <= 0 || at >= 1:
		case below:
			p.Report(r.ExprPos(limit), "write "+shortNumber(at*100), "%s is compared with a percentage, and was probably meant as a share of 1", shortNumber(at))
		default:
			if said := saidPercents(r); slices.Contains(said, shortNumber(at*100)) && !slices.Contains(said, shortNumber(at)) {
				p.Report(r.ExprPos(limit), "write "+shortNumber(at*100), "%s is compared with a percentage, and the alert speaks of %s %%", shortNumber(at), shortNumber(at*100))
			}
		}
	}
}

// shortNumber writes a number without the noise of floating point.
func shortNumber(v float64) string { return strconv.FormatFloat(v, 'g', 12, 64) }

// percentage finds numbers in percent in a text.
var percentage = pattern.New(`([0-9]+(?:\.[0-9]+)?) ?(?:%|percent\b)`)

// saidPercents are the percentages of which the texts of an alert speak.
func saidPercents(r *rulefile.Rule) []string {
	var said []string
	for _, text := range r.Annotations {
		for _, m := range percentage().FindAllStringSubmatch(text, -1) {
			if v, err := strconv.ParseFloat(m[1], 64); err == nil {
				said = append(said, shortNumber(v))
			}
		}
	}
	return said
}

var (
	// asPercent finds a value that is multiplied by 100 as it is printed.
	asPercent = pattern.New(`\{\{[^{}]*(?:(?:\$value|\.Value)\s*\|\s*humanizePercentage|humanizePercentage\s+(?:\$value|\.Value))[^{}]*\}\}`)
	// beforePercent finds a value that is printed as it is, with a percent sign behind it.
	beforePercent = pattern.New(`\{\{-?\s*(?:(?:\$value|\.Value)(?:\s*\|\s*(?:humanize|printf\s+"%[-+0-9.]*[fgv]"))?|printf\s+"%[-+0-9.]*[fgv]"\s+(?:\$value|\.Value)|humanize\s+(?:\$value|\.Value))\s*-?\}\} ?%` +
		`|\{\{-?\s*(?:printf\s+"%[-+0-9.]*[fgv] ?%%"\s+(?:\$value|\.Value)|(?:\$value|\.Value)\s*\|\s*printf\s+"%[-+0-9.]*[fgv] ?%%")\s*-?\}\}`)
)

// checkPrinted reports a value that is printed a hundred times too large or too small.
func (p *Pass) checkPrinted(r *rulefile.Rule) {
	if !strings.Contains(r.Text, "/") && !strings.Contains(r.Text, ":") {
		return // neither a quotient nor recorded
	}
	for _, t := range p.templates {
		if strings.Contains(t.text, "humanizePercentage") {
			p.checkScaleOf(r, t, asPercent(), ofHundred, `write {{ printf "%.1f" $value }}%, or leave out * 100`, "the value is a percentage already, and %s multiplies it by 100")
		}
		if strings.Contains(t.text, "%") {
			p.checkScaleOf(r, t, beforePercent(), ofOne, "write {{ $value | humanizePercentage }}", "the value is a share of 1, and %s makes a percentage of it without multiplying")
		}
	}
}

// checkScaleOf reports a value that is printed in one way where its scale wants another.
func (p *Pass) checkScaleOf(r *rulefile.Rule, t ruleTemplate, printed *regexp.Regexp, wrong scale, help, format string) {
	if m := printed.FindStringIndex(t.text); m != nil && p.scaleOf(r.Expr, 0) == wrong {
		p.Report(t.value().Sub(m[0], m[1]), help, format, t.text[m[0]:m[1]])
	}
}
