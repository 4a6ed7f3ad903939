package simulate

import (
	"math"

	"github.com/prometheus/prometheus/model/histogram"

	"slowburn/slo"
)

// makeHistograms makes native histograms of two columns, the numbers of good
// and of bad events.
func (m *made) makeHistograms(of slo.Native) {
	m.print = func(counts []float64) string { return nativeHistogram(of, counts).TestExpression() }
	m.histograms = make([]*histogram.FloatHistogram, len(m.times))
	for i := range m.times {
		if !isStale(m.columns[0][i]) {
			m.histograms[i] = nativeHistogram(of, []float64{m.columns[0][i], m.columns[1][i]})
		}
	}
}

// nativeHistogram holds so many good and so many bad events.
func nativeHistogram(of slo.Native, counts []float64) *histogram.FloatHistogram {
	good, bad := bucketOf(of.Good), bucketOf(of.Bad)
	h := &histogram.FloatHistogram{
		Schema:        slo.NativeSchema,
		Count:         counts[0] + counts[1],
		Sum:           math.Round(counts[0]*of.Good + counts[1]*of.Bad), // whole, so that adding up is exact
		PositiveSpans: []histogram.Span{{Offset: good, Length: uint32(bad-good) + 1}},
	}
	h.PositiveBuckets = make([]float64, bad-good+1)
	h.PositiveBuckets[0], h.PositiveBuckets[bad-good] = counts[0], counts[1]
	return h
}

// bucketOf is the index of the bucket that a value falls into: bucket i ends at
// 2^(i·2^-schema), and holds that bound.
func bucketOf(v float64) int32 {
	return int32(math.Ceil(math.Log2(v) * (1 << slo.NativeSchema)))
}
