package unittest

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/expr"
	"slowburn/internal/pattern"
)

// errTooMany says that series notation stands for more samples than the bound.
var errTooMany = errors.New("too many samples")

// repetition is how often the notation repeats a value: x10.
var repetition = pattern.New(`x[0-9]+`)

// parseSeries parses a series and its values with Prometheus' own parser, if
// they are at most that many values. That parser writes out every repetition,
// however large, before anybody can count.
func parseSeries(text string, most int) (labels.Labels, []parser.SequenceValue, error) {
	places := repetition().FindAllStringIndex(text, -1)
	if repeated(text, places) > most-min(len(text), most) { // every other value takes a byte
		values, err := countValues(text, places)
		if err != nil {
			return labels.EmptyLabels(), nil, err
		}
		if values > most {
			return labels.EmptyLabels(), nil, errTooMany
		}
	}
	lset, values, err := expr.Parser.ParseSeriesDesc(text)
	if err == nil && len(values) > most {
		err = errTooMany
	}
	return lset, values, err
}

// repeated is the sum of repetitions, or math.MaxInt where that is too large.
func repeated(text string, places [][]int) int {
	sum := 0
	for _, p := range places {
		n, err := strconv.Atoi(text[p[0]+1 : p[1]])
		if err != nil || n > math.MaxInt-sum-1 {
			return math.MaxInt
		}
		sum += n + 1 // 1x2 are three values
	}
	return sum
}

// countValues counts the values that text stands for without writing them out.
// What looks like a repetition may stand in a label. Whether it does, the parser
// knows: with 0 in place of all numbers, and then with 1, the values are more by
// as many as there are repetitions, and those are the last ones.
func countValues(text string, places [][]int) (int, error) {
	_, without, err := expr.Parser.ParseSeriesDesc(repeatAll(text, places, '0'))
	if err != nil {
		return 0, err
	}
	_, once, err := expr.Parser.ParseSeriesDesc(repeatAll(text, places, '1'))
	if err != nil {
		return 0, err
	}
	real := len(once) - len(without)
	if more := repeated(text, places[len(places)-real:]); more < math.MaxInt-len(without) {
		return len(without) + more - real, nil
	}
	return math.MaxInt, nil
}

// repeatAll is text with another number in every repetition, of the same width.
func repeatAll(text string, places [][]int, last byte) string {
	b := []byte(text)
	for _, p := range places {
		for i := p[0] + 1; i < p[1]; i++ {
			b[i] = '0'
		}
		b[p[1]-1] = last
	}
	return string(b)
}

// oneLine is series notation over several lines as one: what ends a line is a
// space, and a line that is a comment is blank. promtool takes an empty line for
// the end of all series, and drops the rest without a word.
func oneLine(text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	var b strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "#") && b.Len() > 0 {
			line = strings.Repeat(" ", len(line))
		}
		b.WriteString(strings.ReplaceAll(line, "\n", " "))
	}
	return b.String()
}
