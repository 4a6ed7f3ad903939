package check

// grafanaUnits are what Grafana's units count, by the names that dashboards have:
// those that say it. short, none and the like show any number.
var grafanaUnits = map[string]measure{
	"percentunit": shareOfOne, "percent": percentOf,

	"ns": {"time", 1e-9, false}, "µs": {"time", 1e-6, false}, "ms": {"time", 1e-3, false}, "s": {"time", 1, false}, "m": {"time", 60, false},
	"h": {"time", 3600, false}, "d": {"time", 86400, false}, "dtdurations": {"time", 1, false}, "dtdurationms": {"time", 1e-3, false},
	"clocks": {"time", 1, false}, "clockms": {"time", 1e-3, false},

	"bytes": {"data", 1, false}, "decbytes": {"data", 1, false}, "bits": {"data", 1.0 / 8, false}, "decbits": {"data", 1.0 / 8, false},
	"kbytes": {"data", 1 << 10, false}, "mbytes": {"data", 1 << 20, false}, "gbytes": {"data", 1 << 30, false},
	"deckbytes": {"data", 1e3, false}, "decmbytes": {"data", 1e6, false}, "decgbytes": {"data", 1e9, false},

	"Bps": {"data", 1, true}, "binBps": {"data", 1, true}, "bps": {"data", 1.0 / 8, true}, "binbps": {"data", 1.0 / 8, true},
	"KBs": {"data", 1e3, true}, "MBs": {"data", 1e6, true}, "GBs": {"data", 1e9, true},
	"KiBs": {"data", 1 << 10, true}, "MiBs": {"data", 1 << 20, true}, "GiBs": {"data", 1 << 30, true},
	"Kbits": {"data", 1e3 / 8, true}, "Mbits": {"data", 1e6 / 8, true}, "Gbits": {"data", 1e9 / 8, true},

	"cps": eventsASecond, "ops": eventsASecond, "reqps": eventsASecond, "rps": eventsASecond, "wps": eventsASecond, "iops": eventsASecond,
	"eps": eventsASecond, "mps": eventsASecond, "recps": eventsASecond, "rowsps": eventsASecond, "pps": eventsASecond,
	"cpm": eventsAMinute, "opm": eventsAMinute, "reqpm": eventsAMinute, "rpm": eventsAMinute, "wpm": eventsAMinute, "epm": eventsAMinute,
	"mpm": eventsAMinute, "recpm": eventsAMinute,
}

var eventsAMinute = measure{"events", 1.0 / 60, true}

// grafanaUnitOf is a unit of Grafana's for a measure, or "".
func grafanaUnitOf(m measure) string {
	return map[measure]string{
		shareOfOne: "percentunit", percentOf: "percent", happenings: "short", eventsASecond: "ops", eventsAMinute: "opm",
		{"time", 1, false}: "s", {"time", 1e-3, false}: "ms", {"time", 1e-6, false}: "µs", {"time", 1e-9, false}: "ns",
		{"time", 60, false}: "m", {"time", 3600, false}: "h", {"time", 86400, false}: "d", {"time", 1, true}: "percentunit",
		{"data", 1, false}: "bytes", {"data", 1.0 / 8, false}: "bits", {"data", 1, true}: "binBps", {"data", 1.0 / 8, true}: "bps",
	}[m]
}
