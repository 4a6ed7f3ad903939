package rulefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"go.yaml.in/yaml/v3"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
)

// The verdict on a rule file is Prometheus' own: what its reader refuses has
// an error here, what it loads has none, and the same rules.
//
// The differences that are meant; within them the verdicts are not compared:
//   - text that is not UTF-8, holds a zero byte or has endless lines is refused
//     here (not-text); the YAML library goes on, and reads UTF-16 too;
//   - the bounds on nesting and aliases are lower here (too-deep);
//   - Prometheus reads the first of several documents, and here every one is
//     read, so that a mistake in a later one counts (check warns of those);
//   - a PrometheusRule is read as such, and is no rule file for Prometheus;
//   - values do not show what isExotic looks for.
func compared(text []byte, findings []diag.Finding) bool {
	for _, f := range findings {
		if f.Kind == spec.NotText || f.Kind == spec.TooDeep {
			return false
		}
	}
	if slices.ContainsFunc(spec.ReadYAML(source(text), new(diag.Report)), isResource) {
		return false
	}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	var node, second yaml.Node
	if err := dec.Decode(&node); err != nil {
		return true
	}
	return errors.Is(dec.Decode(&second), io.EOF) && !isExotic(&node)
}

// isExotic tells whether YAML is written in a way that a value does not show:
// with an alias as a key, or with more than a text below a key that is nothing,
// which Prometheus does not look at.
func isExotic(n *yaml.Node) bool {
	for i := 0; i+1 < len(n.Content) && n.Kind == yaml.MappingNode; i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind == yaml.AliasNode || key.ShortTag() == "!!null" && value.Kind != yaml.ScalarNode {
			return true
		}
	}
	return slices.ContainsFunc(n.Content, isExotic)
}

func source(text []byte) *diag.Source {
	return &diag.Source{Name: "rules.yaml", Text: bytes.Clone(text)}
}

// read is what this package makes of a text, the way that the program reads it.
func read(text []byte) (files []*File, findings []diag.Finding) {
	var r diag.Report
	src := source(text)
	for _, doc := range spec.ReadYAML(src, &r) {
		files = append(files, Read(src, doc, &r)...)
	}
	return files, r.Findings()
}

// parseUpstream is what promtool check rules does with a text. It is not ok
// where the upstream reader itself panics.
func parseUpstream(text []byte) (groups []rulefmt.RuleGroup, errs []error, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	all, errs := rulefmt.Parse(text, false, scheme, expr.Parser, slog.New(slog.DiscardHandler))
	if all != nil {
		groups = all.Groups
	}
	return groups, errs, true
}

// shown are groups with all that Prometheus takes from a rule file.
func shown(groups []rulefmt.RuleGroup) string {
	var b strings.Builder
	for _, g := range groups {
		offset := time.Duration(0)
		if g.QueryOffset != nil {
			offset = time.Duration(*g.QueryOffset)
		}
		fmt.Fprintf(&b, "group %q %s %s %d %q\n", g.Name, g.Interval, offset, g.Limit, g.Labels)
		for _, r := range g.Rules {
			fmt.Fprintf(&b, "  rule %q %q %q %s %s %q %q\n", r.Record, r.Alert, r.Expr, r.For, r.KeepFiringFor, r.Labels, r.Annotations)
		}
	}
	return b.String()
}

// asUpstream are the groups that were read, as Prometheus has them.
func asUpstream(files []*File) []rulefmt.RuleGroup {
	var groups []rulefmt.RuleGroup
	for _, f := range files {
		for _, g := range f.Groups {
			offset := model.Duration(g.QueryOffset)
			u := rulefmt.RuleGroup{Name: g.Name, Interval: model.Duration(g.Interval), QueryOffset: &offset, Limit: g.Limit, Labels: g.Labels}
			for _, r := range g.Rules {
				u.Rules = append(u.Rules, rulefmt.Rule{
					Record: r.Record, Alert: r.Alert, Expr: r.Text, For: model.Duration(r.For), KeepFiringFor: model.Duration(r.KeepFiringFor),
					Labels: r.Labels, Annotations: r.Annotations,
				})
			}
			groups = append(groups, u)
		}
	}
	return groups
}

// compareVerdicts fails where this package and Prometheus disagree about a text.
func compareVerdicts(t *testing.T, name string, text []byte) {
	t.Helper()
	files, findings := read(text)
	if !compared(text, findings) {
		return
	}
	want, errs, ok := parseUpstream(text)
	if !ok {
		return
	}
	refused := slices.ContainsFunc(findings, func(f diag.Finding) bool { return f.Severity() == diag.Error })
	switch {
	case refused != (len(errs) > 0):
		t.Errorf("%s: refused: %v\n%s\nPrometheus: %v\n%s", name, refused, printed(findings), errs, text)
	case !refused && shown(asUpstream(files)) != shown(want):
		t.Errorf("%s: read as\n%sPrometheus:\n%s%s", name, shown(asUpstream(files)), shown(want), text)
	}
}

func printed(findings []diag.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s: %s (%s)\n", f.Pos, f.Text(), f.Kind.Name)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// TestVerdict compares the verdicts on every tricky text.
func TestVerdict(t *testing.T) {
	for i, text := range trickyFiles() {
		compareVerdicts(t, fmt.Sprintf("text %d", i), []byte(text))
	}
}

// TestVerdictOnMixtures compares the verdicts on files with several oddities.
func TestVerdictOnMixtures(t *testing.T) {
	for seed := range uint64(3000) {
		m := mixer{rand.New(rand.NewPCG(seed, 0))}
		compareVerdicts(t, fmt.Sprintf("mixture %d", seed), []byte(m.file()))
	}
}

// FuzzVerdict compares the verdicts on whatever the fuzzer makes of tricky texts.
func FuzzVerdict(f *testing.F) {
	for _, text := range whole {
		f.Add([]byte(text))
	}
	for i, value := range values {
		f.Add([]byte(strings.Replace(places[i%len(places)], "%s", value, 1)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		compareVerdicts(t, "fuzzed", text)
	})
}

// FuzzMixture compares the verdicts on mixtures of a random seed.
func FuzzMixture(f *testing.F) {
	f.Fuzz(func(t *testing.T, seed, stream uint64) {
		m := mixer{rand.New(rand.NewPCG(seed, stream))}
		compareVerdicts(t, "mixture", []byte(m.file()))
	})
}
