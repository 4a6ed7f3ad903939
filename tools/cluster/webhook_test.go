package cluster

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"
)

// newKey is a key by which the API server signs tokens.
func newKey(t *testing.T) []byte {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
}

// newCertificate is one of this machine, signed by itself, with its key.
func newCertificate(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: bytes})
}

// startWebhook has the Prometheus operator's own webhook judge what is applied.
func startWebhook(t *testing.T, a *api) {
	t.Helper()
	dir := t.TempDir()
	certificate, key := newCertificate(t)
	listen := address(t)
	start(t, "admission-webhook", "--web.listen-address", listen, "--web.cert-file", write(t, dir, "tls.crt", "%s", certificate),
		"--web.key-file", write(t, dir, "tls.key", "%s", key), "--web.client-ca-file", "")
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificate)
	eventually(t, "the webhook listens", func() error {
		c, err := tls.Dial("tcp", listen, &tls.Config{RootCAs: roots})
		if err == nil {
			c.Close()
		}
		return err
	})
	hook := func(name, resource, version, path string) map[string]any {
		return map[string]any{
			"name": name + ".example.com", "sideEffects": "None", "failurePolicy": "Fail", "admissionReviewVersions": []string{"v1"},
			"clientConfig": map[string]any{"url": "https://" + listen + path, "caBundle": certificate},
			"rules": []any{map[string]any{"apiGroups": []string{"monitoring.coreos.com"}, "apiVersions": []string{version},
				"operations": []string{"CREATE", "UPDATE"}, "resources": []string{resource}}},
		}
	}
	err := a.apply(object{
		"apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": map[string]any{"name": "operator"},
		"webhooks": []any{
			hook("rules", "prometheusrules", "v1", "/admission-prometheusrules/validate"),
			hook("routes", "alertmanagerconfigs", "v1alpha1", "/admission-alertmanagerconfigs/validate"),
		},
	}, "", false)
	if err != nil {
		t.Fatal(err)
	}
	// From when the API server asks it, it refuses what the definition allows.
	eventually(t, "the webhook is asked", func() error {
		if err := a.apply(rule("not PromQL", "page"), "default", true); err == nil {
			return errNotRefused
		}
		return nil
	})
}
