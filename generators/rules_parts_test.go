package generators

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"slowburn/alerts"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Many SLOs are composed in parts: what is written is what the encoder makes of the whole, also where one part only it can print.
func TestComposedInParts(t *testing.T) {
	for _, summary := range []string{"requests of {{ $labels.job }}", "a line that YAML ends here: \u2028and goes on"} {
		var text strings.Builder
		text.WriteString("name: fleet\nowner: bench\nslos:\n")
		for i := range 3*slosAtOnce + 1 {
			fmt.Fprintf(&text, "  - name: s-%d\n    title: S%d\n    objective: 99.%d%%\n    summary: of %d\n    availability: {total: 'x_total{job=\"%d\"}', bad: 'code=~\"5..\"'}\n", i, i, i%9, i, i)
		}
		text.WriteString("burn:\n  - {name: Fast, budget: 2%, windows: [1h, 5m], labels: {severity: page}}\n")
		src := &diag.Source{Name: "fleet.yaml", Text: []byte(text.String())}
		var r diag.Report
		var doc struct {
			slo.ServiceSpec
			alerts.AlertsSpec
		}
		spec.Decode(spec.ReadYAML(src, &r)[0], &doc, &r)
		s := alerts.Resolve(&doc.AlertsSpec, slo.Resolve(&doc.ServiceSpec, nil, &r), &r)
		if r.HasErrors() {
			t.Fatal(r.Findings())
		}
		last := s.SLOs[2*slosAtOnce]
		last.Burn[0].Annotations = append(last.Burn[0].Annotations, alerts.Annotation{Name: "note", Text: summary})
		s.SLOs[2*slosAtOnce] = last
		want := map[string][]byte{}
		for _, f := range ruleFiles(s, s.SLOs) {
			want[f.path()] = printYAML(f)
		}
		got := Compose(s).Rules()
		if len(got) != len(want) {
			t.Errorf("%d files, want %d", len(got), len(want))
		}
		for _, a := range got {
			if !bytes.Equal(a.Bytes, want[a.Path]) {
				t.Errorf("%s differs from what the encoder prints", a.Path)
			}
		}
	}
}
