package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// commitAll makes a repository of the place, with a commit of all that is in it.
func commitAll(t *testing.T, p place) {
	t.Helper()
	git(t, p, "init", "--quiet", "--initial-branch", "main")
	commit(t, p, "2026-11-30T12:00:00Z")
}

func TestFormatted(t *testing.T) {
	p, _ := here(t)
	if err := formatted(t.Context(), p); err == nil {
		t.Error("a folder without git is not looked at, and that is no mistake")
	}
	put(t, p, "good.go", "package x\n")
	commitAll(t, p)
	if err := formatted(t.Context(), p); err != nil {
		t.Error(err)
	}
	put(t, p, "new file.go", "package x\nvar  a=1\n")
	put(t, p, "broken.go", "package\n")
	err := formatted(t.Context(), p)
	if err == nil || !strings.Contains(err.Error(), "gofmt -w new file.go") || !strings.Contains(err.Error(), "broken.go: ") {
		t.Errorf("%v", err)
	}
}

// TestInCI: what a laptop may leave out, CI may not.
func TestInCI(t *testing.T) {
	p, _ := here(t)
	p.Env = func(name string) string { return map[string]string{"CI": "true"}[name] }
	if err := test(t.Context(), p); err == nil || !strings.Contains(err.Error(), "TEST_DATABASE_URL") {
		t.Errorf("%v", err)
	}
}

func TestFirstCommands(t *testing.T) {
	const good = "# X\n\n```sh\ngo run .          # start\ngo test ./...     # test\n```\n\nOpen <http://localhost:8080>.\n"
	commands, site, err := firstCommands(good)
	if err != nil || strings.Join(commands, "|") != "go run .|go test ./..." || site != "http://localhost:8080" {
		t.Errorf("%q %q %v", commands, site, err)
	}
	for name, c := range map[string][2]string{
		"no commands":       {good[:5], "geen opdrachten"},
		"another program":   {strings.Replace(good, "go test", "make test", 1), "make test"},
		"for a shell":       {strings.Replace(good, "go test ./...", "go test ./... | tee x", 1), "tee x"},
		"nothing starts":    {strings.Replace(good, "go run .", "go vet .", 1), "go run ."},
		"no address":        {strings.Replace(good, "<http", "http", 1), "geen adres"},
		"a shell in the go": {strings.Replace(good, "go test ./...", "go test $(x)", 1), "$(x)"},
	} {
		if _, _, err := firstCommands(c[0]); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLicencesUnder(t *testing.T) {
	mit := "Copyright X\n\nPermission is hereby granted, free of charge, to any person obtaining a copy of this software, to deal in the Software\nwithout restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute"
	gpl := "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007\nPreamble"
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"one that fits":       {map[string]string{"a/LICENSE": mit}, "MIT"},
		"English spelling":    {map[string]string{"a/LICENCE.txt": mit}, "MIT"},
		"none":                {map[string]string{"a/README.md": mit}, "er staat geen licentie"},
		"unknown":             {map[string]string{"a/LICENSE": "Only on Sundays."}, "onbekende licentie"},
		"one that binds":      {map[string]string{"a/COPYING": gpl}, "GPL-3.0-only"},
		"in a package":        {map[string]string{"a/LICENSE": mit, "b/LICENSE": gpl}, "GPL-3.0-only"},
		"a picture":           {map[string]string{"a/LICENSE": mit, "a/LICENSE-LOGO": "https://example.org/logo"}, "MIT"},
		"unknown beside MIT":  {map[string]string{"a/LICENSE": mit, "a/LICENSE-EXTRA": "Only on Sundays."}, "LICENSE-EXTRA"},
		"the public domain":   {map[string]string{"a/LICENSE": mit, "a/LICENSE-SQLITE": "All of the code has been dedicated to the public\ndomain by the authors."}, "MIT, publiek domein"},
		"code called licence": {map[string]string{"a/LICENSE": mit, "a/licence.go": "package a"}, "MIT"},
	} {
		p, _ := here(t)
		put(t, p, "a/x.go", "package a\n")
		put(t, p, "b/x.go", "package b\n")
		for file, body := range c.files {
			put(t, p, file, body)
		}
		found, err := licencesUnder([]string{p.path("a"), p.path("b")})
		got := strings.Join(found, ", ")
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) || (err == nil) != (got == c.want) {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestReadLicences(t *testing.T) {
	p, _ := here(t)
	if read, err := readLicences(p.path(licencesFile)); err != nil || len(read) != 0 {
		t.Errorf("%v %v", read, err)
	}
	put(t, p, licencesFile, "# gelezen\r\nexample.org/a MIT # door Bo\n\n")
	if read, err := readLicences(p.path(licencesFile)); err != nil || read["example.org/a"] != "MIT" {
		t.Errorf("%v %v", read, err)
	}
	put(t, p, licencesFile, "a b c\nd\n")
	if _, err := readLicences(p.path(licencesFile)); err == nil || !strings.Contains(err.Error(), ":1:") || !strings.Contains(err.Error(), ":2:") {
		t.Errorf("%v", err)
	}
}

func TestFindBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	none := func(string) string { return "" }
	if _, err := findBrowser("linux", none); err == nil || !strings.Contains(err.Error(), "BROWSER_PAD") {
		t.Errorf("%v", err)
	}
	folder := t.TempDir()
	edge := filepath.Join(folder, "Microsoft", "Edge", "Application", "msedge.exe")
	if err := os.MkdirAll(filepath.Dir(edge), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(edge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	found, err := findBrowser("windows", func(name string) string { return map[string]string{"ProgramFiles(x86)": folder}[name] })
	if err != nil || found != edge {
		t.Errorf("%q %v", found, err)
	}
	if _, err := findBrowser("linux", func(string) string { return filepath.Join(folder, "away") }); err == nil {
		t.Error("a browser that is not there is taken")
	}
}

// TestGroup: what a program started stops with it, as under go run.
func TestGroup(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no sh to start something that starts something")
	}
	file := filepath.Join(t.TempDir(), "stopped")
	const inner = `trap 'echo yes > "$1"; exit 0' INT; echo > "$1.on"; while :; do sleep 0.05; done`
	cmd := exec.CommandContext(t.Context(), sh, "-c", `trap : INT; sh -c "$1" sh "$2"; exit 0`, "sh", inner, file)
	stop, _, err := startGroup(cmd)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := os.Stat(file + ".on"); err != nil; _, err = os.Stat(file + ".on") {
		time.Sleep(10 * time.Millisecond)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); err != nil && runtime.GOOS != "windows" {
		t.Errorf("what it started was not interrupted: %v", err)
	}
	if err := stop(); err != nil {
		t.Errorf("the second time: %v", err)
	}
}

func TestReleasable(t *testing.T) {
	p, _ := here(t)
	put(t, p, "CHANGELOG.md", "# Wijzigingen\n\n## 1.2.3\n\n- Iets.\n")
	commitAll(t, p)
	ci := func(settings ...string) error {
		p.Env = func(name string) string {
			for _, setting := range settings {
				if value, found := strings.CutPrefix(setting, name+"="); found {
					return value
				}
			}
			return ""
		}
		return releasable(t.Context(), p)
	}
	if err := ci("GITHUB_REF_NAME=v1.2.3", "GITHUB_REF_PROTECTED=true"); err == nil || !strings.Contains(err.Error(), "main van origin") {
		t.Errorf("a commit that is not on main: %v", err)
	}
	git(t, p, "update-ref", "refs/remotes/origin/main", "HEAD")
	for name, c := range map[string]struct{ settings, want string }{
		"GitHub":          {"GITHUB_REF_NAME=v1.2.3 GITHUB_REF_PROTECTED=true", ""},
		"GitLab":          {"GITLAB_CI=true CI_COMMIT_TAG=v1.2.3 CI_COMMIT_REF_PROTECTED=true", ""},
		"not protected":   {"GITHUB_REF_NAME=v1.2.3 GITHUB_REF_PROTECTED=false", "niet beschermd"},
		"nor there":       {"GITLAB_CI=true CI_COMMIT_TAG=v1.2.3 CI_COMMIT_REF_PROTECTED=false", "Protected tags"},
		"no version":      {"GITHUB_REF_NAME=vrijdag GITHUB_REF_PROTECTED=true", "vrijdag"},
		"nothing to read": {"GITHUB_REF_NAME=v1.2.4 GITHUB_REF_PROTECTED=true", "1.2.4"},
		"no tag":          {"", "geen tag"},
	} {
		err := ci(strings.Fields(c.settings)...)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestBringOut: with a GitHub and a GitLab on this machine.
func TestBringOut(t *testing.T) {
	var got map[string]any
	var header http.Header
	var at string
	status := http.StatusCreated
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, header, at = nil, r.Header, r.URL.Path
		_ = json.NewDecoder(r.Body).Decode(&got)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"message":"already_exists"}`))
	}))
	t.Cleanup(server.Close)
	p, _ := here(t)
	put(t, p, "CHANGELOG.md", "## 1.2.3\n\n- Iets \"nieuws\".\n\n## 1.2.2\n\n- Oud.\n")
	with := func(settings map[string]string) error {
		p.Env = func(name string) string { return settings[name] }
		return bringOut(t.Context(), p)
	}
	github := map[string]string{"GITHUB_ACTIONS": "true", "GITHUB_REF_NAME": "v1.2.3", "GITHUB_API_URL": server.URL, "GITHUB_REPOSITORY": "a/b", "GITHUB_TOKEN": "t"}
	if err := with(github); err != nil || got["body"] != `- Iets "nieuws".` || got["tag_name"] != "v1.2.3" || header.Get("Authorization") != "Bearer t" || at != "/repos/a/b/releases" {
		t.Errorf("%v %v %s", err, got, at)
	}
	gitlab := map[string]string{"GITLAB_CI": "true", "CI_COMMIT_TAG": "v1.2.3", "CI_API_V4_URL": server.URL, "CI_PROJECT_ID": "7", "CI_JOB_TOKEN": "t"}
	if err := with(gitlab); err != nil || got["description"] != `- Iets "nieuws".` || header.Get("Job-Token") != "t" || at != "/projects/7/releases" {
		t.Errorf("%v %v %s", err, got, at)
	}
	status = http.StatusConflict
	if err := with(gitlab); err == nil || !strings.Contains(err.Error(), "already_exists") {
		t.Errorf("%v", err)
	}
	gitlab["CI_COMMIT_TAG"] = ""
	if err := with(gitlab); err == nil {
		t.Error("a branch is brought out")
	}
	if err := with(nil); err == nil || !strings.Contains(err.Error(), "notities") {
		t.Errorf("on a laptop: %v", err)
	}
}

func TestPinImage(t *testing.T) {
	p, _ := here(t)
	b := built{name: "registry.test/a", version: "1.2.3", digest: "sha256:abc"}
	put(t, p, "values.yaml", "image:\n  repository: registry.test/old # x\n  tag: \"\"\n  digest: \"\"\nother:\n  digest: \"\"\n")
	if err := pinImage(p.path("."), b); err != nil {
		t.Fatal(err)
	}
	body, _ := os.ReadFile(p.path("values.yaml"))
	if want := "image:\n  repository: \"registry.test/a\"\n  tag: \"\"\n  digest: \"sha256:abc\"\nother:\n  digest: \"\"\n"; string(body) != want {
		t.Errorf("%s", body)
	}
	put(t, p, "values.yaml", "image: {}\n")
	if err := pinImage(p.path("."), b); err == nil {
		t.Error("values without an image are taken")
	}
}

// TestEverything: what alles does stands in the list, and it does no delivery.
func TestEverything(t *testing.T) {
	old := offline
	t.Cleanup(func() { offline = old })
	did := 0
	offline = []job{{Name: "een", What: "x", Run: func(context.Context, place) error { did++; return nil }}}
	withJobs(t, nil, []job{
		{Name: "sbom", Args: "[]", What: "x", Run: func(_ context.Context, p place) error {
			if strings.Join(p.Args, "") == "--controleer" {
				did++
			}
			return nil
		}},
		{Name: "publiceer", What: "x", Run: func(context.Context, place) error { t.Error("alles delivers"); return nil }},
	})
	p, said := here(t)
	if err := everything(t.Context(), p); err != nil || did != 2 || !strings.Contains(said.String(), "Gedaan: een, sbom") {
		t.Errorf("%v, %d jobs\n%s", err, did, said)
	}
}
