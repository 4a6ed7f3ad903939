package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime/debug"
	"time"

	"slowburn/internal/spec"
)

// Jsonnet programs are evaluated in a process of their own, this program once
// more: endless tail calls overflow the stack of the Go runtime, which ends a
// process whatever it does, and no limit on time or memory can be had otherwise.
const jsonnetChild = "internal-jsonnet"

// Bounds on a Jsonnet program; each is far above what a spec needs.
const (
	jsonnetTime   = 10 * time.Second
	jsonnetMemory = 1 << 30 // bytes
	jsonnetStack  = 64 << 20
	jsonnetOutput = 64 << 20
)

// jsonnetResult is what the child prints.
type jsonnetResult struct {
	Output string             `json:"output,omitempty"`
	Error  *spec.JsonnetError `json:"error,omitempty"`
}

// jsonnetProcess is the evaluator for programs of dir.
func jsonnetProcess(ctx context.Context, dir string) spec.Evaluator {
	return func(_ fs.FS, name string) (string, error) {
		self, err := os.Executable()
		if err != nil {
			return "", err
		}
		ctx, cancel := context.WithTimeout(ctx, jsonnetTime)
		defer cancel()
		cmd := exec.CommandContext(ctx, self, jsonnetChild, dir, name)
		cmd.Env = append(os.Environ(), fmt.Sprintf("GOMEMLIMIT=%d", jsonnetMemory/2))
		cmd.WaitDelay = time.Second
		var out cappedBuffer
		cmd.Stdout = &out
		err = cmd.Run()
		var result jsonnetResult
		switch {
		case ctx.Err() != nil:
			return "", &spec.JsonnetError{Message: fmt.Sprintf("the program does not end within %s", jsonnetTime)}
		case out.full:
			return "", &spec.JsonnetError{Message: fmt.Sprintf("the program yields more than %d MiB", jsonnetOutput>>20)}
		case err != nil:
			return "", &spec.JsonnetError{Message: fmt.Sprintf("the program recurses without end, or needs more than %d MiB of memory", jsonnetMemory>>20)}
		}
		if err := json.Unmarshal(out.Bytes(), &result); err != nil {
			return "", err
		}
		if result.Error != nil {
			return "", result.Error
		}
		return result.Output, nil
	}
}

// runJsonnetChild is the child: it evaluates the program args[1] of folder
// args[0] and prints a jsonnetResult.
func runJsonnetChild(args []string, stdout io.Writer) int {
	if len(args) != 2 {
		return exitUsage
	}
	debug.SetMaxStack(jsonnetStack)
	if err := limitMemory(jsonnetMemory); err != nil {
		return exitUsage
	}
	root, err := os.OpenRoot(args[0])
	if err != nil {
		return exitUsage
	}
	var result jsonnetResult
	result.Output, err = spec.EvaluateJsonnet(root.FS(), args[1])
	if err != nil && !errors.As(err, &result.Error) {
		return exitUsage
	}
	if json.NewEncoder(stdout).Encode(result) != nil {
		return exitUsage
	}
	return exitClean
}

// cappedBuffer takes up to jsonnetOutput bytes and then fails.
type cappedBuffer struct {
	bytes.Buffer
	full bool
}

func (b *cappedBuffer) Write(p []byte) (int, error) {
	if b.Len()+len(p) > jsonnetOutput {
		b.full = true
		return 0, errors.New("too much output")
	}
	return b.Buffer.Write(p)
}
