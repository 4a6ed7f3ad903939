package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"slowburn": main})
}

// TestScripts runs the scripts that test the program from outside, one for each behaviour.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join(root, "golden", "scripts"),
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			env.Setenv("PROMTOOL", os.Getenv("PROMTOOL"))
			return nil
		},
		Condition: func(name string) (bool, error) {
			return name == "promtool" && os.Getenv("PROMTOOL") != "", nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"repeat": repeat,
			"edit":   edit,
			"status": status,
			"crlf":   crlf,
		},
		UpdateScripts: os.Getenv("UPDATE_SCRIPTS") != "",
	})
}

// repeat FILE COUNT TEXT [BEFORE [AFTER]] writes TEXT COUNT times between
// BEFORE and AFTER: input that is too large to stand in a script.
func repeat(ts *testscript.TestScript, _ bool, args []string) {
	count, err := strconv.Atoi(args[1])
	ts.Check(err)
	args = append(args, "", "")
	unquote := strings.NewReplacer(`\n`, "\n", `\0`, "\x00", `\xff`, "\xff", `\t`, "\t", `\r`, "\r")
	text := unquote.Replace(args[3]) + strings.Repeat(unquote.Replace(args[2]), count) + unquote.Replace(args[4])
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

// edit FILE OLD NEW replaces a text in a file, where it must stand.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not contain %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o644))
}

// status N COMMAND... runs a command that must end with exit status N.
func status(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("%s ended with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// crlf FILE gives a file a byte-order mark and the line ends of Windows.
func crlf(ts *testscript.TestScript, _ bool, args []string) {
	text := "\xef\xbb\xbf" + strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n")
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}
