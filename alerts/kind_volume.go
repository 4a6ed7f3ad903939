package alerts

import (
	"fmt"
	"math"
	"slices"
	"time"

	"slowburn/internal/diag"
	"slowburn/internal/expr"
	"slowburn/internal/spec"
	"slowburn/slo"
)

// Volume fires while a volume is almost full, or will be soon if it goes on filling as it did in the last six hours; its
// inodes too.
type Volume struct {
	spec.Node
	// Available selects the bytes that are free: node_filesystem_avail_bytes, kubelet_volume_stats_available_bytes.
	Available slo.Selector `json:"available" jsonschema:"required"`
	// Size selects the bytes that there are.
	Size slo.Selector `json:"size" jsonschema:"required"`
	// InodesFree and Inodes select the inodes that are free, and all. Where they are given, both are judged alike.
	InodesFree slo.Selector `json:"inodesFree,omitempty"`
	// Inodes are all inodes.
	Inodes slo.Selector `json:"inodes,omitempty"`
	// Except select series that are 1 for volumes that are not judged: those that are only read, say.
	Except []slo.Selector `json:"except,omitempty"`
	// Per are the labels that tell volumes apart. All others are aggregated away, so that for does not begin anew when a
	// volume moves to another node.
	Per []spec.Ident `json:"per" jsonschema:"required"`
	// UsedAbove is the share that may be used.
	UsedAbove spec.Ratio `json:"usedAbove,omitempty"`
	// FullWithin fires before a volume is full.
	FullWithin *FullWithin `json:"fullWithin,omitempty"`

	per []string
}

// FullWithin is a prediction: the volume fills, and will be full within a time.
type FullWithin struct {
	spec.Node
	// Time within which the volume will be full.
	Time spec.Duration `json:"time" jsonschema:"required"`
	// UsedAbove is the share below which a prediction fires nothing.
	UsedAbove spec.Ratio `json:"usedAbove" jsonschema:"required"`
}

// DecodeSpec implements spec.Decoder.
func (f *FullWithin) DecodeSpec(v *spec.Value, r *diag.Report) {
	if v.Kind != spec.Map {
		f.Node = spec.NodeOf(v)
		r.Add(spec.WrongType, v.Pos, "write {time: 2d, usedAbove: 60%}", "%s does not say from which share on that matters", v.Text)
		return
	}
	type plain FullWithin
	spec.Decode(v, (*plain)(f), r)
}

// fillWindow is the time from which it is predicted how a volume fills, as in
// kubernetes-mixin.
const fillWindow = 6 * time.Hour

func (v *Volume) resolve(s *slo.Service, r *diag.Report) bool {
	v.per = idents(v.Per)
	selectors := append([]slo.Selector{v.Available, v.Size}, v.Except...)
	if v.InodesFree.IsSet() != v.Inodes.IsSet() {
		r.Add(spec.MissingKey, v.Pos(), "give both, or none", "inodesFree and inodes belong together")
		return false
	}
	if v.Inodes.IsSet() {
		selectors = append(selectors, v.InodesFree, v.Inodes)
	}
	ok := true
	for _, selector := range selectors {
		ok = s.Catalogue.Gauge(selector, r) && checkPer(v.Per, selector, s.Catalogue, r) && ok
	}
	if ok {
		ok = checkApart(v.Available, v.Size, "available and size", r)
		ok = checkApart(v.InodesFree, v.Inodes, "inodesFree and inodes", r) && ok
		ok = checkApart(v.Available, v.InodesFree, "available and inodesFree", r) && ok
		s.Catalogue.PartOf(v.Available, v.Size, r)
		s.Catalogue.PartOf(v.InodesFree, v.Inodes, r)
	}
	if len(v.per) == 0 && v.Value().Get("per") != nil {
		r.Add(spec.BadValue, v.KeyPos("per"), "list the labels that tell volumes apart, such as instance and mountpoint", "without labels all volumes are one")
		ok = false
	}
	return v.checkLimits(r) && ok
}

// checkLimits reports limits that are missing, or that make no sense.
func (v *Volume) checkLimits(r *diag.Report) bool {
	level, predicted := v.UsedAbove.Value() != nil, v.FullWithin != nil
	if !level && !predicted {
		r.Add(spec.MissingKey, v.Pos(), "add usedAbove: 85%, or fullWithin: {time: 4d, usedAbove: 60%}", "the volume has no limit")
		return false
	}
	ok := true
	if level {
		ok = between(v.UsedAbove, r)
	}
	if predicted {
		ok = atLeast(v.FullWithin.Time, time.Minute, r) && v.FullWithin.UsedAbove.IsSet() && ok
	}
	if ok && level && predicted && v.FullWithin.UsedAbove.Cmp(v.UsedAbove.Rat) >= 0 {
		r.Add(spec.BadValue, v.FullWithin.UsedAbove.Pos(), "use a share below "+v.UsedAbove.String(), "above %s it fires anyway", v.UsedAbove)
		ok = false
	}
	return ok
}

func (v *Volume) condition() expr.Expr {
	full := v.of(v.Available.Selector, v.Size.Selector)
	if v.Inodes.IsSet() {
		full = expr.Or(full, v.of(v.InodesFree.Selector, v.Inodes.Selector))
	}
	for _, except := range v.Except {
		full = expr.UnlessOn(full, expr.Equals(expr.Max(except.Selector, v.per...), one), v.per...)
	}
	return full
}

// of is the condition on one kind of space.
func (v *Volume) of(free, all expr.Selector) expr.Expr {
	used := expr.Sub(one, expr.Div(free, all))
	var full expr.Expr
	if v.UsedAbove.IsSet() {
		full = expr.Greater(expr.Max(used, v.per...), expr.Number(v.UsedAbove.Rat))
	}
	if f := v.FullWithin; f != nil {
		// Of one volume both must be true: a full one may stand beside one that fills.
		fills := expr.Less(expr.PredictLinear(free, fillWindow, f.Time.Duration), zero)
		soon := expr.Max(expr.And(expr.Greater(used, expr.Number(f.UsedAbove.Rat)), fills), v.per...)
		if full == nil {
			return soon
		}
		full = expr.Or(full, soon)
	}
	return full
}

func (v *Volume) words() Words {
	condition := ""
	if v.UsedAbove.IsSet() {
		condition = fmt.Sprintf("more than %s of a volume is used", v.UsedAbove)
	}
	if f := v.FullWithin; f != nil {
		if condition != "" {
			condition += ", or "
		}
		condition += fmt.Sprintf("more than %s of a volume is used and it will be full within %s", f.UsedAbove, f.Time)
	}
	if v.Inodes.IsSet() {
		condition += ", or of its inodes"
	}
	return Words{Condition: condition, Per: v.per, Value: "{{ $value | humanizePercentage }} is used."}
}

// volumeSize is that of a synthetic volume, in bytes, and in inodes.
const volumeSize = 1 << 40

// imitate implements Kind: the level is the share that is used, of bytes; inodes
// are used half as much, except in a scene of their own. What is predicted
// depends on six hours: levels do not jump; a volume is mounted as full as it is,
// or fills steadily.
func (v *Volume) imitate(t Timing) Imitation {
	levels := &Levels{
		Per: v.per, Steady: true, Before: fillWindow + time.Hour,
		Gauges: space(v.Available, v.Size, 1),
	}
	var inodes []Gauge
	if v.Inodes.IsSet() {
		inodes = append(space(v.Available, v.Size, 2), space(v.InodesFree, v.Inodes, 1)...)
		levels.Gauges = append(levels.Gauges, space(v.InodesFree, v.Inodes, 2)...)
	}
	for _, except := range v.Except {
		levels.Excepted = append(levels.Excepted, gauge(except.Selector, always(1)))
	}
	noticed, quiet := 2*t.Noticed(), v.lowest()/2
	flat := func(name string, level float64) Scene {
		return Scene{Name: name, Length: noticed, Curve: []Knot{{0, level}, {noticed, level}, {noticed, quiet}}, Appear: true}
	}
	if v.UsedAbove.IsSet() {
		l := limit{at: toFloat(v.UsedAbove.Rat)}
		levels.Holds = append(levels.Holds, []Term{l.term})
		levels.Scenes = append(levels.Scenes, flat("just inside", l.right()), flat("just outside", min(l.wrong(), 1)))
		replaced := flat("replaced meanwhile", min(l.wrong(), 1))
		replaced.Replaced = true
		levels.Scenes = append(levels.Scenes, replaced)
	}
	if v.FullWithin != nil {
		levels.Holds = append(levels.Holds, v.FullWithin.holds())
		levels.Scenes = append(levels.Scenes, v.FullWithin.scenes(t, quiet)...)
		levels.Scenes = append(levels.Scenes, v.twoVolumes(2*t.Noticed())...)
	}
	if inodes != nil {
		for _, s := range levels.Scenes {
			if !s.Replaced {
				s.Name, s.Gauges = s.Name+", of inodes", inodes
				levels.Scenes = append(levels.Scenes, s)
			}
		}
	}
	levels.Quiet, levels.Loud, levels.Siblings = quiet, 1, []float64{quiet}
	levels.Scenes = slices.Insert(levels.Scenes, 0, flat("healthy", levels.Quiet))
	levels.Scenes = append(levels.Scenes, Scene{Name: "vanishes", Length: noticed, Curve: []Knot{{0, levels.Quiet}}, Vanish: true})
	levels.Outage = func(length time.Duration) Scene {
		return Scene{Length: length, Curve: []Knot{{0, 1}, {length, 1}, {length, quiet}}, Appear: true}
	}
	return Imitation{Levels: levels}
}

// space are the series of one kind of space, of which a part of the level is used.
func space(free, all slo.Selector, part float64) []Gauge {
	left := func(level, _ float64) float64 { return math.Round(volumeSize * (1 - level/part)) }
	return []Gauge{gauge(free.Selector, left), gauge(all.Selector, always(volumeSize))}
}

// lowest is the smallest share above which it may fire.
func (v *Volume) lowest() float64 {
	if v.FullWithin != nil {
		return toFloat(v.FullWithin.UsedAbove.Rat)
	}
	return toFloat(v.UsedAbove.Rat)
}

// holds is the condition of a prediction: enough is used, and at the present
// pace all of it will be in time.
func (f *FullWithin) holds() []Term {
	used, horizon := limit{at: toFloat(f.UsedAbove.Rat)}, f.Time.Seconds()
	return []Term{used.term, func(p Point) float64 { return p.Level + p.Slope*horizon - 1 }}
}

// scenes are volumes that fill steadily for hours: one that reaches the share
// above which that matters, and one that fills too slowly.
func (f *FullWithin) scenes(t Timing, quiet float64) []Scene {
	share, length := toFloat(f.UsedAbove.Rat), 2*t.Noticed()
	// At a pace that fills what is left in half the time, the share is reached half way.
	pace := (1 - share) / (f.Time.Seconds() / 2)
	reaches := length / 2
	from := -fillWindow - time.Hour
	fills := func(name string, pace float64) Scene {
		at := func(when time.Duration) float64 { return share + pace*(when-reaches).Seconds() }
		return Scene{Name: name, Length: length, Curve: []Knot{{from, max(0, at(from))}, {length, min(1, at(length))}, {length, quiet}}}
	}
	slow := (1 - share) / (f.Time.Seconds() * 2)
	return []Scene{fills("fills slowly", slow), fills("fills", pace)}
}

// twoVolumes is a volume that is full enough and stands still, beside another of
// the same labels that fills and has space left: none of them will be full. There
// is no such scene where what fills in time is soon as full.
func (v *Volume) twoVolumes(length time.Duration) []Scene {
	share, most := toFloat(v.FullWithin.UsedAbove.Rat), 1.0
	if v.UsedAbove.IsSet() {
		most = toFloat(v.UsedAbove.Rat)
	}
	stands, fills := (share+most)/2, share*(1-margin)
	from := -fillWindow - time.Hour
	begins := fills - 2*(1-fills)/v.FullWithin.Time.Seconds()*(length-from).Seconds()
	if begins < 0 {
		return nil
	}
	return []Scene{{
		Name: "one full, another fills", Length: length, Curve: []Knot{{0, stands}},
		Sibling: []Knot{{from, begins}, {length, fills}},
	}}
}

func (*Volume) quantity() Quantity { return QuantityShare }

// bearing implements bearer: it works until it is full.
func (*Volume) bearing() bearing { return bearsNothing }
