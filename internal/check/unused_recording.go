package check

import (
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/dashfile"
	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
	"slowburn/internal/spec"
)

var unusedRecording = &Check{
	Kind: diag.Kind{Name: "unused-recording", Severity: diag.Warning, Doc: `A recorded series is read by no rule.

It costs evaluation and storage, and is often what a renamed rule left behind. People read recorded series too, and dashboards
that are not here, so the check is off until a configuration gives it a severity; its parameter readElsewhere lists
names, as regular expressions, that something else reads. A series counts as read where a rule of the files that are checked
together could select it, or a dashboard names it.`},
	Optional:      true,
	Configuration: "unused-recording: {severity: warning, readElsewhere: \"dashboard:.*\"}",
	Bad: `groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - record: job:up:count
        expr: count by (job) (up)
      - alert: AllDown
        expr: job:up:sum == 0
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up)
      - record: dashboard:up:count
        expr: count by (job) (up)
      - alert: AllDown
        expr: job:up:sum == 0
`,
	Parameters: func() any { return &unusedParameters{} },
	Run: func(p *Pass) {
		read, next := p.readings(), 0
		p.EachFile(func(f *rulefile.File) {
			for ; next < len(p.all) && p.all[next].file == f; next++ {
				r := p.all[next].rule
				if r.Expr == nil || read.reads(p.all[next]) || parametersOf[unusedParameters](p).ReadElsewhere.match(r.Record) {
					continue
				}
				p.group, p.rule = p.all[next].group, r
				p.Report(r.Value.Get("record").Pos, "remove the rule, or list what reads it in readElsewhere", "no rule reads %s", r.Record)
			}
		})
	},
}

type unusedParameters struct {
	// ReadElsewhere are names of recorded series that something else reads: regular expressions, anchored.
	ReadElsewhere patternList `json:"readElsewhere,omitempty"`
}

// readings are what the rules of a unit read.
type readings struct {
	recorded  []bool                   // by the number of a recording rule
	patterns  []*parser.VectorSelector // that fix no name
	templates []string                 // texts that query
}

func (u *Unit) readings() readings {
	read := readings{recorded: make([]bool, len(u.all))}
	var parts []parser.Node
	for _, f := range u.Files {
		for _, r := range f.Rules() {
			for _, texts := range []map[string]string{r.Labels, r.Annotations} {
				for _, text := range texts {
					if strings.Contains(text, "{{") && strings.Contains(text, "query") {
						read.templates = append(read.templates, text)
					}
				}
			}
			if r.Expr != nil {
				parts = appendParts(parts[:0], r.Expr)
				read.add(u, parts)
			}
		}
	}
	for _, d := range u.Dashboards {
		for _, panel := range d.Panels {
			for _, q := range panel.Queries {
				read.addQuery(u, q)
			}
		}
	}
	return read
}

// addQuery adds what a dashboard asks for: what a variable stands for is not
// known, so that the name alone decides.
func (read *readings) addQuery(u *Unit, q *dashfile.Query) {
	if q.Expr == nil {
		return
	}
	eachNode(q, func(n parser.Node, _ []parser.Node) {
		if s, ok := n.(*parser.VectorSelector); ok {
			for _, r := range u.recorded[metricOf(s)] {
				read.recorded[r.number] = true
			}
		}
	})
}

// add adds what an expression reads that has some parts.
func (read *readings) add(u *Unit, parts []parser.Node) {
	for _, part := range parts {
		s, ok := part.(*parser.VectorSelector)
		switch {
		case !ok:
		case metricOf(s) == "":
			read.patterns = append(read.patterns, s)
		default:
			for _, r := range u.recordedFor(s) {
				read.recorded[r.number] = true
			}
		}
	}
}

// reads tells whether anything could select what a rule records.
func (read readings) reads(made *recording) bool {
	r := made.rule
	return read.recorded[made.number] || slices.ContainsFunc(read.patterns, func(s *parser.VectorSelector) bool {
		return !slices.ContainsFunc(s.LabelMatchers, func(m *labels.Matcher) bool {
			value, ok := r.Labels[m.Name]
			if m.Name == model.MetricNameLabel {
				value, ok = r.Record, true
			}
			return ok && !m.Matches(value)
		})
	}) || slices.ContainsFunc(read.templates, func(text string) bool { return strings.Contains(text, r.Record) })
}

// patternList are regular expressions, one or a list.
type patternList struct {
	Texts
	compiled []*regexp.Regexp
}

// DecodeSpec implements spec.Decoder.
func (p *patternList) DecodeSpec(v *spec.Value, r *diag.Report) {
	p.Texts.DecodeSpec(v, r)
	p.compiled = nil
	for _, t := range p.Texts {
		re, err := regexp.Compile("^(?:" + t.Text + ")$")
		if err != nil {
			r.Add(spec.BadValue, t.Pos(), "mend the regular expression", "%q: %s", t.Text, err)
			continue
		}
		p.compiled = append(p.compiled, re)
	}
}

func (p patternList) match(text string) bool {
	return slices.ContainsFunc(p.compiled, func(re *regexp.Regexp) bool { return re.MatchString(text) })
}
