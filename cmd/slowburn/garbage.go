package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
)

// firstGarbage is how much memory is used before garbage is looked for.
const firstGarbage = 24 << 20

// deferGarbage lets a process that ends soon end without collecting garbage:
// the collector would run on every processor for a few MiB, and takes a quarter
// of the time of 200 small unit tests. From the first collection on all is as usual.
func deferGarbage() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return // somebody knows better
	}
	percent := debug.SetGCPercent(-1)
	debug.SetMemoryLimit(firstGarbage)
	sentinel := new([16]byte)
	runtime.AddCleanup(sentinel, func(int) {
		debug.SetMemoryLimit(math.MaxInt64)
		debug.SetGCPercent(percent)
	}, 0)
}
