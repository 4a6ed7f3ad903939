package amconfig

import (
	"net/url"
	"strings"
	"text/template"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// reportAddress reports what is neither an address nor a template of one. The
// operator reads templates without Alertmanager's functions.
func reportAddress(at *spec.Value, key string, r *diag.Report) {
	if at == nil || at.Kind != spec.String || at.Text == "" {
		return
	}
	pos := at.Pos
	if strings.Contains(at.Text, "{{") {
		if _, err := template.New("").Parse(at.Text); err != nil {
			_, what, _ := strings.Cut(strings.TrimPrefix(err.Error(), "template: "), ": ")
			help := "close what is open, or mend what is misspelt"
			if strings.HasPrefix(what, "function ") {
				help = "write what labels and annotations say: the operator knows none of Alertmanager's functions"
			}
			r.Add(InvalidResource, pos, help, "%s: %s", key, what)
		}
		return
	}
	if address, err := url.Parse(at.Text); err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" {
		pos.Hide() // such an address may be a secret
		help := "write http://HOST/PATH"
		if key == "url" {
			help += ", or urlSecret: {name: SECRET, key: KEY}"
		}
		r.Add(InvalidResource, pos, help, "%s is no address", key)
	}
}

// reportHTTP reports of how somebody is asked what contradicts itself.
func reportHTTP(config *spec.Value, r *diag.Report) {
	if config == nil || config.Kind != spec.Map {
		return
	}
	reportTwo(config, []string{"authorization", "basicAuth", "bearerTokenSecret", "oauth2"}, r)
	if authorization := config.Get("authorization"); authorization != nil && authorization.Kind == spec.Map {
		if kind := authorization.Get("type"); kind != nil && strings.EqualFold(strings.TrimSpace(kind.Text), "basic") {
			r.Add(InvalidResource, kind.Pos, "write basicAuth: in place of authorization:", "authorization is not for passwords")
		}
		reportNone(authorization, []string{"credentials"}, r)
	}
	environment := config.Get("proxyFromEnvironment")
	fromEnvironment := environment != nil && environment.Text == "true"
	named, except := isGiven(config, "proxyUrl"), config.Get("noProxy")
	switch {
	case fromEnvironment && named:
		r.Add(InvalidResource, environment.Pos, "remove it, or proxyUrl", "the proxy is named by proxyUrl already")
	case fromEnvironment && isGiven(config, "noProxy"):
		r.Add(InvalidResource, except.Pos, "remove it", "with proxyFromEnvironment, the environment says what noProxy does")
	case !named && isGiven(config, "noProxy"):
		r.Add(InvalidResource, except.Pos, "add proxyUrl:", "noProxy is an exception to proxyUrl, which is not there")
	}
	if header := config.Get("proxyConnectHeader"); header != nil && len(header.Fields()) > 0 && !named && !fromEnvironment {
		r.Add(InvalidResource, header.Pos, "add proxyUrl: or proxyFromEnvironment: true", "proxyConnectHeader is for a proxy, and there is none")
	}
}
