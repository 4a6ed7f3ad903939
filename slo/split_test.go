package slo

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSplit holds that an indicator whose alert would always fire, or never, is
// found where its classifier stands, and no other.
func TestSplit(t *testing.T) {
	const open = "; match what the total leaves open (one-sided)"
	for _, c := range []struct{ total, class, want string }{
		{`http_requests_total`, `bad: status=~"5.."`, ""},
		{`http_requests_total{status=~"2..|5.."}`, `bad: status=~"5.."`, ""},
		{`http_requests_total{status=~"200|500"}`, `bad: status=~"200|500",method="GET"`, "of the 2 series of http_requests_total in the catalogue all are bad; correct it, or capture /metrics again (nothing-good)"},
		{`http_requests_total{status!="404"}`, `bad: status="500"`, ""},
		{`http_requests_total{job="mq"}`, `bad: status="500",job="mq"`, ""},
		{`http_requests_total{job="mq"}`, `bad: job=~"m."`, `every event is bad: all series of the total have job=~"m."` + open},
		{`http_requests_total{job="mq"}`, `bad: job="mq"`, `every event is bad: all series of the total have job="mq"` + open},
		{`http_requests_total{job="mq"}`, `bad: job="other"`, `no event is bad: the total has no series with job="other"` + open},
		{`http_requests_total{job="mq"}`, `good: job="other"`, `no event is good: the total has no series with job="other"` + open},
		{`http_requests_total{job!="mq"}`, `bad: job="mq"`, `no event is bad: the total has no series with job="mq"` + open},
		{`http_requests_total{job=~"m.+"}`, `bad: method="GET",job!~"m.+"`, `no event is bad: the total has no series with job!~"m.+"` + open},
		{`http_requests_total{job=~"a|b"}`, `bad: job="c"`, `no event is bad: the total has no series with job="c"` + open},
		{`http_requests_total{job=~"a|b"}`, `bad: job=~"[ab]"`, `every event is bad: all series of the total have job=~"[ab]"` + open},
		{`http_requests_total`, `bad: status="500",status="503"`, `no event is bad: the total has no series with status="500"` + open},
		{`http_requests_total{status="200",status="500"}`, `bad: method="GET"`, "no series has a label status that all of this matches; keep one of its matchers of status (one-sided)"},
		{`http_requests_total{job="api"}`, `bad: http_requests_total`, "every event is bad: this is the total; select fewer (one-sided)"},
		{`http_requests_total{job="api"}`, `bad: 'http_requests_total{job="web"}'`, "no event is bad: the total has no series with job=\"web\"; match what the total leaves open (one-sided)"},
		{`http_requests_total`, `bad: http_requests_total`, "every event is bad: this is the total; select fewer (one-sided)"},
		{`http_requests_total`, `bad: failures_total`, ""},
		{`http_requests_total`, `bad: status=~"9.."`, "of the 2 series of http_requests_total in the catalogue none is bad; correct it, or capture /metrics again after a failure (one-sided-catalogue)"},
		{`http_requests_total`, `bad: status!=""`, "of the 2 series of http_requests_total in the catalogue all are bad; correct it, or capture /metrics again (nothing-good)"},
		{`http_requests_total`, `good: status=~"2.."`, ""},
		{`http_requests_total`, `good: status="201"`, `of the 2 series of http_requests_total in the catalogue none is good; did you mean "200"? (nothing-good)`},
		{`http_requests_total`, `good: status="ok"`, "of the 2 series of http_requests_total in the catalogue none is good; use one of 200, 500 (nothing-good)"},
		{`settled_total`, `bad: result="dead_lettered"`, ""},
		{`settled_total`, `bad: result="deadlettered"`, `no series of settled_total in the catalogue has result="deadlettered"; did you mean "dead_lettered"? (unknown-value)`},
		{`settled_total`, `bad: result=~"expired|dead_letterd"`, `no series of settled_total in the catalogue has result="dead_letterd"; did you mean "dead_lettered"? (unknown-value)`},
		{`settled_total`, `good: result!="deadlettered"`, `no series of settled_total in the catalogue has result="deadlettered"; did you mean "dead_lettered"? (unknown-value)`},
		{`settled_total`, `bad: result="invalid"`, "of the 2 series of settled_total in the catalogue none is bad; correct it, or capture /metrics again after a failure (one-sided-catalogue)"},
		{`settled_total`, `bad: result="expired"`, "of the 2 series of settled_total in the catalogue none is bad; correct it, or capture /metrics again after a failure (one-sided-catalogue)"},
		{`settled_total{node="node-7"}`, `bad: result="dead_lettered"`, ""},
		{`http_requests_total`, `bad: instance="a"`, ""},
		{`taken_total`, `bad: result="ok"`, `in the catalogue 107700 of 107716 events of taken_total are bad; swap good and bad: write good: in place of bad:, or capture /metrics again (nothing-good)`},
		{`taken_total`, `good: result!="ok"`, `in the catalogue 107700 of 107716 events of taken_total are bad; swap good and bad: write bad: in place of good:, or capture /metrics again (nothing-good)`},
		{`taken_total`, `good: result="ok"`, ""},
		{`taken_total`, `bad: 'acked_total{result="ok"}'`, `in the catalogue 107000 of 107716 events of taken_total are bad; swap good and bad: write good: in place of bad:, or capture /metrics again (nothing-good)`},
		{`taken_total`, `good: 'acked_total{result="ok"}'`, ""},
	} {
		_, got := resolveText(t, tier+"  - name: x\n    objective: 99%\n    availability:\n      total: "+c.total+"\n      "+c.class+"\n")
		var want []string
		if c.want != "" {
			want = []string{c.want}
		}
		for i := range got {
			_, got[i], _ = strings.Cut(got[i], ": ")
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, %s: (-want +got)\n%s", c.total, c.class, diff)
		}
	}
}

// TestSliceValues holds that a time slice whose values are all bad already is
// found at its limit.
func TestSliceValues(t *testing.T) {
	for slice, want := range map[string]string{
		`of: depth, atMost: 5`:               "4:74: in the catalogue all 2 values of depth are above 5; use another limit, write atLeast, or capture /metrics again (nothing-good)",
		`of: depth, atLeast: 9`:              "4:75: in the catalogue all 2 values of depth are below 9; use another limit, write atMost, or capture /metrics again (nothing-good)",
		`of: depth, atMost: 7`:               "",
		`of: depth, atMost: 8`:               "",
		`of: depth, atLeast: 8`:              "",
		`of: 'depth{topic="a"}', atLeast: 9`: "", // one value is one minute
	} {
		_, got := resolveText(t, tier+"  - {name: a, objective: 99%, summary: x, timeSlice: {"+slice+"}}")
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %s, want %s", slice, got, want)
		}
	}
}

// TestSplitPosition holds that the finding stands at the label that decides.
func TestSplitPosition(t *testing.T) {
	_, got := resolveText(t, tier+"  - name: x\n    objective: 99%\n    availability:\n      total: settled_total\n      bad: 'node!=\"\",result=\"dead_letered\"'\n")
	if want := `8:30: no series of settled_total in the catalogue has result="dead_letered"; did you mean "dead_lettered"? (unknown-value)`; len(got) != 1 || got[0] != want {
		t.Errorf("got %s, want %s", got, want)
	}
	_, got = resolveText(t, tier+"  - name: x\n    objective: 99%\n    availability:\n      total: 'http_requests_total{job=\"mq\"}'\n      bad: 'method=\"GET\",job=\"other\"'\n")
	if want := `8:26: no event is bad: the total has no series with job="other"; match what the total leaves open (one-sided)`; len(got) != 1 || got[0] != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
