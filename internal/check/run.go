package check

import (
	"maps"
	"slices"

	"slowburn/internal/dashfile"
	"slowburn/internal/parallel"
	"slowburn/internal/rulefile"
)

// Run runs every check over files and returns what they find, each finding with
// the severity of its check: Config.Judge knows better.
func Run(files []*rulefile.File, options Options) []Finding { return RunAll(files, nil, options) }

// RunAll is Run with dashboards beside the files. Checks that look at one rule
// after the other go through some groups together, and other groups, and other
// checks, have their turn at the same time. Findings are in the order of the
// checks, those of each in the order of the rules.
func RunAll(files []*rulefile.File, dashboards []*dashfile.Dashboard, options Options) []Finding {
	unit := newUnit(files)
	unit.Dashboards = dashboards
	unit.learn()
	shares := append(sharesOf(files, false), sharesOf(queriesAsRules(dashboards), true)...)
	checks := options.ofUse(All)
	found := make([][][]Finding, len(checks)) // by check and share
	var whole []int                           // the checks that look at more than one rule
	for i, c := range checks {
		found[i] = make([][]Finding, len(shares))
		if c.Run != nil {
			found[i] = make([][]Finding, 1)
			whole = append(whole, i)
		}
	}
	parallel.Each(len(whole)+len(shares), func(n int) {
		if n < len(whole) {
			p := newPass(unit.fork(), options, checks[whole[n]])
			p.check.Run(p)
			found[whole[n]][0] = p.findings
			return
		}
		for i, findings := range shares[n-len(whole)].run(unit.fork(), checks, options) {
			found[i][n-len(whole)] = findings
		}
	})
	return slices.Concat(slices.Concat(found...)...)
}

// groupShare are some groups of a file.
type groupShare struct {
	file      *rulefile.File
	groups    []*rulefile.Group
	ofQueries bool // which stand in place of rules
}

// groupsAtOnce is how many groups are in a share.
const groupsAtOnce = 32

func sharesOf(files []*rulefile.File, ofQueries bool) []groupShare {
	var shares []groupShare
	for _, f := range files {
		for groups := range slices.Chunk(f.Groups, groupsAtOnce) {
			shares = append(shares, groupShare{f, groups, ofQueries})
		}
	}
	return shares
}

// run runs those of the checks that look at one rule after the other, and returns
// the findings of each, by its place in the list.
func (s groupShare) run(u *Unit, checks []*Check, options Options) map[int][]Finding {
	at := &place{file: s.file, around: options.around(s.file), ofQueries: s.ofQueries}
	passes := map[int]*Pass{}
	for i, c := range checks {
		if c.Rule != nil && (c.Queries || !s.ofQueries) {
			passes[i] = &Pass{Unit: u, place: at, options: options, check: c, parameters: options.Config.parameters(c, at.around.Path)}
		}
	}
	each := slices.Collect(maps.Values(passes))
	at.eachRule(s.groups, func(r *rulefile.Rule) {
		u.forget()
		at.look(r)
		for _, p := range each {
			p.check.Rule(p, r)
		}
	})
	found := map[int][]Finding{}
	for i, p := range passes {
		found[i] = p.findings
	}
	return found
}
