package check

import (
	"math/big"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

var likelihoodSum = &Check{
	Kind: diag.Kind{Name: "likelihood-sum", Severity: diag.Warning, Doc: `The likelihoods of causes do not sum to 100 %.

A table with a column "likelihood" or "probability" says in which order to look. If it does not sum to 100, a cause is missing
or was counted twice; call the rest "something else".`},
	Bad:  pageHead + "| cause | likelihood |\n|---|---|\n| memory | 60 % |\n| disk | 30 % |\n",
	Good: pageHead + "| cause | likelihood |\n|---|---|\n| memory | 60 % |\n| disk | 30 % |\n| something else | 10 % |\n",
	Pages: func(p *PagesPass) {
		p.EachNode(func(n ast.Node) {
			if table, ok := n.(*extast.Table); ok {
				p.checkLikelihoods(table)
			}
		})
	},
}

var (
	likelihoodTitle = pattern.New(`(?i)\b(?:likelihood|probability|likely)\b`)
	percentCell     = pattern.New(`^~?\s*(\d{1,3}(?:\.\d{1,6})?)\s*%?$`)
)

func (p *PagesPass) checkLikelihoods(table *extast.Table) {
	column := -1
	i := 0
	for cell := table.FirstChild().FirstChild(); cell != nil; cell = cell.NextSibling() {
		if likelihoodTitle().MatchString(p.page.Text(cell)) {
			column = i
		}
		i++
	}
	if column < 0 {
		return
	}
	sum := new(big.Rat)
	for row := table.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
		cell := row.FirstChild()
		for i := 0; i < column && cell != nil; i++ {
			cell = cell.NextSibling()
		}
		if cell == nil {
			continue
		}
		text := strings.TrimSpace(p.page.Text(cell))
		m := percentCell().FindStringSubmatch(text)
		if m == nil {
			p.Report(p.page.PosOf(row), "write a share such as 35 %", "%q is not a likelihood", text)
			return
		}
		share, _ := new(big.Rat).SetString(m[1])
		sum.Add(sum, share)
	}
	if sum.Cmp(big.NewRat(100, 1)) != 0 {
		p.Report(p.page.PosOf(table.FirstChild()), "name what is missing: something else", "the likelihoods sum to %s %%, not to 100 %%", spec.FormatDecimal(sum))
	}
}
