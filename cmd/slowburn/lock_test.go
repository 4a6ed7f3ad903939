//go:build unix && !aix && !solaris

package main

import (
	"strings"
	"testing"
)

// TestOneWriter holds that two do not write to a folder at a time, and that the
// lock goes with the first, whatever it leaves behind.
func TestOneWriter(t *testing.T) {
	dir := t.TempDir()
	first, err := openOutput(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openOutput(dir, true); err == nil || !strings.Contains(err.Error(), "another slowburn is writing to it") {
		t.Errorf("a second writer gets: %v", err)
	}
	reader, err := openOutput(dir, false)
	if err != nil {
		t.Fatalf("a reader gets: %v", err)
	}
	reader.close()
	first.close()
	next, err := openOutput(dir, true)
	if err != nil {
		t.Fatalf("the next writer gets: %v", err)
	}
	next.close()
}
