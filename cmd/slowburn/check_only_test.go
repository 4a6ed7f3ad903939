package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOnlyPromtool holds that a large rule file of which nothing is kept has the findings that it has otherwise.
func TestOnlyPromtool(t *testing.T) {
	var groups strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&groups, "- name: g%d\n  rules:\n  - record: job:up:sum\n    expr: |\n      sum by (job) (up{job=\"j%d\"})\n    labels:\n      service: s%d\n", i, i, i)
	}
	clean := "groups:\n" + groups.String()
	group := func(rest string) string { return clean + "- name: last\n  rules:\n  - " + rest }
	for name, c := range map[string]struct{ text, says string }{
		"clean":              {clean, "4000 rules: 0 findings"},
		"a duplicate":        {group("record: job:up:sum\n    expr: sum(up)\n    labels: {service: s7}\n"), "with the same labels stands already"},
		"no duplicate":       {group("record: job:up:sum\n    expr: sum(up)\n    labels: {service: t}\n"), "4001 rules: 0 findings"},
		"labels of a group":  {strings.Replace(group("record: job:up:sum\n    expr: sum(up)\n"), "- name: last\n", "- name: last\n  labels:\n    service: s7\n", 1), "with the same labels stands already"},
		"does not parse":     {group("record: a\n    expr: sum(\n"), "1 finding"},
		"another check":      {group("alert: A\n    expr: up == 2\n"), "4001 rules: 0 findings"},
		"a group twice":      {strings.Replace(clean, "name: g3999", "name: g0", 1), "is repeated in the same file"},
		"another key":        {strings.Replace(clean, "expr:", "exprr:", 1), "exprr"},
		"no groups":          {strings.Replace(clean, "groups:", "group:", 1), "group"},
		"silenced":           {group("record: job:up:sum # slowburn:ignore duplicate-rule both are the same\n    expr: sum(up)\n    labels: {service: s7}\n"), "4001 rules: 0 findings"},
		"silences nothing":   {group("record: a # slowburn:ignore duplicate-rule there was one\n    expr: sum(up)\n"), "duplicate-rule finds nothing here"},
		"two documents":      {clean + "---\n" + clean, "Prometheus ignores all documents but the first"},
		"neither of the two": {strings.Replace(clean, "g17\n", "g17 # x\n", 1), "4000 rules: 0 findings"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "rules.yaml")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			check := func(only string) string {
				var out bytes.Buffer
				status := run(context.Background(), []string{"check", file, "--only", only}, streams{strings.NewReader(""), &out, &out})
				return fmt.Sprint(status, "\n", out.String())
			}
			lean, kept := check("promtool"), check("promtool,broken-query") // which is about dashboards
			if lean != kept || !strings.Contains(lean, c.says) {
				t.Errorf("nothing is kept: %s\nkept: %s\nwant %s", lean, kept, c.says)
			}
		})
	}
}
