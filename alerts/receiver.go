package alerts

import (
	"path"
	"reflect"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// ReceiverSpec is one receiver: a name, and each way in which it is told. This
// is the list of ways; each has a file of its own.
type ReceiverSpec struct {
	spec.Node
	// Name of the receiver.
	Name spec.Name `json:"name" jsonschema:"required"`
	// Slack posts to a channel.
	Slack *Slack `json:"slack,omitempty"`
	// PagerDuty opens an incident.
	PagerDuty *PagerDuty `json:"pagerduty,omitempty"`
}

// way is one way of telling a receiver.
type way interface {
	// check reports what is wrong with the spec.
	check(r *diag.Report)
	// config is the entry of Alertmanager's configuration and the key of the
	// list that it stands in (slack_configs).
	config() (key string, entry any)
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
	Name    string
	Configs []ReceiverConfig
}

// ReceiverConfig is an entry of Alertmanager's configuration under a key such as slack_configs.
type ReceiverConfig struct {
	Key   string
	Entry any // a struct with yaml tags
}

// notificationTitle is one line for a phone: what, how many, whether it is over.
const notificationTitle = `{{ if eq .Status "resolved" }}Resolved: {{ end }}{{ if .CommonAnnotations.summary }}{{ .CommonAnnotations.summary }}{{ else }}{{ len .Alerts }} alerts: {{ .GroupLabels.SortedPairs.Values | join " " }}{{ end }}`

// checkSecretFile reports a path that Alertmanager could not read a secret from.
func checkSecretFile(file spec.Text, r *diag.Report) {
	switch {
	case file.Text == "":
	case strings.Contains(file.Text, "://"):
		r.Add(InlineSecret, file.Pos(), "put the address into a file that Alertmanager can read, and name the file here", "an address stands where the name of a file belongs")
	case !path.IsAbs(file.Text) || path.Clean(file.Text) != file.Text:
		r.Add(spec.BadValue, file.Pos(), "write an absolute path", "%q depends on where Alertmanager is started", file.Text)
	}
}

// InlineSecret is a secret in a spec.
var InlineSecret = &diag.Kind{Name: "inline-secret", Severity: diag.Error, Doc: `A secret stands in a spec.

Specs are read by everyone who reads the repository. Secrets stay in files that only Alertmanager reads; a spec names the file.`}
