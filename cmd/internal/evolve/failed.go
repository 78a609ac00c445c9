package evolve

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// failed says why nothing was done, and the way on.
func failed(d Deps, o Options, r update.Request, err error) error {
	var (
		list    problem.List
		one     problem.Problem
		mistake *migration.Mistake
		name    update.Misnamed
	)
	if refused := PackRefused(d, o, r.Dir, err); refused != nil {
		return refused
	}
	switch {
	case errors.As(err, &list):
		return wrongAnswers(d, o, r, list)
	case errors.As(err, &mistake):
		return failure.Usage{Text: mistaken(d, mistake), Hint: o.Command + " --help"}
	case errors.As(err, &name):
		return failure.Usage{Text: misnamed(d, name), Hint: o.Command + " --help"}
	case errors.As(err, &one):
		return wrongAnswers(d, o, r, problem.List{one})
	}
	return Failed(d, r.Dir, err)
}

// mistaken says which answer of the flags cannot be, and what can.
func mistaken(d Deps, m *migration.Mistake) string {
	return d.Text.T("migration.mistake."+m.Code, terminal.Safe(m.Key), terminal.Safe(m.Value), terminal.Safe(m.Why.Text(string(d.Text.Language()))))
}

// typed says so of what was just typed below a question, which names it already.
func typed(d Deps, m *migration.Mistake) string {
	why := m.Why.Text(string(d.Text.Language()))
	if m.Code != "value" || why == "" {
		return mistaken(d, m)
	}
	first, size := utf8.DecodeRuneInString(why)
	return terminal.Safe(string(unicode.ToUpper(first)) + why[size:])
}

// misnamed says which name of the flags is not there, and which ones are.
func misnamed(d Deps, m update.Misnamed) string {
	key := "update.misnamed.now"
	if m.Before {
		key = "update.misnamed.before"
	}
	words := d.Text.T(key, terminal.Safe(m.Name), d.Text.T("update.kind."+string(m.Kind)))
	of := m.Name[:strings.LastIndexByte(m.Name, '.')+1] // the entity of a field
	var names []string
	for _, name := range m.There {
		if rest, ok := strings.CutPrefix(name, of); ok {
			names = append(names, rest)
		}
	}
	if near := arguments.Nearest(m.Name[len(of):], names); near != "" {
		return words + " " + d.Text.T("usage.did-you-mean", terminal.Safe(of+near))
	}
	if len(m.There) > 0 {
		words += " " + d.Text.T("grow.there-are", listing(m.There))
	}
	return words
}

// wrongAnswers shows every mistake in fieldlab.yaml, with its place.
func wrongAnswers(d Deps, o Options, r update.Request, list problem.List) error {
	file := filepath.Join(orHere(r.Dir), answers.FileName)
	placed := slices.Clone(list)
	for i, p := range placed {
		if p.File == answers.FileName {
			placed[i].File = file
		}
	}
	if o.JSON {
		if err := d.IO.WriteJSON(map[string]any{"problems": placed.In(string(d.Text.Language()))}); err != nil {
			return err
		}
	}
	return failure.Answers{Problems: placed, Reported: o.JSON, Hint: "fieldlab answers validate " + arguments.Quoted(file)}
}

// Unusable says what is wrong with what the component remembers, and the way on.
func Unusable(d Deps, dir string, fault base.Fault) error {
	path := terminal.Safe(fault.Path)
	git := func(rest string) string { return terminal.Safe("git -C " + arguments.Quoted(orHere(dir)) + " " + rest) }
	if folder := update.OnItsWay(fault.Path); folder != "" && fault.Code != base.Newer { // Git knows nothing of it
		return failure.Shortfall{Text: d.Text.T("update.base.journal", path, terminal.Safe(folder)), Hint: git("diff")}
	}
	switch fault.Code {
	case base.Newer:
		return failure.Shortfall{Text: d.Text.T("update.base.newer", path), Hint: "fieldlab version"}
	case base.TooOld:
		return failure.Shortfall{Text: d.Text.T("update.base.too-old"), Hint: d.Text.T("update.base.too-old-hint")}
	case base.Foreign:
		return failure.Shortfall{Text: d.Text.T("update.base.foreign", path, terminal.Safe(fault.Detail)), Hint: git("log -- go.mod .fieldlab")}
	case base.Link:
		back := base.Folder
		if !strings.HasPrefix(fault.Path, base.Folder+"/") && fault.Path != base.Folder {
			back = fault.Path
		}
		return failure.Shortfall{Text: d.Text.T("update.base.link", path), Hint: git("checkout -- " + arguments.Quoted(back))}
	}
	return failure.Shortfall{Text: d.Text.T("update.base.damaged", path), Hint: git("checkout -- .fieldlab")}
}

// Failed says why something in the folder of a component could not be done.
func Failed(d Deps, dir string, err error) error {
	var (
		fault      base.Fault
		none       update.NoComponent
		old        update.TooOld
		noBase     update.NoBase
		answers    update.OldAnswers
		changed    update.Changed
		unresolved update.Unresolved
		unfinished update.Unfinished
	)
	says := func(hint, key string, values ...any) error {
		return failure.Shortfall{Text: d.Text.T(key, values...), Hint: hint}
	}
	page := d.Text.T("update.base.too-old-hint")
	if refused := PackFailed(d.Text, "", dir, err); refused != nil {
		return refused
	}
	switch {
	case stopped(err):
		return failure.Interrupted{Text: d.Text.T("update.nothing-done")}
	case errors.As(err, &none):
		return NotComponent(d, dir)
	case errors.As(err, &old):
		return says(page, "update.base.too-old")
	case errors.As(err, &noBase) && !remembers(dir):
		return NotComponent(d, dir)
	case errors.As(err, &noBase):
		if noBase.Why != update.NoCommit {
			page = ""
		}
		return says(page, "update.no-base."+string(noBase.Why))
	case errors.As(err, &fault):
		return Unusable(d, dir, fault)
	case errors.As(err, &answers):
		return says("", "update.old-answers", terminal.Safe(answers.Err.Error()))
	case errors.As(err, &changed):
		return says(Command("fieldlab update", dir, ""), "update.changed", listing(changed.Paths))
	case errors.As(err, &unresolved):
		return says(Command("fieldlab update", dir, "--continue"), "update.unresolved.both", left(d, unresolved))
	case errors.As(err, &unfinished):
		return says(Command("fieldlab update", dir, ""), "update.unfinished", answersfile.Reason(d.Text, unfinished.Err))
	case errors.Is(err, update.ErrPending):
		return says(Command("fieldlab update", dir, "--continue"), "update.pending")
	case errors.Is(err, update.ErrNothingPending):
		return says(Command("fieldlab update", dir, ""), "update.nothing-pending")
	case errors.Is(err, update.ErrBusy):
		return says("", "update.busy")
	}
	return fromSystem(d, dir, err)
}

// remembers says whether fieldlab once made what is in a folder.
func remembers(dir string) bool {
	_, err := os.Lstat(filepath.Join(orHere(dir), filepath.FromSlash(plan.ManifestPath)))
	return !errors.Is(err, fs.ErrNotExist)
}

// fromSystem says what the system refused, such as writing to a full disk.
func fromSystem(d Deps, dir string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	var call *os.SyscallError
	where := orHere(dir)
	if !errors.As(err, &path) && !errors.As(err, &link) && !errors.As(err, &call) {
		return err
	}
	switch info, statErr := os.Stat(where); {
	case errors.Is(statErr, fs.ErrNotExist):
		return failure.Shortfall{Text: d.Text.T("update.no-folder", terminal.Safe(where))}
	case statErr == nil && !info.IsDir():
		return failure.Shortfall{Text: d.Text.T("update.is-file", terminal.Safe(where))}
	case path != nil && path.Path == answers.FileName && errors.Is(err, fs.ErrNotExist):
		git := terminal.Safe("git -C " + arguments.Quoted(where) + " checkout -- " + answers.FileName)
		return failure.Shortfall{Text: d.Text.T("update.no-answers", terminal.Safe(Name(dir))), Hint: git}
	case path != nil && filepath.IsLocal(path.Path) && path.Path != dir:
		where = filepath.Join(where, path.Path) // the path begins at the component
	}
	return failure.Shortfall{Text: d.Text.T("update.system", terminal.Safe(where), answersfile.Reason(d.Text, err))}
}

// left says what has to be done before an update with conflicts is done.
func left(d Deps, u update.Unresolved) string {
	var lines []string
	for _, part := range []struct {
		key   string
		names []string
	}{{"update.unresolved.markers", u.Markers}, {"update.unresolved.beside", u.Beside}} {
		if len(part.names) > 0 {
			lines = append(lines, d.Text.T(part.key, listing(part.names)))
		}
	}
	return strings.Join(lines, "\n")
}

// maxListed is how many names one line holds.
const maxListed = 20

// listing names files in one line.
func listing(names []string) string {
	more := ""
	if len(names) > maxListed {
		names, more = names[:maxListed], ", …"
	}
	return terminal.Safe(strings.Join(names, ", ")) + more
}

func orHere(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}

// NotComponent says that a folder holds no component.
func NotComponent(d Deps, dir string) error {
	text := d.Text.T("update.no-component", terminal.Safe(dir))
	if orHere(dir) == "." {
		text = d.Text.T("update.no-component-here")
	}
	return failure.Shortfall{Text: text, Hint: d.Text.T("update.no-component-hint")}
}
