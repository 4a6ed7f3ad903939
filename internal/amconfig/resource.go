package amconfig

import (
	"encoding/json"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// InvalidResource is an AlertmanagerConfig that the operator refuses.
var InvalidResource = &diag.Kind{Name: "invalid-alertmanagerconfig", Severity: diag.Error, Doc: `The Prometheus operator refuses an AlertmanagerConfig.

It leaves out a whole resource that has one mistake: its alerts are told to nobody. Names, matchers, durations and intervals are
those of Alertmanager, whose own code judges them; of routes below the first, which Kubernetes takes whatever is in them, the keys
are looked at, too, and of receivers what the operator's admission webhook wants. What Kubernetes itself refuses is found by
refused-resource.`}

const resourceKind = "AlertmanagerConfig"

// Resources are the AlertmanagerConfigs of a document: itself, or those of a list.
func Resources(doc *spec.Value) []*spec.Value {
	switch kind := doc.Get("kind"); {
	case kind == nil:
		return nil
	case kind.Text == resourceKind:
		return []*spec.Value{doc}
	}
	var all []*spec.Value
	for _, item := range items(doc.Get("items")) {
		if kind := item.Get("kind"); kind != nil && kind.Text == resourceKind {
			all = append(all, item)
		}
	}
	return all
}

// ReadResource reads one of Resources: as the part of a configuration that the
// operator makes of it, for alerts of its namespace. It is nil where that is
// refused, or where there are no routes.
func ReadResource(src *diag.Source, doc *spec.Value, r *diag.Report) *Config {
	body := doc.Get("spec")
	spec.Conceal(body)
	concealInline(body)
	route := body.Get("route")
	if route == nil || route.Kind != spec.Map {
		return nil
	}
	if route.Get("receiver") == nil {
		r.Add(InvalidResource, route.Pos, "name one under receiver:", "the first route has no receiver")
		return nil
	}
	before := r.Len()
	for _, child := range items(route.Get("routes")) {
		reportUnknownKeys(child, r)
	}
	reportIntegrations(body, r)
	translated := translateResource(body)
	text, err := json.Marshal(plain(translated))
	if err != nil {
		return nil // a number that JSON does not have: Kubernetes refuses it
	}
	loaded, err := load(string(text))
	if err != nil {
		var found diag.Report
		explain(translated, string(text), err, &found)
		for _, f := range found.Findings() {
			r.Add(InvalidResource, f.Pos, f.Help, "%s", f.Message)
		}
	}
	if r.Len() > before {
		return nil
	}
	c := &Config{Source: src, Value: translated, Document: body, Loaded: loaded, Resource: true}
	if namespace := doc.Get("metadata").Get("namespace"); namespace != nil {
		c.Namespace = namespace.Text
	}
	c.fill(loaded.Route.Routes[0], translated.Get("route").Get("routes").Items()[0])
	for i, receiver := range items(body.Get("receivers")) {
		c.Receivers[i].Integrations = resourceIntegrations(receiver)
	}
	return c
}

// reportUnknownKeys reports keys of a route, and of those below it, that the
// operator does not know.
func reportUnknownKeys(route *spec.Value, r *diag.Report) {
	known := sortedKeys(routeKeys())
	for _, f := range route.Fields() {
		if !slices.Contains(known, f.Key.Text) {
			r.Add(InvalidResource, f.Key.Pos, spec.Suggest(f.Key.Text, known), "there is no key %q here", f.Key.Text)
		}
	}
	for _, child := range items(route.Get("routes")) {
		reportUnknownKeys(child, r)
	}
}

// resourceIntegrations are the lists of a receiver's ways to tell somebody.
func resourceIntegrations(receiver *spec.Value) []Integration {
	var all []Integration
	for _, f := range receiver.Fields() {
		if !strings.HasSuffix(f.Key.Text, "Configs") {
			continue
		}
		for _, item := range f.Value.Items() {
			all = append(all, Integration{Kind: f.Key.Text, Value: item})
		}
	}
	return all
}

// references are the keys of a resource that refer to a secret, where people
// write the secret itself.
var references = []string{
	"accessKey", "apiKey", "apiSecret", "apiURL", "authPassword", "authSecret", "bearerTokenSecret", "botToken", "clientSecret",
	"credentials", "password", "routingKey", "secretKey", "serviceKey", "token", "urlSecret", "userKey", "webhookURL", "webhookUrl",
}

// concealInline keeps what stands in place of a reference from being shown: an
// address of which the text does not tell that it is one, too.
func concealInline(v *spec.Value) {
	if v == nil {
		return
	}
	for _, item := range v.Items() {
		concealInline(item)
	}
	for _, f := range v.Fields() {
		if f.Value.Kind != spec.Map && slices.Contains(references, f.Key.Text) {
			concealAll(f.Value)
		}
		concealInline(f.Value)
	}
}
