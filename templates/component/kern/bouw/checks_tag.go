package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// releaseTag is the form of the tag of a release.
var releaseTag = regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$`)

// releasable stands before all that a tag sets off. Who may put a tag may put a program
// in production, so a tag has to be protected, and of a commit that was looked at.
func releasable(ctx context.Context, p place) error {
	tag, protected := p.Env("GITHUB_REF_NAME"), p.Env("GITHUB_REF_PROTECTED") == "true"
	advice := "Settings, Rules, Rulesets: een regel voor tags v* waarin alleen beheerders mogen aanmaken"
	if p.Env("GITLAB_CI") != "" {
		tag, protected = p.Env("CI_COMMIT_TAG"), p.Env("CI_COMMIT_REF_PROTECTED") == "true"
		advice = "Settings, Repository, Protected tags: v*"
	}
	inCI := tag != ""
	if !inCI {
		found, err := p.output(ctx, "git", "describe", "--tags", "--exact-match")
		if err != nil {
			return errors.New("deze commit heeft geen tag")
		}
		tag = strings.TrimSpace(found)
	}
	var wrong []error
	if !releaseTag.MatchString(tag) {
		wrong = append(wrong, fmt.Errorf("de tag %q heeft niet de vorm v1.2.3", tag))
	}
	if inCI && !protected {
		wrong = append(wrong, fmt.Errorf("de tag %s is niet beschermd; bescherm hem eerst (%s)", tag, advice))
	}
	if _, err := p.output(ctx, "git", "merge-base", "--is-ancestor", "HEAD", "refs/remotes/origin/main"); err != nil {
		wrong = append(wrong, errors.New("de commit staat niet op main van origin: alleen wat daar bekeken is, wordt uitgebracht (is de hele geschiedenis opgehaald?)"))
	}
	if err := p.exists("CHANGELOG.md"); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}
