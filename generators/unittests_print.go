package generators

import (
	"bytes"
	"strconv"
	"strings"
)

// print prints a file of unit tests as printYAML does, which takes most of the
// time of all that is done for it.
func (f unitTestFile) print() []byte {
	if len(f.RuleFiles) == 0 || len(f.Order) == 0 {
		return printYAML(f)
	}
	var p rulePrinter
	p.out.WriteString(header)
	p.list("rule_files", f.RuleFiles)
	p.field("", "evaluation_interval", f.Evaluation)
	p.list("group_eval_order", f.Order)
	p.out.WriteString("tests:\n")
	for _, t := range f.Tests {
		if len(t.Series) == 0 || len(t.Queries) == 0 {
			return printYAML(f)
		}
		p.test(t)
	}
	if p.gaveUp || hasBreaks(p.out.Bytes()) {
		return printYAML(f)
	}
	return bytes.Clone(p.out.Bytes())
}

func (p *rulePrinter) test(t unitTest) {
	p.field("  - ", "name", t.Name)
	p.field("    ", "interval", t.Interval)
	p.out.WriteString("    input_series:\n")
	for _, s := range t.Series {
		p.field("      - ", "series", s.Series)
		p.field("        ", "values", s.Values)
	}
	p.out.WriteString("    promql_expr_test:\n")
	for _, q := range t.Queries {
		p.field("      - ", "expr", q.Expr)
		p.field("        ", "eval_time", q.At)
		if len(q.Samples) == 0 {
			p.out.WriteString("        exp_samples: []\n")
			continue
		}
		p.out.WriteString("        exp_samples:\n")
		for _, s := range q.Samples {
			p.field("          - ", "labels", s.Labels)
			p.out.WriteString("            value: " + strconv.Itoa(s.Value) + "\n")
		}
	}
}

// list prints a list of texts below a key.
func (p *rulePrinter) list(key string, items []string) {
	p.out.WriteString(key + ":\n")
	for _, item := range items {
		if !isPlain(strings.TrimPrefix(item, "../")) {
			p.gaveUp = true
		}
		p.out.WriteString("  - " + item + "\n")
	}
}
