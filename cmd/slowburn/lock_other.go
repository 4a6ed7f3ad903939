//go:build !unix || aix || solaris

package main

import "os"

// isLocked does nothing where folders cannot be locked.
func isLocked(*os.File) bool { return false }
