package check

import (
	"maps"
	"slices"
	"sync"

	"slowburn/internal/dashfile"
	"slowburn/internal/rulefile"
)

// Unit are rule files and dashboards that are judged together, where what one
// records another uses, as one goroutine knows them.
type Unit struct {
	*corpus
	// What was worked out of expressions, which a fork begins anew.
	read    memo[[]*recording]
	labels  memo[labelSet]
	carried memo[carried]
	bounds  memo[bounds]
	units   memo[unitOfMeasure]
	// What was read in texts, of which many rules have the same.
	uses  map[string]templateUses // of templates
	globs map[string]string       // in regular expressions
}

// corpus is what is judged together. Once everything was learnt of it, it is
// not changed, but for the indexes, and several goroutines may read it.
type corpus struct {
	Files      []*rulefile.File
	Dashboards []*dashfile.Dashboard
	all        []*recording
	// recorded are the recording rules by the name of what they record.
	recorded map[string][]*recording
	names    func() []string // of what is recorded, sorted

	indexing sync.RWMutex
	indexes  map[[2]string]*labelIndex // by metric and label
}

func newUnit(files []*rulefile.File) *Unit {
	c := &corpus{Files: files, recorded: map[string][]*recording{}, indexes: map[[2]string]*labelIndex{}}
	for _, f := range files {
		for _, g := range f.Groups {
			for _, r := range g.Rules {
				if r.Record != "" {
					made := newRecording(f, g, r)
					made.number = len(c.all)
					if made.number > 0 && slices.Equal(made.sets, c.all[made.number-1].sets) { // as in most files
						made.sets = c.all[made.number-1].sets
					}
					c.all = append(c.all, made)
					c.recorded[r.Record] = append(c.recorded[r.Record], made)
				}
			}
		}
	}
	c.names = sync.OnceValue(func() []string { return slices.Sorted(maps.Keys(c.recorded)) })
	return unitOf(c)
}

// fork is the same unit for another goroutine, once everything was learnt.
func (u *Unit) fork() *Unit { return unitOf(u.corpus) }

func unitOf(c *corpus) *Unit {
	return &Unit{corpus: c, uses: map[string]templateUses{}, globs: map[string]string{}}
}

// forget drops what was worked out of expressions.
func (u *Unit) forget() {
	u.read.clear()
	u.labels.clear()
	u.carried.clear()
	u.bounds.clear()
	u.units.clear()
}
