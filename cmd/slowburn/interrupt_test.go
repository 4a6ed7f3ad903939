package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What is interrupted says so once, and nothing of tests that it did not end.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"rules.yaml":     "groups: [{name: g, rules: [{alert: Down, expr: up == 0}]}]\n",
		"down.test.yaml": "rule_files: [rules.yaml]\ntests:\n  - input_series: [{series: up, values: 0x9}]\n    alert_rule_test: [{eval_time: 1m, alertname: Down, exp_alerts: [{}]}]\n",
		"spec.yaml":      "apiVersion: slowburn/v1\nkind: Service\nname: shop\nalerts: [{name: ShopDown, down: {of: 'up{job=\"shop\"}'}, for: 2m, labels: {severity: page}}]\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"down.test.yaml", "spec.yaml"} {
		args := []string{"test", "--mutate", filepath.Join(dir, name)}
		if got := run(t.Context(), args, streams{nil, new(bytes.Buffer), new(bytes.Buffer)}); got != exitClean {
			t.Fatalf("%s: exit status %d", name, got)
		}
		ctx, interrupt := context.WithCancel(t.Context())
		interrupt()
		var out, errs bytes.Buffer
		if got := run(ctx, args, streams{nil, &out, &errs}); got != exitUsage || out.Len() > 0 || lastLine(errs.String()) != "slowburn: interrupted" || strings.Contains(errs.String(), "cancel") {
			t.Errorf("%s: exit status %d, %q, %q", name, got, out.String(), errs.String())
		}
	}
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	return lines[len(lines)-1]
}
