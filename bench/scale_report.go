package main

import (
	_ "embed"
	"fmt"
	"os"
	"strings"
	"time"
)

//go:embed scale.md.in
var scalePage string

// aims are what something should reach; 0 for none.
type aims struct {
	faster, smaller float64 // than the peer, in processor time and in memory
	wall            float64 // seconds
	memory          float64 // megabytes
}

// scaleHead are the columns of the tables about scale.
var scaleHead = []string{"", "wall time", "processor time", "peak memory"}

func (b *bench) section(title string) *table {
	t := &b.scaleTable
	if t.head == nil {
		*t = table{title: "At scale", head: scaleHead}
	}
	heading := "**" + title + "**"
	for _, cells := range t.rows {
		if cells[0] == heading {
			return t
		}
	}
	t.add(heading)
	return t
}

// scaled adds a peer and slowburn at the same work.
func (b *bench) scaled(title string, theirs, ours row, aim aims) {
	t := b.section(title)
	for _, r := range []row{theirs, ours} {
		t.add(r.who, seconds(r.Wall), seconds(r.Processor), megabytes(r.Memory))
	}
	memory := float64(theirs.Memory) / float64(max(ours.Memory, 1))
	t.add("ratio", times(ratio(theirs.Wall, ours.Wall))+reached(ours.Wall, aim.wall),
		verdict(ratio(theirs.Processor, ours.Processor), aim.faster), verdict(memory, aim.smaller)+reachedMemory(ours.Memory, aim.memory))
}

// alone adds what no peer does.
func (b *bench) alone(title, who string, c cost, aim aims) {
	b.section(title).add(who, seconds(c.Wall)+reached(c.Wall, aim.wall), seconds(c.Processor), megabytes(c.Memory)+reachedMemory(c.Memory, aim.memory))
}

func reached(wall time.Duration, aim float64) string {
	if aim == 0 {
		return ""
	}
	return within(wall.Seconds() <= aim, fmt.Sprintf("%.3g s", aim))
}

func reachedMemory(bytes int64, aim float64) string {
	if aim == 0 {
		return ""
	}
	return within(float64(bytes)/1e6 <= aim, fmt.Sprintf("%.0f MB", aim))
}

// writeScale writes the table about scale in Markdown to a file, with what it means.
func (b *bench) writeScale(path string) error {
	var text strings.Builder
	fmt.Fprintf(&text, "%s Sloth v%s; at scale best of %d.\n\n", b.report.environment, slothVersion, b.scaleRuns)
	b.scaleTable.markdown(&text)
	return os.WriteFile(path, []byte(strings.Replace(scalePage, "@TABLES@\n", text.String(), 1)), 0o644)
}
