package amconfig

import (
	"fmt"
	"net"
	"slices"
	"strings"

	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

// receiverRules are what the operator wants of a way to tell somebody, besides
// what its definition says.
type receiverRules struct {
	needs     [][]string // of the keys of each list one
	addresses []string   // keys that hold an address, or a template of one
	more      func(item *spec.Value, r *diag.Report)
}

// rulesOfReceivers are those of the operator's admission webhook, by the key of
// the way to tell.
var rulesOfReceivers = map[string]receiverRules{
	"emailConfigs":      {needs: [][]string{{"to"}}, more: reportEmail},
	"opsgenieConfigs":   {more: reportResponders},
	"pagerdutyConfigs":  {needs: [][]string{{"routingKey", "serviceKey"}}, addresses: []string{"clientURL"}, more: reportLinks},
	"pushoverConfigs":   {needs: [][]string{{"userKey", "userKeyFile"}, {"token", "tokenFile"}}, addresses: []string{"url"}, more: reportPushover},
	"rocketchatConfigs": {addresses: []string{"iconURL", "imageURL", "thumbURL"}},
	"slackConfigs":      {more: reportSlack},
	"snsConfigs":        {needs: [][]string{{"targetARN", "topicARN", "phoneNumber"}}, addresses: []string{"apiURL"}, more: reportSNS},
	"telegramConfigs":   {needs: [][]string{{"botToken", "botTokenFile"}}, more: reportTelegram},
	"victoropsConfigs":  {more: reportVictorOps},
	"webhookConfigs":    {needs: [][]string{{"url", "urlSecret"}}, addresses: []string{"url"}},
}

// reportIntegrations reports receivers that the operator refuses although
// Kubernetes takes them.
func reportIntegrations(body *spec.Value, r *diag.Report) {
	for _, receiver := range items(body.Get("receivers")) {
		for _, of := range resourceIntegrations(receiver) {
			if of.Value.Kind != spec.Map {
				continue
			}
			rules := rulesOfReceivers[of.Kind]
			for _, keys := range rules.needs {
				reportNone(of.Value, keys, r)
			}
			for _, key := range rules.addresses {
				reportAddress(of.Value.Get(key), key, r)
			}
			if rules.more != nil {
				rules.more(of.Value, r)
			}
			reportHTTP(of.Value.Get("httpConfig"), r)
		}
	}
}

// isGiven tells whether a map has a key with something under it.
func isGiven(item *spec.Value, key string) bool {
	v := item.Get(key)
	return v != nil && v.Kind != spec.Null && !(v.Kind == spec.String && v.Text == "")
}

// reportNone reports a map that has none of some keys.
func reportNone(item *spec.Value, keys []string, r *diag.Report) {
	if slices.ContainsFunc(keys, func(key string) bool { return isGiven(item, key) }) {
		return
	}
	message := keys[0] + " is missing"
	if last := len(keys) - 1; last > 0 {
		message = fmt.Sprintf("there is neither %s nor %s", strings.Join(keys[:last], ", "), keys[last])
	}
	at := item.Pos
	for _, key := range keys {
		if empty := item.Get(key); empty != nil {
			at = empty.Pos
		}
	}
	r.Add(InvalidResource, at, "add "+strings.Join(keys, ": or ")+":", "%s", message)
}

// reportTwo reports a map that has more than one of some keys, at the second.
func reportTwo(item *spec.Value, keys []string, r *diag.Report) {
	first := ""
	for _, f := range item.Fields() {
		switch {
		case !slices.Contains(keys, f.Key.Text) || !isGiven(item, f.Key.Text):
		case first == "":
			first = f.Key.Text
		default:
			r.Add(InvalidResource, f.Key.Pos, "remove one of them", "there are both %s and %s", first, f.Key.Text)
			return
		}
	}
}

func reportEmail(item *spec.Value, r *diag.Report) {
	if host := item.Get("smarthost"); host != nil && host.Kind == spec.String && host.Text != "" {
		if _, _, err := net.SplitHostPort(host.Text); err != nil {
			r.Add(InvalidResource, host.Pos, "write HOST:PORT, such as "+host.Text+":587", "%q has no port", host.Text)
		}
	}
	seen := map[string]bool{}
	for _, header := range items(item.Get("headers")) {
		key := header.Get("key")
		if key == nil {
			continue
		}
		name := strings.ToLower(key.Text)
		if seen[name] {
			r.Add(InvalidResource, key.Pos, "remove one of them", "the header %q is there twice", key.Text)
		}
		seen[name] = true
	}
}

func reportResponders(item *spec.Value, r *diag.Report) {
	for _, responder := range items(item.Get("responders")) {
		reportNone(responder, []string{"id", "name", "username"}, r)
	}
}

func reportLinks(item *spec.Value, r *diag.Report) {
	for _, key := range []string{"pagerDutyLinkConfigs", "pagerDutyImageConfigs"} {
		for _, link := range items(item.Get(key)) {
			reportAddress(link.Get("href"), "href", r)
		}
	}
}

func reportPushover(item *spec.Value, r *diag.Report) {
	both := item.Get("monospace")
	if html := item.Get("html"); html != nil && html.Text == "true" && both != nil && both.Text == "true" {
		r.Add(InvalidResource, both.Pos, "choose one", "a message is not both html and monospace")
	}
}

func reportSlack(item *spec.Value, r *diag.Report) {
	for _, action := range items(item.Get("actions")) {
		reportNone(action, []string{"name", "url"}, r)
	}
}

// reportSNS reports two recipients; of three, as Alertmanager, the operator thinks nothing.
func reportSNS(item *spec.Value, r *diag.Report) {
	recipients := []string{"targetARN", "topicARN", "phoneNumber"}
	if slices.ContainsFunc(recipients, func(key string) bool { return !isGiven(item, key) }) {
		reportTwo(item, recipients, r)
	}
}

func reportTelegram(item *spec.Value, r *diag.Report) {
	if chat := item.Get("chatID"); chat != nil && chat.Text == "0" {
		r.Add(InvalidResource, chat.Pos, "write the number of the chat", "0 is no chat")
	}
	reportTwo(item, []string{"botToken", "botTokenFile"}, r)
}

// reserved are the fields of an incident that VictorOps has a use for.
var reserved = []string{"entity_display_name", "entity_id", "entity_state", "message_type", "monitoring_tool", "routing_key", "state_message"}

func reportVictorOps(item *spec.Value, r *diag.Report) {
	for _, field := range items(item.Get("customFields")) {
		if key := field.Get("key"); key != nil && slices.Contains(reserved, key.Text) {
			r.Add(InvalidResource, key.Pos, "rename it", "%q is a field of VictorOps' own", key.Text)
		}
	}
}
