package spec

import (
	"testing"
	"unsafe"
)

// A rule file of 170,000 rules has millions of values: each byte of one counts.
func TestSizeOfValue(t *testing.T) {
	if size := unsafe.Sizeof(Value{}); size > 80 {
		t.Errorf("a value takes %d bytes, want at most 80", size)
	}
}
