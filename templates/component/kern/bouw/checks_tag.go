package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// releasable stands before all that a tag sets off. Who may put a tag may put a program
// in production, so a tag has to be protected, and of a commit that was looked at.
func releasable(ctx context.Context, p place) error {
	env := p.Env // what CI sets, and no setting of the component
	tag, protected := env("GITHUB_REF_NAME"), env("GITHUB_REF_PROTECTED") == "true"
	advice := "Settings, Rules, Rulesets: een regel voor tags v* waarin alleen beheerders mogen aanmaken"
	if env("GITLAB_CI") != "" {
		tag, protected = env("CI_COMMIT_TAG"), env("CI_COMMIT_REF_PROTECTED") == "true"
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
	if !strings.HasPrefix(tag, "v") || !versionTag.MatchString(tag) {
		wrong = append(wrong, fmt.Errorf("de tag %q heeft niet de vorm v1.2.3", tag))
	}
	if inCI && !protected {
		wrong = append(wrong, fmt.Errorf("de tag %s is niet beschermd; bescherm hem eerst (%s)", tag, advice))
	}
	if _, err := p.output(ctx, "git", "merge-base", "--is-ancestor", "HEAD", "refs/remotes/origin/main"); err != nil {
		wrong = append(wrong, errors.New("de commit staat niet op main van origin: alleen wat daar bekeken is, wordt uitgebracht (is de hele geschiedenis opgehaald?)"))
	}
	quiet := p
	quiet.Out, quiet.Args = io.Discard, []string{tag}
	if err := notes(ctx, quiet); err != nil {
		wrong = append(wrong, err)
	}
	return errors.Join(wrong...)
}
