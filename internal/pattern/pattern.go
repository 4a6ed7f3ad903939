// Package pattern has regular expressions that are compiled when they are first used. A process uses few of all that there are,
// and to compile them takes longer than all else that the program's packages do before main begins.
package pattern

import (
	"regexp"
	"sync"
)

// New is regexp.MustCompile, when what it returns is called first. A test holds that every literal compiles.
func New(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
