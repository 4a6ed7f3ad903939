package check

import (
	"math/rand/v2"
	"strings"
)

// expressions writes PromQL at random.
type expressions struct{ *rand.Rand }

func (g *expressions) pick(from ...string) string { return from[g.IntN(len(from))] }

func (g *expressions) label() string {
	return g.pick("job", "instance", "code", "zone", "le", "slo", "team")
}

func (g *expressions) labels() string {
	names := make([]string, g.IntN(4))
	for i := range names {
		names[i] = g.label()
	}
	return "(" + strings.Join(names, ", ") + ")"
}

func (g *expressions) matchers() string {
	list := make([]string, g.IntN(3))
	for i := range list {
		list[i] = g.label() + g.pick("=", "=", "!=", "=~", "!~") + `"` + g.pick("", "a", "b", "one", "500", "200", "0.1", "d", ".+", "5..", "200|404", "[ab]", "2.*") + `"`
	}
	return "{" + strings.Join(list, ",") + "}"
}

func (g *expressions) selector() string {
	return g.pick("up", "temp", "requests_total", "other_total", "lat_bucket", "lat_count", "missing", "rec:ratio", "rec:sum", "rec:up", "rec:deep", `{"up"}`) + g.matchers()
}

func (g *expressions) counter() string {
	return g.pick("requests_total", "other_total", "lat_bucket", "lat_count") + g.matchers()
}

func (g *expressions) number() string {
	return g.pick("0", "1", "2", "-1", "0.5", "1.5", "100", "(14.4 * 0.1)", "-0.1")
}

// vector is an expression of type vector, depth operations deep at most.
func (g *expressions) vector(depth int) string {
	if depth == 0 {
		if name := g.selector(); !strings.HasPrefix(name, `{"up"}{`) {
			return name
		}
		return `{"up"}`
	}
	depth--
	switch g.IntN(17) {
	case 0:
		return g.vector(0) + g.pick("", "", " offset 1m", " @ end()")
	case 1:
		return "(" + g.vector(depth) + ")"
	case 2:
		return "-" + g.vector(0)
	case 3, 4:
		return g.aggregation(depth)
	case 5, 6:
		return g.function(depth)
	case 7:
		return g.pick("rate", "increase", "irate", "changes", "resets") + "(" + g.counter() + "[3m])"
	case 8:
		of := g.pick("avg", "min", "max", "last", "sum", "count", "stddev", "stdvar", "present", "absent") + "_over_time"
		return of + "(" + g.pick(g.vector(0)+"[3m]", "("+g.vector(depth)+")[3m:30s]") + ")"
	case 9, 10:
		return g.ratio()
	case 11:
		return g.withScalar(depth)
	case 12:
		return g.mean(depth)
	case 13, 14:
		return g.repeated(depth)
	}
	return g.binary(depth)
}

func (g *expressions) aggregation(depth int) string {
	grouping := g.pick("", " by "+g.labels(), " without "+g.labels())
	op := g.pick("sum", "min", "max", "avg", "group", "count", "stddev", "stdvar", "topk", "bottomk", "count_values", "quantile")
	parameter := map[string]string{"topk": "2, ", "bottomk": "1, ", "count_values": `"zone", `, "quantile": "0.5, "}[op]
	return op + grouping + " (" + parameter + g.vector(depth) + ")"
}

func (g *expressions) function(depth int) string {
	v := g.vector(depth)
	return strings.ReplaceAll(g.pick("abs(%)", "sqrt(%)", "clamp_min(%, 1)", "clamp_max(%, 2)", "clamp(%, 0, 5)", "round(%)", "floor(%)", "sort(%)", "timestamp(%)",
		"absent(%)", "absent(%)", "absent((%))", "histogram_quantile(0.5, %)", "histogram_fraction(0, 1, %)", "vector(scalar(%))", "vector(1)", "vector(time())", "hour(%)", "minute(%)", "month(%)", "day_of_week(%)", "day_of_month(%)", "day_of_year(%)", "days_in_month(%)", "sgn(%)", "sin(%)", "cos(%)", "tanh(%)", "exp(%)", "ln(%)", "deg(%)", "clamp(%, 1, 0)",
		`label_replace(%, "zone", "$1", "job", "(.*)")`, `label_replace(%, "job", "", "", "")`, `label_join(%, "zone", "-", "job", "code")`), "%", v)
}

// ratio is a quotient of two sums that are often, but not always, part and whole.
func (g *expressions) ratio() string {
	over := g.pick("[3m]", "[3m]", "[3m] offset 1m", "[5m]")
	whole := g.pick("requests_total", "lat_count", "lat_bucket", "other_total")
	part := map[string]string{"requests_total": `requests_total{code="500"}`, "lat_count": g.pick(`lat_bucket{le="0.1"}`, `lat_bucket{le=~"0.1|0.5"}`, "lat_bucket")}[whole]
	if part == "" || g.IntN(5) == 0 {
		part = g.counter()
	}
	if g.IntN(5) == 0 {
		whole = g.counter()
	}
	wrap := g.pick("sum (%)", "sum by "+g.labels()+" (%)", "%", "sum without (code, le) (%)")
	function := g.pick("rate", "rate", "increase", "irate", "delta")
	p := strings.Replace(wrap, "%", function+"("+part+over+")", 1)
	w := strings.Replace(wrap, "%", function+"("+whole+over+")", 1)
	p = g.pick(p, p, "("+p+" or 0 * "+w+")", "("+p+" or vector(0))", "("+w+" - "+p+")", "("+w+" - ignoring (code, le) "+p+")")
	w = g.pick(w, w, "("+w+" > 0)", "("+w+" >= 1)")
	match := g.pick("", "", " ignoring (code, le) ", " on (job, instance) ")
	return strings.Replace(g.pick("(%)", "(1 - %)", "(100 * (%))", "((%) / 0.1)"), "%", g.pick(p, p, "100 * "+p, p+" * -2")+" / "+match+w, 1)
}

// mean is a quotient of a sum and a count that are often of the same.
func (g *expressions) mean(depth int) string {
	v := g.vector(depth)
	of := g.pick(v, v, v, "("+v+") > 0", "("+g.vector(depth)+")")
	match := g.pick("", "", " ignoring (code, le) ", " on (job) ", " on (job) group_left () ", " on (job) group_right () ")
	if g.IntN(2) == 0 {
		wrap := g.pick("(%)[3m:30s]", "(%)[2m:15s]")
		return "sum_over_time(" + strings.Replace(wrap, "%", v, 1) + ") / " + match + "count_over_time(" + strings.Replace(wrap, "%", of, 1) + ")"
	}
	grouping := g.pick("", " by "+g.labels(), " without "+g.labels())
	return g.pick("sum", "count") + grouping + "(" + of + ") / " + match + "count" + g.pick(grouping, grouping, "") + "(" + v + ")"
}

// repeated compares one thing with several numbers, or takes it from itself.
func (g *expressions) repeated(depth int) string {
	v := "(" + g.vector(depth) + ")"
	passing := func() string {
		if g.IntN(4) == 0 {
			return g.number() + g.pick(" > ", " < ", " >= ", " <= ", " == ") + v
		}
		return v + g.pick(" > ", " < ", " >= ", " <= ", " == ", " != ") + g.number()
	}
	if g.IntN(6) == 0 {
		standIn := g.pick("vector(1)", "("+g.vector(depth)+" or vector(0))", "sum("+g.vector(depth)+" or vector(0))", "abs(vector(1) or "+g.vector(0)+" )")
		return "(" + g.pick("absent("+standIn+")", passing()+" unless "+g.pick("", "on () ", "ignoring "+g.labels()+" ", "on "+g.labels()+" ")+standIn) + ")"
	}
	op := g.pick(" and ", " and ", " and ignoring () ", " and on (job) ", " and ignoring (code) ", " unless ", " unless on (job) ", " or ")
	e := passing() + op + g.pick(passing(), passing(), v)
	if g.IntN(3) == 0 {
		e += " and " + passing()
	}
	return "(" + e + ")"
}

func (g *expressions) withScalar(depth int) string {
	v, n := "("+g.vector(depth)+")", g.number()
	op := g.pick("+", "-", "*", "/", "%", "^", ">", "<", ">=", "<=", "==", "!=", "> bool", "== bool")
	if g.IntN(3) == 0 {
		return n + " " + op + " " + v
	}
	return v + " " + op + " " + n
}

func (g *expressions) binary(depth int) string {
	l, r := "("+g.vector(depth)+")", "("+g.vector(depth)+")"
	match := g.pick("", "", " on "+g.labels(), " ignoring "+g.labels())
	if g.IntN(3) == 0 {
		return l + g.pick(" and", " or", " unless") + match + " " + r
	}
	if match != "" {
		match += g.pick("", "", " group_left ()", " group_right ()", " group_left (team, slo)", " group_right (zone)")
	}
	return l + " " + g.pick("+", "-", "*", "/", ">", "<", "==", ">= bool", "%", "^", "atan2") + match + " " + r
}
