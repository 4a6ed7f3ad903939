package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// The units that are used, by Grafana's names.
const (
	unitShare        = "percentunit"
	unitSeconds      = "s"
	unitMilliseconds = "ms"
	unitPerSecond    = "eps" // events a second
	unitTimes        = "suffix: x"
	unitNumber       = "short"
	unitState        = "bool_on_off"
)

// The colours that mean something. Everything else has none of its own.
const (
	colourBad     = "red"
	colourWarning = "orange"
	colourFine    = "green"
	colourNone    = "transparent"
	colourPlain   = "text" // of what is neither good nor bad
)

// level is a value from which on a colour holds.
type level struct {
	from   float64
	colour string
}

// levels are a panel's thresholds: a colour below all of them, and one from each on.
func levels(below string, above ...level) *dashboard.ThresholdsConfig {
	config := &dashboard.ThresholdsConfig{Mode: dashboard.ThresholdsModeAbsolute, Steps: []dashboard.Threshold{{Color: below}}}
	for _, l := range above {
		config.Steps = append(config.Steps, dashboard.Threshold{Value: given(l.from), Color: l.colour})
	}
	return config
}

// graph is a panel of lines over time.
type graph struct {
	title, description, unit string
	queries                  []query
	links                    []dashboard.DashboardLink
	limits                   *dashboard.ThresholdsConfig // drawn as lines; nil for none
	from                     string                      // how far back it shows; "" as the dashboard does
	floor, ceiling           *float64                    // what is always in view
	none                     string                      // what nothing means, or ""
	stacked, steps           bool
	mappings                 []dashboard.ValueMapping
	overrides                []dashboard.DashboardFieldConfigSourceOverrides
}

func (g graph) panel() dashboard.Panel {
	style := timeseries.NewFieldConfig()
	style.LineWidth, style.FillOpacity = given(1.0), given(0.0)
	style.ShowPoints = given(common.VisibilityModeNever)
	style.AxisSoftMin, style.AxisSoftMax = g.floor, g.ceiling
	if g.limits != nil {
		style.ThresholdsStyle = &common.GraphThresholdsStyleConfig{Mode: common.GraphThresholdsStyleModeDashed}
	}
	if g.stacked {
		style.FillOpacity = given(30.0)
		style.Stacking = &common.StackingConfig{Mode: given(common.StackingModeNormal), Group: given("A")}
	}
	if g.steps {
		style.LineInterpolation = given(common.LineInterpolationStepAfter)
	}
	options := timeseries.NewOptions()
	options.Legend.ShowLegend = true
	options.Tooltip.Mode, options.Tooltip.Sort = common.TooltipDisplayModeMulti, common.SortOrderDescending
	panel := panelOf("timeseries", g.title, g.description)
	panel.Targets, panel.Options, panel.Links = targets(g.queries), options, g.links
	panel.FieldConfig.Defaults = dashboard.FieldConfig{
		Unit: given(g.unit), Thresholds: g.limits, Custom: style, Mappings: g.mappings,
		Color: &dashboard.FieldColor{Mode: dashboard.FieldColorModeIdPaletteClassic},
	}
	panel.FieldConfig.Overrides = append(panel.FieldConfig.Overrides, g.overrides...)
	if g.none != "" {
		panel.FieldConfig.Defaults.NoValue = given(g.none)
	}
	if g.from != "" {
		panel.TimeFrom = given(g.from)
	}
	return panel
}

// figure is a panel of one number, or a few.
type figure struct {
	title, description, unit string
	queries                  []query
	levels                   *dashboard.ThresholdsConfig // that colour the number
	decimals                 *int                        // how many are shown; nil as Grafana likes
	none                     string                      // what nothing means, or ""
	links                    []dashboard.DashboardLink
}

func (f figure) panel() dashboard.Panel {
	options := stat.NewOptions()
	options.GraphMode = common.BigValueGraphModeNone
	options.ReduceOptions.Calcs = []string{"lastNotNull"}
	if len(f.queries) > 1 {
		options.TextMode = common.BigValueTextModeValueAndName
	}
	panel := panelOf("stat", f.title, f.description)
	panel.Targets, panel.Options, panel.Links = instant(f.queries, prometheus.PromQueryFormatTimeSeries), options, f.links
	panel.FieldConfig.Defaults = dashboard.FieldConfig{
		Unit: given(f.unit), Thresholds: f.levels, Color: &dashboard.FieldColor{Mode: dashboard.FieldColorModeIdThresholds},
	}
	if f.decimals != nil {
		panel.FieldConfig.Defaults.Decimals = given(float64(*f.decimals))
	}
	if f.none != "" {
		panel.FieldConfig.Defaults.NoValue = given(f.none)
	}
	return panel
}

func panelOf(kind, title, description string) dashboard.Panel {
	return dashboard.Panel{
		Type: kind, Title: given(title), Description: given(description),
		FieldConfig: &dashboard.FieldConfigSource{Overrides: []dashboard.DashboardFieldConfigSourceOverrides{}},
	}
}

// overrideLike sets properties of the fields whose names match an expression.
func overrideLike(expression string, properties ...dashboard.DynamicConfigValue) dashboard.DashboardFieldConfigSourceOverrides {
	return dashboard.DashboardFieldConfigSourceOverrides{
		Matcher: dashboard.MatcherConfig{Id: "byRegexp", Options: expression}, Properties: properties,
	}
}

// override sets properties of the fields of a name.
func override(name string, properties ...dashboard.DynamicConfigValue) dashboard.DashboardFieldConfigSourceOverrides {
	return dashboard.DashboardFieldConfigSourceOverrides{
		Matcher: dashboard.MatcherConfig{Id: "byName", Options: name}, Properties: properties,
	}
}

func property(id string, value any) dashboard.DynamicConfigValue {
	return dashboard.DynamicConfigValue{Id: id, Value: value}
}

// fixedColour is always the same one.
func fixedColour(colour string) dashboard.DynamicConfigValue {
	return property("color", dashboard.FieldColor{Mode: dashboard.FieldColorModeIdFixed, FixedColor: given(colour)})
}
