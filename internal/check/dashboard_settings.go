package check

import (
	"time"
	"unicode/utf8"

	"github.com/prometheus/common/model"

	"slowburn/internal/pattern"
	"slowburn/internal/spec"
)

// longestUID is how long the uid of a dashboard may be.
const longestUID = 40

var wrongInUID = pattern.New(`[^-_a-zA-Z0-9]`)

// checkUID reports a uid that Grafana refuses.
func (p *Pass) checkUID(uid *spec.Value) {
	if uid == nil || uid.Kind != spec.String {
		return
	}
	if n := utf8.RuneCountInString(uid.Text); n > longestUID {
		p.Report(uid.Pos, "shorten it: Grafana takes 40 at most", "the uid has %d characters", n)
	}
	if at := wrongInUID().FindStringIndex(uid.Text); at != nil {
		p.Report(uid.Sub(at[0], at[1]), "use letters, digits, - and _", "Grafana refuses %q in a uid", uid.Text[at[0]:at[1]])
	}
}

// checkTime reports a time that ends before it begins.
func (p *Pass) checkTime(shown *spec.Value) {
	from, until := shown.Get("from"), shown.Get("to")
	if from == nil || until == nil {
		return
	}
	begin, ok1 := sinceNow(from.Text)
	end, ok2 := sinceNow(until.Text)
	if ok1 && ok2 && begin >= end {
		p.Report(from.Pos, "exchange them: from now-6h to now", "the time from %s to %s ends before it begins", from.Text, until.Text)
	}
}

var relative = pattern.New(`^now(?:([-+])([0-9]+[smhdwy]))?$`)

// sinceNow is how long after now an instant is that is told so: now-6h. What is
// rounded, or told in months, is no matter of a comparison.
func sinceNow(text string) (time.Duration, bool) {
	m := relative().FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	if m[2] == "" {
		return 0, true
	}
	d, err := model.ParseDuration(m[2])
	if m[1] == "-" {
		d = -d
	}
	return time.Duration(d), err == nil
}
