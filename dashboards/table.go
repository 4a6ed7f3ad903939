package dashboards

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/table"

	"slowburn/internal/expr"
)

// column is one of a table: the value of a query for each line.
type column struct {
	title, unit string
	of          expr.Expr
	levels      *dashboard.ThresholdsConfig // that colour its values; nil for no colour
	decimals    *int                        // how many are shown; nil as Grafana likes
	least       bool                        // of several values for a line the least counts, otherwise the greatest
}

// list is a table with a line for each combination of some labels.
type list struct {
	title, description string
	by                 []string // the labels
	columns            []column
	worst              string // the title of the column by which it is sorted, the least first
	// opens is where a click on the label clicked leads, or "".
	opens, clicked string
}

func (l list) panel() dashboard.Panel {
	var queries []query
	hidden, names, order := map[string]any{"Time": true}, map[string]any{}, map[string]any{}
	for i, label := range l.by {
		order[label] = i
	}
	for i, c := range l.columns {
		worst := expr.Max
		if c.least {
			worst = expr.Min
		}
		queries = append(queries, query{of: worst(c.of, l.by...)})
		names["Value #"+refID(i)], order["Value #"+refID(i)] = c.title, len(l.by)+i
	}
	options := &table.Options{ShowHeader: true, CellHeight: given(common.TableCellHeightSm), SortBy: []common.TableSortByFieldState{{DisplayName: l.worst}}}
	panel := panelOf("table", l.title, l.description)
	panel.Targets, panel.Options = instant(queries, prometheus.PromQueryFormatTable), options
	// The lines of all queries become one for each combination of labels.
	panel.Transformations = []dashboard.DataTransformerConfig{
		{Id: "merge", Options: map[string]any{}},
		{Id: "organize", Options: map[string]any{"excludeByName": hidden, "renameByName": names, "indexByName": order}},
	}
	panel.FieldConfig.Defaults = dashboard.FieldConfig{Unit: given(unitNumber)}
	for _, c := range l.columns {
		properties := []dashboard.DynamicConfigValue{property("unit", c.unit)}
		if c.decimals != nil {
			properties = append(properties, property("decimals", *c.decimals))
		}
		if c.levels != nil {
			properties = append(properties, property("thresholds", c.levels), property("custom.cellOptions", map[string]any{"type": "color-text"}),
				property("color", dashboard.FieldColor{Mode: dashboard.FieldColorModeIdThresholds}))
		}
		panel.FieldConfig.Overrides = append(panel.FieldConfig.Overrides, override(c.title, properties...))
	}
	if l.opens != "" {
		link := map[string]any{"title": "Show it", "url": l.opens}
		panel.FieldConfig.Overrides = append(panel.FieldConfig.Overrides, override(l.clicked, property("links", []any{link})))
	}
	return panel
}
