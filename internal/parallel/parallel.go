// Package parallel spreads work over all processors.
package parallel

import (
	"runtime"
	"sync"
)

// Each calls f for 0 to n-1, several at a time, and returns when all are done.
// What f(i) makes belongs to a place of its own, so that the order of the calls
// does not show.
func Each(n int, f func(int)) {
	next := make(chan int)
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	workers.Wait()
}
