package routing

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/dispatch"
	"github.com/prometheus/alertmanager/eventrecorder"
	"github.com/prometheus/alertmanager/inhibit"
	"github.com/prometheus/alertmanager/provider"
	"github.com/prometheus/alertmanager/timeinterval"
	"github.com/prometheus/common/model"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// both reads a configuration by our reader and by Alertmanager's.
func both(t *testing.T, text string) (*amconfig.Config, *config.Config) {
	t.Helper()
	var r diag.Report
	src := &diag.Source{Name: "alertmanager.yml", Text: []byte(text)}
	ours := amconfig.Read(src, spec.ReadYAML(src, &r)[0], &r)
	if ours == nil {
		t.Fatalf("%v\n%s", r.Findings(), text)
	}
	theirs, err := config.Load(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return ours, theirs
}

func labelSet(of map[string]string) model.LabelSet {
	set := model.LabelSet{}
	for name, value := range of {
		set[model.LabelName(name)] = model.LabelValue(value)
	}
	return set
}

// TestDispatcher compares the nodes at which alerts end, in order, with what
// they inherit, and whether an hour silences them.
func TestDispatcher(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	several, silenced := 0, 0
	for range 1500 {
		text := g.config()
		ours, theirs := both(t, text)
		root := dispatch.NewRoute(theirs.Route, nil)
		times := map[string][]timeinterval.TimeInterval{}
		for _, in := range theirs.TimeIntervals {
			times[in.Name] = in.TimeIntervals
		}
		intervener := timeinterval.NewIntervener(times)
		for range 20 {
			labels := g.alert()
			got, want := ours.Match(labels), root.Match(labelSet(labels))
			if len(got) != len(want) {
				t.Fatalf("%v ends at %d nodes, not %d\n%s", labels, len(got), len(want), text)
			}
			if len(got) > 1 {
				several++
			}
			at := time.Date(2027, 1+time.Month(g.IntN(12)), 1+g.IntN(31), g.IntN(24), g.IntN(60), 0, 0, time.UTC)
			for i := range got {
				if !same(got[i], want[i].RouteOpts) {
					t.Fatalf("%v: node %d is %+v, not %+v\n%s", labels, i, got[i], want[i].RouteOpts, text)
				}
				muted, _, err := intervener.Mutes(want[i].RouteOpts.MuteTimeIntervals, at)
				if err != nil {
					t.Fatal(err)
				}
				active, _, err := intervener.Mutes(want[i].RouteOpts.ActiveTimeIntervals, at)
				if err != nil {
					t.Fatal(err)
				}
				silent := muted || len(want[i].RouteOpts.ActiveTimeIntervals) > 0 && !active
				if ours.Silent(got[i], at) != silent {
					t.Fatalf("%s at %s: silent is %v, not %v\n%s", got[i].Receiver, at, !silent, silent, text)
				}
				if silent {
					silenced++
				}
			}
		}
	}
	if several < 1000 || silenced < 1000 {
		t.Errorf("%d alerts at several nodes, %d silent ones: too few to tell", several, silenced)
	}
}

func same(got *amconfig.Route, want dispatch.RouteOpts) bool {
	var by []string
	for name := range want.GroupBy {
		by = append(by, string(name))
	}
	slices.Sort(by)
	own := slices.Sorted(slices.Values(got.GroupBy))
	return got.Receiver == want.Receiver && got.GroupByAll == want.GroupByAll && slices.Equal(own, by) &&
		got.Wait == want.GroupWait && got.Interval == want.GroupInterval && got.Repeat == want.RepeatInterval
}

// firing hands an alert to Alertmanager's inhibitor.
type firing struct {
	provider.Alerts
	alert *alert.Alert
}

func (f firing) SlurpAndSubscribe(string) ([]*alert.Alert, provider.AlertIterator) {
	return []*alert.Alert{f.alert}, provider.NewAlertIterator(make(chan *provider.Alert), make(chan struct{}), nil)
}

// TestInhibitor compares whether one alert mutes another. It is one alone, since
// the inhibitor of this version remembers one source for each set of equal
// labels, and another may hide behind it.
func TestInhibitor(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(3, 4))}
	muted := 0
	for range 1500 {
		text := g.config()
		ours, theirs := both(t, text)
		for range 5 {
			source, target := g.alert(), g.alert()
			f := firing{alert: &alert.Alert{Alert: model.Alert{Labels: labelSet(source), StartsAt: time.Now(), EndsAt: time.Now().Add(time.Hour)}}}
			inhibitor := inhibit.NewInhibitor(f, theirs.InhibitRules, slog.New(slog.DiscardHandler), eventrecorder.NopRecorder())
			go inhibitor.Run()
			inhibitor.WaitForLoading()
			want := inhibitor.Mutes(context.Background(), labelSet(target))
			inhibitor.Stop()
			in, _ := ours.MutedBy(target, []amconfig.Labels{source})
			if (in != nil) != want {
				t.Fatalf("%v mutes %v: %v, not %v\n%s", source, target, in != nil, want, text)
			}
			if by := ours.Muters([]amconfig.Labels{source, target})[1]; slices.Contains(by, 0) != want {
				t.Fatalf("of both together, %v mutes %v: %v, not %v\n%s", source, target, by, want, text)
			}
			if want {
				muted++
			}
		}
	}
	if muted < 500 {
		t.Errorf("%d muted alerts are too few to tell", muted)
	}
}
