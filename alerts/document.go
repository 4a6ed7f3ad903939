package alerts

import (
	"embed"

	"slowburn/internal/spec"
)

// Sources are the files that declare spec types; their comments document the JSON Schema.
//
//go:embed document.go receiver*.go secret.go target.go grouping.go interval.go watchdog.go component.go autoscaler.go threshold.go kind*.go
var Sources embed.FS

// RoutingSpec says who is told of which alert: an Alertmanager configuration.
type RoutingSpec struct {
	spec.Node
	// Name of the routing.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Labels are the vocabulary: labels that every alert must carry, with the values that exist.
	Labels spec.Choices `json:"labels,omitempty"`
	// OtherLabels are labels that routes and inhibitions may name although no alert made here has them: those of alerts
	// from elsewhere, or that Prometheus adds (external_labels).
	OtherLabels []spec.Ident `json:"otherLabels,omitempty"`
	// Pages are the labels of alerts that wake somebody. Such an alert must not fall through to the default, nor be
	// muted by one that wakes nobody.
	Pages spec.Choices `json:"pages,omitempty"`
	// Receivers are whom alerts are sent to.
	Receivers []ReceiverSpec `json:"receivers" jsonschema:"required"`
	// Teams have receivers of their own; TeamLabel says which team an alert belongs to.
	Teams []TeamSpec `json:"teams,omitempty"`
	// TeamLabel is the label of the vocabulary that names an alert's team.
	TeamLabel spec.Ident `json:"teamLabel,omitempty"`
	// Mail says how mail is sent.
	Mail *Mail `json:"mail,omitempty"`
	// Intervals are parts of the week or the year that routes refer to by name.
	Intervals []IntervalSpec `json:"intervals,omitempty"`
	// Routes are tried in order; the first that matches decides, unless it continues.
	Routes []RouteSpec `json:"routes,omitempty"`
	// Default is the receiver of what no route matches.
	Default Fallback `json:"default" jsonschema:"required"`
	// Watchdog is an alert that always fires and goes to somebody outside, who notices when it stops.
	Watchdog *WatchdogSpec `json:"watchdog,omitempty"`
	// Inhibit mutes alerts while others fire.
	Inhibit []InhibitSpec `json:"inhibit,omitempty"`
	GroupingSpec
}

// RouteSpec takes alerts that match to receivers.
type RouteSpec struct {
	spec.Node
	// Match are labels with the value that an alert must have, or a list of values; without any, every alert matches.
	Match spec.Choices `json:"match,omitempty"`
	// To is the receiver, or a list of them; team/NAME is the receiver NAME of the alert's team.
	To Targets `json:"to" jsonschema:"required"`
	// Continue goes on with the next route although this one matched.
	Continue bool `json:"continue,omitempty"`
	// Active are the intervals in which the route tells anybody. Default: always.
	Active []spec.Name `json:"active,omitempty"`
	// Mute are the intervals in which the route tells nobody. Default: none.
	Mute []spec.Name `json:"mute,omitempty"`
	GroupingSpec
}

// InhibitSpec mutes some alerts while others fire.
type InhibitSpec struct {
	spec.Node
	// When are the labels of alerts that mute.
	When spec.Choices `json:"when" jsonschema:"required"`
	// Mute are the labels of alerts that are muted.
	Mute spec.Choices `json:"mute" jsonschema:"required"`
	// Same are labels that both must have, with one value. An alert without one of them mutes nothing.
	Same []spec.Ident `json:"same,omitempty"`
}
