package helm

import (
	"context"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/common/util"
	chart "helm.sh/helm/v4/pkg/chart/v2"
	"helm.sh/helm/v4/pkg/engine"
	state "helm.sh/helm/v4/pkg/release/common"
	release "helm.sh/helm/v4/pkg/release/v1"
	"helm.sh/helm/v4/pkg/storage/driver"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
)

// estimateBound is by how much of what Helm stores the estimate may be wrong:
// it leaves out when, by whom and with which values a release was made.
const estimateBound = 0.02

// listed is the line of a chart in what compile lists.
var listed = regexp.MustCompile(`(?m)^  chart .* (\d+) of the 1024 KiB`)

// TestEstimate holds the size of a release that slowburn tells, and warns of,
// against what Helm's own encoder stores.
func TestEstimate(t *testing.T) {
	slowburn := os.Getenv("SLOWBURN")
	if slowburn == "" {
		t.Skip("SLOWBURN names no program: make test-helm")
	}
	specs, err := filepath.Glob(filepath.Join("..", "..", "specs", "*"))
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, dir := range specs {
		output := t.TempDir()
		said, err := exec.Command(slowburn, "compile", "-v", dir, "-o", output).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", dir, err, said)
		}
		found, _ := filepath.Glob(filepath.Join(output, "chart", "*"))
		if len(found) == 0 {
			continue
		}
		seen++
		estimate := listed.FindSubmatch(said)
		if estimate == nil {
			t.Errorf("%s: the chart is not listed in\n%s", dir, said)
			continue
		}
		kib, _ := strconv.Atoi(string(estimate[1]))
		c, on := load(t, found[0])
		size := stored(t, c, on)
		wrong := float64(kib<<10-size) / float64(size)
		t.Logf("%s: Helm stores %d bytes, the estimate is %d KiB: %+.1f %%", filepath.Base(dir), size, kib, 100*wrong)
		if math.Abs(wrong) > estimateBound {
			t.Errorf("%s: the estimate is wrong by more than %v %%", dir, 100*estimateBound)
		}
	}
	if seen == 0 {
		t.Error("no chart was compiled: the test shows nothing")
	}
}

// stored is how many bytes the Secret of a release has.
func stored(t *testing.T, c *chart.Chart, values map[string]any) int {
	t.Helper()
	all, err := util.ToRenderValues(c, values, common.ReleaseOptions{Name: "release", Namespace: "somewhere", Revision: 1, IsInstall: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := engine.Render(c, all)
	if err != nil {
		t.Fatal(err)
	}
	var manifest strings.Builder
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if filepath.Ext(name) == ".yaml" {
			manifest.WriteString("---\n# Source: " + name + "\n" + texts[name] + "\n")
		}
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	var kept secrets
	err = driver.NewSecrets(&kept).Create("sh.helm.release.v1.release.v1", &release.Release{
		Name: "release", Namespace: "somewhere", Version: 1, Chart: c, Config: values, Manifest: manifest.String(),
		Info: &release.Info{FirstDeployed: now, LastDeployed: now, Status: state.StatusDeployed, Description: "Install complete"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return kept.size
}

// secrets is a cluster's API as far as keeping a Secret needs it.
type secrets struct {
	typedcorev1.SecretInterface
	size int
}

// Create counts what Kubernetes would.
func (s *secrets) Create(_ context.Context, secret *corev1.Secret, _ metav1.CreateOptions) (*corev1.Secret, error) {
	for _, data := range secret.Data {
		s.size += len(data)
	}
	return secret, nil
}
