package generators

import (
	"bytes"
	"slices"
	"sync"
	"time"

	"slowburn/alerts"
	"slowburn/internal/expr"
	"slowburn/internal/parallel"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// ruleFile is a set of rule groups before it is printed: as a file that
// Prometheus loads, or inside a PrometheusRule.
type ruleFile struct {
	name    string // of the file and of the resource
	purpose string
	owner   string      // the service, or the routing of a watchdog
	Groups  []ruleGroup `yaml:"groups"`
	origins [][]Origin
	text    []byte // as it is printed
	// body is what stands below the header, and further in below the spec of a PrometheusRule. It is nil where only the
	// encoder can print it.
	body []byte
}

type ruleGroup struct {
	Name     string `yaml:"name"`
	Interval string `yaml:"interval"`
	Rules    []rule `yaml:"rules"`
	slo      string // that it is about, if it is about one
}

type rule struct {
	Record      string            `yaml:"record,omitempty"`
	Alert       string            `yaml:"alert,omitempty"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for,omitempty"`
	KeepFiring  string            `yaml:"keep_firing_for,omitempty"`
	Labels      map[string]string `yaml:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty"`
	says        string            // the summary of an alert
}

// RuleFiles are the rule files of a service, composed and printed once for all
// formats that have them in it. One without rules is left out.
type RuleFiles struct {
	service *alerts.Service
	files   []ruleFile
}

// slosAtOnce is how many SLOs are composed and printed by one worker, while another one does others. Only the texts of all are
// ever there together.
const slosAtOnce = 32

// Compose composes the rule files of a service.
func Compose(s *alerts.Service) *RuleFiles {
	chunks := slices.Collect(slices.Chunk(s.SLOs, slosAtOnce))
	parts := make([][]ruleFile, len(chunks), len(chunks)+1)
	parallel.Each(len(chunks), func(i int) {
		parts[i] = ruleFiles(s, chunks[i])
		printAll(parts[i])
	})
	if f := thresholdFile(s); f != nil {
		thresholds := []ruleFile{*f}
		printAll(thresholds)
		parts = append(parts, thresholds)
	}
	files, ok := merged(parts)
	if !ok {
		files = ruleFiles(s, s.SLOs)
		if f := thresholdFile(s); f != nil {
			files = append(files, *f)
		}
		printAll(files)
	}
	return &RuleFiles{service: s, files: files}
}

func printAll(files []ruleFile) {
	p := rulePrinters.Get().(*rulePrinter)
	defer rulePrinters.Put(p)
	for i := range files {
		files[i].print(p)
	}
}

// rulePrinters keep their room for what is printed next.
var rulePrinters = sync.Pool{New: func() any { return new(rulePrinter) }}

// merged puts the parts of each file together. It cannot if only the encoder can print one of them, which has to see the whole.
func merged(parts [][]ruleFile) (files []ruleFile, ok bool) {
	at := map[string]int{}
	var bodies [][][]byte // of the groups of each file
	for _, part := range parts {
		for _, f := range part {
			if f.body == nil {
				return nil, false
			}
			i, known := at[f.purpose]
			if !known {
				i, at[f.purpose] = len(files), len(files)
				files, bodies = append(files, f), append(bodies, nil)
			} else {
				files[i].Groups, files[i].origins = append(files[i].Groups, f.Groups...), append(files[i].origins, f.origins...)
			}
			bodies[i] = append(bodies[i], f.body[len(groupsKey):])
		}
	}
	for i := range files {
		if len(bodies[i]) > 1 {
			files[i].text = bytes.Join(append([][]byte{[]byte(header + groupsKey)}, bodies[i]...), nil)
			files[i].body = files[i].text[len(header):]
		}
		bodies[i] = nil
	}
	return files, true
}

// print prints the file. Of rules that were printed only names and summaries are needed from then on.
func (f *ruleFile) print(p *rulePrinter) {
	f.text = p.file(*f)
	if f.text == nil {
		f.text = printYAML(f)
		return
	}
	f.body = f.text[len(header):]
	for _, g := range f.Groups {
		for i, r := range g.Rules {
			g.Rules[i] = rule{Record: r.Record, Alert: r.Alert, says: r.says}
		}
	}
}

// ruleFiles are the rules of some SLOs of a service.
func ruleFiles(s *alerts.Service, slos []alerts.SLOAlerts) []ruleFile {
	byPurpose := map[string]*ruleFile{}
	var purposes []string // in the order of the output
	add := func(o *slo.SLO, of groupOf, p *expr.Printer) {
		if byPurpose[of.purpose] == nil {
			byPurpose[of.purpose] = &ruleFile{name: s.ResourceName(of.purpose), purpose: of.purpose, owner: s.Name}
			purposes = append(purposes, of.purpose)
		}
		byPurpose[of.purpose].add(o, of, p)
	}
	printer := expr.NewPrinter() // the rules of an SLO have selectors in common
	for _, o := range slos {
		for _, set := range o.RuleSets() {
			g := groupOf{set.Purpose, set.Interval, set.Rules, nil}
			if set.Purpose == slo.BurnRate {
				// One evaluation computes the ratios and then the alerts, in order and of one instant.
				g.alerts = o.Burn
			}
			add(o.SLO, g, printer)
		}
		add(o.SLO, groupOf{"absence", s.EvaluationInterval, nil, o.Absence}, printer)
	}
	var files []ruleFile
	for _, purpose := range purposes {
		if f := byPurpose[purpose]; len(f.Groups) > 0 {
			files = append(files, *f)
		}
	}
	return files
}

// groupOf is what a group of an SLO is made of.
type groupOf struct {
	purpose  string
	interval time.Duration
	records  []slo.RecordingRule
	alerts   []alerts.Alert
}

func (f *ruleFile) add(o *slo.SLO, of groupOf, p *expr.Printer) {
	g := ruleGroup{Name: o.GroupName(of.purpose), Interval: spec.PrometheusDuration(of.interval), slo: o.Name}
	var origins []Origin
	for _, r := range of.records {
		g.Rules = append(g.Rules, rule{Record: r.Record, Expr: p.String(r.Expr), Labels: labelMap(r.Labels)})
		origins = append(origins, Origin{Pos: o.Pos})
	}
	for _, a := range of.alerts {
		g.Rules = append(g.Rules, alertRule(a, p))
		origins = append(origins, Origin{Pos: a.Pos, Labels: a.Labels, Threshold: o.ObjectivePos})
	}
	if len(g.Rules) > 0 {
		f.Groups = append(f.Groups, g)
		f.origins = append(f.origins, origins)
	}
}

func alertRule(a alerts.Alert, p *expr.Printer) rule {
	r := rule{Alert: a.Name, Expr: p.String(a.Expr), Labels: labelMap(a.Labels), Annotations: map[string]string{}}
	if a.For > 0 {
		r.For = spec.PrometheusDuration(a.For)
	}
	if a.KeepFiringFor > 0 {
		r.KeepFiring = spec.PrometheusDuration(a.KeepFiringFor)
	}
	for _, n := range a.Annotations {
		r.Annotations[n.Name] = n.Text
	}
	r.says = r.Annotations["summary"]
	return r
}

// path of the file as Prometheus loads it.
func (f ruleFile) path() string { return "prometheus/" + f.name + ".rules.yaml" }

// artifact is the file as Prometheus loads it.
func (f ruleFile) artifact() Artifact {
	return Artifact{Path: f.path(), Bytes: f.text, Pos: f.origins[0][0].Pos, Origins: f.origins}
}

// Rules are a service's rules as files that any Prometheus loads.
func (r *RuleFiles) Rules() []Artifact {
	var artifacts []Artifact
	for _, f := range r.files {
		artifacts = append(artifacts, f.artifact())
	}
	return artifacts
}
