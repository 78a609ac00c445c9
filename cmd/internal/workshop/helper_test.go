package workshop_test

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/versioncmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// clock is a moment that moves on with every look at it.
func clock() func() time.Time {
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	return func() time.Time { at = at.Add(time.Second); return at }
}

func env(key string) string {
	return map[string]string{
		"GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "Trainer", "GIT_AUTHOR_EMAIL": "t@x.test", "GIT_COMMITTER_NAME": "Trainer", "GIT_COMMITTER_EMAIL": "t@x.test",
	}[key]
}

// fieldlab runs a command on the component in dir, as somebody would who types it.
func fieldlab(ctx context.Context, dir string, args []string) (string, error) {
	var said bytes.Buffer
	sys := cli.System{
		IO:  &terminal.IO{In: strings.NewReader(""), Out: &said, Err: &said, Plain: true},
		Env: env, Now: time.Now, ConfigDir: func() (string, error) { return "", fs.ErrNotExist },
		Version: versioncmd.Of("v1.2.3", "", ""),
		Signals: func() (context.Context, context.CancelFunc) { return context.WithCancel(ctx) },
	}
	if code := cli.Main(sys, append(append([]string{}, args...), "--dir", dir)); code != 0 {
		return said.String(), fmt.Errorf("ended with %d: %s", code, said.String())
	}
	return said.String(), nil
}

// request is a workshop of the example for these teams, with a small course.
func request(t testing.TB, dir string, teams ...string) workshop.Request {
	t.Helper()
	body, _ := examples.Answers("verhuizing")
	document, problems := answers.Parse("fieldlab.yaml", body)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return workshop.Request{
		Dir: dir, Names: teams, Case: "verhuizing", Answer: document, Course: os.DirFS("testdata/cursus"), Days: 2, Port: 31000,
		Pack: templates.Component(), Version: "v1.2.3", Env: env, Now: time.Now,
	}
}

// back asks for the state of a step.
func back(dir, step string) workshop.BackRequest {
	return workshop.BackRequest{
		Dir: dir, Step: step, Pack: templates.Component(), Version: "v1.2.3", Env: env, Now: clock(), Fieldlab: fieldlab,
	}
}

// git runs git in a folder; the test is skipped on a machine without it.
func git(t testing.TB, dir string, args ...string) string {
	t.Helper()
	out, err := tryGit(t, dir, args...)
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return out
}

func tryGit(t testing.TB, dir string, args ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no git to judge with")
		}
		t.Skip("there is no git to judge with")
	}
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "HOME="+filepath.Join(t.TempDir(), "thuis"),
		"GIT_AUTHOR_NAME=T", "GIT_AUTHOR_EMAIL=t@x.test", "GIT_COMMITTER_NAME=T", "GIT_COMMITTER_EMAIL=t@x.test")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func put(t testing.TB, dir, name, body string) {
	t.Helper()
	at := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, dir, name string) string {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// component makes a workshop of one team and gives the folder of its component.
func component(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "zaal")
	made, err := workshop.Make(t.Context(), request(t, dir, "Zuid"))
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(made.Dir, "teams", "01-zuid")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
