package main

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// TestObjectivesReadAsPromised holds that no dashboard rounds an objective, and
// that a tenth of the budget shows.
func TestObjectivesReadAsPromised(t *testing.T) {
	dir := t.TempDir()
	const text = `apiVersion: slowburn/v1
kind: Service
name: shop
slos:
  - {name: checkout, title: Checkout, objective: 99.5%, availability: {total: 'requests_total{job="shop"}', bad: 'code=~"5.."'}}
  - {name: payment, title: Payment, objective: 99.995%, availability: {total: 'payments_total{job="shop"}', bad: 'code=~"5.."'}}
`
	if err := os.WriteFile(filepath.Join(dir, "shop.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"Objective": "3", "Good events": "4", "Good events and objective": "4"}
	seen := map[string]int{}
	var r diag.Report
	for _, d := range readDashboards(compiled(t, dir).artifacts, &r) {
		for _, p := range d.Panels {
			config := p.Value.Get("fieldConfig")
			shown := map[string]*spec.Value{p.Title: config.Get("defaults").Get("decimals")}
			for _, o := range itemsOf(config.Get("overrides")) {
				for _, property := range itemsOf(o.Get("properties")) {
					if property.Get("id").Text == "decimals" {
						shown[o.Get("matcher").Get("options").Text] = property.Get("value")
					}
				}
			}
			for title, decimals := range shown {
				if want[title] == "" {
					continue
				}
				seen[title]++
				if decimals == nil || decimals.Text != want[title] {
					t.Errorf("%s: %s is shown with %v decimals, want %s", d.UID, title, decimals, want[title])
				}
			}
		}
	}
	if seen["Objective"] != 2 || seen["Good events"] != 2 || seen["Good events and objective"] != 1 {
		t.Error("not all were looked at: " + strconv.Itoa(len(seen)))
	}
}

func itemsOf(list *spec.Value) []*spec.Value {
	if list == nil {
		return nil
	}
	return list.Items()
}
