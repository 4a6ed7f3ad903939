//go:build !unix

package main

// limitMemory does nothing where address space cannot be bounded; the bounds on
// time and output remain.
func limitMemory(uint64) error { return nil }
