package alerts

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// BurnPanel is the id of the graph of burn rates on a service's dashboard.
const BurnPanel = 1

// PanelID is the id of the panel that shows what the alert goes by, on its
// service's dashboard; 0 where no panel is about it alone. It depends on nothing
// but the alert's name, so that links in old notifications go on leading there.
func (a Alert) PanelID() uint32 {
	switch {
	case len(a.Tiers) > 0:
		return BurnPanel
	case a.Threshold != nil:
		return panelOf(a.Name)
	}
	return 0
}

// PanelID is the id of the panel that shows what a trigger of the autoscaler goes
// by, on the service's dashboard.
func (a Autoscaler) PanelID(t Trigger) uint32 { return panelOf(a.Name + "/" + t.Signal.Name) }

// panelOf is an id that depends on a name alone. No alert's has a slash.
func panelOf(name string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(name)) // never fails
	return firstAlertPanel + h.Sum32()%alertPanels
}

// The ids of panels of alerts and triggers: all others are counted from 2.
const (
	firstAlertPanel = 1_000
	alertPanels     = 1_000_000_000
)

// toPanel is the address of a dashboard with the panel of the alert alone.
func (a Alert) toPanel(link string) string {
	id := a.PanelID()
	if link == "" || id == 0 {
		return link
	}
	separator := "?"
	if strings.Contains(link, "?") {
		separator = "&"
	}
	return link + separator + "viewPanel=" + strconv.FormatUint(uint64(id), 10)
}
