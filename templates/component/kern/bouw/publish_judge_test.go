package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
)

// env makes the environment of a place of lines "NAME=value".
func env(p place, lines ...string) place {
	p.Env = func(name string) string {
		for _, line := range lines {
			if value, found := strings.CutPrefix(line, name+"="); found {
				return value
			}
		}
		return ""
	}
	return p
}

func TestReadBuilt(t *testing.T) {
	p, _ := little(t)
	for _, c := range []struct{ arg, env, name, fails string }{
		{"ghcr.io/gemeente/component", "", "", "geen image"},
		{"", "", "", "geen naam van een image"},
		{"ghcr.io", "", "", "geen naam van een image"},
		{"ghcr.io/x:1.0.0", "", "", "geen naam van een image"},
		{"ghcr.io/x@sha256:aa", "", "", "geen naam van een image"},
		{"--help/x", "", "", "geen naam van een image"},
		{"ghcr.io/x/../y", "", "", "geen naam van een image"},
	} {
		q := env(p, "IMAGE="+c.env)
		q.Args = strings.Fields(c.arg)
		if _, err := readBuilt(q); err == nil || !strings.Contains(err.Error(), c.fails) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	git(t, p, "tag", "v1.0.0")
	made(t, p)
	for _, c := range []struct{ arg, env, want string }{
		{"ghcr.io/Gemeente/Component", "", "ghcr.io/gemeente/component:1.0.0"},
		{"", "registry.example.org:5000/a/b_c/d-e", "registry.example.org:5000/a/b_c/d-e:1.0.0"},
		{"localhost:5000/x", "ghcr.io/y", "localhost:5000/x:1.0.0"},
	} {
		q := env(p, "IMAGE="+c.env)
		q.Args = strings.Fields(c.arg)
		b, err := readBuilt(q)
		if err != nil || b.tagged() != c.want || !strings.HasPrefix(b.digest, "sha256:") {
			t.Errorf("%+v: %+v, %v", c, b, err)
		}
	}
	put(t, p, "los.txt", "los\n")
	made(t, p)
	p.Args = []string{"ghcr.io/x"}
	if _, err := readBuilt(p); err == nil || !strings.Contains(err.Error(), "niet in de commit") {
		t.Error(err)
	}
}

func TestLogin(t *testing.T) {
	p, _ := here(t)
	if got, done, err := env(p).login("ghcr.io"); err != nil || len(got.extra) != 0 {
		t.Errorf("%v, %v", got.extra, err)
	} else {
		done()
	}
	if _, _, err := env(p, "REGISTRY_USER=wij").login("ghcr.io"); err == nil || !strings.Contains(err.Error(), "horen bij elkaar") {
		t.Error(err)
	}
	got, done, err := env(p, "REGISTRY_USER=wij", "REGISTRY_PASSWORD=proef").login("ghcr.io")
	if err != nil {
		t.Fatal(err)
	}
	dir, _ := strings.CutPrefix(got.extra[0], "DOCKER_CONFIG=")
	content, err := os.ReadFile(filepath.Join(dir, "config.json"))
	if err != nil || string(content) != `{"auths":{"ghcr.io":{"auth":"d2lqOnByb2Vm"}}}` {
		t.Errorf("%s, %v", content, err)
	}
	done()
	if _, err := os.Stat(dir); err == nil {
		t.Error("the account stays on the disk")
	}
}

// gitHub and gitLab are what these set for a job, as far as it is asked.
func gitHub(commit string) []string {
	return []string{"GITHUB_ACTIONS=true", "GITHUB_SERVER_URL=https://github.com", "GITHUB_REPOSITORY=gemeente/parkeren", "GITHUB_SHA=" + commit,
		"GITHUB_WORKFLOW_REF=gemeente/parkeren/.github/workflows/release.yml@refs/tags/v1.0.0", "GITHUB_REF=refs/tags/v1.0.0",
		"GITHUB_RUN_ID=12", "GITHUB_RUN_ATTEMPT=1", "GITHUB_EVENT_NAME=push", "RUNNER_ENVIRONMENT=github-hosted"}
}

func gitLab(commit string) []string {
	return []string{"GITLAB_CI=true", "CI_PROJECT_URL=https://gitlab.com/gemeente/parkeren", "CI_COMMIT_SHA=" + commit, "CI_COMMIT_REF_NAME=v1.0.0",
		"CI_COMMIT_TAG=v1.0.0", "CI_JOB_URL=https://gitlab.com/gemeente/parkeren/-/jobs/3", "CI_JOB_NAME=image", "CI_RUNNER_ID=7", "CI_RUNNER_VERSION=18.5.0"}
}

func TestProvenance(t *testing.T) {
	p, _ := little(t)
	o, err := readOrigin(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	made(t, p)
	if from, err := provenanceOf(env(p)); err != nil || from != nil {
		t.Errorf("%+v, %v", from, err)
	}
	for _, c := range []struct {
		ci   func(string) []string
		want []string
	}{
		{gitHub, []string{`"path":".github/workflows/release.yml"`, `"ref":"refs/tags/v1.0.0"`, `"uri":"git+https://github.com/gemeente/parkeren@refs/tags/v1.0.0"`,
			`"invocationId":"https://github.com/gemeente/parkeren/actions/runs/12/attempts/1"`, `"id":"https://github.com/actions/runner/github-hosted"`}},
		{gitLab, []string{`"uri":"git+https://gitlab.com/gemeente/parkeren@refs/tags/v1.0.0"`, `"id":"https://gitlab.com/gemeente/parkeren/-/runners/7"`,
			`"buildType":"https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v18.5.0/PROVENANCE.md"`, `"invocationId":"https://gitlab.com/gemeente/parkeren/-/jobs/3"`}},
	} {
		from, err := provenanceOf(env(p, c.ci(o.Commit)...))
		if err != nil {
			t.Fatal(err)
		}
		content, err := json.Marshal(from)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range append(c.want, `"digest":{"gitCommit":"`+o.Commit+`"}`) {
			if !strings.Contains(string(content), want) {
				t.Errorf("no %s in %s", want, content)
			}
		}
		if _, err := provenanceOf(env(p, c.ci(strings.Repeat("a", 40))...)); err == nil || !strings.Contains(err.Error(), "maak het image opnieuw") {
			t.Error(err)
		}
	}
}

// TestDeliver publishes and signs with the programs of deploy/gereedschap.txt, in a
// registry on this machine and with a key: what needs no others.
func TestDeliver(t *testing.T) {
	if os.Getenv("FIELDLAB_E2E") != "all" {
		t.Skip("builds crane and cosign; FIELDLAB_E2E=all runs it")
	}
	ctx := context.Background()
	p, said := little(t)
	tools, err := os.ReadFile("../../" + toolsFile)
	if err != nil {
		t.Fatal(err)
	}
	put(t, p, toolsFile, string(tools))
	commit(t, p, "2026-11-30T12:00:00Z")
	git(t, p, "tag", "v1.0.0")
	made(t, p)
	const account = "Basic d2lqOnByb2Vm" // wij, proef
	handler := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != account {
			w.Header().Set("WWW-Authenticate", `Basic realm="proef"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	image := strings.TrimPrefix(server.URL, "http://") + "/proef/parkeren"
	key := filepath.Join(t.TempDir(), "proef")
	t.Setenv("COSIGN_PASSWORD", "proef")
	if _, err := p.toolOutput(ctx, "cosign", "generate-key-pair", "--output-key-prefix", key); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	o, err := readOrigin(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	p = env(p, append(gitHub(o.Commit), "IMAGE="+image, "REGISTRY_USER=wij", "REGISTRY_PASSWORD=proef", "COSIGN_KEY="+key+".key")...)
	if err := publish(ctx, env(p, "IMAGE="+image)); err == nil {
		t.Error("without an account it is published")
	}
	for range 2 { // again is no fault
		if err := publish(ctx, p); err != nil {
			t.Fatalf("%v\n%s", err, said)
		}
	}
	if err := sign(ctx, p); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	signed(t, p, image, key+".pub")
	// Another content under the same version.
	put(t, p, "CHANGELOG.md", "## 1.0.0\n")
	commit(t, p, "2026-12-01T12:00:00Z")
	git(t, p, "tag", "--force", "v1.0.0")
	made(t, p)
	if err := publish(ctx, p); err == nil || !strings.Contains(err.Error(), "een versie die uit is verandert niet") {
		t.Error(err)
	}
}

// signed verifies as somebody who has the public key alone.
func signed(t *testing.T, p place, image, key string) {
	t.Helper()
	ctx := context.Background()
	top, err := layoutOf(p).top()
	if err != nil {
		t.Fatal(err)
	}
	q, done, err := p.login(strings.Split(image, "/")[0])
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	ref := image + "@" + top.Digest
	offline := []string{"--key", key, "--insecure-ignore-tlog=true", "--private-infrastructure"}
	if out, err := q.toolOutput(ctx, "cosign", append(append([]string{"verify"}, offline...), image+":1.0.0")...); err != nil || !strings.Contains(out, top.Digest) {
		t.Errorf("%v\n%s\n%s", err, out, p.Err)
	}
	for kind, want := range map[string]string{"slsaprovenance1": "https://slsa.dev/provenance/v1", "cyclonedx": "https://cyclonedx.org/bom"} {
		out, err := q.toolOutput(ctx, "cosign", append(append([]string{"verify-attestation", "--type", kind}, offline...), ref)...)
		if err != nil {
			t.Errorf("%s: %v\n%s", kind, err, p.Err)
			continue
		}
		var envelope struct{ Payload []byte }
		if err := json.Unmarshal([]byte(out), &envelope); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		var statement struct {
			Type          string `json:"_type"`
			PredicateType string
			Subject       []struct{ Digest map[string]string }
			Predicate     json.RawMessage
		}
		if err := json.Unmarshal(envelope.Payload, &statement); err != nil || statement.PredicateType != want || len(statement.Subject) != 1 ||
			"sha256:"+statement.Subject[0].Digest["sha256"] != top.Digest || len(statement.Predicate) < 100 {
			t.Errorf("%v: %s", err, envelope.Payload)
		}
	}
	// A key of somebody else says nothing.
	other := filepath.Join(t.TempDir(), "ander")
	if _, err := q.toolOutput(ctx, "cosign", "generate-key-pair", "--output-key-prefix", other); err != nil {
		t.Fatal(err)
	}
	q.Err = io.Discard
	if _, err := q.toolOutput(ctx, "cosign", "verify", "--key", other+".pub", "--insecure-ignore-tlog=true", "--private-infrastructure", ref); err == nil {
		t.Error("a signature of another key is accepted")
	}
}
