package alerts

import (
	"slowburn/internal/expr"
)

// GoneSpec is embedded in kinds that compare what is measured now: without series they see nothing wrong.
type GoneSpec struct {
	// FiresWhenGone says whether it also fires while there are no series at all. With per, that names no member. Default:
	// of a heartbeat yes, of the other kinds no.
	FiresWhenGone *bool `json:"firesWhenGone,omitempty"`
}

// fires is what the spec says, or the default of the kind.
func (g GoneSpec) fires(byDefault bool) bool {
	if g.FiresWhenGone != nil {
		return *g.FiresWhenGone
	}
	return byDefault
}

// orGone is a condition that also holds, without labels, while nothing is selected.
func orGone(condition expr.Expr, of expr.Selector, fires bool) expr.Expr {
	if !fires {
		return condition
	}
	return expr.Or(condition, expr.Absent(expr.Max(of)))
}

// orGone are the words for it.
func (w Words) orGone(fires bool) Words {
	if fires {
		w.Condition += ", or it is gone"
		w.Gone = true
	}
	return w
}

// vanishing is the imitation of a condition that also holds while there are no series. Of members that are judged apart
// others are left.
func (l *Levels) vanishing(fires bool) { l.Gone = fires && len(l.Per) == 0 }
