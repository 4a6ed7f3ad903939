// Package amconfig reads Alertmanager configurations, anybody's, into routes,
// inhibitions and intervals that know their place. What is valid is decided by
// Alertmanager's own loader; this package finds where its complaint belongs, and
// follows alerts through the tree as Alertmanager's dispatcher does.
package amconfig

import (
	"time"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/pkg/labels"
	"github.com/prometheus/alertmanager/timeinterval"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Config is a configuration that Alertmanager loads.
type Config struct {
	Source    *diag.Source
	Value     *spec.Value
	Loaded    *config.Config // as Alertmanager has it, defaults filled in
	Root      *Route
	Receivers []*Receiver
	Inhibit   []*Inhibition
	Intervals []*Interval
	// Resource tells that it is made of an AlertmanagerConfig: Value is in the words
	// of Alertmanager's configuration, and templates are somewhere else.
	Resource bool
	// Kept tells that a Secret or a ConfigMap holds it: templates are somewhere else.
	Kept bool
	// Document is a resource's spec as it is written.
	Document *spec.Value
	// Namespace is a resource's, or "" where whoever applies it says it.
	Namespace string
}

// Route is a node of the routing tree. Receiver, grouping and timings are those
// that hold, inherited ones among them; matchers and intervals are its own.
type Route struct {
	Receiver     string
	Matchers     labels.Matchers
	Continue     bool
	GroupBy      []string // nil for all labels where GroupByAll is set
	GroupByAll   bool
	Wait         time.Duration
	Interval     time.Duration
	Repeat       time.Duration
	Active, Mute []string
	Routes       []*Route
	Parent       *Route // nil at the root
	Value        *spec.Value
}

// Receiver is whom a route tells.
type Receiver struct {
	Name         string
	Integrations []Integration
	Value        *spec.Value
}

// Integration is one way in which a receiver is told.
type Integration struct {
	Kind   string // slack_configs
	Config any    // upstream's struct
	Value  *spec.Value
}

// SendsResolved tells whether the receiver is told that an alert is over. Of an
// AlertmanagerConfig it is known only where it says so.
func (in Integration) SendsResolved() bool {
	if says := in.Value.Get("sendResolved"); in.Config == nil {
		return says != nil && says.Text == "true"
	}
	sends, ok := in.Config.(interface{ SendResolved() bool })
	return !ok || sends.SendResolved()
}

// Inhibition mutes targets while a source fires and they agree on Equal.
type Inhibition struct {
	Source, Target labels.Matchers
	Equal          []string
	Value          *spec.Value
}

// Interval is a part of the week or the year by name.
type Interval struct {
	Name  string
	Times []timeinterval.TimeInterval
	Value *spec.Value
}

// Is tells whether a document is an Alertmanager configuration, or was meant to be.
func Is(doc *spec.Value) bool {
	if doc.Kind != spec.Map || doc.Get("apiVersion") != nil || doc.Get("groups") != nil {
		return false
	}
	route, receivers := doc.Get("route"), doc.Get("receivers")
	return route != nil && route.Kind == spec.Map || receivers != nil && receivers.Kind == spec.List
}

// Routes are all nodes of the tree, each before its children.
func (c *Config) Routes() []*Route {
	var all []*Route
	var visit func(*Route)
	visit = func(route *Route) {
		all = append(all, route)
		for _, child := range route.Routes {
			visit(child)
		}
	}
	visit(c.Root)
	return all
}

// Receiver is the receiver of a name, or nil.
func (c *Config) Receiver(name string) *Receiver {
	for _, r := range c.Receivers {
		if r.Name == name {
			return r
		}
	}
	return nil
}

// Pos is where the value of a key begins, or where the node does.
func Pos(v *spec.Value, key string) diag.Pos {
	if at := v.Get(key); at != nil {
		return at.Pos
	}
	return v.Pos
}
