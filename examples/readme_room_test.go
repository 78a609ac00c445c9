package examples_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// roomCommands are the commands of the README for a room full of teams, with what each
// says when it works.
var roomCommands = map[string]string{
	"doctor":           "Go 1.",
	"workshop new":     "10 componenten",
	"bundle":           "bundel",
	"bundle verify":    "bundel",
	"workshop status":  "team 10",
	"workshop collect": "team 10",
	"bundle serve":     "fieldlab bundle use http://",
	"workshop board":   "team 10",
}

var roomLine = regexp.MustCompile(`^go run \./cmd/fieldlab (doctor|bundle (?:verify|serve)|workshop [a-z-]+|bundle)( .*)?$`)

func inRoom(line string) bool {
	found := roomLine.FindStringSubmatch(line)
	return found != nil && roomCommands[found[1]] != ""
}

// typeInRoom types such a command, in the order of the README. A test has no network,
// so Go is not downloaded; and it makes a bundle for this system alone.
func typeInRoom(t *testing.T, clone, line string) {
	t.Helper()
	found := roomLine.FindStringSubmatch(line)
	args := strings.Fields(line)[3:]
	switch found[1] {
	case "bundle serve", "workshop board":
		serveRoom(t, clone, args, roomCommands[found[1]])
		return
	case "bundle":
		for i, arg := range args {
			if arg == "--go-download" {
				args[i] = "--systems=" + runtime.GOOS + "/" + runtime.GOARCH
			}
		}
	}
	typed := exec.Command("go", append([]string{"run", "./cmd/fieldlab"}, args...)...)
	typed.Dir = clone
	out, err := typed.CombinedOutput()
	if err != nil && found[1] != "doctor" { // which may find that this machine is not ready
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	if want := roomCommands[found[1]]; !strings.Contains(strings.ToLower(string(out)), strings.ToLower(want)) {
		t.Errorf("%s does not say %q:\n%s", line, want, out)
	}
	if found[1] == "workshop collect" {
		if _, err := os.Stat(filepath.Join(clone, "..", "results", "index.html")); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// serveRoom starts a server of the trainer's laptop and looks at its first page.
func serveRoom(t *testing.T, clone string, args []string, want string) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "fieldlab")
	command(t, clone, "go", "build", "-o", program, "./cmd/fieldlab")
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(freePorts(t, 1)))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	server := exec.CommandContext(ctx, program, append(args, "--address", address)...)
	server.Dir = clone
	var said lockedBuffer
	server.Stdout, server.Stderr = &said, &said
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		stop()
		_ = server.Wait()
	}()
	for range 300 {
		if resp, err := http.Get("http://" + address + "/"); err == nil {
			_ = resp.Body.Close()
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if body, _ := get(t, "http://"+address+"/"); !strings.Contains(strings.ToLower(body), want) {
		t.Errorf("%s gives a page without %q; it said\n%s", fmt.Sprint(args), want, said.String())
	}
}
