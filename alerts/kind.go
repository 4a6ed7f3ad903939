package alerts

import (
	"reflect"
	"strings"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// KindSpec is the condition of a threshold alert: exactly one of the kinds.
// This is the list of them; each has a file of its own.
type KindSpec struct {
	// Down fires while something is down, not ready, or gone from discovery.
	Down *Down `json:"down,omitempty" jsonschema:"oneof_required=down"`
	// Lag fires while something is further behind than it may be.
	Lag *Lag `json:"lag,omitempty" jsonschema:"oneof_required=lag"`
	// Volume fires while a volume is almost full, or will be soon.
	Volume *Volume `json:"volume,omitempty" jsonschema:"oneof_required=volume"`
	// Expiry fires before something expires: a certificate, a licence.
	Expiry *Expiry `json:"expiry,omitempty" jsonschema:"oneof_required=expiry"`
	// ErrorShare fires while more than a share of events fail.
	ErrorShare *ErrorShare `json:"errorShare,omitempty" jsonschema:"oneof_required=errorShare"`
	// HitRate fires while a cache answers too few lookups.
	HitRate *HitRate `json:"hitRate,omitempty" jsonschema:"oneof_required=hitRate"`
	// LatencyQuantile fires while a quantile of a histogram's latency is above a limit.
	LatencyQuantile *LatencyQuantile `json:"latencyQuantile,omitempty" jsonschema:"oneof_required=latencyQuantile"`
	// SummaryQuantile fires while a quantile that a service computes itself is above a limit.
	SummaryQuantile *SummaryQuantile `json:"summaryQuantile,omitempty" jsonschema:"oneof_required=summaryQuantile"`
	// Heartbeat fires while something has not told for too long that it lives.
	Heartbeat *Heartbeat `json:"heartbeat,omitempty" jsonschema:"oneof_required=heartbeat"`
	// Stuck fires while something has been going on for too long.
	Stuck *Stuck `json:"stuck,omitempty" jsonschema:"oneof_required=stuck"`
	// Saturation fires while more than a share of what there is is used: connections of a pool, memory of a container.
	Saturation *Saturation `json:"saturation,omitempty" jsonschema:"oneof_required=saturation"`
	// Memory fires while less than a share of a machine's memory is available.
	Memory *Memory `json:"memory,omitempty" jsonschema:"oneof_required=memory"`
	// Above fires while a gauge is above a value.
	Above *Above `json:"above,omitempty" jsonschema:"oneof_required=above"`
	// Below fires while a gauge is below a value.
	Below *Below `json:"below,omitempty" jsonschema:"oneof_required=below"`
	// Increasing fires while a counter increases that should not.
	Increasing *Increasing `json:"increasing,omitempty" jsonschema:"oneof_required=increasing"`
	// Growing fires while a gauge grows steadily and does not recover: a queue, a backlog.
	Growing *Growing `json:"growing,omitempty" jsonschema:"oneof_required=growing"`
	// Outlier fires while one member has several times as much traffic as the others.
	Outlier *Outlier `json:"outlier,omitempty" jsonschema:"oneof_required=outlier"`
	// Expr is a PromQL expression that has a series for everything that is wrong: the way out where no other kind fits.
	Expr *Raw `json:"expr,omitempty" jsonschema:"oneof_required=expr"`
}

// Kind is what a kind of threshold alert provides.
type Kind interface {
	// resolve checks the spec against the catalogue and prepares the rest. It
	// returns false if a finding makes the alert unusable.
	resolve(s *slo.Service, r *diag.Report) bool
	// condition is the expression that has an element for everything that fires.
	condition() expr.Expr
	// words say what the condition means.
	words() Words
	// imitate says how a scenario makes the condition hold.
	imitate(t Timing) Imitation
}

// divided is a kind that makes several rules of one alert.
type divided interface {
	parts(component string) []part
}

// part is one rule of an alert.
type part struct {
	kind      Kind
	labels    spec.Labels // that tell it from the others
	component string
	member    string // what reports call it, or ""
	listed    string // the label whose value that is, or ""
	// group is the label whose value tells it from other members of the component, or "".
	group string
	// componentPos is where the part names its component, if it does so itself.
	componentPos diag.Pos
}

// Timing is what decides how long something must last to be noticed.
type Timing struct {
	For, Scrape, Evaluation time.Duration
	// Window is that of the counters that the alert reads: it sees for so long what has ended.
	Window time.Duration
}

// Noticed is a time after which an alert has fired for certain, if its
// condition holds all the while.
func (t Timing) Noticed() time.Duration {
	return (t.For + t.Window + 2*(t.Scrape+t.Evaluation)).Truncate(time.Minute) + 5*time.Minute
}

// tooShort is a time after which the alert has not fired for certain, or 0.
func (t Timing) tooShort() time.Duration {
	return max(0, t.For-t.Window-2*(t.Scrape+t.Evaluation))
}

// chosen returns the conditions that a spec sets, with their keys.
func (k *KindSpec) chosen() (kinds []Kind, keys []string) {
	v := reflect.ValueOf(k).Elem()
	for i := range v.NumField() {
		if !v.Field(i).IsNil() {
			kinds = append(kinds, v.Field(i).Interface().(Kind))
			keys = append(keys, kindKey(v.Type().Field(i)))
		}
	}
	return kinds, keys
}

// kindKeys are the keys of all kinds.
func kindKeys() []string {
	var keys []string
	for f := range reflect.TypeFor[KindSpec]().Fields() {
		keys = append(keys, kindKey(f))
	}
	return keys
}

// NamedList is the list of alerts, which overlays patch by name.
func NamedList() spec.NamedList {
	return spec.NamedList{Key: "alerts", Item: "alert", Defining: kindKeys()}
}

func kindKey(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key
}
