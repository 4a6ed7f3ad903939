package alerts

import (
	"testing"

	"slowburn/internal/expr"
)

// TestQuantities holds what names tell of what an expression measures.
func TestQuantities(t *testing.T) {
	for text, want := range map[string]Quantity{
		`query_latency_seconds{quantile="0.99"}`: QuantitySeconds,
		`max by (job) (probe_duration_seconds)`:  QuantitySeconds,
		`took_milliseconds`:                      QuantityMilliseconds,
		`(free_bytes / total_bytes{a="b"})`:      QuantityShare,
		`hit_ratio`:                              QuantityShare,
		`last_success_timestamp_seconds`:         QuantityNumber,
		`process_start_time_seconds`:             QuantityNumber,
		`rate(cpu_seconds_total[5m])`:            QuantityNumber,
		`free_bytes / limit_seconds`:             QuantityNumber,
		`histogram_quantile(0.9, sum by (le) (rate(took_seconds_bucket[5m])))`: QuantitySeconds,
		`histogram_quantile(0.9, sum by (le) (rate(took_ms_bucket[5m])))`:      QuantityMilliseconds,
		`histogram_quantile(0.9, sum by (le) (rate(sizes_bucket[5m])))`:        QuantityNumber,
		`sum(rate(requests_total[5m]))`:                                        QuantityPerSecond,
		`sum(rate(took_seconds_count[5m]))`:                                    QuantityPerSecond,
		`rate(sent_bytes_total[5m])`:                                           QuantityNumber,
		`increase(requests_total[5m])`:                                         QuantityNumber,
		`count(query_latency_seconds)`:                                         QuantityNumber,
		`queue_length`:                                                         QuantityNumber,
		`free_bytes - total_bytes`:                                             QuantityNumber,
	} {
		e, err := expr.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := quantityOf(e); got != want {
			t.Errorf("%s: got %d, want %d", text, got, want)
		}
	}
}
