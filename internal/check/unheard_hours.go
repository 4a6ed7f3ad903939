package check

import (
	"slices"
	"strings"
	"time"

	"slowburn/internal/amconfig"
	"slowburn/internal/diag"
	"slowburn/internal/spec"
)

var unheardHours = &Check{
	Kind: diag.Kind{Name: "unheard-hours", Severity: diag.Warning, Doc: `There are hours of the week in which nobody gets a page.

All routes that a page comes to are muted, or not active. Intervals do not hand over: where one person's hours end, another
route must tell somebody else. Every minute of a week in January and of one in July is looked at, by the clocks of the
intervals' locations; the finding gives times by that clock, or in UTC where there are several. Days off in other weeks are not looked at.`},
	Bad: `route:
  receiver: chat
  routes: [{matchers: [severity="page"], receiver: phone, active_time_intervals: [office]}]
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
  - {name: phone, webhook_configs: [{url: "http://phone.example.com"}]}
time_intervals:
  - name: office
    time_intervals: [{weekdays: ["monday:friday"], times: [{start_time: "08:00", end_time: "18:00"}]}]
`,
	Good: `route:
  receiver: chat
  routes:
    - {matchers: [severity="page"], receiver: phone, active_time_intervals: [office], continue: true}
    - {matchers: [severity="page"], receiver: night-phone, mute_time_intervals: [office]}
receivers:
  - {name: chat, webhook_configs: [{url: "http://chat.example.com"}]}
  - {name: phone, webhook_configs: [{url: "http://phone.example.com"}]}
  - {name: night-phone, webhook_configs: [{url: "http://night-phone.example.com"}]}
time_intervals:
  - name: office
    time_intervals: [{weekdays: ["monday:friday"], times: [{start_time: "08:00", end_time: "18:00"}]}]
`,
	Routes: func(p *RoutesPass) {
		for _, t := range p.Trees {
			seen := map[*amconfig.Route]bool{}
			for _, route := range t.Routes() {
				if len(route.Active)+len(route.Mute) == 0 || named(route) || seen[route] {
					continue
				}
				for _, page := range p.pagesOf(t) {
					alert, verdict := t.lands(route, page)
					if verdict != amconfig.Yes {
						continue
					}
					ends := t.Match(alert)
					for _, end := range ends {
						seen[end] = true
					}
					p.reportUnheard(t, route, alert, ends)
					break
				}
			}
		}
	},
}

// weeks begin on a Monday of winter and of summer, so that both clocks are seen.
func weeks(in *time.Location) []time.Time {
	return []time.Time{time.Date(2027, 1, 11, 0, 0, 0, 0, in), time.Date(2027, 7, 12, 0, 0, 0, 0, in)}
}

// clockOf is the location by which all intervals of some routes count, or UTC.
func (t *tree) clockOf(routes []*amconfig.Route) *time.Location {
	clocks := map[string]*time.Location{}
	for _, route := range routes {
		for _, in := range t.Intervals {
			if !slices.Contains(route.Active, in.Name) && !slices.Contains(route.Mute, in.Name) {
				continue
			}
			for _, times := range in.Times {
				clock := time.UTC
				if times.Location != nil {
					clock = times.Location.Location
				}
				clocks[clock.String()] = clock
			}
		}
	}
	if len(clocks) != 1 {
		return time.UTC
	}
	return clocks[sortedKeys(clocks)[0]]
}

// hoursPos is where a route says when it tells anybody.
func hoursPos(route *amconfig.Route) diag.Pos {
	for _, key := range []string{"mute_time_intervals", "active_time_intervals"} {
		if v := route.Value.Get(key); v != nil {
			return v.Pos
		}
	}
	return route.Value.Pos
}

const minutesOfWeek = 7 * 24 * 60

// reportUnheard reports the parts of a week in which none of the nodes that an
// alert comes to tells anybody.
func (p *RoutesPass) reportUnheard(t *tree, route *amconfig.Route, alert amconfig.Labels, ends []*amconfig.Route) {
	clock := t.clockOf(ends)
	for _, monday := range weeks(clock) {
		var parts []string
		total, from := 0, -1
		for minute := range minutesOfWeek + 1 {
			at := monday.Add(time.Duration(minute) * time.Minute)
			silent := minute < minutesOfWeek && !slices.ContainsFunc(ends, func(end *amconfig.Route) bool { return !t.Silent(end, at) })
			switch {
			case silent && from < 0:
				from = minute
			case !silent && from >= 0:
				parts = append(parts, hour(monday, from)+" to "+hour(monday, minute))
				total, from = total+minute-from, -1
			}
		}
		if total == 0 {
			continue
		}
		shown := strings.Join(parts[:min(len(parts), maxParts)], ", ")
		if len(parts) > maxParts {
			shown += ", …"
		}
		p.Report(hoursPos(route), route.Value.Pos, "tell somebody else in these hours", "for %s of the week nobody gets a page such as %s: %s %s",
			spec.FormatDuration(time.Duration(total)*time.Minute), describe(alert), shown, clock)
		return
	}
}

// maxParts is how many parts of the week a finding lists.
const maxParts = 3

func hour(monday time.Time, minute int) string {
	if minute == minutesOfWeek {
		return "sunday 24:00"
	}
	return strings.ToLower(monday.Add(time.Duration(minute) * time.Minute).Format("Monday 15:04"))
}
