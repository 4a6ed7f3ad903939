package generators

import (
	"strings"

	"slowburn/alerts"
	"slowburn/internal/diag"
)

// UnmountedSecret is a file that the operator does not make.
var UnmountedSecret = &diag.Kind{Name: "unmounted-secret", Severity: diag.Warning, Doc: `A receiver reads its secret from a file that the operator does not mount.

The secrets that an Alertmanager resource lists are folders, and their keys the files in them:
/etc/alertmanager/secrets/slack/url is the key url of the secret slack. Where the path names no folder, Alertmanager starts and
cannot tell anybody.`}

// secret is a resource that holds what the Prometheus operator reads from one.
type secret struct {
	APIVersion string            `yaml:"apiVersion"`
	Kind       string            `yaml:"kind"`
	Metadata   metadata          `yaml:"metadata"`
	StringData map[string]string `yaml:"stringData"`
}

// AlertmanagerSecret prints alertmanager.yaml as the resource that an
// Alertmanager of the operator reads its whole configuration from (its
// configSecret), where a routing has no AlertmanagerConfig because receivers
// have their secrets in files. It names those files and holds none of them:
// the Alertmanager resource mounts them (its secrets).
func AlertmanagerSecret(routing *alerts.Routing, k RoutingKubernetesSpec, r *diag.Report) []Artifact {
	if k.Enabled != nil || len(unreferenced(routing)) == 0 {
		return nil
	}
	reportUnmounted(routing, r)
	name := "alertmanager-" + routing.Name
	whole := secret{
		APIVersion: "v1", Kind: "Secret",
		Metadata:   metadata{Name: name, Namespace: k.Namespace.Text, Labels: k.Labels},
		StringData: map[string]string{"alertmanager.yaml": string(Alertmanager(routing).Bytes)},
	}
	return []Artifact{{
		Path: "kubernetes/" + name + ".secret.yaml", Bytes: printYAML(whole), Pos: routing.Pos,
		resource: &resource{kind: whole.Kind, metadata: whole.Metadata, family: alertmanagerFamily},
	}}
}

// reportUnmounted reports files below the folder of mounted secrets that are in
// no secret's folder.
func reportUnmounted(routing *alerts.Routing, r *diag.Report) {
	told := map[diag.Pos]bool{} // how mail is sent is the same for several receivers
	for _, to := range routing.Receivers {
		for _, w := range to.Ways {
			for _, file := range w.Files {
				name, ok := strings.CutPrefix(file.Text, alerts.MountedSecrets)
				if !ok || strings.Contains(name, "/") || told[file.Pos()] {
					continue
				}
				told[file.Pos()] = true
				r.Add(UnmountedSecret, file.Pos(), "write "+alerts.MountedSecrets+"SECRET/KEY", "the operator mounts no file %s: secrets are folders there", file.Text)
			}
		}
	}
}
