package doctor

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// minimum is the Go that a component needs: the one in this folder, or a new one.
func (w *World) minimum() string {
	least := "1.26.0"
	if body, err := fs.ReadFile(w.Pack, "go.mod.tmpl"); err == nil {
		for line := range strings.Lines(string(body)) {
			if version, found := strings.CutPrefix(strings.TrimSpace(line), "go "); found {
				least = version
			}
		}
	}
	if file, err := w.goMod(); err == nil && file.Go != nil && older(least, file.Go.Version) {
		return file.Go.Version
	}
	return least
}

// goMod reads the go.mod of the component.
func (w *World) goMod() (*modfile.File, error) {
	body, err := w.own("go.mod")
	if err != nil {
		return nil, err
	}
	return modfile.Parse("go.mod", body, nil)
}

// install is the line that puts a Go here that is new enough and has no known
// faults.
func (w *World) install() string {
	return gotool.Install(w.OS, w.Arch, knownFaults().newest())
}

// checkGo looks for a Go that can build a component.
func checkGo(ctx context.Context, w *World) Finding {
	g, err := w.goTool(ctx)
	var refused *gotool.Refused
	switch {
	case errors.Is(err, gotool.ErrNone):
		for _, place := range gotool.Places(w.OS, w.Home, w.Env) {
			if w.exists(place) {
				folder := place[:strings.LastIndexAny(place, `/\`)]
				return wrong("beside", place).line(w.toPath(folder)).do("path-for-good", folder)
			}
		}
		return wrong("none", w.minimum()).line(w.install()).do("or-bundle")
	case errors.As(err, &refused) && refused.Wanted != "" && g.Version != "":
		f := wrong("newer", short(g.Version), refused.Wanted)
		if setting := w.Env("GOTOOLCHAIN"); strings.HasPrefix(setting, refused.Wanted) {
			return f.line(w.unset("GOTOOLCHAIN"))
		}
		return f.line(w.install()).do("or-bundle")
	case errors.As(err, &refused):
		f := wrong("refused", g.Path, refused.Said)
		if name := w.blamed(refused.Said); name != "" {
			return f.line(w.unset(name)) // another Go would refuse as well
		}
		return f.line(w.install()).do("or-bundle")
	case err != nil:
		return unseen(caseSlow)
	case older(g.Version, w.minimum()):
		return wrong("old", short(g.Version), w.minimum()).line(w.install()).do("or-bundle")
	}
	return good("found", short(g.Version), g.Path)
}

// blamed is the setting that Go complains about: by its name, or by the folder that
// it names.
func (w *World) blamed(said string) string {
	for _, name := range []string{"GOTOOLCHAIN", "GOROOT"} {
		if w.Env(name) != "" && strings.Contains(said, name) {
			return name
		}
	}
	for _, name := range []string{"GOTMPDIR", "TMPDIR", "TMP", "TEMP"} {
		if folder := w.Env(name); folder != "" && strings.Contains(said, "creating work dir") && strings.Contains(said, folder) {
			return name
		}
	}
	return ""
}

// short is a version as people read it.
func short(version string) string {
	version, _, _ = strings.Cut(version, " ")
	return "Go " + strings.TrimPrefix(version, "go")
}

// checkFaults names the faults that a patch level of Go has. It works all the same.
func checkFaults(ctx context.Context, w *World) Finding {
	g, _ := w.goTool(ctx)
	if g.Version == "" {
		return unseen(caseNoGo)
	}
	table := knownFaults()
	faults, first, known := table.of(g.Version)
	switch {
	case !known:
		return good("no-table", short(g.Version), table.Date)
	case len(faults) == 0:
		return good("none", short(g.Version), table.Date)
	}
	return mind("known", short(g.Version), len(faults), names(faults), table.Date, first).
		line(gotool.Install(w.OS, w.Arch, first)).do("or-later")
}

// names are the most telling faults, each of another package.
func names(faults []fault) string {
	const most = 3
	var said []string
	seen := map[string]bool{}
	for _, f := range faults {
		if len(said) < most && !seen[f.Package] {
			seen[f.Package] = true
			said = append(said, f.ID+" ("+f.Package+")")
		}
	}
	return strings.Join(said, ", ")
}

// checkRoot: a GOROOT that is left from another Go makes every build fail.
func checkRoot(ctx context.Context, w *World) Finding {
	root := w.Env("GOROOT")
	if root == "" {
		return good("none")
	}
	g, _ := w.goTool(ctx)
	if g.Version == "" {
		return unseen(caseNoGo)
	}
	body, err := w.Read(w.join(strings.TrimRight(root, `/\`), "VERSION"))
	line, _, _ := strings.Cut(string(body), "\n")
	version := canonical(line)
	if err != nil || version == "" || version == canonical(g.Version) || g.Env["GOROOT"] != root {
		return good("fits", root) // a Go that became another one keeps its own GOROOT to itself
	}
	return wrong("other", root, short(g.Version)).line(w.unset("GOROOT"))
}
