package main

import (
	"errors"
	"strconv"
	"strings"
)

// leastScore is the value of --min-score: 80, or 80%.
type leastScore float64

func (s *leastScore) String() string { return strconv.FormatFloat(float64(*s), 'g', -1, 64) }

// Type is what help calls such a value.
func (*leastScore) Type() string { return "percent" }

// Set takes the value over from the command line.
func (s *leastScore) Set(text string) error {
	v, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !(v >= 0 && v <= 100) { // NaN is neither
		return errors.New("use a percentage between 0 and 100")
	}
	*s = leastScore(v)
	return nil
}
