package alerts

import (
	"embed"

	"slowburn/internal/spec"
)

// Sources are the files that declare spec types; their comments document the JSON Schema.
//
//go:embed document.go receiver*.go threshold.go kind*.go
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
	// Receivers are whom alerts are sent to.
	Receivers []ReceiverSpec `json:"receivers" jsonschema:"required"`
	// Routes are tried in order; the first that matches decides, unless it continues.
	Routes []RouteSpec `json:"routes,omitempty"`
	// Default is the receiver of what no route matches.
	Default spec.Name `json:"default" jsonschema:"required"`
	// Inhibit mutes alerts while others fire.
	Inhibit []InhibitSpec `json:"inhibit,omitempty"`
	// GroupBy are the labels by which alerts join into one notification. Default: service and slo.
	GroupBy []spec.Ident `json:"groupBy,omitempty"`
}

// RouteSpec takes alerts that match to a receiver.
type RouteSpec struct {
	spec.Node
	// Match are labels with the value that an alert must have, or a list of values; without any, every alert matches.
	Match spec.Choices `json:"match,omitempty"`
	// To is the receiver.
	To spec.Name `json:"to" jsonschema:"required"`
	// Continue goes on with the next route although this one matched.
	Continue bool `json:"continue,omitempty"`
}

// InhibitSpec mutes some alerts while others fire.
type InhibitSpec struct {
	spec.Node
	// When are the labels of alerts that mute.
	When spec.Choices `json:"when" jsonschema:"required"`
	// Mute are the labels of alerts that are muted.
	Mute spec.Choices `json:"mute" jsonschema:"required"`
	// Same are labels that both must have in common.
	Same []spec.Ident `json:"same,omitempty"`
}
