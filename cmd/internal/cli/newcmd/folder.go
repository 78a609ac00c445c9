package newcmd

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// free refuses a folder that cannot become a component, before anybody spends
// time on answers.
func free(d Deps, o *Options) error {
	if err := named(d, o.Dir); err != nil {
		return err
	}
	err := generator.Check(o.Dir, o.Into)
	if err == nil {
		return nil
	}
	dir := short(o.Dir)
	var obstacle repository.Obstacle
	info, statErr := os.Stat(filepath.Clean(o.Dir))
	switch {
	case statErr == nil && !info.IsDir():
		return failure.Shortfall{Text: d.Text.T("new.is-file", dir), Hint: d.Text.T("new.not-empty-hint")}
	case errors.As(err, &obstacle):
		return blocked(d, o, obstacle)
	case errors.Is(err, tree.ErrNotEmpty):
		return failure.Shortfall{Text: d.Text.T("new.not-empty", dir), Hint: d.Text.T("new.not-empty-hint")}
	default:
		return failure.Shortfall{Text: d.Text.T("new.no-folder", dir, answersfile.Reason(d.Text, err))}
	}
}

// obstacles are the texts of what stands in the way, with and without names of
// files.
var obstacles = map[repository.Why]struct{ named, unnamed string }{
	repository.InTheWay:    {"new.repository.in-the-way", ""},
	repository.Started:     {"new.repository.started", ""},
	repository.HasCommits:  {"new.repository.has-commits", "new.repository.has-commits-unnamed"},
	repository.Changed:     {"new.repository.changed", "new.repository.changed-unnamed"},
	repository.CaseDiffers: {"new.repository.case-differs", ""},
	repository.Bare:        {"new.repository.bare", ""},
	repository.Detached:    {"new.repository.detached", ""},
	repository.Busy:        {"new.repository.busy", ""},
	repository.Unusable:    {"new.repository.unusable", ""},
}

// blocked says what stands in the way in a repository, and the way on.
func blocked(d Deps, o *Options, obstacle repository.Obstacle) error {
	dir, names := quoted(o.Dir), listing(obstacle.Names)
	into := "fieldlab new " + dir + " --into"
	git := "git -C " + dir + " "
	var files []string
	for _, name := range obstacle.Names {
		files = append(files, quoted(name))
	}
	hint := d.Text.T("new.not-empty-hint")
	switch obstacle.Why {
	case repository.InTheWay, repository.Changed:
		hint = git + "add --all && " + git + `commit -m "Begin" && ` + into
	case repository.Started:
		hint = into
	case repository.CaseDiffers:
		hint = git + "rm " + strings.Join(files, " ") + " && " + git + `commit -m "Begin" && ` + into
	case repository.Bare:
		hint = "git clone " + dir + " " + quoted(strings.TrimSuffix(strings.TrimRight(o.Dir, `/\`), ".git")+"-werk")
	case repository.Detached:
		hint = git + "switch main"
	}
	texts := obstacles[obstacle.Why]
	text := texts.named
	if names == "" && texts.unnamed != "" {
		text = texts.unnamed
	}
	return failure.Shortfall{Text: d.Text.T(text, terminal.Safe(o.Dir), names), Hint: terminal.Safe(hint)}
}

// maxListed is how many names one line holds.
const maxListed = 8

// listing names files in one line.
func listing(names []string) string {
	more := ""
	if len(names) > maxListed {
		names, more = names[:maxListed], ", …"
	}
	return terminal.Safe(strings.Join(names, ", ")) + more
}

// tellClone says what became of the repository that the folder was already.
func tellClone(d Deps, o *Options, r generator.Result) {
	say := func(words string) { fmt.Fprintln(d.IO.Err, words) }
	dir := terminal.Safe(quoted(o.Dir))
	if r.Clone.Linked {
		return // that is a warning
	}
	say(d.Text.T("new.clone", terminal.Safe(r.Clone.Branch)))
	if len(r.Replaced) > 0 {
		say(d.Text.T("new.replaced", listing(r.Replaced), dir))
	}
	if r.Clone.Remote != "" && !strings.HasPrefix(r.Clone.Remote, "-") {
		say(d.Text.T("new.push", terminal.Safe("git -C "+quoted(o.Dir)+" push -u "+quoted(r.Clone.Remote)+" "+quoted(r.Clone.Branch))))
	}
}
