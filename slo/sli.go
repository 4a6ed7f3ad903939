package slo

import (
	"reflect"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// SLISpec is the indicator of an SLO: exactly one of the kinds. This is the
// list of them; each has a file of its own.
type SLISpec struct {
	// Availability counts requests, or other events, and those that failed.
	Availability *Availability `json:"availability,omitempty" jsonschema:"oneof_required=availability"`
	// Latency counts requests in a histogram, and those that were slower than a limit.
	Latency *Latency `json:"latency,omitempty" jsonschema:"oneof_required=latency"`
	// NativeLatency counts requests in a native histogram, and those that were slower than a limit.
	NativeLatency *NativeLatency `json:"nativeLatency,omitempty" jsonschema:"oneof_required=nativeLatency"`
	// TimeSlice counts slices of time, and those in which a value was not good.
	TimeSlice *TimeSlice `json:"timeSlice,omitempty" jsonschema:"oneof_required=timeSlice"`
	// Probe counts probes, of a blackbox exporter or Prometheus' own, and those that failed.
	Probe *Probe `json:"probe,omitempty" jsonschema:"oneof_required=probe"`
	// ErrorRatio is an expression of your own, where no other kind fits.
	ErrorRatio *RawRatio `json:"errorRatio,omitempty" jsonschema:"oneof_required=errorRatio"`
	// HitRatio counts lookups in a cache, and those that it could not answer.
	HitRatio *HitRatio `json:"hitRatio,omitempty" jsonschema:"oneof_required=hitRatio"`
}

// SLI is what a kind of indicator provides.
type SLI interface {
	// resolve checks the spec against the service, its catalogue above all, and
	// prepares the rest. It returns false if a finding makes the indicator unusable.
	// Everything that is computed keeps the labels of per.
	resolve(s *Service, per []string, r *diag.Report) bool
	// ErrorRatio is the share of bad events among all in a window, weighted by
	// traffic. It has no sample where there were no events.
	ErrorRatio(window time.Duration) expr.Expr
	// Errors is the number of bad events in a window, or nil where only their share is known.
	Errors(window time.Duration) expr.Expr
	// Inputs must each have series for the indicator to mean anything.
	Inputs() []Input
	// Streams are the series that events increment, for synthetic ones.
	Streams() []Stream
	// Slice is the time that counts as one event, of all series or of each, where
	// events are times; 0 where they happen by themselves.
	Slice() time.Duration
	// Events names in words what is counted: "http_requests_total{…}".
	Events() string
}

// Counted is an indicator whose events are counted by counters.
type Counted interface {
	SLI
	// AllEvents is the number of events, as some way of counting gives it for a counter.
	AllEvents(count Counting) expr.Expr
	// BadEvents is that of bad ones among a total; zero where they have no series.
	BadEvents(count Counting, total expr.Expr) expr.Expr
}

// happening is an indicator whose events lie in a window: what is not looked at
// in time is counted by nothing.
type happening interface {
	SLI
	// eventsIn is their number, badIn that of bad ones; nothing where there are none.
	eventsIn(window time.Duration) expr.Expr
	badIn(window time.Duration) expr.Expr
}

// Input are selectors of which one must select something.
type Input []expr.Selector

// Any is an expression of each selector, joined by or.
func (in Input) Any(of func(expr.Selector) expr.Expr) expr.Expr {
	any := of(in[0])
	for _, s := range in[1:] {
		any = expr.Or(any, of(s))
	}
	return any
}

// Expr is what the selectors select.
func (in Input) Expr() expr.Expr {
	return in.Any(func(s expr.Selector) expr.Expr { return s })
}

// Counting is the number of events that the series of a counter count, all
// together, in some time.
type Counting func(expr.Selector) expr.Expr

// Stream describes series of one metric by what an event adds to them.
type Stream struct {
	Metric string
	// Match holds for every series of the stream, NoMatch, unless empty, not all at once.
	Match, NoMatch []*labels.Matcher
	// PerGood and PerBad are what a good and a bad event add, spread over the stream's series.
	PerGood, PerBad float64
	// Le is the bucket's bound in a classic histogram's stream, or "".
	Le string
	// Native is set where the series are native histograms.
	Native *Native
	// Gauge is set where events add nothing, but are times in which the series have a value.
	Gauge *Gauge
}

// Native is what a good and a bad event put into a native histogram.
type Native struct{ Good, Bad float64 }

// NativeSchema is the resolution of synthetic histograms: bounds of buckets are
// powers of 2^(2^-3), so that each is 9 % wide.
const NativeSchema = 3

// Gauge is what series show in times that are good and in times that are bad.
// In a time that is no event they show NaN.
type Gauge struct {
	Good, Bad float64 // just so
	Ease      float64 // what all but one of the series show, far from bad
	// Each means that a time counts once for every series, and all of them are bad
	// in a bad one; otherwise one of them is.
	Each bool
}

// OnlyErrors tells whether the stream counts bad events and nothing else.
func (s Stream) OnlyErrors() bool { return s.PerGood == 0 && s.PerBad > 0 }

// chosen returns the indicators that a spec sets, with their keys.
func (s *SLISpec) chosen() (slis []SLI, keys []string) {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		if !v.Field(i).IsNil() {
			slis = append(slis, v.Field(i).Interface().(SLI))
			keys = append(keys, sliKey(v.Type().Field(i)))
		}
	}
	return slis, keys
}

// sliKeys are the keys of all kinds.
func sliKeys() []string {
	var keys []string
	for f := range reflect.TypeFor[SLISpec]().Fields() {
		keys = append(keys, sliKey(f))
	}
	return keys
}

// NamedLists are the lists of a service that overlays patch by name.
func NamedLists() []spec.NamedList {
	return []spec.NamedList{
		{Key: "slos", Item: "SLO", Defining: sliKeys()},
		{Key: "burn", Item: "tier", Defining: []string{"windows"}},
	}
}

func sliKey(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key
}
