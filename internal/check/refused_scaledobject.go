package check

import (
	"fmt"
	"strconv"

	"slowburn/internal/crd"
	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// refuseScaledObject reports what KEDA refuses although the API server does not.
func refuseScaledObject(p *ResourcesPass, r *crd.Resource) {
	names := map[string]bool{}
	for _, item := range each(r.Value.Get("spec").Get("triggers")) {
		if name := item.Get("name"); name != nil && name.Text != "" {
			if names[name.Text] {
				p.Report(name.Pos, item.Pos, "rename one of them", "another trigger has the name %q", name.Text)
			}
			names[name.Text] = true
		}
		kind := item.Get("type")
		switch {
		case textOf(item, "type") == "prometheus":
			p.refuseTrigger(item)
		case kind != nil && spec.Nearest(kind.Text, []string{"prometheus"}) != "":
			p.Report(kind.Pos, item.Pos, `did you mean "prometheus"?`, "there is no trigger of type %q", kind.Text)
		}
	}
}

// refuseTrigger reports what KEDA cannot read of a trigger that asks Prometheus.
func (p *ResourcesPass) refuseTrigger(item *spec.Value) {
	metadata := item.Get("metadata")
	if metadata == nil || metadata.Kind != spec.Map {
		return // which the definition refuses
	}
	for _, key := range []string{"serverAddress", "query", "threshold"} {
		if metadata.Get(key) != nil || key == "serverAddress" && item.Get("authenticationRef") != nil { // it may be there
			continue
		}
		help := "add " + key + ":"
		for _, f := range metadata.Fields() {
			if spec.Nearest(f.Key.Text, []string{key}) != "" {
				help = fmt.Sprintf("write it in place of %q", f.Key.Text)
			}
		}
		p.Report(metadata.Pos, item.Pos, help, "a trigger of type prometheus lacks %s", key)
	}
	for _, key := range []string{"threshold", "activationThreshold"} {
		if v := metadata.Get(key); v != nil && v.Kind == spec.String {
			if _, err := strconv.ParseFloat(v.Text, 64); err != nil {
				p.Report(v.Pos, item.Pos, "write a number in quotes", "%s takes a number, and %q is none", key, v.Text)
			}
		}
	}
	if query := metadata.Get("query"); query != nil && query.Kind == spec.String {
		var r diag.Report
		expr.ParseAt(query, query.Text, 0, &r)
		for _, f := range r.Findings() {
			p.Report(f.Pos, item.Pos, f.Help, "%s", f.Message)
		}
	}
}

// refuseSharedTargets reports ScaledObjects of one workload: KEDA admits one.
func (p *ResourcesPass) refuseSharedTargets() {
	type workload struct{ namespace, kind, name string }
	first := map[workload]string{}
	for _, r := range p.Resources {
		target, metadata := r.Value.Get("spec").Get("scaleTargetRef"), r.Value.Get("metadata")
		if r.Kind != "ScaledObject" || textOf(target, "name") == "" {
			continue
		}
		of := workload{textOf(metadata, "namespace"), textOf(target, "kind"), textOf(target, "name")}
		if of.kind == "" {
			of.kind = "Deployment"
		}
		name, ok := first[of]
		if !ok {
			first[of] = textOf(metadata, "name")
			continue
		}
		if name != textOf(metadata, "name") { // the same one in two files is one
			p.about(target.Get("name").Pos, "let one have the triggers of both", "the ScaledObject %q scales %q already", name, of.name)
		}
	}
}
