package check

import (
	"slowburn/internal/parallel"
)

// learn finds out what is known of everything that is recorded, so that it can
// be read by several goroutines. It goes by the order of the rules: what is known
// of those that read each other depends on which comes first.
func (u *Unit) learn() {
	facts := []func(*Unit, *recording){
		func(u *Unit, r *recording) { newLabelFlow(u).recording(r) },
		func(u *Unit, r *recording) { newCarriedFlow(u).recording(r) },
		func(u *Unit, r *recording) { newBoundsFlow(u).recording(r) },
		func(u *Unit, r *recording) { conditions{u, 0}.isUnconditional(r) },
	}
	parallel.Each(len(facts), func(n int) {
		one := u.fork()
		for _, r := range u.all {
			one.forget()
			facts[n](one, r)
		}
	})
}
