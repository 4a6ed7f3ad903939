package alerts

import (
	"net"
	"net/mail"
	"strconv"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// Mail is how mail is sent; every receiver with email needs it.
type Mail struct {
	spec.Confidential
	// Host is the server that takes mail, with its port: smtp.example.com:587.
	Host spec.Text `json:"host" jsonschema:"required"`
	// From is the sender's address.
	From spec.Text `json:"from" jsonschema:"required"`
	// User to log in as. Default: no login.
	User spec.Text `json:"user,omitempty"`
	// PasswordFile is the file, on Alertmanager's host, that holds the user's password.
	PasswordFile spec.Text `json:"passwordFile,omitempty"`
	// PasswordSecret is the key of a Kubernetes secret that holds it.
	PasswordSecret *SecretRef `json:"passwordSecret,omitempty"`
	// Password must not be used: use passwordFile or passwordSecret.
	Password *SecretText `json:"password,omitempty"`
	// TLS can be switched off for a server that speaks none, on the same host say. Default: true.
	TLS *bool `json:"tls,omitempty"`
}

// Email sends a mail.
type Email struct {
	spec.Node
	// To is the recipient's address, or several with commas between.
	To spec.Text `json:"to" jsonschema:"required"`
}

type emailConfig struct {
	To               string            `yaml:"to"`
	From             string            `yaml:"from"`
	Smarthost        string            `yaml:"smarthost"`
	AuthUsername     string            `yaml:"auth_username,omitempty"`
	AuthPasswordFile string            `yaml:"auth_password_file,omitempty"`
	RequireTLS       bool              `yaml:"require_tls"`
	SendResolved     bool              `yaml:"send_resolved"`
	Headers          map[string]string `yaml:"headers"`
	Text             string            `yaml:"text"`
	HTML             string            `yaml:"html"` // empty: upstream's own page would replace the text
}

type emailResource struct {
	To           string     `yaml:"to"`
	From         string     `yaml:"from"`
	Smarthost    string     `yaml:"smarthost"`
	AuthUsername string     `yaml:"authUsername,omitempty"`
	AuthPassword *keyRef    `yaml:"authPassword,omitempty"`
	RequireTLS   bool       `yaml:"requireTLS"`
	SendResolved bool       `yaml:"sendResolved"`
	Headers      []keyValue `yaml:"headers"`
	Text         string     `yaml:"text"`
	HTML         string     `yaml:"html"`
}

func (e *Email) check(in setting, r *diag.Report) {
	if in.mail == nil {
		r.Add(spec.MissingKey, e.Pos(), "add mail: {host: smtp.example.com:587, from: alerts@example.com} to the routing", "nothing says how mail is sent")
	}
	if _, err := mail.ParseAddressList(e.To.Text); e.To.Text != "" && err != nil {
		r.Add(spec.BadValue, e.To.Pos(), "write name@example.com", "%q is not an address", e.To.Text)
	}
}

func (m *Mail) check(r *diag.Report) {
	if m == nil {
		return
	}
	if name, password, ok := strings.Cut(m.User.Text, ":"); ok && name != "" && password != "" {
		at := m.User.Pos()
		at.Conceal(m.User.Text)
		r.Add(InlineSecret, at, "write the name alone, and name the file of the password under passwordFile", "a password stands behind the user's name")
	}
	host, port, err := net.SplitHostPort(m.Host.Text)
	if n, notNumber := strconv.Atoi(port); m.Host.Text != "" && (err != nil || host == "" || notNumber != nil || n < 1 || n > 65535) {
		r.Add(spec.BadValue, m.Host.Pos(), "write host and port, such as smtp.example.com:587", "%q is not a server with its port", m.Host.Text)
	}
	if _, err := mail.ParseAddress(m.From.Text); m.From.Text != "" && err != nil {
		r.Add(spec.BadValue, m.From.Pos(), "write name@example.com", "%q is not an address", m.From.Text)
	}
}

func (m *Mail) password() secret { return secret{"password", m.Node, m.PasswordFile, m.PasswordSecret} }

func (e *Email) secrets(in setting) []secret {
	if in.mail == nil || in.mail.User.Text == "" {
		return nil
	}
	return []secret{in.mail.password()}
}

func (e *Email) target() string { return e.To.Text }

// mailOf is how mail is sent; the zero value where the spec forgot to say.
func mailOf(in setting) *Mail {
	if in.mail == nil {
		return new(Mail)
	}
	return in.mail
}

func (e *Email) config(in setting) (string, any) {
	m := mailOf(in)
	made := emailConfig{
		To: literal(e.To.Text), From: literal(m.From.Text), Smarthost: m.Host.Text, AuthUsername: m.User.Text,
		RequireTLS: m.TLS == nil || *m.TLS, SendResolved: in.resolved,
		Headers: map[string]string{"Subject": notificationTitle}, Text: plainStyle.body(),
	}
	if m.User.Text != "" {
		made.AuthPasswordFile = m.password().path()
	}
	return "email_configs", made
}

func (e *Email) resource(in setting) (string, any) {
	m := mailOf(in)
	made := emailResource{
		To: literal(e.To.Text), From: literal(m.From.Text), Smarthost: m.Host.Text, AuthUsername: m.User.Text,
		RequireTLS: m.TLS == nil || *m.TLS, SendResolved: in.resolved,
		Headers: []keyValue{{"Subject", notificationTitle}}, Text: plainStyle.body(),
	}
	if m.User.Text != "" {
		made.AuthPassword = m.password().selector()
	}
	return "emailConfigs", made
}
