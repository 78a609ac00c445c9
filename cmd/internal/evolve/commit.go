package evolve

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// commits says whether a commit is asked for.
func (o Options) commits() bool { return o.Commit || o.Branch != "" }

// mayCommit refuses early what would fail when everything is done.
func (s *session) mayCommit(u *update.Update) error {
	if !s.o.commits() || !u.Waiting() {
		return nil
	}
	return gitSays(s.d, s.r.Dir, s.d.engine().CanCommit(u, s.o.Branch), "update.git.nothing-changed")
}

// commit puts what was done in Git. That it fails does not undo what was done.
func commit(d Deps, o Options, r update.Request, u *update.Update) (*update.Committed, error) {
	message := cmp.Or(o.Message, text.Load(text.Dutch).T("update.commit-message"))
	made, err := d.engine().Commit(u, o.Branch, message)
	if err != nil {
		return nil, gitSays(d, r.Dir, err, "update.git.not-committed")
	}
	return &made, nil
}

// gitSays says why there is no commit.
func gitSays(d Deps, dir string, err error, then string) error {
	var obstacle repository.Obstacle
	var reason string
	switch {
	case err == nil:
		return nil
	case errors.Is(err, repository.ErrNone):
		reason = d.Text.T("update.git.none", terminal.Safe(orHere(dir)))
	case errors.As(err, &obstacle):
		key := "update.git." + string(obstacle.Why)
		if reason = d.Text.T(key); strings.Contains(reason, "%[") { // not all of them name something
			reason = d.Text.T(key, listing(obstacle.Names), inBrackets(obstacle.Names))
		}
	default:
		return fromSystem(d, dir, err)
	}
	return failure.Shortfall{Text: reason + " " + d.Text.T(then)}
}

// inBrackets names files behind a word; nothing when there are none.
func inBrackets(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " (" + listing(names) + ")"
}

// unknown says whether Git does not know who commits.
func unknown(p repository.Persons) bool {
	return slices.Contains(p.Missing, "user.name") || slices.Contains(p.Missing, "user.email")
}
