package generators

import (
	"bytes"
	"cmp"
	"fmt"
	"strconv"
	"time"

	"slowburn/alerts"
	"slowburn/internal/diag"
)

type scaledObject struct {
	APIVersion string           `yaml:"apiVersion"`
	Kind       string           `yaml:"kind"`
	Metadata   metadata         `yaml:"metadata"`
	Spec       scaledObjectSpec `yaml:"spec"`
}

type scaledObjectSpec struct {
	Target   scaleTarget     `yaml:"scaleTargetRef"`
	Min      *int            `yaml:"minReplicaCount,omitempty"`
	Max      *int            `yaml:"maxReplicaCount,omitempty"`
	Polling  int             `yaml:"pollingInterval,omitempty"`
	Cooldown int             `yaml:"cooldownPeriod,omitempty"`
	Triggers []scaledTrigger `yaml:"triggers"`
}

type scaleTarget struct {
	Name string `yaml:"name"`
}

type scaledTrigger struct {
	Type       string          `yaml:"type"`
	Name       string          `yaml:"name"`
	MetricType string          `yaml:"metricType,omitempty"`
	Metadata   triggerMetadata `yaml:"metadata"`
}

type triggerMetadata struct {
	Server    string `yaml:"serverAddress"`
	Query     string `yaml:"query"`
	Threshold quoted `yaml:"threshold"`
}

// ScaledObjects prints the autoscalers of a service as KEDA's resources; those
// that are documents stand apart from what is applied. One that is put where the
// rules are, and perhaps not what it scales, is reported.
func ScaledObjects(s *alerts.Service, k KubernetesSpec, r *diag.Report) []Artifact {
	var artifacts []Artifact
	for _, a := range s.Autoscalers {
		switch {
		case len(a.Triggers) == 0: // which is an error that was told
		case a.Document:
			artifacts = append(artifacts, scaled(s, a, k, "keda/", nil))
		case k.Enabled == nil || *k.Enabled:
			if a.Namespace == "" && k.Namespace.Text != "" {
				r.Add(UnreachedNamespace, a.Pos, "write namespace: that of "+a.Target, "a ScaledObject in namespace %s scales only what is there", k.Namespace.Text)
			}
			artifacts = append(artifacts, scaled(s, a, k, "kubernetes/", chartOf(a)))
		}
	}
	return artifacts
}

func scaled(s *alerts.Service, a alerts.Autoscaler, k KubernetesSpec, folder string, of *resource) Artifact {
	whole := scaledObject{
		APIVersion: "keda.sh/v1alpha1", Kind: "ScaledObject",
		Metadata: metadata{Name: a.Name, Namespace: cmp.Or(a.Namespace, k.Namespace.Text), Labels: k.Labels},
		Spec: scaledObjectSpec{
			Target: scaleTarget{a.Target}, Min: a.Min, Max: a.Max,
			Polling: int(a.Polling / time.Second), Cooldown: int(a.Cooldown / time.Second),
		},
	}
	made := Artifact{Path: folder + s.Name + "-" + a.Name + ".scaledobject.yaml", Pos: a.Pos, resource: of}
	for _, t := range a.Triggers {
		threshold := ""
		if t.Threshold.IsSet() {
			threshold = t.Threshold.String()
		}
		whole.Spec.Triggers = append(whole.Spec.Triggers, scaledTrigger{"prometheus", t.Signal.Name, t.MetricType, triggerMetadata{a.Server, t.Query(), quoted(threshold)}})
		made.Signals = append(made.Signals, t.Signal)
	}
	made.Bytes = printYAML(whole)
	if of != nil {
		of.kind, of.metadata = whole.Kind, whole.Metadata
	}
	return made
}

// chartOf is what a chart makes of an autoscaler: whom KEDA asks and what it
// scales depend on where it is installed.
func chartOf(a alerts.Autoscaler) *resource {
	return &resource{
		family: scaledObjectFamily,
		values: func(of *setting) {
			of.below.text("serverAddress", "The Prometheus that KEDA asks.", a.Server, "^(https?://.+)?$")
			targets := of.below.child("targets")
			targets.doc = "What is scaled, by the ScaledObject."
			targets.below.text(a.Name, "", a.Target, "^([a-z0-9]([-.a-z0-9]*[a-z0-9])?)?$")
		},
		cut: func(t *chartTemplate, rest []byte) {
			at := bytes.Index(rest, []byte("  triggers:\n"))
			t.filled(rest[:at], "scaleTargetRef", "name", fmt.Sprintf("(default %q (index .Values.metrics.scaledObject.targets %q))", a.Target, a.Name))
			t.filled(rest[at:], "triggers", "serverAddress", "(default "+strconv.Quote(a.Server)+" .Values.metrics.scaledObject.serverAddress)")
		},
	}
}
