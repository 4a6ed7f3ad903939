package cluster

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// api is a cluster's API, and nothing behind it: no nodes, no controllers.
type api struct {
	address string
	ca      string // a file
	client  *http.Client
	kinds   map[string]kind // by apiVersion and kind
}

// kind is where resources of a kind are served.
type kind struct {
	Name       string // in addresses: prometheusrules
	Kind       string
	Namespaced bool
}

// token is that of somebody who may do everything.
const token = "from-spec-to-pager"

// startAPI starts etcd and the API server.
func startAPI(t *testing.T) *api {
	t.Helper()
	dir := t.TempDir()
	clients, peers, listen := "http://"+address(t), "http://"+address(t), address(t)
	start(t, "etcd", "--data-dir", filepath.Join(dir, "etcd"), "--listen-client-urls", clients, "--advertise-client-urls", clients,
		"--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers, "--initial-cluster", "default="+peers)
	host, port, _ := strings.Cut(listen, ":")
	key := write(t, dir, "sa.key", "%s", newKey(t))
	tokens := write(t, dir, "tokens.csv", token+",admin,1,\"system:masters\"\n")
	certs := filepath.Join(dir, "certs")
	start(t, "kube-apiserver", "--etcd-servers", clients, "--bind-address", host, "--secure-port", port, "--cert-dir", certs,
		"--service-account-issuer", "https://cluster.example.com", "--service-account-key-file", key, "--service-account-signing-key-file", key,
		"--token-auth-file", tokens, "--authorization-mode", "RBAC", "--service-cluster-ip-range", "10.0.0.0/24",
		"--disable-admission-plugins", "ServiceAccount")
	a := &api{address: "https://" + listen, ca: filepath.Join(certs, "apiserver.crt"), client: http.DefaultClient, kinds: map[string]kind{}}
	eventually(t, "the API server is ready", func() error {
		pem, err := os.ReadFile(a.ca)
		if err != nil {
			return err
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(pem)
		a.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
		_, err = a.do("GET", "/readyz", nil)
		return err
	})
	return a
}

// do asks the API; an answer that is no success is an error with its message.
func (a *api) do(method, path string, body []byte) ([]byte, error) {
	req, err := http.NewRequest(method, a.address+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", map[string]string{"PATCH": "application/apply-patch+yaml", "POST": "application/yaml"}[method])
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		var status struct {
			Message string
			Details struct{ Causes []struct{ Message string } }
		}
		if json.Unmarshal(text, &status) != nil || status.Message == "" {
			status.Message = string(text)
		}
		for _, cause := range status.Details.Causes {
			if !strings.Contains(status.Message, cause.Message) {
				status.Message += "; " + cause.Message
			}
		}
		err = errors.New(status.Message)
	}
	return text, err
}

// object is a resource.
type object map[string]any

func (o object) text(key string) string { s, _ := o[key].(string); return s }

func (o object) metadata(key string) string {
	m, _ := o["metadata"].(map[string]any)
	s, _ := m[key].(string)
	return s
}

func (o object) String() string {
	return o.text("kind") + " " + o.metadata("namespace") + "/" + o.metadata("name")
}

// documents are the resources of a text.
func documents(t *testing.T, text string) []object {
	t.Helper()
	var all []object
	for part := range strings.SplitSeq("\n"+text, "\n---") {
		var o object
		if err := yaml.UnmarshalStrict([]byte(part), &o); err != nil {
			t.Fatalf("%v\n%s", err, part)
		}
		if len(o) > 0 {
			all = append(all, o)
		}
	}
	return all
}

// path is where a resource is served; the API is asked once about each kind.
func (a *api) path(o object, namespace string) (string, error) {
	id := o.text("apiVersion") + " " + o.text("kind")
	group := "/apis/" + o.text("apiVersion")
	if !strings.Contains(o.text("apiVersion"), "/") {
		group = "/api/" + o.text("apiVersion")
	}
	if _, ok := a.kinds[id]; !ok {
		text, err := a.do("GET", group, nil)
		if err != nil {
			return "", err
		}
		var list struct{ Resources []kind }
		if err := json.Unmarshal(text, &list); err != nil {
			return "", err
		}
		for _, k := range list.Resources {
			if !strings.Contains(k.Name, "/") {
				a.kinds[o.text("apiVersion")+" "+k.Kind] = k
			}
		}
	}
	k, ok := a.kinds[id]
	if !ok {
		return "", fmt.Errorf("no kind %s is served", id)
	}
	if own := o.metadata("namespace"); own != "" {
		namespace = own
	}
	if k.Namespaced {
		group += "/namespaces/" + namespace
	}
	return group + "/" + k.Name + "/" + o.metadata("name"), nil
}

// apply applies a resource as kubectl apply --server-side --validate=strict
// does, or only asks whether it could.
func (a *api) apply(o object, namespace string, dryRun bool) error {
	path, err := a.path(o, namespace)
	if err != nil {
		return err
	}
	path += "?fieldManager=slowburn&fieldValidation=Strict&force=true"
	if dryRun {
		path += "&dryRun=All"
	}
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = a.do("PATCH", path, body)
	return err
}

// get reads a resource back.
func (a *api) get(o object, namespace string) (object, error) {
	path, err := a.path(o, namespace)
	if err != nil {
		return nil, err
	}
	text, err := a.do("GET", path, nil)
	if err != nil {
		return nil, err
	}
	var got object
	return got, json.Unmarshal(text, &got)
}

// list reads the resources of a kind in a namespace.
func (a *api) list(t *testing.T, apiVersion, plural, namespace string) []object {
	t.Helper()
	group := "/apis/" + apiVersion
	if apiVersion == "v1" {
		group = "/api/v1"
	}
	text, err := a.do("GET", group+"/namespaces/"+namespace+"/"+plural, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Items []object }
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	return list.Items
}

// namespace makes one.
func (a *api) namespace(t *testing.T, name string) {
	t.Helper()
	if err := a.apply(object{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}}, "", false); err != nil {
		t.Fatal(err)
	}
}

// kubeconfig is the file by which Helm finds the API.
func (a *api) kubeconfig(t *testing.T) string {
	t.Helper()
	return write(t, t.TempDir(), "kubeconfig", `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: %q, certificate-authority: %q}}]
users: [{name: u, user: {token: %s}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
`, a.address, a.ca, token)
}
