package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// here is a place in an empty folder that says all it says to one buffer.
func here(t *testing.T) (place, *bytes.Buffer) {
	t.Helper()
	var said bytes.Buffer
	p := place{Root: t.TempDir(), Out: &said, Err: &said, Env: func(string) string { return "" }}
	put(t, p, "go.mod", "module example.org/x\n\ngo 1.26.0\n")
	return p, &said
}

func put(t *testing.T, p place, name, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.path(name), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
}

// withJobs replaces the jobs of the program.
func withJobs(t *testing.T, ofChecks, ofDeliveries []job) {
	t.Helper()
	oldChecks, oldDeliveries := checks, deliveries
	checks, deliveries = ofChecks, ofDeliveries
	t.Cleanup(func() { checks, deliveries = oldChecks, oldDeliveries })
}

func TestRun(t *testing.T) {
	var did []string
	note := func(name, args string, err error) job {
		return job{Name: name, Args: args, What: "doet " + name, Run: func(_ context.Context, p place) error {
			did = append(did, strings.Join(append([]string{name}, p.Args...), "+"))
			return err
		}}
	}
	withJobs(t,
		[]job{note("vet", "", nil), note("stuk", "", errors.New("fout in x.go:3")), note("test", "", nil)},
		[]job{note("sbom", "[--controleer]", nil), note("image", "", nil)})
	for _, c := range []struct {
		args, did, says string
		code            int
	}{
		{"", "", "sbom [--controleer]", exitOK},
		{"--help", "", "doet vet", exitOK},
		{"vet", "vet", "==> vet: doet vet", exitOK},
		{"sbom --controleer image", "sbom+--controleer image", "image", exitOK},
		// Other checks go on after one that failed; nothing is delivered.
		{"stuk test image", "stuk test", "image              overgeslagen", exitFailed},
		{"stuk", "stuk", "stuk: fout in x.go:3", exitFailed},
		// One word that is wrong and nothing is done.
		{"vet tset", "", `"tset": zo'n taak is er niet, en achter vet komt niets`, exitUsage},
		{"tset", "", `"tset": zo'n taak is er niet`, exitUsage},
	} {
		did = nil
		p, said := here(t)
		if code := run(context.Background(), strings.Fields(c.args), p); code != c.code {
			t.Errorf("%q: code %d, not %d", c.args, code, c.code)
		}
		if got := strings.Join(did, " "); got != c.did {
			t.Errorf("%q did %q, not %q", c.args, got, c.did)
		}
		if !strings.Contains(said.String(), c.says) {
			t.Errorf("%q says\n%s", c.args, said)
		}
	}
}

func TestRunStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	second := false
	withJobs(t, []job{
		{Name: "een", Run: func(context.Context, place) error { cancel(); return nil }},
		{Name: "twee", Run: func(context.Context, place) error { second = true; return nil }},
	}, nil)
	p, said := here(t)
	if code := run(ctx, []string{"een", "twee"}, p); code != exitFailed || second {
		t.Errorf("code %d, second %v\n%s", code, second, said)
	}
}

// TestRunElsewhere: in a folder that is no component.
func TestRunElsewhere(t *testing.T) {
	withJobs(t, []job{{Name: "vet"}}, nil)
	p, said := here(t)
	p.Root = t.TempDir()
	if code := run(context.Background(), []string{"vet"}, p); code != exitUsage || !strings.Contains(said.String(), "geen go.mod") {
		t.Errorf("code %d\n%s", code, said)
	}
}

// TestJobs: each job says what it does, in one line, and no two have one name.
func TestJobs(t *testing.T) {
	var names []string
	for _, j := range jobs() {
		if j.What == "" || strings.Contains(j.What, "\n") || j.Run == nil || slices.Contains(names, j.Name) || strings.HasPrefix(j.Name, "-") {
			t.Errorf("%q: %q", j.Name, j.What)
		}
		names = append(names, j.Name)
	}
}

func git(t *testing.T, p place, args ...string) {
	t.Helper()
	settings := []string{"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull,
		"GIT_AUTHOR_NAME=Proef", "GIT_AUTHOR_EMAIL=proef@example.org", "GIT_COMMITTER_NAME=Proef", "GIT_COMMITTER_EMAIL=proef@example.org"}
	if out, err := p.with(settings...).output(context.Background(), "git", args...); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func commit(t *testing.T, p place, at string) {
	t.Helper()
	git(t, p, "add", "--all")
	p = p.with("GIT_AUTHOR_DATE="+at, "GIT_COMMITTER_DATE="+at)
	git(t, p, "commit", "--quiet", "--allow-empty", "--message", "Proef")
}

// little is a component in a folder of its own, of a few lines, so that building it
// takes no time; examples has the test with a whole one.
func little(t *testing.T) (place, *bytes.Buffer) {
	t.Helper()
	p, said := here(t)
	put(t, p, "go.mod", "module example.org/proef/parkeren\n\ngo 1.26.0\n")
	put(t, p, "main.go", "package main\n\nimport \"example.org/proef/parkeren/kern/start\"\n\nfunc main() { println(start.Version, start.Commit, start.Date) }\n")
	put(t, p, "kern/start/version.go", "package start\n\nvar Version, Commit, Date string\n")
	put(t, p, "publiccode.yml", "publiccodeYmlVersion: \"0\"\nname: 'Parkeren in ''t dorp'\nurl: \"https://git.example.org/proef/parkeren\"\nlegal:\n  license: EUPL-1.2 # of a person\n")
	put(t, p, "CHANGELOG.md", "# Wijzigingen\n\n## Nog niet uitgebracht\n")
	put(t, p, ".gitignore", "/.data/\n")
	git(t, p, "init", "--quiet")
	commit(t, p, "2026-11-30T12:00:00+01:00")
	return p, said
}
