package generators

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"

	"slowburn/internal/expr"
)

// rules are the rules of the alerts that link to the page, as they ship.
func (p *page) rules() string {
	if len(p.alerts) == 0 {
		return "No alert links to this page."
	}
	var list []rule
	printer := expr.NewPrinter()
	for _, a := range p.alerts {
		list = append(list, alertRule(a.Alert, printer))
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(list); err != nil {
		panic(fmt.Sprintf("generators: rules do not encode: %v", err)) // plain structs of strings always do
	}
	return fence("yaml", b.String())
}

// fence is a block of code, whatever the code holds.
func fence(language, code string) string {
	marks := "```"
	for bytes.Contains([]byte(code), []byte(marks)) {
		marks += "`"
	}
	return marks + language + "\n" + code + marks
}
