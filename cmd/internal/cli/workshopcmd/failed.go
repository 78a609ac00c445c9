package workshopcmd

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// notMade explains why there is no workshop.
func notMade(d Deps, o *newOptions, err error) error {
	dir := short(o.Dir)
	var team workshop.TeamError
	var problems problem.List
	var damaged workshop.Damaged
	var course workshop.CourseError
	if refused := evolve.PackFailed(d.Text, o.Pack, "", err); refused != nil {
		return refused
	}
	switch {
	case errors.Is(err, context.Canceled):
		return failure.Interrupted{Text: d.Text.T("workshop.new.nothing-left")}
	case errors.Is(err, workshop.ErrRepository):
		return failure.Shortfall{Text: d.Text.T("workshop.new.in-repository", dir), Hint: d.Text.T("workshop.new.other-folder")}
	case errors.Is(err, tree.ErrNotEmpty):
		return failure.Shortfall{Text: d.Text.T("workshop.new.not-empty", dir), Hint: d.Text.T("workshop.new.other-folder")}
	case errors.As(err, &damaged):
		return failure.Shortfall{Text: d.Text.T("workshop.new.course-unusable", damagedText(d, damaged)), Hint: "fieldlab workshop lint --help"}
	case errors.As(err, &course) && errors.As(err, &problems):
		return failure.Answers{Problems: problems, Hint: "fieldlab workshop lint " + terminal.Safe(cmp.Or(o.Course, "--help"))}
	case errors.As(err, &problems):
		return failure.Answers{Problems: problems, Hint: "fieldlab answers validate " + terminal.Safe(o.Case)}
	case fromSystem(err):
		return failure.Shortfall{Text: d.Text.T("workshop.new.cannot-write", dir, answersfile.Reason(d.Text, err)), Hint: d.Text.T("workshop.new.other-folder")}
	case errors.As(err, &team):
		return failure.Shortfall{Text: d.Text.T("workshop.new.team-failed", short(team.Team.Name), terminal.SafeLines(team.Err.Error()))}
	}
	return err
}

// fromSystem says whether the system refused something, such as writing to a full
// disk.
func fromSystem(err error) bool {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	return errors.As(err, &path) || errors.As(err, &link) || errors.As(err, &call)
}

// damages are the texts of why a file of a workshop cannot be used.
var damages = map[workshop.Why]string{
	workshop.Link: "workshop.damaged.link", workshop.Large: "workshop.damaged.large", workshop.Syntax: "workshop.damaged.syntax",
	workshop.Newer: "workshop.damaged.newer", workshop.Value: "workshop.damaged.value", workshop.Twice: "workshop.damaged.twice",
	workshop.Missing: "workshop.damaged.missing",
}

// damagedText says why a file of a workshop cannot be used, in the language of the
// person.
func damagedText(d Deps, damaged workshop.Damaged) string {
	key := damages[damaged.Why]
	file := terminal.Safe(damaged.File)
	switch damaged.Why {
	case workshop.Syntax, workshop.Value, workshop.Twice:
		return d.Text.T(key, file, short(damaged.What)) + mended(d, damaged)
	}
	return d.Text.T(key, file) + mended(d, damaged)
}

// mended says how a file is right again that somebody broke. Git may not have the
// progress of a team yet, and a workshop itself lies in no repository.
func mended(d Deps, damaged workshop.Damaged) string {
	switch inComponent := strings.HasPrefix(damaged.File, workshop.Folder+"/"); {
	case damaged.Why == workshop.Newer || !inComponent:
		return ""
	case path.Base(damaged.File) == workshop.ProgressFile:
		return " " + d.Text.T("workshop.damaged.again")
	}
	return " " + d.Text.T("workshop.damaged.mend", terminal.Safe(damaged.File))
}
