package check

import (
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"slowburn/internal/pattern"
	"slowburn/internal/runbook"
)

func warningHelp(c runbook.Code) string {
	if c.Inline {
		return "put a warning before it, in a quotation or at the beginning of the paragraph: **Warning:** what is lost"
	}
	return "put a warning before the block: > **Warning:** what is lost"
}

var warningText = pattern.New(`(?i)^(?:\[!)?(?:warning|caution|danger)\b`)

// isWarned tells whether a warning stands before a command, with no other block
// or heading between. One in running text may stand inside of the warning.
func isWarned(page *runbook.Page, c runbook.Code) bool {
	for n := c.Node; n != nil; n = n.Parent() {
		if c.Inline && isParagraph(n) && warningText().MatchString(page.Text(n)) {
			return true
		}
		for before := n.PreviousSibling(); before != nil; before = before.PreviousSibling() {
			switch before := before.(type) {
			case *ast.Blockquote:
				return warningText().MatchString(page.Text(before))
			case *ast.Heading, *ast.FencedCodeBlock, *ast.CodeBlock:
				return false
			case *ast.ListItem:
				if list, _ := before.Parent().(*ast.List); !c.Inline || list.IsOrdered() {
					return false // another step
				}
			}
		}
	}
	return false
}

func isParagraph(n ast.Node) bool {
	switch n.(type) {
	case *ast.Paragraph, *ast.TextBlock, *ast.Blockquote:
		return true
	}
	return false
}

var (
	// advisedAgainst ends where a command follows that one should not run.
	advisedAgainst = pattern.New(`(?i)\b(?:never|not|don't|cannot|without|avoid|no need to|instead of|rather than)\b[^.:;,]*$`)
	// wantObjects are verbs that do nothing without saying to what.
	wantObjects = strings.Fields("delete remove rm rmi drain uninstall scale drop truncate kill restore -rf -9")
)

// isMention tells whether running text speaks of a command and does not ask for it.
func isMention(page *runbook.Page, c runbook.Code) bool {
	words := strings.Fields(c.Text)
	if slices.Contains(wantObjects, words[len(words)-1]) {
		return true
	}
	before := ""
	for n := c.Node.PreviousSibling(); n != nil; n = n.PreviousSibling() {
		before = page.Text(n) + " " + before
	}
	return advisedAgainst().MatchString(before)
}
