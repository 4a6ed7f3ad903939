package amconfig

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/prometheus/alertmanager/pkg/labels"
)

// automaton is a regular expression as the program that Go compiles it to, which
// is run here on sets of its instructions: a step for each character.
type automaton struct {
	prog *syntax.Prog
	// opaque has conditions that a set of instructions does not carry: words and lines.
	opaque bool
}

func (s *Solver) automaton(expression string) *automaton {
	if a := s.automata[expression]; a != nil {
		return a
	}
	a := &automaton{opaque: true}
	if re, err := syntax.Parse(expression, syntax.Perl); err == nil {
		if prog, err := syntax.Compile(re.Simplify()); err == nil {
			a = &automaton{prog: prog, opaque: slices.ContainsFunc(prog.Inst, func(i syntax.Inst) bool {
				text := syntax.EmptyBeginText | syntax.EmptyEndText
				return i.Op == syntax.InstEmptyWidth && syntax.EmptyOp(i.Arg)&^text != 0
			})}
		}
	}
	s.automata[expression] = a
	return a
}

// closure are the instructions that wait for a character, or have matched, after
// those of a state; some conditions hold only at the beginning or the end.
func (a *automaton) closure(state []uint32, begin, end bool) (waiting []uint32, matched bool) {
	seen := make([]bool, len(a.prog.Inst))
	var visit func(uint32)
	visit = func(pc uint32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch i := &a.prog.Inst[pc]; i.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			visit(i.Out)
			visit(i.Arg)
		case syntax.InstCapture, syntax.InstNop:
			visit(i.Out)
		case syntax.InstEmptyWidth:
			op := syntax.EmptyOp(i.Arg)
			if (op&syntax.EmptyBeginText == 0 || begin) && (op&syntax.EmptyEndText == 0 || end) {
				visit(i.Out)
			}
		case syntax.InstMatch:
			matched = true
		case syntax.InstFail:
		default:
			waiting = append(waiting, pc)
		}
	}
	for _, pc := range state {
		visit(pc)
	}
	return waiting, matched
}

// step is the state after a character.
func (a *automaton) step(waiting []uint32, c rune) []uint32 {
	var next []uint32
	for _, pc := range waiting {
		if i := &a.prog.Inst[pc]; i.MatchRune(c) {
			next = append(next, i.Out)
		}
	}
	slices.Sort(next)
	return slices.Compact(next)
}

// maxStates bounds the search for a text.
const maxStates = 3000

// node is a place of the search: a state for each matcher.
type node struct {
	states [][]uint32
	parent int
	char   rune
}

// product searches for a text of one line that all matchers accept, through the product of
// their automata, shortest first. It is none of those that need no search.
func (s *Solver) product(matchers labels.Matchers) (string, Verdict) {
	var automata []*automaton
	for _, m := range matchers {
		expression := m.Value
		if m.Type == labels.MatchNotEqual {
			expression = quoteAll(m.Value)
		}
		a := s.automaton(expression)
		if a.opaque {
			return "", Unknown
		}
		automata = append(automata, a)
	}
	alphabet := representatives(automata)
	first := node{parent: -1}
	for _, a := range automata {
		first.states = append(first.states, []uint32{uint32(a.prog.Start)})
	}
	nodes := []node{first}
	seen := map[string]bool{}
	for n := 0; n < len(nodes); n++ {
		if accepts(automata, matchers, nodes[n], n == 0) {
			return spell(nodes, n), Yes
		}
		if len(nodes) > maxStates {
			return "", Unknown
		}
		waiting := make([][]uint32, len(automata))
		for i, a := range automata {
			waiting[i], _ = a.closure(nodes[n].states[i], n == 0, false)
		}
		for _, c := range alphabet {
			next, dead := node{parent: n, char: c}, false
			for i, a := range automata {
				state := a.step(waiting[i], c)
				dead = dead || len(state) == 0 && matchers[i].Type == labels.MatchRegexp
				next.states = append(next.states, state)
			}
			if key := fmt.Sprint(next.states); !dead && !seen[key] {
				seen[key] = true
				nodes = append(nodes, next)
			}
		}
	}
	return "", No
}

func quoteAll(text string) string {
	var b strings.Builder
	for _, c := range text {
		fmt.Fprintf(&b, `\x{%x}`, c)
	}
	return b.String()
}

func accepts(automata []*automaton, matchers labels.Matchers, n node, begin bool) bool {
	for i, a := range automata {
		_, matched := a.closure(n.states[i], begin, true)
		if matched != (matchers[i].Type == labels.MatchRegexp) {
			return false
		}
	}
	return true
}

// spell is the text that leads to a node.
func spell(nodes []node, n int) string {
	var text []rune
	for ; nodes[n].parent >= 0; n = nodes[n].parent {
		text = append(text, nodes[n].char)
	}
	slices.Reverse(text)
	return string(text)
}

// representatives are characters of which each stands for all that no
// instruction tells apart from it. Labels have one line: a newline, the only
// character that .+ does not match, would make a value for nearly everything.
func representatives(automata []*automaton) []rune {
	bounds := []rune{0, '\n', '\n' + 1}
	for _, a := range automata {
		for _, i := range a.prog.Inst {
			for j := 0; j+1 < len(i.Rune); j += 2 {
				bounds = append(bounds, i.Rune[j], i.Rune[j+1]+1)
			}
			if len(i.Rune) == 1 { // of either case, perhaps
				c := i.Rune[0]
				bounds = append(bounds, c, c+1)
				for other := unicode.SimpleFold(c); other != c; other = unicode.SimpleFold(other) {
					bounds = append(bounds, other, other+1)
				}
			}
		}
	}
	slices.Sort(bounds)
	bounds = slices.Compact(bounds)
	var all []rune
	for i, low := range bounds {
		high := rune(unicode.MaxRune)
		if i+1 < len(bounds) {
			high = bounds[i+1] - 1
		}
		if c, ok := pick(low, high); ok {
			all = append(all, c)
		}
	}
	return all
}

// pick is a character of a range, one that people write if there is any.
func pick(low, high rune) (rune, bool) {
	for _, c := range "a0A-_. " {
		if low <= c && c <= high {
			return c, true
		}
	}
	for _, c := range []rune{low, '!', 0xe000, high} {
		if low <= c && c <= high && utf8.ValidRune(c) && c != '\n' {
			return c, true
		}
	}
	return 0, false
}
