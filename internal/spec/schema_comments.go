package spec

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"reflect"
	"slowburn/internal/pattern"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// readComments fills in the comments of the types, and their fields, that the
// files of a package declare; the key is that of jsonschema.Reflector.CommentMap.
func readComments(pkg string, files fs.FS, comments map[string]string) error {
	names, err := fs.Glob(files, "*.go")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("%s/%s: %w", pkg, name, err)
		}
		for _, d := range file.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.TYPE {
				continue
			}
			for _, s := range decl.Specs {
				addComments(pkg, s.(*ast.TypeSpec), decl.Doc, comments)
			}
		}
	}
	return nil
}

func addComments(pkg string, t *ast.TypeSpec, doc *ast.CommentGroup, comments map[string]string) {
	if t.Doc != nil {
		doc = t.Doc
	}
	key := pkg + "." + t.Name.Name
	comments[key] = withoutName(describe(doc), t.Name.Name)
	s, ok := t.Type.(*ast.StructType)
	if !ok {
		return
	}
	keys := map[string]string{}
	for _, f := range s.Fields.List {
		for _, n := range f.Names {
			keys[n.Name] = keyOf(f)
		}
	}
	for _, f := range s.Fields.List {
		for _, n := range f.Names {
			text := describe(f.Doc)
			if rest, ok := strings.CutPrefix(text, n.Name+" "); ok && keys[n.Name] != "" {
				text = keys[n.Name] + " " + rest
			}
			// Other fields that a comment mentions, but for those that are words of English.
			comments[key+"."+n.Name] = fieldName().ReplaceAllStringFunc(text, func(name string) string { return cmp.Or(keys[name], name) })
		}
	}
}

// fieldName finds names of fields that are made of several words.
var fieldName = pattern.New(`\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b`)

// keyOf is the key by which whoever reads a spec knows a field; "" for a field that is none.
func keyOf(f *ast.Field) string {
	if f.Tag == nil {
		return ""
	}
	tag, _ := strconv.Unquote(f.Tag.Value)
	key, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
	return key
}

// withoutName is a type's comment without its name, with which it begins in Go,
// and which no reader of specs knows: "Tier is one alert." becomes "One alert."
func withoutName(text, name string) string {
	rest, ok := strings.CutPrefix(text, name+" ")
	if !ok {
		return text
	}
	rest = strings.TrimPrefix(strings.TrimPrefix(rest, "is "), "are ")
	first, size := utf8.DecodeRuneInString(rest)
	return string(unicode.ToUpper(first)) + rest[size:]
}

// describe is a comment as a reader of specs wants it: on one line.
func describe(doc *ast.CommentGroup) string {
	return strings.Join(strings.Fields(doc.Text()), " ")
}
