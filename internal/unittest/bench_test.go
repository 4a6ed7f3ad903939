package unittest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"slowburn/internal/diag"
)

// trivialFile is a test file with n small tests of the rules of promtool's example.
func trivialFile(n int) string {
	var b strings.Builder
	b.WriteString("rule_files: [rules.yaml]\ntests:\n")
	for i := range n {
		fmt.Fprintf(&b, `- name: test %d
  input_series: [{series: 'up{job="prometheus",instance="localhost:9090"}', values: 0x10}]
  alert_rule_test: [{eval_time: 10m, alertname: InstanceDown, exp_alerts: [{exp_labels: {severity: page, instance: "localhost:9090", job: prometheus},
    exp_annotations: {summary: "Instance localhost:9090 down", description: "localhost:9090 of job prometheus has been down for more than 5 minutes."}}]}]
`, i)
	}
	return b.String()
}

// BenchmarkTrivialTests runs 200 small tests, as a project has them.
func BenchmarkTrivialTests(b *testing.B) {
	rules, err := os.ReadFile(filepath.Join(testdata(b), "rules.yml"))
	if err != nil {
		b.Fatal(err)
	}
	text := trivialFile(200)
	for b.Loop() {
		f := Read(&diag.Source{Name: "test.yaml", Text: []byte(text)})
		result, err := Run(context.Background(), []*File{f}, Options{Load: folder{"rules.yaml": string(rules)}.load})
		if err != nil || result.Failed() {
			b.Fatal(err, shown(b, result))
		}
	}
}
