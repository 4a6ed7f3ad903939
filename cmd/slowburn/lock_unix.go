//go:build unix && !aix && !solaris

package main

import (
	"errors"
	"os"
	"syscall"
)

// isLocked tells whether another process holds the lock of a folder; otherwise
// this one does, until it closes it or ends. File systems that know no locks
// have none.
func isLocked(folder *os.File) bool {
	return errors.Is(syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}
