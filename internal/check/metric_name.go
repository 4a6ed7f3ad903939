package check

import (
	"slices"
	"slowburn/internal/pattern"
	"strings"
)

// What names tell of metrics where no catalogue does: by the naming practices
// (https://prometheus.io/docs/practices/naming/), and of exporters that nearly
// everybody has. A name that leaves a doubt tells nothing.

// isTotal tells whether a metric surely counts events. _total alone does not
// say so: it is also what there is in total, of bytes, members or nodes offline.
func isTotal(metric string) bool {
	what, ok := strings.CutSuffix(metric, "_total")
	return ok && !goingOn().MatchString(what) && (slices.Contains(events, what[strings.LastIndexByte(what, '_')+1:]) || moved().MatchString(what))
}

// events are the last words of names of what happens, rather than of what there is.
var events = []string{
	"requests", "responses", "errors", "failures", "failed", "successes", "succeeded", "retries", "restarts", "reloads", "resets", "crashes",
	"timeouts", "exceptions", "panics", "rejected", "rejections", "dropped", "drops", "discarded", "evictions", "evicted", "expired",
	"hits", "misses", "received", "sent", "processed", "created", "deleted", "attempts", "invocations", "executions", "calls", "queries", "scrapes",
}

// goingOn are endings of names of what there is just now: nodejs_active_requests_total
// is a gauge.
var goingOn = pattern.New(`(?:^|_)(active|current|in_?flight|open|outstanding|pending|queued|running|waiting)_[a-z]+$`)

// moved are endings of names of what went somewhere, and of time that was spent.
var moved = pattern.New(`(?:^|_)(receive|received|transmit|transmitted|sent|read|written)_(bytes|packets)$|_cpu_(usage_)?seconds$`)

// isGauge tells whether a metric surely goes up and down.
func isGauge(metric string) bool {
	return gauges().MatchString(metric) && !strings.HasSuffix(metric, "_total")
}

var gauges = pattern.New(`^(` + strings.Join([]string{
	`up`, `.+_(info|ratio|percent|celsius|timestamp_seconds)`,
	`(.+_)?(queue_length|queue_depth|in_flight|inflight|goroutines|utilization|free_bytes|avail_bytes|available_bytes|resident_memory_bytes)`,
	// node_exporter, and the client libraries' own metrics
	`node_(load1|load5|load15|memory_\w+_bytes|filesystem_(avail|free|size)_bytes|filesystem_files(_free)?|boot_time_seconds|time_seconds)`,
	`(process_(open|max)_fds|process_(resident|virtual)_memory_bytes|process_start_time_seconds|go_goroutines|go_threads)`,
	`go_memstats_(alloc|sys|heap_(alloc|idle|inuse|released|sys)|stack_(inuse|sys)|next_gc)_bytes`,
	`jvm_(memory_(bytes_)?(used|max|committed)(_bytes)?|threads_(current|daemon|live|peak)(_threads)?)`,
	// cAdvisor, kube-state-metrics, the blackbox exporter
	`container_(memory_(usage|working_set)_bytes|memory_(rss|cache|swap)|fs_(usage|limit)_bytes|spec_\w+)`,
	`kube_[a-z]+_(spec_replicas|status_(replicas|phase|ready|condition|replicas_\w+)|labels|created)`,
	`probe_(success|duration_seconds|http_status_code|ssl_earliest_cert_expiry|dns_lookup_time_seconds)`,
	// databases and queues
	`redis_(connected_clients|memory_used_bytes)|pg_stat_activity_count|mysql_global_status_threads_(connected|running)`,
	`kafka_consumergroup_lag|rabbitmq_queue_messages(_ready|_unacked)?`,
	flags,
}, "|") + `)$`)

// flags are names of metrics that are 1 or 0: whether something answers, or is so.
const flags = `up|probe_success|(mysql|pg|redis|memcached|nginx|haproxy|mongodb|elasticsearch|consul|rabbitmq|snmp|node_network)_up` +
	`|\w+_config_last_reload_success(ful)?|kube_(node_status_condition|pod_status_(phase|ready))|node_systemd_unit_state`

var flagName = pattern.New(`^(` + flags + `)$`)

func isFlag(metric string) bool { return flagName().MatchString(metric) }

// boundsByName are the values that a metric can have which is scraped.
func boundsByName(metric string) bounds {
	switch {
	case isFlag(metric):
		return share
	case isTotal(metric):
		return notNegative
	}
	return unbounded
}
