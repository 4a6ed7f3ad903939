package amconfig

import (
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/config/common"
	"github.com/prometheus/alertmanager/featurecontrol"
	"github.com/prometheus/alertmanager/matcher/compat"
	"github.com/prometheus/alertmanager/pkg/labels"
	"github.com/prometheus/common/promslog"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Invalid is a configuration that Alertmanager itself refuses to load.
var Invalid = &diag.Kind{Name: "invalid-alertmanager", Severity: diag.Error, Doc: `Alertmanager refuses to load a configuration.

The verdict is that of Alertmanager's own loader, as amtool check-config gives it. That stops at the first mistake and seldom says
where it is; here each part is decoded by the loader's own code, so that all mistakes are told at once, each at its place.`}

// Read reads a document for which Is holds, the only one of its source. It is
// nil where Alertmanager refuses it.
func Read(src *diag.Source, doc *spec.Value, r *diag.Report) *Config {
	return readDocument(src, string(src.Text), doc, r)
}

// readDocument reads a document, and the text that it was read from.
func readDocument(src *diag.Source, text string, doc *spec.Value, r *diag.Report) *Config {
	spec.Conceal(doc)
	for _, s := range secretsIn(doc) {
		s.Value.Pos.Conceal(s.Text)
	}
	loaded, err := load(text)
	if err != nil {
		explain(doc, text, err, r)
		return nil
	}
	c := &Config{Source: src, Value: doc, Loaded: loaded}
	c.fill(loaded.Route, doc.Get("route"))
	return c
}

// fill makes the routes below a root, and all else, of what was loaded.
func (c *Config) fill(root *config.Route, v *spec.Value) {
	loaded, doc := c.Loaded, c.Value
	c.Root = newRoute(root, nil, v)
	for i := range loaded.Receivers {
		c.Receivers = append(c.Receivers, newReceiver(&loaded.Receivers[i], item(doc.Get("receivers"), i)))
	}
	for i := range loaded.InhibitRules {
		c.Inhibit = append(c.Inhibit, newInhibition(&loaded.InhibitRules[i], item(doc.Get("inhibit_rules"), i)))
	}
	for i, in := range loaded.MuteTimeIntervals {
		c.Intervals = append(c.Intervals, &Interval{in.Name, in.TimeIntervals, item(doc.Get("mute_time_intervals"), i)})
	}
	for i, in := range loaded.TimeIntervals {
		c.Intervals = append(c.Intervals, &Interval{in.Name, in.TimeIntervals, item(doc.Get("time_intervals"), i)})
	}
}

// matcherMode sets how matchers are read: as the Alertmanager that runs does, with
// any UTF-8, and not in the classic way that its library begins with.
var matcherMode = sync.OnceFunc(func() {
	compat.InitFromFlags(promslog.NewNopLogger(), featurecontrol.NoopFlags{})
})

// load is Alertmanager's own loader.
func load(text string) (c *config.Config, err error) {
	matcherMode()
	err = guarded(func() error {
		c, err = config.Load(text)
		return err
	})
	return c, err
}

// item is one of a list's, or an empty value where there is none.
func item(list *spec.Value, i int) *spec.Value {
	if list == nil || i >= len(list.Items()) {
		return new(spec.Value)
	}
	return list.Items()[i]
}

// Alertmanager's defaults of the root; see its package dispatch.
const (
	defaultWait     = 30 * time.Second
	defaultInterval = 5 * time.Minute
	defaultRepeat   = 4 * time.Hour
)

func newRoute(of *config.Route, parent *Route, v *spec.Value) *Route {
	route := &Route{
		Receiver: of.Receiver, Matchers: matchersOf(of.Match, of.MatchRE, of.Matchers), Continue: of.Continue,
		Active: of.ActiveTimeIntervals, Mute: of.MuteTimeIntervals, Parent: parent, Value: v,
		Wait: defaultWait, Interval: defaultInterval, Repeat: defaultRepeat,
	}
	if parent != nil {
		route.GroupBy, route.GroupByAll = parent.GroupBy, parent.GroupByAll
		route.Wait, route.Interval, route.Repeat = parent.Wait, parent.Interval, parent.Repeat
		if route.Receiver == "" {
			route.Receiver = parent.Receiver
		}
	}
	switch {
	case of.GroupBy != nil:
		route.GroupBy, route.GroupByAll = make([]string, 0, len(of.GroupBy)), false
		for _, name := range of.GroupBy {
			route.GroupBy = append(route.GroupBy, string(name))
		}
	case of.GroupByAll:
		route.GroupByAll = true
	}
	if of.GroupWait != nil {
		route.Wait = time.Duration(*of.GroupWait)
	}
	if of.GroupInterval != nil {
		route.Interval = time.Duration(*of.GroupInterval)
	}
	if of.RepeatInterval != nil {
		route.Repeat = time.Duration(*of.RepeatInterval)
	}
	for i, child := range of.Routes {
		route.Routes = append(route.Routes, newRoute(child, route, item(v.Get("routes"), i)))
	}
	return route
}

// matchersOf are matchers of all three forms that Alertmanager reads, sorted.
func matchersOf(equal map[string]string, re common.MatchRegexps, more common.Matchers) labels.Matchers {
	var all labels.Matchers
	for name, value := range equal {
		all = append(all, &labels.Matcher{Type: labels.MatchEqual, Name: name, Value: value})
	}
	for name, value := range re {
		if m, err := labels.NewMatcher(labels.MatchRegexp, name, value.Original); err == nil {
			all = append(all, m)
		}
	}
	all = append(all, more...)
	sortMatchers(all)
	return all
}

func newInhibition(of *common.InhibitRule, v *spec.Value) *Inhibition {
	return &Inhibition{
		Source: matchersOf(of.SourceMatch, of.SourceMatchRE, of.SourceMatchers),
		Target: matchersOf(of.TargetMatch, of.TargetMatchRE, of.TargetMatchers),
		Equal:  of.Equal, Value: v,
	}
}

// newReceiver finds the integrations of a receiver: the lists of upstream's
// struct, by their key.
func newReceiver(of *config.Receiver, v *spec.Value) *Receiver {
	receiver := &Receiver{Name: of.Name, Value: v}
	s := reflect.ValueOf(of).Elem()
	for i := range s.NumField() {
		key, _, _ := strings.Cut(s.Type().Field(i).Tag.Get("yaml"), ",")
		if s.Field(i).Kind() != reflect.Slice {
			continue
		}
		for j := range s.Field(i).Len() {
			receiver.Integrations = append(receiver.Integrations, Integration{key, s.Field(i).Index(j).Interface(), item(v.Get(key), j)})
		}
	}
	return receiver
}
