package unittest

import (
	"errors"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/engine"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// written is a series that was read and its place.
type written struct {
	labels labels.Labels
	values []parser.SequenceValue
	points []point // in place of values, of a profile
	pos    diag.Pos
}

// loader fills a test's storage.
type loader struct {
	test   *test
	report *diag.Report
	left   int // samples until the bound
	until  time.Duration
	series []*written
	byHash map[uint64]int
}

// load reads all series of a test and, if none is wrong, adds them to a storage
// as far as the test can see them.
func (l *loader) load(storage *engine.Storage) {
	for _, s := range l.test.series {
		if s.profile != nil {
			l.readProfile(s)
			continue
		}
		l.read(s)
	}
	if l.report.HasErrors() {
		return
	}
	for _, s := range l.series {
		if err := l.fill(storage, s); err != nil {
			l.report.Add(SeriesSyntax, s.pos, "", "Prometheus does not store the series: %s", err)
		}
	}
}

// read parses a series. promtool parses both of its texts as one, and so does this.
func (l *loader) read(s inputSeries) {
	t := joined{{s.series, textOf(s.series) + " "}, {s.values, textOf(s.values)}}
	text := oneLine(t.text())
	lead := len(text) - len(strings.TrimLeft(text, " \t\r"))
	if strings.TrimSpace(text) == "" {
		l.report.Add(SeriesSyntax, s.item.Pos, "write series: and values:", "an input series without name and values")
		return
	}
	lset, values, err := parseSeries(strings.TrimSpace(text), l.left)
	if err != nil {
		l.reportSyntax(t, s.item.Pos, lead, err)
		return
	}
	l.left -= len(values)
	l.add(&written{labels: lset.WithoutEmpty(), values: values, pos: t.at(s.item.Pos, lead, lead)})
}

// reportSyntax reports each thing that is wrong with a series' notation.
func (l *loader) reportSyntax(t joined, item diag.Pos, lead int, err error) {
	if errors.Is(err, errTooMany) {
		at := item
		if v := t[len(t)-1].value; v != nil {
			at = v.Pos
		}
		l.report.Add(TooManySamples, at, "shorten it, or raise --max-samples", "the series are more than the %d samples that a test may still have", l.left)
		return
	}
	// What is open at the end of the name is found in the values otherwise.
	name := t[:1]
	if _, of := expr.Parser.ParseMetric(textOf(name[0].value)); of != nil && name[0].value != nil {
		reportParse(l.report, name, item, 0, "", of)
		return
	}
	reportParse(l.report, t, item, lead, "write values such as 1 2 3, 5x10 or 0+10x5, with spaces between them", err)
}

// reportParse reports parser errors at their place in texts that were parsed as one.
func reportParse(r *diag.Report, t joined, item diag.Pos, lead int, help string, err error) {
	var all parser.ParseErrors
	if !errors.As(err, &all) {
		r.Add(SeriesSyntax, t.at(item, lead, lead), help, "%s", err)
		return
	}
	for _, one := range all {
		r.Add(SeriesSyntax, t.at(item, int(one.PositionRange.Start)+lead, int(one.PositionRange.End)+lead), help, "%s", one.Err)
	}
}

// notUnique is what Prometheus' storage says of a series that has a label twice.
const notUnique = "label name %q is not unique"

// add keeps a series; a later one replaces an earlier one.
func (l *loader) add(s *written) {
	if twice, ok := s.labels.HasDuplicateLabelNames(); ok {
		l.report.Add(SeriesSyntax, s.pos, "", notUnique, twice)
		return
	}
	if s.labels.IsEmpty() {
		l.report.Add(SeriesSyntax, s.pos, "give it a name or a label", "a series needs a label")
		return
	}
	hash := s.labels.Hash()
	if i, ok := l.byHash[hash]; ok && labels.Equal(l.series[i].labels, s.labels) {
		l.report.Add(DuplicateSeries, s.pos, "merge the two, or remove one", "%s is given already in line %d, and that is dropped", s.labels, l.series[i].pos.Line)
		l.series[i] = s
		return
	}
	l.byHash[hash] = len(l.series)
	l.series = append(l.series, s)
}

// fill adds the samples of a series up to the moment until which the test sees them.
func (l *loader) fill(storage *engine.Storage, s *written) error {
	start, last, step := l.test.start.UnixMilli(), l.until.Milliseconds(), l.test.interval.Milliseconds()
	for _, p := range s.points {
		if p.at > last {
			break
		}
		if err := storage.Append(s.labels, start+p.at, p.value); err != nil {
			return err
		}
	}
	for i, at := 0, int64(0); i < len(s.values) && at <= last; i, at = i+1, at+step {
		v := s.values[i]
		switch {
		case v.Omitted:
		case v.Histogram != nil:
			if err := storage.AppendHistogram(s.labels, start+at, v.Histogram); err != nil {
				return err
			}
		default:
			if err := storage.Append(s.labels, start+at, v.Value); err != nil {
				return err
			}
		}
	}
	return nil
}

// joined are texts of a file that are parsed as one.
type joined []struct {
	value *spec.Value // nil if the file has none
	text  string
}

func (t joined) text() string {
	var b strings.Builder
	for _, part := range t {
		b.WriteString(part.text)
	}
	return b.String()
}

// at is the position of the bytes [start, end) of the whole, or otherwise where
// that stands in no file. It does not go beyond the end of what is written.
func (t joined) at(otherwise diag.Pos, start, end int) diag.Pos {
	for i, part := range t {
		if start < len(part.text) || i == len(t)-1 {
			if part.value == nil {
				return otherwise
			}
			text := textOf(part.value)
			last := len(strings.TrimRight(text, " \t\r\n"))
			return part.value.Sub(min(start, last), min(end, last))
		}
		start, end = start-len(part.text), end-len(part.text)
	}
	return otherwise
}

// textOf is a scalar as promtool reads it.
func textOf(v *spec.Value) string {
	if isNothing(v) {
		return ""
	}
	return v.Text
}
