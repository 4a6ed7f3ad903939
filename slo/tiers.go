package slo

import (
	"cmp"
	"math/big"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// What tiers are found to lack.
var (
	LowFactor = &diag.Kind{Name: "low-factor", Severity: diag.Warning, Doc: `A tier fires although the objective is kept.

A burn factor below 1 spends less than the whole budget in the period: budget · period / window. 10% in 3d are a factor of 1
over 30 days, and 0.93 over 28. Shorten the window, or spend a larger share of the budget in it.`}
	DefaultTiers = &diag.Kind{Name: "default-tiers", Severity: diag.Note, Doc: `Not all of the default tiers make sense for the period.

Without burn, a service has those of the SRE workbook (chapter 5): page at 2% of the budget in 1h or 5% in 6h, ticket at 10% in
1d or 10% in 3d. Factors are scaled to the period, and tiers whose factor would be below 1 are left out, since they would fire
although the objective is kept. Write burn to choose your own.`}
	DeadTier = &diag.Kind{Name: "dead-tier", Severity: diag.Warning, Doc: `A tier can never fire: its threshold is 100 % or more.

The alert has other tiers that can. A factor of 14.4 needs an objective above 93.06 %, 6 one above 83.33 %, 3 one above
66.67 %, since no more than all events can be bad.`}
	JoinedTiers = &diag.Kind{Name: "joined-tiers", Severity: diag.Error, Doc: `Tiers of one alert differ in what an alert has once.

Tiers that name the same alert become one rule, which fires while any of them does. It has one set of labels, one for, and one
keepFiringFor.`}
)

// defaultTiers are those of the SRE workbook, chapter 5, table 5-8: page for
// 14.4 or 6 times the budget's rate over 30 days, ticket for 3 or 1.
var defaultTiers = []struct {
	name, alert, severity string
	percent               int64 // of the budget
	long, short           time.Duration
}{
	{"Fast1h", "FastBurn", "page", 2, time.Hour, 5 * time.Minute},
	{"Fast6h", "FastBurn", "page", 5, 6 * time.Hour, 30 * time.Minute},
	{"Slow1d", "SlowBurn", "ticket", 10, 24 * time.Hour, 2 * time.Hour},
	{"Slow3d", "SlowBurn", "ticket", 10, 3 * 24 * time.Hour, 6 * time.Hour},
}

// resolveTiers are the burn-rate tiers of a service, with those that the spec
// declares but that cannot be used.
func resolveTiers(doc *ServiceSpec, s *Service, r *diag.Report) ([]Tier, []Declaration) {
	// Without a period that can be relied on there is no arithmetic.
	usable := doc.Period.Value() == nil || doc.Period.IsSet() && doc.Period.Duration == s.Period
	if doc.Value().Get("burn") == nil {
		return resolveDefaultTiers(doc, s, usable, r)
	}
	var tiers []Tier
	var declared []Declaration
	for _, t := range doc.Burn {
		tier := Tier{
			Name: t.Name.Text, Alert: cmp.Or(t.Alert.Text, t.Name.Text), Labels: t.Labels, Pos: t.Pos(),
			For: t.For.Duration, KeepFiringFor: t.KeepFiringFor.Duration, Burn: Burn{Period: s.Period},
		}
		declared = append(declared, Declaration{Name: tier.Name, Alert: tier.Alert, Labels: t.Labels, Pos: t.Pos()})
		if !checkTier(t, s, r) || !usable {
			continue
		}
		tier.Long, tier.Short = t.Windows[0].Duration, t.Windows[1].Duration
		tier.Share = t.Budget.Rat
		if t.Factor.IsSet() {
			tier.Share = ShareOf(t.Factor.Rat, tier.Long, s.Period)
		}
		if checkFactor(t, tier, r) {
			tiers = append(tiers, tier)
		}
	}
	checkUnique("tier", doc.Burn, func(t TierSpec) (string, diag.Pos) { return t.Name.Text, t.Name.Pos() }, r)
	checkJoined(doc.Burn, r)
	if len(doc.SLOs) > 0 && len(doc.Burn) == 0 {
		r.Add(spec.MissingKey, doc.KeyPos("burn"), "add {name: FastBurn, budget: 2%, windows: [1h, 5m]}, or leave burn out for the default tiers", "no burn-rate tiers, so that no SLO would ever alert")
	}
	return tiers, declared
}

func resolveDefaultTiers(doc *ServiceSpec, s *Service, usable bool, r *diag.Report) (tiers []Tier, declared []Declaration) {
	for _, d := range defaultTiers {
		t := Tier{
			Name: d.name, Alert: d.alert, Labels: spec.NewLabels("severity", d.severity), Pos: doc.Pos(),
			Burn: Burn{Share: big.NewRat(d.percent, 100), Period: s.Period, Long: d.long, Short: d.short},
		}
		if usable && (t.Factor().Cmp(ratOne) < 0 || t.Long > s.Period || t.Short < LeastScrapes*s.ScrapeInterval) {
			if len(doc.SLOs) > 0 {
				r.Add(DefaultTiers, doc.Pos(), "write burn with tiers of your own", "the default tier of %d%% of the budget in %s is left out: over %s at scrapes of %s it cannot work, with a factor of %s",
					d.percent, spec.FormatDuration(d.long), spec.FormatDuration(s.Period), spec.FormatDuration(s.ScrapeInterval), spec.FormatDecimal(t.Factor()))
			}
			continue
		}
		declared = append(declared, Declaration{Name: t.Name, Alert: t.Alert, Labels: t.Labels, Pos: t.Pos})
		if usable {
			tiers = append(tiers, t)
		}
	}
	if usable && len(tiers) == 0 && len(doc.SLOs) > 0 {
		r.Add(spec.MissingKey, doc.KeyPos("slos"), "add burn with windows that fit the period", "no default tier fits, so that no SLO would ever alert")
	}
	return tiers, declared
}

func checkTier(t TierSpec, s *Service, r *diag.Report) bool {
	before := r.Len()
	readable := checkWindows(t, s, r)
	switch {
	case t.Budget.Value() == nil && t.Factor.Value() == nil:
		r.Add(spec.MissingKey, t.Pos(), "add budget, such as 2%, or factor, such as 14.4", "a tier needs a budget or a factor")
	case t.Budget.Value() != nil && t.Factor.Value() != nil:
		r.Add(spec.UnknownKey, t.Factor.Pos(), "keep one of them: the other follows", "a tier has a budget or a factor, not both")
	case t.Budget.IsSet() && t.Budget.Sign() <= 0:
		r.Add(ObjectiveRange, t.Budget.Pos(), "use a share above 0%", "a budget share of %s cannot be spent", t.Budget)
	case t.Factor.IsSet() && t.Factor.Sign() <= 0:
		r.Add(ObjectiveRange, t.Factor.Pos(), "use a factor of 1 or more", "a factor of %s fires without errors", t.Factor)
	}
	for _, d := range []spec.Duration{t.For, t.KeepFiringFor} {
		checkMilliseconds(d, r)
		if d.IsSet() && d.Duration > s.Period {
			r.Add(spec.BadValue, d.Pos(), "use a time within the period", "%s is longer than the period of %s", d, spec.FormatDuration(s.Period))
		}
		readable = readable && (d.IsSet() || d.Value() == nil)
	}
	return readable && r.Len() == before && (t.Budget.IsSet() || t.Factor.IsSet())
}

// checkWindows reports windows that cannot work. It is false where they could not be read.
func checkWindows(t TierSpec, s *Service, r *diag.Report) bool {
	if len(t.Windows) != 2 {
		if t.Value().Get("windows") != nil {
			r.Add(WindowRange, t.KeyPos("windows"), "write the long one and the short one: [1h, 5m]", "a tier has two windows, not %d", len(t.Windows))
		}
		return false
	}
	long, short := t.Windows[0], t.Windows[1]
	checkMilliseconds(long, r)
	checkMilliseconds(short, r)
	least := LeastScrapes * s.ScrapeInterval
	switch {
	case !long.IsSet() || !short.IsSet():
		return false // reported where it was read
	case long.Duration <= short.Duration:
		r.Add(WindowRange, long.Pos(), "write the long one first: [1h, 5m]", "the long window of %s is not above the short one of %s", long, short)
	case long.Duration > s.Period:
		r.Add(WindowRange, long.Pos(), "use a window within the period", "the window of %s is longer than the period of %s", long, spec.FormatDuration(s.Period))
	case short.Duration < least:
		r.Add(WindowRange, short.Pos(), "use "+spec.FormatDuration(least)+" or more", "a window of %s holds fewer than %d scrapes of %s", short, LeastScrapes, spec.FormatDuration(s.ScrapeInterval))
	}
	return true
}

// checkFactor reports a factor at which the objective is kept, or the budget
// spent before the alert.
func checkFactor(t TierSpec, tier Tier, r *diag.Report) bool {
	at := t.Budget.Pos()
	if t.Factor.IsSet() {
		at = t.Factor.Pos()
	}
	period, long := spec.FormatDuration(tier.Period), spec.FormatDuration(tier.Long)
	switch {
	case tier.Factor().Cmp(ratOne) < 0:
		help := "use a window of " + spec.FormatDuration(times(tier.Period, tier.Share).Truncate(time.Minute)) + " or less, or a larger share"
		if t.Factor.IsSet() {
			help = "use a factor of 1 or more"
		}
		r.Add(LowFactor, at, help, "tier %s has a factor of %s: it fires although the objective is kept over %s", t.Name, spec.FormatDecimal(tier.Factor()), period)
	case tier.Share.Cmp(ratOne) > 0:
		most := ratioOf(tier.Period, tier.Long)
		r.Add(spec.BadValue, at, "use a factor of "+spec.FormatDecimal(most)+" or less", "a factor of %s over %s spends %s of the budget before the alert", t.Factor, long, spec.FormatPercent(tier.Share))
		return false
	}
	return true
}

// checkJoined reports tiers of one alert that differ in what the alert has once.
func checkJoined(tiers []TierSpec, r *diag.Report) {
	first := map[string]TierSpec{}
	for _, t := range tiers {
		alert := cmp.Or(t.Alert.Text, t.Name.Text)
		f, joins := first[alert]
		if !joins {
			first[alert] = t
			continue
		}
		differ := func(key, what string) {
			at := t.KeyPos(key)
			r.Add(JoinedTiers, at, "make them equal, or give the tiers alerts of their own", "tiers %s and %s are one alert, %s, and have different %s", f.Name, t.Name, alert, what)
		}
		switch {
		case !sameLabels(f.Labels, t.Labels):
			differ("labels", "labels")
		case f.For.Duration != t.For.Duration:
			differ("for", "for")
		case f.KeepFiringFor.Duration != t.KeepFiringFor.Duration:
			differ("keepFiringFor", "keepFiringFor")
		}
	}
}

func sameLabels(a, b spec.Labels) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name.Text != b[i].Name.Text || a[i].Value.Text != b[i].Value.Text {
			return false
		}
	}
	return true
}

// checkDead reports tiers that can never fire, in alerts of which others can. An
// alert that never fires at all is found in the rules.
func checkDead(o *SLO, r *diag.Report) {
	dead := func(t Tier) bool { return t.Threshold().Cmp(ratOne) >= 0 }
	for _, a := range o.BurnAlerts() {
		alive := false
		for _, t := range a.Tiers {
			alive = alive || !dead(t)
		}
		for _, t := range a.Tiers {
			if alive && dead(t) {
				least := new(big.Rat).Mul(LeastObjective(t.Factor()), big.NewRat(100, 1))
				r.Add(DeadTier, o.ObjectivePos, "use a smaller share of the budget, or a longer window", "tier %s can never fire: a factor of %s needs an objective above %s%%",
					t.Name, spec.FormatDecimal(t.Factor()), least.FloatString(2))
			}
		}
	}
}
