package enginetest

// The expressions of random rules.

// selector is one, with an offset and an @ at times.
func (g *Generator) selector(window string) string {
	text := Pick(g, g.names...)
	switch {
	case g.Chance(2):
		text = `{job="a"}`
	case g.Chance(3):
		text = `{__name__=~"g|r1|r2"}`
	case g.Chance(40):
		text += Pick(g, `{job="a"}`, `{job!="a"}`, `{inst=~"1|2"}`, `{inst!~"1"}`, `{none=""}`, `{alertstate="firing"}`, `{sev="x"}`, `{job="all"}`)
	}
	return text + window + g.modifiers()
}

func (g *Generator) modifiers() string {
	text := ""
	if g.Chance(15) {
		text += " offset " + Pick(g, "15s", "30s", "1m", "2m30s", "6m")
	} else if g.Chance(g.Ahead) {
		text += " offset " + Pick(g, "-30s", "-2m")
	}
	if g.Chance(g.Ahead) {
		text += " @ " + Pick(g, "1000200", "1000320.5", "start()", "end()")
	}
	return text
}

var rangeFunctions = []string{
	"rate", "rate", "rate", "increase", "increase", "sum_over_time", "sum_over_time", "count_over_time", "count_over_time",
	"avg_over_time", "max_over_time", "min_over_time", "delta", "last_over_time", "present_over_time", "changes", "resets",
	"irate", "idelta", "deriv", "stddev_over_time", "absent_over_time", "first_over_time",
}

// ordered is a vector whose elements come in the order of their labels also
// where a range query computes them, so that functions of it have the same last
// bit. (Prometheus' engine keeps the series of most operators in a map.)
func (g *Generator) ordered() string {
	if g.Chance(40) {
		return g.selector("")
	}
	return g.overTime(0)
}

// exact is a vector of integers, so that the order does not matter.
func (g *Generator) exact(depth int) string {
	inputs := *g
	inputs.names = []string{"c", "g", "b"}
	one := inputs.selector
	switch {
	case depth <= 0 || g.Chance(20):
		return one("")
	case g.Chance(50):
		return "(" + g.exact(depth-1) + " " + Pick(g, "+", "-", ">", "and", "unless", "or") + " " + one("") + ")"
	}
	return Pick(g, "abs", "ceil", "sgn") + "(" + g.exact(depth-1) + ")"
}

func (g *Generator) overTime(depth int) string {
	function := Pick(g, rangeFunctions...)
	window := Pick(g, "45s", "1m", "2m", "3m", "5m", "7m30s")
	if depth <= 0 || g.Chance(75) {
		return function + "(" + g.selector("["+window+"]") + ")"
	}
	return function + "((" + g.vector(depth-1) + ")[" + window + ":" + Pick(g, "", "", "30s", "45s", "1m", "100s") + "]" + g.modifiers() + ")"
}

func (g *Generator) by() string {
	return Pick(g, "", "", "by (job) ", "by (job) ", "by (inst) ", "by (job, inst) ", "without (inst) ", "without (job, le) ", "by (alertname) ")
}

// vector is a random expression of that type.
func (g *Generator) vector(depth int) string {
	if depth <= 0 {
		return g.selector("")
	}
	switch g.IntN(12) {
	case 0, 1:
		return g.overTime(depth)
	case 2, 3, 4:
		return g.aggregation(depth)
	case 5, 6:
		return g.withNumber(depth)
	case 7:
		return g.matched(depth)
	case 8:
		return "(" + g.vector(depth-1) + ") " + Pick(g, "and", "or", "unless") + Pick(g, "", " on (job)", " ignoring (inst)", " on ()") + " (" + g.vector(depth-1) + ")"
	case 9, 10:
		return g.function(depth)
	}
	return g.selector("")
}

func (g *Generator) aggregation(depth int) string {
	switch g.IntN(6) {
	case 0:
		return Pick(g, "sum", "avg") + " " + g.by() + "(" + g.exact(depth) + ")"
	case 1:
		return Pick(g, "count", "group", "min", "max") + " " + g.by() + "(" + g.vector(depth-1) + ")"
	case 2:
		k := Pick(g, "1", "2", "3")
		if g.Chance(g.Risky) {
			k = Pick(g, "NaN", "1e30", "-1e30", "-1", "scalar(g)", "Inf")
		}
		return Pick(g, "topk", "bottomk") + " " + g.by() + "(" + k + ", " + g.ordered() + ")"
	case 3:
		return "quantile " + g.by() + "(" + Pick(g, "0.5", "0.9", "2", "NaN") + ", " + g.ordered() + ")"
	case 4:
		if g.Chance(20) {
			return "count_values " + g.by() + `("v", ` + g.ordered() + ")"
		}
		return Pick(g, "stddev", "stdvar") + " " + g.by() + "(" + g.ordered() + ")"
	}
	return "sum " + g.by() + "(" + g.ordered() + ")"
}

func (g *Generator) withNumber(depth int) string {
	op := Pick(g, "+", "-", "*", "/", "%", "^", ">", "<", "<=", "!=", "== bool", "> bool", "<= bool", "atan2")
	if g.Chance(30) {
		return g.scalar(depth-1) + " " + op + " (" + g.vector(depth-1) + ")"
	}
	return "(" + g.vector(depth-1) + ") " + op + " " + g.number()
}

// matched is an operation between vectors, which cannot fail in most cases.
func (g *Generator) matched(depth int) string {
	op := Pick(g, "+", "-", "*", "/", ">", "<", "== bool", "!=")
	if g.Chance(g.Risky * 3) {
		match := Pick(g, "", " on (job)", " ignoring (inst)", " on (job) group_left", " on (job) group_left (inst)", " on (job, inst)", " on () group_right")
		return "(" + g.vector(depth-1) + ") " + op + match + " (" + g.vector(depth-1) + ")"
	}
	switch g.IntN(4) {
	case 0:
		return "sum by (job) (" + g.ordered() + ") " + op + " sum by (job) (" + g.ordered() + ")"
	case 1:
		return g.overTime(0) + " " + op + " ignoring (inst) group_left sum without (inst) (" + g.ordered() + ")"
	case 2:
		return "max by (job) (" + g.vector(depth-1) + ") " + op + " on (job) group_right rate(" + g.selector("[5m]") + ")"
	}
	return g.selector("") + " " + op + " on (job, inst) g"
}

func (g *Generator) function(depth int) string {
	inner := g.vector(depth - 1)
	switch g.IntN(9) {
	case 0:
		return "absent(" + inner + ")"
	case 1:
		return Pick(g, "abs", "sqrt", "ceil", "timestamp", "sort", "minute") + "(" + inner + ")"
	case 2:
		return "clamp_min(" + inner + ", " + g.number() + ")"
	case 3:
		return "histogram_quantile(0.9, " + Pick(g, "rate(b[5m])", "sum by (le) (rate(b[2m]))", "rate(h[3m])", "sum by (job) (rate(h[5m]))") + ")"
	case 4:
		return Pick(g, "histogram_count", "histogram_sum", "histogram_avg") + "(" + Pick(g, "h", "rate(h[5m])", "sum(h)") + ")"
	case 5:
		return "label_replace(" + inner + `, "copy", "$1", "job", "(.*)")`
	case 6:
		if g.Chance(g.Risky * 3) {
			return "label_replace(" + inner + `, "inst", "x", "job", ".*")`
		}
		return "label_join(" + inner + `, "both", "-", "job", "inst")`
	case 7:
		return "vector(" + g.scalar(depth-1) + ")"
	}
	return "-(" + inner + ")"
}
