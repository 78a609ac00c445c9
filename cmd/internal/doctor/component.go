package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// largest is the largest file of a component that is read.
const largest = 16 << 20

// errIrregular says that a file of the component is no ordinary file.
var errIrregular = errors.New("no ordinary file")

// own reads an ordinary file of the component, which no link leads to.
func (w *World) own(name string) ([]byte, error) { return readOwn(w.Component, name, largest) }

func readOwn(files fs.FS, name string, most int64) ([]byte, error) {
	if files == nil {
		return nil, fs.ErrNotExist
	}
	for at := name; at != "."; at = path.Dir(at) {
		info, err := fs.Lstat(files, at)
		switch {
		case err != nil:
			return nil, err
		case at == name && !info.Mode().IsRegular(), at != name && !info.IsDir():
			return nil, fmt.Errorf("%s: %w", at, errIrregular)
		}
	}
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(body)) > most {
		err = fmt.Errorf("%s: %w", name, errIrregular)
	}
	return body, err
}

// isComponent says whether the folder holds a component, however damaged.
func (w *World) isComponent() bool {
	if w.Component == nil {
		return false
	}
	has := func(name string) bool { _, err := fs.Lstat(w.Component, name); return err == nil }
	return has(plan.ManifestPath) || has(answers.FileName) && has(plan.KernFolder)
}

// answered is what the checks themselves need of fieldlab.yaml, read leniently: the
// rest may be wrong, or of a newer fieldlab.
type answered struct {
	Component struct {
		Name  string `yaml:"name"`
		Title string `yaml:"title"`
	} `yaml:"component"`
	Delivery struct {
		Port int `yaml:"port"`
	} `yaml:"delivery"`
}

func (w *World) answered() (a answered) {
	if body, err := w.own(answers.FileName); err == nil {
		_ = yaml.Unmarshal(body, &a)
	}
	given := a.Component.Name
	if given == "" {
		given = a.Component.Title
	}
	a.Component.Name = ""
	if names, err := naming.Of(given); err == nil {
		a.Component.Name = names.Path
	}
	return a
}

// checkGoMod looks whether go.mod and go.sum are whole: a merge leaves its marks in
// them more often than anywhere else.
func checkGoMod(_ context.Context, w *World) Finding {
	back := func(name string) string { return "git checkout -- " + name }
	file, err := w.goMod()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return wrong("none").line(back("go.mod"))
	case err != nil:
		said, _, _ := strings.Cut(err.Error(), "\n")
		return wrong("damaged", said).line(back("go.mod"))
	case file.Module == nil:
		return wrong("no-module").line(back("go.mod"))
	}
	if manifest, err := base.ReadManifest(w.Component); err == nil && manifest.Module != "" && manifest.Module != file.Module.Mod.Path {
		return wrong("other-module", file.Module.Mod.Path, manifest.Module).line("git log --oneline -- go.mod .fieldlab")
	}
	for _, r := range file.Replace {
		if r.New.Version == "" && strings.HasPrefix(r.New.Path, "./") {
			if _, err := fs.Stat(w.Component, path.Clean(r.New.Path)); err != nil {
				return wrong("replaced", r.Old.Path, r.New.Path).line("go mod edit -dropreplace=" + w.quote(r.Old.Path))
			}
		}
	}
	sums, err := w.own("go.sum")
	switch {
	case err != nil:
		return wrong("no-sums").line(back("go.sum"))
	case bytes.Contains(sums, []byte("\n<<<<<<<")), bytes.HasPrefix(sums, []byte("<<<<<<<")):
		return wrong("conflict").line(back("go.sum"))
	}
	return good("sound", file.Module.Mod.Path)
}

// checkAnswers applies the rules to fieldlab.yaml.
func checkAnswers(_ context.Context, w *World) Finding {
	body, err := w.own(answers.FileName)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return wrong("none").line("git checkout -- " + answers.FileName)
	case err != nil:
		return wrong("unreadable", err.Error()).line("git checkout -- " + answers.FileName)
	}
	document, found := answers.Parse(answers.FileName, body)
	if len(found) == 0 {
		_, found = model.New(document.Answers, w.Component, model.Env{Version: w.Version})
		found = document.Place(found).Sorted()
	}
	if len(found) > 0 {
		return wrong("mistakes", len(found), found[0]).line("fieldlab answers validate " + answers.FileName)
	}
	return good("valid")
}

// firstProblem says a mistake in one line, in a language.
func firstProblem(p problem.Problem, lang string) string {
	if p.Line > 0 {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text(lang))
	}
	return p.Text(lang)
}

// checkMemory reads what the component remembers of fieldlab, without which no
// update can be done.
func checkMemory(_ context.Context, w *World) Finding {
	_, err := base.Read(w.Component)
	var fault base.Fault
	back := "git checkout -- .fieldlab"
	switch {
	case err == nil:
		return good("whole")
	case errors.As(err, &fault) && fault.Code == base.Newer:
		return mind("newer").line("fieldlab version")
	case errors.As(err, &fault) && fault.Code == base.TooOld:
		return mind("old")
	case errors.As(err, &fault) && fault.Code == base.Foreign:
		return wrong("foreign", fault.Path).line("git log --oneline -- go.mod .fieldlab")
	case errors.As(err, &fault):
		return wrong("damaged", fault.Path).line(back)
	case errors.Is(err, fs.ErrNotExist):
		if manifest, err := base.ReadManifest(w.Component); err == nil && manifest.Version < plan.ManifestVersion {
			return mind("old")
		}
		return wrong("gone").line(back)
	}
	return wrong("unreadable", err.Error()).line(back)
}

// Folders of an update that is on its way, and of one that waits for somebody; see
// package update.
const (
	underway = ".fieldlab/werk/journaal"
	waiting  = ".fieldlab/terug/journaal"
)

// checkUpdate looks for an update that was broken off.
func checkUpdate(_ context.Context, w *World) Finding {
	has := func(name string) bool { _, err := fs.Lstat(w.Component, name); return err == nil }
	switch {
	case has(underway):
		return wrong("broken-off").line("fieldlab update")
	case has(waiting):
		return wrong("conflicts").line("fieldlab update --continue").do("or-abort")
	}
	return good("none")
}

// checkKern looks for edits in packages of kern that are not the team's.
func checkKern(ctx context.Context, w *World) Finding {
	remembered, err := base.Read(w.Component)
	if err != nil {
		return unseen("memory")
	}
	sums, err := w.kernSums(ctx)
	switch {
	case ctx.Err() != nil:
		return unseen(caseSlow)
	case err != nil:
		return unseen(caseFailed, err.Error())
	}
	names := make([]string, 0, len(remembered.Kern)+len(sums))
	for name := range remembered.Kern {
		names = append(names, name)
	}
	for name := range sums {
		names = append(names, name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	packages, taken := plan.Packages(names), remembered.Manifest.Taken
	var differ []string
	for _, name := range names {
		if name != plan.VersionPath && !plan.Takes(taken, packages, name) && remembered.Kern[name].SHA256 != sums[name] {
			differ = append(differ, name)
		}
	}
	if len(differ) > 0 {
		return mind("edited", len(differ), differ[0]).line("fieldlab kern status")
	}
	if len(taken) > 0 {
		return good("taken", len(taken))
	}
	return good("clean")
}

// kernSums are the sums of the files of kern as they lie there.
func (w *World) kernSums(ctx context.Context) (map[string]string, error) {
	sums := map[string]string{}
	err := fs.WalkDir(w.Component, plan.KernFolder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		sums[name] = "?"
		if body, err := w.own(name); err == nil {
			sums[name] = plan.SumOf(body)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return sums, err
}
