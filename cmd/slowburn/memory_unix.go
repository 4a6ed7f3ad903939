//go:build unix

package main

import "syscall"

// limitMemory bounds the address space of this process. The Go runtime reserves
// some of it without using it, hence the allowance.
func limitMemory(bytes uint64) error {
	const runtimeReserve = 1 << 30
	limit := syscall.Rlimit{Cur: bytes + runtimeReserve, Max: bytes + runtimeReserve}
	return syscall.Setrlimit(syscall.RLIMIT_AS, &limit)
}
