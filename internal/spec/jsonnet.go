package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/go-jsonnet"
	"github.com/google/go-jsonnet/ast"

	"slowburn/internal/diag"
	"slowburn/internal/pattern"
)

// JsonnetFailed is any way in which a Jsonnet program yields no specs.
var JsonnetFailed = &diag.Kind{Name: "jsonnet", Severity: diag.Error, Doc: `A Jsonnet file does not evaluate to specs.

The program has a syntax error, fails when it runs, imports a file from outside of its spec folder, or needs more stack,
time or memory than a spec can be worth. It must yield one document (a map) or a list of them.`}

// maxFrames bounds the depth of calls in a Jsonnet program.
const maxFrames = 500

// Evaluator runs the Jsonnet program name of the folder files and returns the
// JSON that it yields. A program's failure is a *JsonnetError.
type Evaluator func(files fs.FS, name string) (string, error)

// JsonnetError is the failure of a Jsonnet program: what it says and, where
// known, the place.
type JsonnetError struct {
	Message   string
	File      string
	Line, Col int
}

func (e *JsonnetError) Error() string { return e.Message }

// EvaluateJsonnet is the Evaluator that go-jsonnet provides. Only the depth of
// calls is bounded: a hostile program can still exhaust time, memory and, by
// tail calls, the process's own stack, which nothing can recover from. A caller
// that reads other people's programs runs it in a process of its own.
func EvaluateJsonnet(files fs.FS, name string) (string, error) {
	importer := &confinedImporter{files: files, read: map[string]imported{}}
	failure := &failureReader{importer: importer}
	vm := jsonnet.MakeVM()
	vm.MaxStack = maxFrames
	vm.ErrorFormatter = failure
	vm.Importer(importer)
	out, err := vm.EvaluateFile(name)
	if err != nil {
		return "", &failure.failed
	}
	return out, nil
}

// confinedImporter reads imports from one folder and nothing above it.
type confinedImporter struct {
	files fs.FS
	read  map[string]imported
}

type imported struct {
	contents jsonnet.Contents
	err      error
}

// Import implements jsonnet.Importer.
func (c *confinedImporter) Import(from, name string) (jsonnet.Contents, string, error) {
	at := path.Join(path.Dir(from), name)
	if path.IsAbs(name) || !fs.ValidPath(at) {
		return jsonnet.Contents{}, "", fmt.Errorf("%q is outside of the spec folder", name)
	}
	got, ok := c.read[at]
	if !ok {
		text, err := fs.ReadFile(c.files, at)
		if err == nil && len(text) > maxText {
			err = fmt.Errorf("%q is too large", name)
		}
		got = imported{jsonnet.MakeContentsRaw(text), err}
		c.read[at] = got
	}
	return got.contents, at, got.err
}

// failureReader takes go-jsonnet's errors apart. It stands in for the formatter
// that turns them into text, which is the last to see them whole.
type failureReader struct {
	importer *confinedImporter
	failed   JsonnetError
}

// SetMaxStackTraceSize implements jsonnet.ErrorFormatter.
func (*failureReader) SetMaxStackTraceSize(int) {}

// SetColorFormatter implements jsonnet.ErrorFormatter.
func (*failureReader) SetColorFormatter(jsonnet.ColorFormatter) {}

// Format implements jsonnet.ErrorFormatter.
func (f *failureReader) Format(err error) string {
	text := err.Error()
	switch err := err.(type) {
	case jsonnet.RuntimeError:
		text = err.Msg
		for _, frame := range slices.Backward(err.StackTrace) {
			if f.setPlace(frame.Loc.FileName, frame.Loc.Begin.Line, frame.Loc.Begin.Column) {
				break
			}
		}
	case interface{ Loc() ast.LocationRange }: // a static error
		at := err.Loc()
		f.setPlace(at.FileName, at.Begin.Line, at.Begin.Column)
	}
	// What does not parse, itself or as an import, says where in its text.
	if m := jsonnetPlace().FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[2])
		col, _ := strconv.Atoi(m[3])
		if f.setPlace(m[1], line, col) {
			text = text[len(m[0]):]
		}
	}
	f.failed.Message = oneLine(text)
	return f.failed.Message
}

// jsonnetPlace is what a static error begins with: file:line:col,
// file:line:col-col or file:(line:col)-(line:col).
var jsonnetPlace = pattern.New(`^(.+?):\(?(\d+):(\d+)\S* `)

// setPlace sets the error's place, if it is in a file that was read. Jsonnet
// counts columns in bytes.
func (f *failureReader) setPlace(file string, line, col int) bool {
	got, ok := f.importer.read[file]
	if !ok || got.err != nil || line == 0 {
		return false
	}
	src := diag.Source{Text: got.contents.Data()}
	text := src.Line(line)
	col = utf8.RuneCountInString(text[:min(max(col-1, 0), len(text))]) + 1
	f.failed.File, f.failed.Line, f.failed.Col = file, line, col
	return true
}

// oneLine is the first line of an error, as a finding shows it.
func oneLine(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	if r := []rune(first); len(r) > 300 {
		first = string(r[:300]) + "…"
	}
	return strings.TrimSuffix(first, ".")
}

// ReadJsonnet evaluates the Jsonnet program src, which files holds under name,
// and reads the documents that it yields: a map, or a list of maps. As in YAML,
// a document that is null is left out.
func ReadJsonnet(src *diag.Source, files fs.FS, name string, evaluate Evaluator, r *diag.Report) []*Value {
	if !CheckText(src, r) {
		return nil
	}
	out, err := evaluate(files, name)
	if err != nil {
		at := diag.Pos{Source: src}
		var failed *JsonnetError
		if errors.As(err, &failed) && failed.Line > 0 {
			at.Line, at.Col = failed.Line, failed.Col
			if failed.File != name {
				at.Source = &diag.Source{Name: path.Join(strings.TrimSuffix(src.Name, name), failed.File)}
				if text, err := fs.ReadFile(files, failed.File); err == nil {
					at.Source.Text = text
				}
			}
		}
		r.Add(JsonnetFailed, at, "", "%s", err)
		return nil
	}
	root, err := readJSON(src, out)
	switch {
	case errors.Is(err, errTooDeep):
		r.Add(TooDeep, diag.Pos{Source: src}, "yield something flatter", "the document nests deeper than %d levels", maxYield)
		return nil
	case err != nil:
		r.Add(JsonnetFailed, diag.Pos{Source: src}, "", "the program does not yield JSON: %s", err)
		return nil
	}
	docs := []*Value{root}
	if root.Kind == List {
		docs = root.Items()
	}
	return slices.DeleteFunc(docs, func(doc *Value) bool {
		if doc.Kind != Map && doc.Kind != Null {
			r.Add(JsonnetFailed, doc.Pos, "yield a map, or a list of maps", "the program yields %s where a document belongs", doc.Kind)
		}
		return doc.Kind != Map
	})
}
