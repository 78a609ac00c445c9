package examples_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestReadme types the commands of the README of this repository, as somebody
// does who has just cloned it.
func TestReadme(t *testing.T) {
	needShell(t)
	if _, err := os.Stat("../.git"); err != nil {
		t.Skip("not a clone of the repository")
	}
	clone := filepath.Join(t.TempDir(), "fieldlab")
	command(t, "..", "git", "clone", "-q", ".", clone)
	overlay(t, "..", clone)
	shown := shownOutput(t, "../README.md")
	installing := strings.Join(installation(t), "\n")
	for _, line := range shellLines(t, "../README.md") {
		switch {
		case strings.Contains(installing, line): // TestReadmeInstall
		case line == "go test ./...":
			// This test is part of what that command runs.
		case strings.HasPrefix(line, "go run ./cmd/fieldlab new "):
			base := freePorts(t, 4)
			stop := startShell(t, clone, line, base)
			waitReady(t, base)
			body, _ := get(t, fmt.Sprintf("http://127.0.0.1:%d/", base))
			if !strings.Contains(body, "Verhuizing doorgeven") {
				t.Errorf("the page of the example does not name it")
			}
			stop()
		case strings.Contains(line, " ../verhuizing --lang en"): // grows what the first command made
			out := command(t, clone, "go", strings.Fields(line)[1:]...)
			want, found := shown[line]
			switch {
			case !found || out == want:
			case *update:
				show(t, "../README.md", want, out)
			default:
				t.Errorf("%s says\n%s\nand README.md shows\n%s\nrenew with: go test ./examples -run TestReadme -update", line, out, want)
			}
		case strings.HasPrefix(line, "go run ./cmd/fieldlab sources "):
			args := strings.Fields(line)[1:]
			if out := command(t, clone, "go", args...); !strings.Contains(out, "Basisregistratie Personen") {
				t.Errorf("%s says:\n%s", line, out)
			}
		case strings.HasPrefix(line, "go run ./cmd/fieldlab check --explain "):
			if out := command(t, clone, "go", strings.Fields(line)[1:]...); !strings.Contains(out, "adr-semver") {
				t.Errorf("%s says:\n%s", line, out)
			}
		case inRoom(line):
			typeInRoom(t, clone, line)
		default:
			t.Errorf("README.md has a command that nothing tests: %s", line)
		}
	}
}

// TestReadmeOfComponent does the same for the README of a component; its main
// commands are what TestComponents does.
func TestReadmeOfComponent(t *testing.T) {
	needShell(t)
	dir := filepath.Join(t.TempDir(), "verhuizing")
	generate(t, "verhuizing/fieldlab.yaml", dir)
	var layers []string
	for _, line := range shellLines(t, filepath.Join(dir, "README.md")) {
		line, _, _ = strings.Cut(line, "  #")
		switch line = strings.TrimSpace(line); {
		case line == "go run .", line == "go test ./...": // TestComponents
		case strings.HasPrefix(line, "go run . --layers "):
			layers = append(layers, line)
		default:
			t.Errorf("the README of a component has a command that nothing tests: %s", line)
		}
	}
	if len(layers) != 4 {
		t.Fatalf("want a command for each layer that listens, got %q", layers)
	}
	base := freePorts(t, 4)
	var stops []func()
	for _, line := range layers {
		stops = append(stops, startShell(t, dir, line, base))
	}
	waitReady(t, base)
	if body, _ := get(t, fmt.Sprintf("http://127.0.0.1:%d/proces", base)); !strings.Contains(body, "<svg") {
		t.Error("the pages do not reach the process when every layer runs alone")
	}
	for _, stop := range stops {
		stop()
	}
	// The text names this one too: back to the starting data, while nothing runs.
	reset := exec.Command("go", "run", ".", "reset")
	reset.Dir, reset.Env = dir, append(os.Environ(), "PORT="+strconv.Itoa(base), "GOFLAGS="+os.Getenv("GOFLAGS")+" -trimpath")
	if out, err := reset.CombinedOutput(); err != nil {
		t.Errorf("go run . reset: %v\n%s", err, out)
	}
}

// needShell skips where the commands of a README cannot be typed.
func needShell(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: builds and runs complete components")
	}
	if runtime.GOOS == "windows" {
		t.Skip("the commands of a README are for a POSIX shell")
	}
	t.Parallel()
}

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// shellLines are the commands in the shell blocks of a Markdown file.
func shellLines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
	}
	if len(lines) == 0 {
		t.Fatalf("%s has no commands", file)
	}
	return lines
}

var outputBlock = regexp.MustCompile("(?s)([^\n]+)\n```\n\n```text\n(.*?)\n```")

// shownOutput is, by command, the output that a Markdown file shows below it.
func shownOutput(t *testing.T, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]string{}
	for _, found := range outputBlock.FindAllStringSubmatch(string(text), -1) {
		shown[found[1]] = found[2]
	}
	if len(shown) == 0 {
		t.Fatalf("%s shows no output", file)
	}
	return shown
}

// show puts what a command says now in the place of what a file shows.
func show(t *testing.T, file, old, fresh string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, bytes.Replace(text, []byte(old), []byte(fresh), 1), 0o644); err != nil {
		t.Fatal(err)
	}
}

// overlay copies what has changed since the last commit, so that the test is
// about the code at hand.
func overlay(t *testing.T, from, to string) {
	t.Helper()
	changed := strings.Fields(command(t, from, "git", "ls-files", "--modified", "--others", "--exclude-standard"))
	gone := strings.Fields(command(t, from, "git", "ls-files", "--deleted"))
	for _, name := range changed {
		if slices.Contains(gone, name) {
			_ = os.Remove(filepath.Join(to, name))
			continue
		}
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// startShell types a line in dir. The function that it returns presses Ctrl-C
// and waits, as a person does before the next command.
func startShell(t *testing.T, dir, line string, base int) (stop func()) {
	t.Helper()
	cmd := exec.Command("sh", "-c", line)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PORT="+strconv.Itoa(base), "GOFLAGS="+os.Getenv("GOFLAGS")+" -trimpath", "GOPROXY=off")
	cmd.SysProcAttr = ownGroup()
	var log lockedBuffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan struct{})
	go func() { _ = cmd.Wait(); close(exited) }()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s\n%s", line, log.String())
		}
		_ = signalGroup(cmd.Process.Pid, syscall.SIGKILL)
	})
	return func() {
		_ = signalGroup(cmd.Process.Pid, os.Interrupt.(syscall.Signal))
		select {
		case <-exited:
		case <-time.After(20 * time.Second):
			t.Errorf("still running 20 s after Ctrl-C: %s", line)
		}
	}
}

// waitReady waits for layers from base on, for all when none is named; the first build
// takes its time.
func waitReady(t *testing.T, base int, layers ...int) {
	t.Helper()
	if len(layers) == 0 {
		layers = []int{0, 1, 2, 3}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	c := component{base: base} // that a shell has started
	for _, layer := range layers {
		c.ready(t, ctx, c.url(layer, "/healthz/ready"))
	}
}
