package amconfig

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/prometheus/common/model"

	"slowburn/internal/spec"
)

// translation says what becomes of a key of a resource.
type translation struct {
	key string // in Alertmanager's configuration
	of  func(*spec.Value) *spec.Value
}

func same(v *spec.Value) *spec.Value { return v }

// each translates the items of a list.
func each(of func(*spec.Value) *spec.Value) func(*spec.Value) *spec.Value {
	return func(v *spec.Value) *spec.Value {
		if v.Kind != spec.List {
			return v
		}
		list := *v
		var items []*spec.Value
		for _, item := range v.Items() {
			items = append(items, of(item))
		}
		list.SetItems(items)
		return &list
	}
}

// translate makes of a map one with the keys of Alertmanager's configuration,
// each where it stands. Other keys are left out.
func translate(v *spec.Value, keys map[string]translation) *spec.Value {
	if v.Kind != spec.Map {
		return v
	}
	translated := *v
	var fields []spec.Field
	for _, f := range v.Fields() {
		t, ok := keys[f.Key.Text]
		if !ok || f.Value.Kind == spec.Null {
			continue
		}
		key := *f.Key
		key.Text = t.key
		fields = append(fields, spec.Field{Key: &key, Value: t.of(f.Value)})
	}
	translated.SetFields(fields)
	return &translated
}

// translateResource is the configuration that the operator makes of a resource,
// receivers without what they tell: below a root of its own, since the first
// route may have matchers.
func translateResource(body *spec.Value) *spec.Value {
	return translate(body, map[string]translation{
		"route":             {"route", translateRoot},
		"inhibitRules":      {"inhibit_rules", each(translateInhibition)},
		"receivers":         {"receivers", each(func(v *spec.Value) *spec.Value { return translate(v, map[string]translation{"name": {"name", same}}) })},
		"muteTimeIntervals": {"time_intervals", each(translateInterval)},
		"timeIntervals":     {"time_intervals", each(translateInterval)},
	})
}

func translateRoot(v *spec.Value) *spec.Value {
	return spec.NewMap(v.Pos,
		spec.Field{Key: text("receiver", v), Value: v.Get("receiver")},
		spec.Field{Key: text("routes", v), Value: spec.NewList(v.Pos, translateRoute(v))})
}

// text is a text at the place of a value.
func text(s string, at *spec.Value) *spec.Value {
	return &spec.Value{Kind: spec.String, Text: s, Pos: at.Pos}
}

func translateRoute(v *spec.Value) *spec.Value { return translate(v, routeKeys()) }

// routeKeys are the keys of a route.
func routeKeys() map[string]translation {
	return map[string]translation{
		"receiver": {"receiver", same}, "continue": {"continue", same},
		"groupBy": {"group_by", same}, "groupWait": {"group_wait", same},
		"groupInterval": {"group_interval", same}, "repeatInterval": {"repeat_interval", same},
		"muteTimeIntervals": {"mute_time_intervals", same}, "activeTimeIntervals": {"active_time_intervals", same},
		"matchers": {"matchers", each(translateMatcher)}, "routes": {"routes", each(translateRoute)},
	}
}

func translateInhibition(v *spec.Value) *spec.Value {
	return translate(v, map[string]translation{
		"sourceMatch": {"source_matchers", each(translateMatcher)}, "targetMatch": {"target_matchers", each(translateMatcher)},
		"equal": {"equal", same},
	})
}

// translateMatcher writes a matcher as one text.
func translateMatcher(v *spec.Value) *spec.Value {
	get := func(key string) string {
		if of := v.Get(key); of != nil {
			return of.Text
		}
		return ""
	}
	operator := cmp.Or(get("matchType"), "=")
	if regex := get("regex"); regex == "true" && get("matchType") == "" {
		operator = "=~"
	}
	name := get("name")
	if !model.LabelNameRE.MatchString(name) { // the classic way of writing names, which errors are clearer for
		name = strconv.Quote(name)
	}
	return text(name+operator+strconv.Quote(get("value")), v)
}

func translateInterval(v *spec.Value) *spec.Value {
	return translate(v, map[string]translation{
		"name": {"name", same},
		"timeIntervals": {"time_intervals", each(func(v *spec.Value) *spec.Value {
			return translate(v, map[string]translation{
				"times": {"times", each(func(v *spec.Value) *spec.Value {
					return translate(v, map[string]translation{"startTime": {"start_time", same}, "endTime": {"end_time", same}})
				})},
				"weekdays": {"weekdays", same}, "months": {"months", same}, "years": {"years", same},
				"daysOfMonth": {"days_of_month", each(translateDays)},
			})
		})},
	})
}

func translateDays(v *spec.Value) *spec.Value {
	start, end := v.Get("start"), v.Get("end")
	switch {
	case start == nil:
		return text("", v)
	case end == nil:
		return text(start.Text, v)
	}
	return text(start.Text+":"+end.Text, v)
}

// plain is a value as JSON has it.
func plain(v *spec.Value) any {
	switch v.Kind {
	case spec.Null:
		return nil
	case spec.Bool:
		return strings.EqualFold(v.Text, "true")
	case spec.Number:
		if json.Valid([]byte(v.Text)) {
			return json.Number(v.Text)
		}
		return v.Text
	case spec.List:
		list := make([]any, len(v.Items()))
		for i, item := range v.Items() {
			list[i] = plain(item)
		}
		return list
	case spec.Map:
		fields := map[string]any{}
		for _, f := range v.Fields() {
			fields[f.Key.Text] = plain(f.Value)
		}
		return fields
	}
	return v.Text
}
