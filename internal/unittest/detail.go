package unittest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// detail shows what was expected and what came instead, one below the other, or
// as a difference of lines.
func (x *execution) detail(expected, got []string) string {
	if x.suite.opts.Diff {
		return strings.Join(diffLines(expected, got), "\n")
	}
	var lines []string
	list := func(title string, of []string) {
		lines = append(lines, title)
		if len(of) == 0 {
			of = []string{"nothing"}
		}
		for _, l := range of {
			lines = append(lines, "  "+l)
		}
	}
	list("expected:", expected)
	list("got:", got)
	return strings.Join(lines, "\n")
}

// maxCompared bounds the lines that are compared with each other, which takes
// their number squared.
const maxCompared = 2000

// diffLines are the lines of both, those of one alone marked with - or +, along
// a longest common subsequence.
func diffLines(a, b []string) []string {
	var lines []string
	if len(a) > maxCompared || len(b) > maxCompared {
		a, b = a[:min(len(a), maxCompared)], b[:min(len(b), maxCompared)]
		lines = append(lines, fmt.Sprintf("(the first %d lines)", maxCompared))
	}
	// common[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
	common := make([][]int32, len(a)+1)
	for i := range common {
		common[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			lines = append(lines, "  "+a[i])
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			lines = append(lines, "- "+a[i])
			i++
		default:
			lines = append(lines, "+ "+b[j])
			j++
		}
	}
	return lines
}

// maxShown is how much of an expression a message shows, in characters.
const maxShown = 80

// shorten makes one short line of a text.
func shorten(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxShown {
		return string(runes[:maxShown]) + "…"
	}
	return text
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func countOf(n int) string {
	if n == 0 {
		return "no"
	}
	return strconv.Itoa(n)
}

// gotOf is countOf where no noun follows.
func gotOf(n int) string {
	if n == 0 {
		return "none"
	}
	return strconv.Itoa(n)
}

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
