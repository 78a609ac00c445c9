package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// sign signs the image in the registry, and says beside it where it came from and what
// is in it. In CI that is without a key: the signature names the workflow. With COSIGN_KEY
// it is with a key, and then nothing of it goes to a public log.
func sign(ctx context.Context, p place) error {
	b, err := readBuilt(p)
	if err != nil {
		return err
	}
	from, err := provenanceOf(p)
	if err != nil {
		return err
	}
	p, done, err := p.login(b.host())
	if err != nil {
		return err
	}
	defer done()
	dir, remove, err := temporary()
	if err != nil {
		return err
	}
	defer remove()
	how := []string{"--yes"}
	if key := p.Env("COSIGN_KEY"); key != "" {
		config := filepath.Join(dir, "diensten.json")
		if err := os.WriteFile(config, []byte(noServices), 0o600); err != nil {
			return err
		}
		how = append(how, "--key", key, "--signing-config", config)
	}
	cosign := func(command string, args ...string) error {
		return p.runTool(ctx, "cosign", append(append([]string{command}, how...), append(args, b.pinned())...)...)
	}
	// Each platform too: a cluster may ask for the one that it runs.
	if err := cosign("sign", "--recursive"); err != nil {
		return err
	}
	if from == nil {
		p.note("Zonder herkomst: alleen CI kan zeggen waar en waaruit een image gemaakt is.")
	} else if err := attest(cosign, dir, "slsaprovenance1", from); err != nil {
		return err
	}
	return cosign("attest", "--type", "cyclonedx", "--predicate", p.absolute(imageBOM))
}

// noServices is a configuration of cosign with no certificate authority and no log.
const noServices = `{"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","rekorTlogConfig":{},"tsaConfig":{}}`

func attest(cosign func(string, ...string) error, dir, kind string, predicate any) error {
	content, err := json.Marshal(predicate)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, kind+".json")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		return err
	}
	return cosign("attest", "--type", kind, "--predicate", name)
}

// The predicate of SLSA provenance 1: cosign makes the in-toto statement around it, with
// the digest of the image. The names are those of the specification.
type (
	provenance struct {
		BuildDefinition buildDefinition `json:"buildDefinition"`
		RunDetails      runDetails      `json:"runDetails"`
	}
	buildDefinition struct {
		BuildType            string            `json:"buildType"`
		ExternalParameters   map[string]any    `json:"externalParameters"`
		InternalParameters   map[string]any    `json:"internalParameters,omitempty"`
		ResolvedDependencies []resolvedPackage `json:"resolvedDependencies"`
	}
	resolvedPackage struct {
		URI    string            `json:"uri"`
		Digest map[string]string `json:"digest"`
	}
	runDetails struct {
		Builder  map[string]string `json:"builder"`
		Metadata map[string]string `json:"metadata"`
	}
)

// provenanceOf makes the provenance of what CI says of this run; outside CI there is none.
func provenanceOf(p place) (*provenance, error) {
	var from *provenance
	ci := p.Env // what CI sets, and no setting of the component
	switch {
	case ci("GITHUB_ACTIONS") == "true":
		from = ofGitHub(ci)
	case ci("GITLAB_CI") == "true":
		from = ofGitLab(ci)
	default:
		return nil, nil
	}
	revision, err := layoutOf(p).revision()
	if err != nil {
		return nil, err
	}
	if commit := from.BuildDefinition.ResolvedDependencies[0].Digest["gitCommit"]; commit != revision {
		return nil, fmt.Errorf("het image is van commit %s en CI werkt aan %s: maak het image opnieuw", revision, commit)
	}
	return from, nil
}

func ofGitHub(ci func(string) string) *provenance {
	repository := ci("GITHUB_SERVER_URL") + "/" + ci("GITHUB_REPOSITORY")
	workflow, ref, _ := strings.Cut(ci("GITHUB_WORKFLOW_REF"), "@")
	builder := "https://github.com/actions/runner/" + ci("RUNNER_ENVIRONMENT")
	return &provenance{
		BuildDefinition: buildDefinition{
			BuildType: "https://actions.github.io/buildtypes/workflow/v1",
			ExternalParameters: map[string]any{"workflow": map[string]string{
				"ref": ref, "repository": repository, "path": strings.TrimPrefix(workflow, ci("GITHUB_REPOSITORY")+"/"),
			}},
			InternalParameters: map[string]any{"github": map[string]string{
				"event_name": ci("GITHUB_EVENT_NAME"), "repository_id": ci("GITHUB_REPOSITORY_ID"), "repository_owner_id": ci("GITHUB_REPOSITORY_OWNER_ID"),
			}},
			ResolvedDependencies: []resolvedPackage{{
				URI: "git+" + repository + "@" + ci("GITHUB_REF"), Digest: map[string]string{"gitCommit": ci("GITHUB_SHA")},
			}},
		},
		RunDetails: runDetails{
			Builder:  map[string]string{"id": builder},
			Metadata: map[string]string{"invocationId": repository + "/actions/runs/" + ci("GITHUB_RUN_ID") + "/attempts/" + ci("GITHUB_RUN_ATTEMPT")},
		},
	}
}

func ofGitLab(ci func(string) string) *provenance {
	kind := "refs/heads/"
	if ci("CI_COMMIT_TAG") != "" {
		kind = "refs/tags/"
	}
	return &provenance{
		BuildDefinition: buildDefinition{
			BuildType: "https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v" + ci("CI_RUNNER_VERSION") + "/PROVENANCE.md",
			ExternalParameters: map[string]any{
				"source": ci("CI_PROJECT_URL"), "entryPoint": ci("CI_JOB_NAME"), "variables": map[string]string{"CI_CONFIG_PATH": ci("CI_CONFIG_PATH")},
			},
			InternalParameters: map[string]any{"job": ci("CI_JOB_ID"), "architecture": ci("CI_RUNNER_EXECUTABLE_ARCH")},
			ResolvedDependencies: []resolvedPackage{{
				URI: "git+" + ci("CI_PROJECT_URL") + "@" + kind + ci("CI_COMMIT_REF_NAME"), Digest: map[string]string{"gitCommit": ci("CI_COMMIT_SHA")},
			}},
		},
		RunDetails: runDetails{
			Builder:  map[string]string{"id": ci("CI_PROJECT_URL") + "/-/runners/" + ci("CI_RUNNER_ID")},
			Metadata: map[string]string{"invocationId": ci("CI_JOB_URL")},
		},
	}
}

// revision is the commit that the image says it is made from.
func (l layout) revision() (string, error) {
	top, err := l.top()
	if err != nil {
		return "", err
	}
	content, err := os.ReadFile(l.blob(top.Digest))
	if err != nil {
		return "", err
	}
	var all index
	if err := json.Unmarshal(content, &all); err != nil {
		return "", err
	}
	if all.Annotations[revisionLabel] == "" {
		return "", errors.New("het image zegt niet van welke commit het is: maak het opnieuw")
	}
	return all.Annotations[revisionLabel], nil
}
