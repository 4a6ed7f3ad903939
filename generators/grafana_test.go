package generators

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"go.yaml.in/yaml/v3"
)

// TestDashboardTypes reads the example systems' dashboards by Grafana's own
// types, strictly: every key is known, every one that is needed is there, also
// in what is a plugin's own.
func TestDashboardTypes(t *testing.T) {
	plugins.RegisterDefaultPlugins()
	names, err := filepath.Glob("../golden/*/grafana/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no dashboards", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := strict(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var d struct {
			UID    string
			Panels []struct{ ID int }
		}
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		if d.UID+".json" != filepath.Base(name) || len(d.UID) > 40 {
			t.Errorf("%s has the uid %s", name, d.UID)
		}
		seen := map[int]bool{}
		for _, p := range d.Panels {
			if p.ID == 0 || seen[p.ID] {
				t.Errorf("%s has the panel %d twice", name, p.ID)
			}
			seen[p.ID] = true
		}
	}
	// The test of the test.
	text, err := os.ReadFile(names[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{{`"showHeader": true,`, `"showHeaders": true,`}, {`"range": true`, `"range": "yes"`}, {`"schemaVersion": `, `"schemaversion": `}} {
		if broken := strings.ReplaceAll(string(text), change[0], change[1]); broken == string(text) || strict([]byte(broken)) == nil {
			t.Errorf("nobody notices %s", change[1])
		}
	}
}

// strict decodes a dashboard as it says.
func strict(text []byte) error {
	//lint:ignore SA1019 it is the form that is written
	err := new(dashboard.Dashboard).UnmarshalJSONStrict(text)
	if all, ok := err.(cog.BuildErrors); ok && len(all) == 0 {
		return nil
	}
	return err
}

// TestGrafanaConfigMaps holds that a ConfigMap has the very bytes of the file.
func TestGrafanaConfigMaps(t *testing.T) {
	names, err := filepath.Glob("../golden/*/kubernetes/grafana-*.configmap.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no resources", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var m configMap
		if err := yaml.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		if m.Metadata.Labels[sidecarLabel] != "1" || len(m.Data) != 1 {
			t.Errorf("%s: %v, %d files", name, m.Metadata, len(m.Data))
		}
		for file, data := range m.Data {
			want, err := os.ReadFile(filepath.Join(filepath.Dir(name), "../grafana", file))
			if err != nil || data != string(want) {
				t.Error(fmt.Sprint(name, " differs from ", file), err)
			}
		}
	}
}
