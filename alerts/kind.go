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
}

// Words are what a condition means.
type Words struct {
	Condition string // such as "no series of up is 1"
	Member    string // a template that names the member that fires, or ""
	Value     string // a template for a sentence about the value, or ""
}

// Timing is what decides how long something must last to be noticed.
type Timing struct{ For, Scrape, Evaluation time.Duration }

// Noticed is a time after which an alert has fired for certain, if its
// condition holds all the while.
func (t Timing) Noticed() time.Duration {
	return (t.For + 2*(t.Scrape+t.Evaluation)).Truncate(time.Minute) + 5*time.Minute
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

func kindKey(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key
}
