package alerts

import "slowburn/internal/expr"

// Quantity is what a kind of alert measures.
type Quantity int

// The quantities.
const (
	QuantityNumber Quantity = iota
	QuantityShare           // of 1
	QuantitySeconds
	QuantityMilliseconds
	QuantityState     // 1 while all is well, otherwise 0
	QuantityPerSecond // events
)

// quantified is a kind that knows what it measures; of the others names tell.
type quantified interface{ quantity() Quantity }

// Drawing is what of a threshold alert's condition a graph can show.
type Drawing struct {
	// Measured are compared, all with the same limits. There is one at least.
	Measured []expr.Expr
	// Limits are numbers; Computed are limits that depend on other series.
	Limits   []float64
	Computed []expr.Expr
	Quantity Quantity
	// Per are the labels that tell members apart.
	Per []string
}

// Draw takes what is measured, and what it is compared with, from the alert's
// own expression, so that a graph and the alert cannot differ. Where a condition
// compares several things, it is the first, and those that have the same limits.
// One that compares nothing is shown as it is.
func (a Alert) Draw() Drawing {
	d := a.drawing()
	if q, ok := a.Threshold.of.(quantified); ok {
		d.Quantity = q.quantity()
	} else {
		d.Quantity = quantityOf(d.Measured[0])
	}
	return d
}

// drawing is Draw without the quantity.
func (a Alert) drawing() Drawing {
	d := Drawing{Per: a.Threshold.of.words().Per}
	limits := map[string][]expr.Comparison{}
	var order []expr.Expr
	for _, c := range expr.Comparisons(a.Expr) {
		key := c.Of.String()
		if limits[key] == nil {
			order = append(order, c.Of)
		}
		limits[key] = append(limits[key], c)
	}
	if len(order) == 0 {
		d.Measured = []expr.Expr{a.Expr}
		return d
	}
	first := limits[order[0].String()]
	for _, c := range first {
		if c.Is {
			d.Limits = append(d.Limits, c.At)
		} else {
			d.Computed = append(d.Computed, c.To)
		}
	}
	for _, of := range order {
		if sameLimits(first, limits[of.String()]) {
			d.Measured = append(d.Measured, of)
		}
	}
	return d
}

// sameLimits tells whether two measurements are compared alike.
func sameLimits(a, b []expr.Comparison) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Op != b[i].Op || a[i].To.String() != b[i].To.String() {
			return false
		}
	}
	return true
}

// quantity is the quantity of a time in the unit.
func (u unit) quantity() Quantity {
	if u.PerSecond == 1 {
		return QuantitySeconds
	}
	return QuantityMilliseconds
}
