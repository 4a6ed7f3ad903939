package generators

import (
	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// ruleFile is a set of rule groups before it is printed: as a file that
// Prometheus loads, or inside a PrometheusRule.
type ruleFile struct {
	name    string      // of the file and of the resource
	Groups  []ruleGroup `yaml:"groups"`
	origins [][]Origin
}

type ruleGroup struct {
	Name     string `yaml:"name"`
	Interval string `yaml:"interval"`
	Rules    []rule `yaml:"rules"`
}

type rule struct {
	Record      string            `yaml:"record,omitempty"`
	Alert       string            `yaml:"alert,omitempty"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for,omitempty"`
	Labels      map[string]string `yaml:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty"`
}

// ruleFiles are the rule files of a service; one without rules is left out.
func ruleFiles(s *alerts.Service) []ruleFile {
	burn := ruleFile{name: s.ResourceName("burnrate")}
	absence := ruleFile{name: s.ResourceName("absence")}
	for _, o := range s.SLOs {
		// One group an SLO: an evaluation computes the ratios and then the alerts, in order and of one instant.
		burn.add(o.SLO, "burnrate", o.RecordingRules(), o.Burn)
		absence.add(o.SLO, "absence", nil, o.Absence)
	}
	var files []ruleFile
	for _, f := range []ruleFile{burn, absence} {
		if len(f.Groups) > 0 {
			files = append(files, f)
		}
	}
	return files
}

func (f *ruleFile) add(o *slo.SLO, purpose string, records []slo.RecordingRule, fires []alerts.Alert) {
	g := ruleGroup{Name: o.GroupName(purpose), Interval: spec.PrometheusDuration(o.Service.EvaluationInterval)}
	var origins []Origin
	for _, r := range records {
		g.Rules = append(g.Rules, rule{Record: r.Record, Expr: expr.String(r.Expr), Labels: labelMap(r.Labels)})
		origins = append(origins, Origin{Pos: o.Pos})
	}
	for _, a := range fires {
		g.Rules = append(g.Rules, alertRule(a))
		origins = append(origins, Origin{a.Pos, a.Labels})
	}
	if len(g.Rules) > 0 {
		f.Groups = append(f.Groups, g)
		f.origins = append(f.origins, origins)
	}
}

func alertRule(a alerts.Alert) rule {
	r := rule{Alert: a.Name, Expr: expr.String(a.Expr), Labels: labelMap(a.Labels), Annotations: map[string]string{}}
	if a.For > 0 {
		r.For = spec.PrometheusDuration(a.For)
	}
	for _, n := range a.Annotations {
		r.Annotations[n.Name] = n.Text
	}
	return r
}

// path of the file as Prometheus loads it.
func (f ruleFile) path() string { return "prometheus/" + f.name + ".rules.yaml" }

// Rules prints a service's rules as files that any Prometheus loads.
func Rules(s *alerts.Service) []Artifact {
	var artifacts []Artifact
	for _, f := range ruleFiles(s) {
		artifacts = append(artifacts, Artifact{Path: f.path(), Bytes: printYAML(f), Pos: f.origins[0][0].Pos, Origins: f.origins})
	}
	return artifacts
}
