package spec

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/google/go-jsonnet"

	"slowburn/internal/diag"
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
	vm := jsonnet.MakeVM()
	vm.MaxStack = maxFrames
	vm.ErrorFormatter.SetMaxStackTraceSize(3)
	vm.Importer(&confinedImporter{files: files, read: map[string]imported{}})
	out, err := vm.EvaluateFile(name)
	if err != nil {
		return "", jsonnetError(name, err)
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

var (
	// jsonnetPlace finds the first place that go-jsonnet's messages name:
	// file:line:col, file:line:col-col or file:(line:col)-(line:col).
	jsonnetPlace = regexp.MustCompile(`(?m)^\s*(\S+?):\(?(\d+):(\d+)[^\s]*\s?`)
	jsonnetNoise = regexp.MustCompile(`^(RUNTIME ERROR|INTERNAL ERROR): `)
)

func jsonnetError(name string, err error) *JsonnetError {
	text := err.Error()
	e := &JsonnetError{File: name}
	if m := jsonnetPlace.FindStringSubmatchIndex(text); m != nil {
		e.File = text[m[2]:m[3]]
		e.Line, _ = strconv.Atoi(text[m[4]:m[5]])
		e.Col, _ = strconv.Atoi(text[m[6]:m[7]])
		if m[0] == 0 { // a static error: the place comes first
			text = text[m[1]:]
		}
	}
	first, _, _ := strings.Cut(text, "\n")
	first = jsonnetNoise.ReplaceAllString(first, "")
	if r := []rune(first); len(r) > 300 {
		first = string(r[:300]) + "…"
	}
	e.Message = strings.TrimSuffix(first, ".")
	return e
}

// ReadJsonnet evaluates the Jsonnet program src, which files holds under name,
// and reads the documents that it yields: a map, or a list of maps.
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
				at.Source = &diag.Source{Name: path.Join(path.Dir(src.Name), failed.File)}
				if text, err := fs.ReadFile(files, failed.File); err == nil {
					at.Source.Text = text
				}
			}
		}
		r.Add(JsonnetFailed, at, "", "%s", err)
		return nil
	}
	docs := readYAML(src, []byte(out), r, true)
	if len(docs) == 1 && docs[0].Kind == List {
		docs = docs[0].Items
	}
	return docs
}
