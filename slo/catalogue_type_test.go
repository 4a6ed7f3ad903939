package slo

import (
	"slices"
	"testing"

	"github.com/prometheus/common/model"

	"slowburn/internal/diag"
)

func TestCatalogueTypes(t *testing.T) {
	var r diag.Report
	page := "# TYPE a_total counter\na_total 1\n# TYPE g gauge\ng 1\nbare 1\n# TYPE h histogram\nh_bucket{le=\"0.5\"} 1\nh_bucket{le=\"2\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# TYPE s summary\ns{quantile=\"0.9\"} 1\ns_sum 1\ns_count 1\n"
	c := ReadCatalogue(&diag.Source{Name: "metrics.prom", Text: []byte(page)}, nil, &r)
	if r.Len() > 0 {
		t.Fatal(r.Findings())
	}
	for metric, want := range map[string]model.MetricType{
		"a_total": model.MetricTypeCounter, "g": model.MetricTypeGauge, "bare": model.MetricTypeUnknown, "nowhere": model.MetricTypeUnknown,
		"h": model.MetricTypeHistogram, "h_bucket": model.MetricTypeCounter, "s": model.MetricTypeSummary, "s_count": model.MetricTypeCounter,
	} {
		if got := c.Type(metric); got != want {
			t.Errorf("%s is a %s, want %s", metric, got, want)
		}
	}
	if got := c.Buckets("h"); !slices.Equal(got, []float64{0.5, 2}) {
		t.Errorf("buckets %v", got)
	}
	if !c.Has("bare") || !c.Has("h_bucket") || c.Has("nowhere") {
		t.Error("what the catalogue has is wrong")
	}
	var none *Catalogue
	if none.Has("g") || none.Type("g") != model.MetricTypeUnknown || none.Buckets("h") != nil {
		t.Error("no catalogue knows something")
	}
}
