package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/bench/compiled"
	"slowburn/internal/engine"
	"slowburn/internal/expr"
	"slowburn/internal/rulefile"
)

// defaultInterval is that of groups without one, as in Prometheus.
const defaultInterval = time.Minute

// candidate is a way to record error ratios: rules, and where the ratios are.
type candidate struct {
	name   string
	groups []*rulefile.Group
	ratios []ratio
}

// ratio is where a candidate has the error ratio of a window.
type ratio struct {
	column time.Duration // the window that it is shown under
	window time.Duration // the window that it is of
	text   string        // PromQL
	expr   parser.Expr
}

// header is a line at the top of a candidate's file:
//
//	# name: Pyrra 0.10.1
//	# ratio 1h of 1h4m: http_requests:burnrate1h4m{slo="requests"}
//
// where "of" names the window if it is another than the one it is shown under.
var header = regexp.MustCompile(`^# (name|ratio)(?: (\w+)(?: of (\w+))?)?: (.+)$`)

// readCandidates reads the files of a folder, each a candidate: a rule file, or
// a spec (*.spec.yaml) that slowburn compiles.
func readCandidates(folder string) ([]*candidate, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("%s: no candidates (%v)", folder, err)
	}
	var all []*candidate
	for _, path := range paths {
		c, err := readCandidate(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, c)
	}
	return all, nil
}

func readCandidate(path string) (*candidate, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := &candidate{name: filepath.Base(path)}
	if err := c.readHeader(text); err != nil {
		return nil, err
	}
	if strings.HasSuffix(path, ".spec.yaml") {
		_, c.groups, err = compiled.Rules(text) // without a catalogue
		return c, err
	}
	c.groups, err = compiled.Read(path, text)
	return c, err
}

func (c *candidate) readHeader(text []byte) error {
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() && strings.HasPrefix(lines.Text(), "#") {
		m := header.FindStringSubmatch(lines.Text())
		switch {
		case m == nil:
		case m[1] == "name":
			c.name = m[4]
		default:
			if err := c.addRatio(m[2], m[3], m[4]); err != nil {
				return err
			}
		}
	}
	if len(c.ratios) == 0 {
		return fmt.Errorf("no line \"# ratio WINDOW: PROMQL\" at its top")
	}
	return nil
}

func (c *candidate) addRatio(column, window, text string) error {
	shown, err := model.ParseDuration(column)
	if err != nil {
		return err
	}
	r := ratio{column: time.Duration(shown), window: time.Duration(shown), text: text}
	if window != "" {
		of, err := model.ParseDuration(window)
		if err != nil {
			return err
		}
		r.window = time.Duration(of)
	}
	if r.expr, err = expr.Parse(text); err != nil {
		return err
	}
	c.ratios = append(c.ratios, r)
	return nil
}

// intervalOf is how often a group is evaluated.
func intervalOf(g *rulefile.Group) time.Duration {
	if g.Interval == 0 {
		return defaultInterval
	}
	return g.Interval
}

// recordedBy are the groups that record what a ratio reads.
func (c *candidate) recordedBy(r ratio) []*rulefile.Group {
	var groups []*rulefile.Group
	for _, s := range engine.Selectors(r.expr) {
		name, _ := expr.MetricName(s)
		for _, g := range c.groups {
			if slices.ContainsFunc(g.Rules, func(r *rulefile.Rule) bool { return r.Record == name }) {
				groups = append(groups, g)
			}
		}
	}
	return groups
}

// interval is how often a ratio can change.
func (c *candidate) interval(r ratio) time.Duration {
	longest := time.Duration(0)
	for _, g := range c.recordedBy(r) {
		longest = max(longest, intervalOf(g))
	}
	return longest
}
