package cluster

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"sigs.k8s.io/yaml"
)

// shop is a service that is scraped: orders that succeed, or fail.
type shop struct {
	mutex       sync.Mutex
	good, bad   int
	failing     bool // orders fail
	unreachable bool // scrapes do
}

func (s *shop) set(failing, unreachable bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.failing, s.unreachable = failing, unreachable
}

// ServeHTTP is the page of metrics: between two scrapes there are ten orders.
func (s *shop) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.unreachable {
		http.Error(w, "down", http.StatusServiceUnavailable)
		return
	}
	if s.failing {
		s.bad += 10
	} else {
		s.good += 10
	}
	fmt.Fprintf(w, "# TYPE orders_total counter\norders_total{status=\"200\"} %d\norders_total{status=\"500\"} %d\n", s.good, s.bad)
}

// sink is where Alertmanager delivers.
type sink struct {
	mutex sync.Mutex
	told  []string // receiver, status, alert
}

func (s *sink) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var message struct {
		Alerts []struct {
			Status string
			Labels map[string]string
		}
	}
	if json.NewDecoder(r.Body).Decode(&message) != nil {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, a := range message.Alerts {
		s.told = append(s.told, strings.Join([]string{strings.TrimPrefix(r.URL.Path, "/"), a.Status, a.Labels["alertname"]}, " "))
	}
}

// has tells whether something was delivered.
func (s *sink) has(what string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, told := range s.told {
		if told == what {
			return nil
		}
	}
	return fmt.Errorf("told is %q", s.told)
}

// TestPager goes from a spec to the pager: what is compiled is deployed by Helm;
// from what is then in the cluster, a real Prometheus and a real Alertmanager are
// configured; they scrape a service that begins to fail, and tell whom they should.
func TestPager(t *testing.T) {
	a := startCluster(t)
	pages, target := new(sink), new(shop)
	pager, service := httptest.NewServer(pages), httptest.NewServer(target)
	defer pager.Close()
	defer service.Close()

	dir := t.TempDir()
	secrets := filepath.Join(dir, "secrets")
	specs, output := filepath.Join(dir, "shop"), filepath.Join(dir, "out")
	for _, made := range []string{secrets, specs} {
		if err := os.Mkdir(made, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"page", "ticket"} {
		write(t, secrets, name, "%s/%s", pager.URL, name)
	}
	for _, name := range []string{"service.yaml", "routing.yaml", "metrics.prom"} {
		text, err := os.ReadFile(filepath.Join("testdata", "shop", name))
		if err != nil {
			t.Fatal(err)
		}
		write(t, specs, name, "%s", strings.ReplaceAll(string(text), "/tmp/pager", secrets))
	}
	mustRun(t, "slowburn", "check", specs)
	mustRun(t, "slowburn", "compile", specs, "-o", output)
	chart := chartIn(t, output)
	mustRun(t, "helm", append([]string{"upgrade", "--install", "shop", chart, "--kubeconfig", a.kubeconfig(t), "--namespace", "shop", "--create-namespace"}, everythingOn(t, chart)...)...)

	alertmanager := address(t)
	prometheus := "http://" + startPrometheus(t, a, "shop", service.Listener.Addr().String(), alertmanager)
	eventually(t, "the service is scraped and its rules are evaluated", func() error {
		return answers(prometheus, `slo:sli_error:ratio_rate5m{slo="orders"} == 0 unless on () ALERTS{alertname="ShopDown"}`)
	})
	// Only now: until the first scrape the shop is down.
	startAlertmanager(t, a, "shop", alertmanager)
	if len(pages.told) > 0 {
		t.Errorf("somebody is told of what works: %q", pages.told)
	}
	target.set(true, false)
	eventually(t, "orders fail: the pager has OrdersSLOFastBurn", func() error { return pages.has("page firing OrdersSLOFastBurn") })
	target.set(false, true)
	eventually(t, "no scrape succeeds: the pager has ShopDown", func() error { return pages.has("page firing ShopDown") })
	target.set(false, false)
	eventually(t, "scrapes succeed: the pager has heard that ShopDown is over", func() error { return pages.has("page resolved ShopDown") })
	t.Logf("told in all: %q", pages.told)
}

// answers tells whether a query has a result.
func answers(prometheus, query string) error {
	req, err := http.NewRequest("GET", prometheus+"/api/v1/query", nil)
	if err != nil {
		return err
	}
	q := req.URL.Query()
	q.Set("query", query)
	req.URL.RawQuery = q.Encode()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var answer struct {
		Error string
		Data  struct{ Result []any }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return err
	}
	if len(answer.Data.Result) == 0 {
		return fmt.Errorf("%s has no result %s", query, answer.Error)
	}
	return nil
}

// startPrometheus starts Prometheus with what a namespace of the cluster holds:
// ServiceMonitors and PrometheusRules. There are no pods; all that monitors select
// is the one target. It returns Prometheus' address.
func startPrometheus(t *testing.T, a *api, namespace, target, alertmanager string) string {
	t.Helper()
	dir, listen := t.TempDir(), address(t)
	var jobs []any
	for _, o := range a.list(t, "monitoring.coreos.com/v1", "servicemonitors", namespace) {
		jobs = append(jobs, scrapeOf(o, target))
	}
	var rules []string
	for _, o := range a.list(t, "monitoring.coreos.com/v1", "prometheusrules", namespace) {
		rules = append(rules, write(t, dir, o.metadata("name")+".yaml", "%s", marshal(t, o["spec"])))
	}
	if len(jobs) == 0 || len(rules) == 0 {
		t.Fatalf("the cluster has %d ServiceMonitors and %d PrometheusRules", len(jobs), len(rules))
	}
	config := write(t, dir, "prometheus.yaml", "%s", marshal(t, map[string]any{
		"global": map[string]any{"evaluation_interval": "1s"}, "rule_files": rules, "scrape_configs": jobs,
		"alerting": map[string]any{"alertmanagers": []any{map[string]any{"static_configs": []any{map[string]any{"targets": []string{alertmanager}}}}}},
	}))
	start(t, "prometheus", "--config.file", config, "--storage.tsdb.path", filepath.Join(dir, "prometheus"), "--web.listen-address", listen)
	return listen
}

// startAlertmanager starts Alertmanager with the configuration that is in a
// Secret of a namespace.
func startAlertmanager(t *testing.T, a *api, namespace, listen string) {
	t.Helper()
	dir := t.TempDir()
	for _, o := range a.list(t, "v1", "secrets", namespace) {
		if !strings.HasPrefix(o.metadata("name"), "alertmanager-") {
			continue
		}
		text, err := base64.StdEncoding.DecodeString(o["data"].(map[string]any)["alertmanager.yaml"].(string))
		if err != nil {
			t.Fatal(err)
		}
		start(t, "alertmanager", "--config.file", write(t, dir, "alertmanager.yaml", "%s", text), "--storage.path", filepath.Join(dir, "alertmanager"),
			"--web.listen-address", listen, "--cluster.listen-address", "")
	}
}

// scrapeOf is what the operator makes of a ServiceMonitor, with the target in
// place of what is discovered.
func scrapeOf(o object, target string) map[string]any {
	endpoint := o["spec"].(map[string]any)["endpoints"].([]any)[0].(map[string]any)
	var relabel []any
	for _, r := range endpoint["relabelings"].([]any) {
		of := r.(map[string]any)
		relabel = append(relabel, map[string]any{"target_label": of["targetLabel"], "replacement": of["replacement"]})
	}
	return map[string]any{
		"job_name": o.metadata("name"), "scrape_interval": endpoint["interval"], "scrape_timeout": endpoint["interval"],
		"relabel_configs": relabel, "static_configs": []any{map[string]any{"targets": []string{target}}},
	}
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	text, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
