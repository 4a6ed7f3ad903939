package alerts

import (
	"reflect"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// ReceiverSpec is one receiver: a name, and each way in which it is told.
type ReceiverSpec struct {
	// This is the list of ways; each has a file of its own.
	spec.Node
	// Name of the receiver.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Resolved tells whether the receiver is told that an alert is over. Default: true; false for a watchdog's.
	Resolved *bool `json:"resolved,omitempty"`
	// Slack posts to a channel.
	Slack *Slack `json:"slack,omitempty"`
	// PagerDuty opens an incident.
	PagerDuty *PagerDuty `json:"pagerduty,omitempty"`
	// Opsgenie opens an alert.
	Opsgenie *Opsgenie `json:"opsgenie,omitempty"`
	// Email sends a mail.
	Email *Email `json:"email,omitempty"`
	// MSTeams posts to a channel of Microsoft Teams.
	MSTeams *MSTeams `json:"msteams,omitempty"`
	// Webhook posts JSON to an address.
	Webhook *Webhook `json:"webhook,omitempty"`
}

// way is one way of telling a receiver.
type way interface {
	// check reports what is wrong with the spec.
	check(in setting, r *diag.Report)
	// config is the entry of Alertmanager's configuration and the key of the
	// list that it stands in (slack_configs).
	config(in setting) (key string, entry any)
	// resource is the same for an AlertmanagerConfig (slackConfigs).
	resource(in setting) (key string, entry any)
	// secrets are all that the way needs.
	secrets(in setting) []secret
	// target says in a word or two where it goes (#oncall).
	target() string
}

// setting is what a way of telling gets from around it.
type setting struct {
	resolved bool  // tell that an alert is over
	mail     *Mail // how mail is sent, or nil
}

// ways are those that a receiver has, in the order of the list above.
func (s *ReceiverSpec) ways() []way {
	var ways []way
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		if w, ok := v.Field(i).Interface().(way); ok && !v.Field(i).IsNil() {
			ways = append(ways, w)
		}
	}
	return ways
}

// Receiver is a resolved receiver.
type Receiver struct {
	Name string
	Ways []Way
	Pos  diag.Pos
}

// Way is one way in which a receiver is told: an entry of Alertmanager's
// configuration, and of an AlertmanagerConfig, below the key of its list.
type Way struct {
	Kind     string // slack
	Target   string // where it goes, for people: #oncall
	Config   Entry
	Resource Entry
	// Unreferenced is where the spec names a file only, so that an
	// AlertmanagerConfig, which refers to Kubernetes secrets, cannot be made.
	Unreferenced []diag.Pos
	// Files are the names of those files.
	Files []spec.Text
}

// Entry is a struct with yaml tags, and the key of the list that it belongs to.
type Entry struct {
	Key   string
	Value any
}

// resolve makes a receiver of its spec.
func (s *ReceiverSpec) resolve(name string, in setting, r *diag.Report) Receiver {
	receiver := Receiver{Name: name, Pos: s.Pos()}
	if s.Resolved != nil {
		in.resolved = *s.Resolved
	}
	for _, w := range s.ways() {
		w.check(in, r)
		made := Way{Kind: kindOf(w), Target: w.target()}
		made.Config.Key, made.Config.Value = w.config(in)
		made.Resource.Key, made.Resource.Value = w.resource(in)
		for _, secret := range w.secrets(in) {
			secret.check(r)
			if secret.ref == nil {
				made.Unreferenced = append(made.Unreferenced, secret.of.Pos())
				made.Files = append(made.Files, secret.file)
			}
		}
		receiver.Ways = append(receiver.Ways, made)
	}
	if len(receiver.Ways) == 0 {
		r.Add(spec.MissingKey, s.Pos(), "add one of "+strings.Join(wayKeys(), ", "), "receiver %q tells nobody", name)
	}
	return receiver
}

// kindOf is the key that a way has in the spec.
func kindOf(w way) string {
	t := reflect.TypeFor[ReceiverSpec]()
	for i := range t.NumField() {
		if t.Field(i).Type == reflect.TypeOf(w) {
			return jsonName(t.Field(i))
		}
	}
	return ""
}

// wayKeys are the keys of all ways.
func wayKeys() []string {
	var keys []string
	t := reflect.TypeFor[ReceiverSpec]()
	for i := range t.NumField() {
		if t.Field(i).Type.Implements(reflect.TypeFor[way]()) {
			keys = append(keys, jsonName(t.Field(i)))
		}
	}
	return keys
}

// jsonName is the key of a field in the spec.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
