package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// bringOut makes the release of a tag at GitHub or GitLab, with what CHANGELOG.md says of
// it. Both take the token that they gave this job.
func bringOut(ctx context.Context, p place) error {
	env := p.Env // what CI sets, and no setting of the component
	var tag, address, header, token string
	switch {
	case env("GITHUB_ACTIONS") == "true":
		tag, header, token = env("GITHUB_REF_NAME"), "Authorization", "Bearer "+env("GITHUB_TOKEN")
		address = env("GITHUB_API_URL") + "/repos/" + env("GITHUB_REPOSITORY") + "/releases"
	case env("GITLAB_CI") == "true":
		tag, header, token = env("CI_COMMIT_TAG"), "JOB-TOKEN", env("CI_JOB_TOKEN")
		address = env("CI_API_V4_URL") + "/projects/" + url.PathEscape(env("CI_PROJECT_ID")) + "/releases"
	default:
		return errors.New("dit kan alleen in de CI van GitHub of GitLab; de tekst van de uitgave: go run ./kern/bouw notities")
	}
	if !versionTag.MatchString(tag) {
		return fmt.Errorf("deze CI draait niet voor een tag zoals v1.2.3 maar voor %q", tag)
	}
	var text bytes.Buffer
	quiet := p
	quiet.Out, quiet.Args = &text, []string{tag}
	if err := notes(ctx, quiet); err != nil {
		return err
	}
	said := strings.TrimSpace(text.String())
	form := map[string]any{"tag_name": tag, "name": tag, "description": said}
	if header == "Authorization" {
		form = map[string]any{"tag_name": tag, "name": tag, "body": said, "prerelease": strings.Contains(tag, "-")}
	}
	if err := post(ctx, address, header, token, form); err != nil {
		return err
	}
	p.say("De uitgave %s is gemaakt.", tag)
	return nil
}

// post sends what a release is. An answer may say why not, in a line or two.
func post(ctx context.Context, address, header, token string, form map[string]any) error {
	body, err := json.Marshal(form)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(header, token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode == http.StatusCreated {
		return nil
	}
	const most = 500
	why, _ := io.ReadAll(io.LimitReader(response.Body, most))
	return fmt.Errorf("de uitgave is niet gemaakt (%s): %s", response.Status, strings.TrimSpace(string(why)))
}
