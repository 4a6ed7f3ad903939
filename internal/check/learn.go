package check

import (
	"slowburn/internal/parallel"
)

// learn finds out what is known of everything that is recorded, so that it can
// be read by several goroutines. It goes by the order of the rules: what is known
// of those that read each other depends on which comes first.
func (u *Unit) learn() {
	facts := []func(*Unit, *recording){ // each of two takes about as long as the other, and looks up once what a rule reads
		func(u *Unit, r *recording) {
			newLabelFlow(u).recording(r)
			newBoundsFlow(u).recording(r)
		},
		func(u *Unit, r *recording) {
			newCarriedFlow(u).recording(r)
			conditions{u, 0}.isUnconditional(r)
		},
	}
	parallel.Each(len(facts), func(n int) {
		one := u.fork()
		for _, r := range u.all {
			one.forget()
			facts[n](one, r)
		}
	})
}
