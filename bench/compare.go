package main

// bound is how far recorded samples may be apart, in units in the last place.
// Sums of many floats may be rounded once more in the one than in the other,
// and what is computed from them doubles that at most a few times.
const bound = 4

// difference is what bench-peer compare prints.
type difference struct {
	what            string
	Samples, Alerts int
	ULPs            uint64
	Where           string
	Missing         []string
}

func (d difference) bad() bool {
	return d.ULPs > bound || len(d.Missing) > 0 || d.Samples == 0 || d.Alerts == 0
}

// compare notes how two evaluations differ from one instant to another.
func (b *bench) compare(what, ours, theirs, from, until string) error {
	d := difference{what: what}
	if err := b.peer(&d, "compare", "-from", from, "-until", until, b.path(ours), b.path(theirs)); err != nil {
		return err
	}
	b.report.differences = append(b.report.differences, d)
	return nil
}
