package slo

import (
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
)

func TestCountSeries(t *testing.T) {
	var r diag.Report
	c := ReadCatalogue(&diag.Source{Name: "metrics.prom", Text: []byte(testMetrics)}, []string{"job", "instance"}, &r)
	for _, tc := range []struct {
		selector string
		want     int
		known    bool
	}{
		{`http_requests_total`, 2, true},
		{`http_requests_total{job="api",status=~"5.."}`, 1, true}, // scraping adds job
		{`http_requests_total{status=~"4.."}`, 0, true},
		{`http_requests_total{status!~"5.."}`, 1, true},
		{`http_request_duration_seconds_bucket`, 3, true},
		{`http_request_duration_seconds_bucket{le=~"1|1\\.0"}`, 1, true},
		{`http_request_duration_seconds_count{method="GET"}`, 1, true},
		{`up{job="api"}`, 0, false}, // on no page
		{`nowhere_total`, 0, false},
	} {
		e, err := expr.Parse(tc.selector)
		if err != nil {
			t.Fatal(err)
		}
		if got, known := c.CountSeries(e.(expr.Selector)); got != tc.want || known != tc.known {
			t.Errorf("%s: %d series (%v), want %d (%v)", tc.selector, got, known, tc.want, tc.known)
		}
		if got, known := (*Catalogue)(nil).CountSeries(e.(expr.Selector)); known {
			t.Errorf("%s: %d series without a catalogue", tc.selector, got)
		}
	}
	twice := ReadCatalogue(&diag.Source{Text: []byte("a_total 1 1000\na_total 2 2000\n")}, nil, &r)
	if got, _ := twice.CountSeries(expr.Select("a_total")); got != 1 {
		t.Errorf("a series that the page has twice counts %d", got)
	}
}
