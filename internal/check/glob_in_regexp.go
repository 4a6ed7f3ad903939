package check

import (
	"regexp/syntax"
	"strings"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"slowburn/internal/diag"
	"slowburn/internal/rulefile"
)

var globInRegexp = &Check{
	Kind: diag.Kind{Name: "glob-in-regexp", Severity: diag.Warning, Doc: `A regular expression is written like a pattern of file names.

In a regular expression a star repeats what stands before it: api-* matches api, api- and api--, and nothing else. Anything is
".*". A comma is no alternative either: {a,b} is written (a|b). Such a matcher selects nothing, and nobody is told.`},
	Bad: `groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up{job=~"api-*"})
`,
	Good: `groups:
  - name: example
    rules:
      - record: job:up:sum
        expr: sum by (job) (up{job=~"api-.*"})
`,
	Queries: true,
	Rule: func(p *Pass, r *rulefile.Rule) {
		for s := range partsOf[*parser.VectorSelector](p) {
			for _, m := range s.LabelMatchers {
				if m.Type != labels.MatchRegexp && m.Type != labels.MatchNotRegexp {
					continue
				}
				switch part := p.globIn(m.Value); {
				case part == "":
				case strings.HasPrefix(part, "{"):
					p.Report(r.ExprPos(s), "write ("+strings.ReplaceAll(strings.Trim(part, "{}"), ",", "|")+")", "%s in %s is no choice in a regular expression", part, m)
				default:
					p.Report(r.ExprPos(s), "write "+strings.TrimSuffix(part, "*")+".* for anything that begins so", "%s in %s repeats its last character", part, m)
				}
			}
		}
	},
}

// globIn is the part of a regular expression that was meant for a pattern of
// file names, or "": a letter, digit, dash or the like with a star behind it, or
// {a,b}, which is no count.
func (u *Unit) globIn(pattern string) string {
	part, known := u.globs[pattern]
	if !known {
		part = globIn(pattern)
		u.globs[pattern] = part
	}
	return part
}

func globIn(pattern string) string {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return ""
	}
	if star := starred(parsed); star != "" {
		before, _, _ := strings.Cut(pattern, star+"*")
		if at := strings.LastIndexAny(before, "|()[]*+?. "); at >= 0 {
			before = before[at+1:]
		}
		return before + star + "*"
	}
	open := strings.IndexByte(pattern, '{')
	if shut := strings.IndexByte(pattern, '}'); open >= 0 && shut > open {
		if inside := pattern[open : shut+1]; strings.Contains(inside, ",") && strings.Trim(inside, "{},0123456789") != "" && literal(parsed, inside) {
			return inside
		}
	}
	return ""
}

// starred is the single character that an expression repeats any number of
// times, or "". Where .* or the like follows, anything may stand there after all.
func starred(re *syntax.Regexp) string {
	if isStarred(re) {
		return string(re.Sub[0].Rune)
	}
	for i, sub := range re.Sub {
		if re.Op == syntax.OpConcat && isStarred(sub) && i+1 < len(re.Sub) && isAnything(re.Sub[i+1]) {
			continue
		}
		if star := starred(sub); star != "" {
			return star
		}
	}
	return ""
}

func isStarred(re *syntax.Regexp) bool {
	return re.Op == syntax.OpStar && re.Sub[0].Op == syntax.OpLiteral && len(re.Sub[0].Rune) == 1 && !strings.ContainsRune(" \t.*", re.Sub[0].Rune[0])
}

func isAnything(re *syntax.Regexp) bool {
	return (re.Op == syntax.OpStar || re.Op == syntax.OpPlus) && (re.Sub[0].Op == syntax.OpAnyChar || re.Sub[0].Op == syntax.OpAnyCharNotNL)
}

// literal tells whether an expression has a text in it as it stands.
func literal(re *syntax.Regexp, text string) bool {
	if re.Op == syntax.OpLiteral && strings.Contains(string(re.Rune), text) {
		return true
	}
	for _, sub := range re.Sub {
		if literal(sub, text) {
			return true
		}
	}
	return false
}
