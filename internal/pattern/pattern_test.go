package pattern

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
)

// TestLiterals holds that every pattern of the program compiles that is written as one literal: nobody notices otherwise
// until it is used.
func TestLiterals(t *testing.T) {
	found := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			function, ok := call.Fun.(*ast.SelectorExpr)
			literal, isLiteral := call.Args[0].(*ast.BasicLit)
			if !ok || !isLiteral || function.Sel.Name != "New" {
				return true
			}
			if of, ok := function.X.(*ast.Ident); !ok || of.Name != "pattern" {
				return true
			}
			found++
			text, err := strconv.Unquote(literal.Value)
			if err == nil {
				_, err = regexp.Compile(text)
			}
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			return true
		})
		return nil
	})
	if err != nil || found < 50 {
		t.Errorf("%d patterns: %v", found, err)
	}
}

func TestNew(t *testing.T) {
	p := New("^a+$")
	first := p()
	if !first.MatchString("aa") || first.MatchString("b") {
		t.Error("the pattern is another one")
	}
	if p() != first {
		t.Error("the pattern is compiled again")
	}
}
