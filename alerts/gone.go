package alerts

import (
	"math"

	"slowburn/internal/expr"
)

// GoneSpec is embedded in kinds that compare what is measured now: without series they see nothing wrong.
type GoneSpec struct {
	// FiresWhenGone says whether it also fires while there are no series at all. With per, all members must be gone, and the
	// alert names none: one that vanishes alone is silent; down with each tells of it. Default: of a heartbeat yes, of the
	// other kinds no.
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
	// What is gone has no value, and absent would give it one that looks like another.
	return expr.Or(condition, expr.Mul(expr.Absent(expr.Max(of)), expr.Float(math.NaN())))
}

// orGone are the words for it.
func (w Words) orGone(of expr.Selector, fires bool) Words {
	if fires {
		w.Condition += ", or it is gone"
		w.Gone = true
		w.Value = `{{ if eq (humanize $value) "NaN" }}` + literal(isGone(of)) + "{{ else }}" + w.Value + "{{ end }}"
	}
	return w
}

// isGone is what a notification says in place of a value.
func isGone(of expr.Selector) string { return "It is gone: " + short(of) + " has no series." }

// vanishing is the imitation of a condition that also holds while there are no series. Of members that are judged apart
// others are left.
func (l *Levels) vanishing(of expr.Selector, fires bool) {
	if fires && len(l.Per) == 0 {
		l.Gone, l.GoneSays = true, isGone(of)
	}
}
