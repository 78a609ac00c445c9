package doctor

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gowork"
)

// elsewhere are modules of a component that no program or test on a system needs:
// they are in go.mod for another one. A test holds this against what go list says.
var elsewhere = map[string][]string{
	linux:   {"github.com/mattn/go-isatty", "github.com/ncruces/go-strftime", "github.com/rogpeppe/go-internal"},
	darwin:  {"github.com/rogpeppe/go-internal"},
	windows: {"github.com/rogpeppe/go-internal"},
}

// needed are the modules without which the component cannot be built and tested:
// those of go.mod that are not for another system.
func (w *World) needed() ([]module.Version, error) {
	file, err := w.goMod()
	if errors.Is(err, fs.ErrNotExist) {
		file, err = packMod(w.Pack)
	}
	if err != nil {
		return nil, err
	}
	var all []module.Version
	replaced := map[string]modfile.Replace{}
	for _, r := range file.Replace {
		replaced[r.Old.Path] = *r
	}
	for _, r := range file.Require {
		wanted := r.Mod
		if by, is := replaced[wanted.Path]; is && (by.Old.Version == "" || by.Old.Version == wanted.Version) {
			if by.New.Version == "" {
				continue // a folder on this machine
			}
			wanted = by.New
		}
		if !slices.Contains(elsewhere[w.OS], wanted.Path) {
			all = append(all, wanted)
		}
	}
	return all, nil
}

// packMod is the go.mod of a new component.
func packMod(pack fs.FS) (*modfile.File, error) {
	body, err := fs.ReadFile(pack, "go.mod.tmpl")
	if err != nil {
		return nil, err
	}
	var lines []string
	for line := range strings.Lines(string(body)) {
		if !strings.HasPrefix(line, "module ") { // which is of each component
			lines = append(lines, line)
		}
	}
	return modfile.Parse("go.mod", []byte("module component\n"+strings.Join(lines, "")), nil)
}

// checkModules looks whether the modules are here already, so that the first build
// needs no network.
func checkModules(ctx context.Context, w *World) Finding {
	if w.vendored() {
		return good("vendor")
	}
	needed, err := w.needed()
	if err != nil {
		return unseen("unreadable")
	}
	env, found := w.goEnv(ctx)
	if !found {
		return unseen(caseNoGo)
	}
	places := []string{w.join(env["GOMODCACHE"], "cache", "download")}
	network := false
	for _, place := range proxies(env["GOPROXY"]) {
		if folder, is := w.folderOf(place); is {
			places = append(places, folder)
		} else if place != "off" {
			network = true
		}
	}
	var missing []string
	for _, m := range needed {
		if ctx.Err() != nil {
			return unseen(caseSlow)
		}
		if !w.hasModule(places, env["GOMODCACHE"], m) {
			missing = append(missing, m.Path)
		}
	}
	switch {
	case len(missing) == 0:
		return good("here", len(needed))
	case w.bundle(env["GOPROXY"]) != "":
		place := w.bundle(env["GOPROXY"])
		if w.Dial(ctx, addressOf(place)) != nil {
			return wrong("silent", place).line(w.unsetGo("GOPROXY")).do("bundle-or-network")
		}
		return good("served", len(needed), place)
	case network:
		return mind("download", len(missing), len(needed), missing[0]).line("fieldlab doctor --build").do("before-the-room")
	}
	return wrong("missing", len(missing), len(needed), missing[0], env["GOPROXY"]).line(w.unsetGo("GOPROXY")).do("bundle-or-network")
}

// bundle is the address of a bundle that is served in the room: modules come from
// the internet over https only. It is "" when they do not come from one.
func (w *World) bundle(setting string) string {
	if places := proxies(setting); len(places) > 0 && strings.HasPrefix(places[0], "http://") {
		return places[0]
	}
	return ""
}

// addressOf is where the server of an address listens.
func addressOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	if u.Port() == "" {
		return net.JoinHostPort(u.Hostname(), "80")
	}
	return u.Host
}

// hasModule says whether a module is in one of the places, or unpacked already.
func (w *World) hasModule(places []string, cache string, m module.Version) bool {
	path, err := module.EscapePath(m.Path)
	if err != nil {
		return false
	}
	version, err := module.EscapeVersion(m.Version)
	if err != nil {
		return false
	}
	if w.exists(w.join(cache, path+"@"+version)) && w.exists(w.join(places[0], path, "@v", version+".mod")) {
		return true
	}
	return slices.ContainsFunc(places, func(place string) bool {
		return w.exists(w.join(place, path, "@v", version+".zip")) && w.exists(w.join(place, path, "@v", version+".mod"))
	})
}

// checkWorkspace: a go.work above the folder keeps Go from building a component.
func checkWorkspace(_ context.Context, w *World) Finding {
	around, found := gowork.Around(w.Dir, w.Env, w.Config)
	switch {
	case !found:
		return good("none")
	case !w.isComponent():
		return mind("above", around.File).line(w.set("GOWORK", "off"))
	case around.Usable && filepath.IsAbs(around.File):
		return wrong("lacks", around.File).line("go work use " + w.quote(w.Dir))
	}
	return wrong("lacks", around.File).line(w.set("GOWORK", "off"))
}

// checkVendor: with a folder vendor Go looks nowhere else.
func checkVendor(_ context.Context, w *World) Finding {
	info, err := fs.Stat(w.Component, "vendor")
	switch {
	case err != nil || !info.IsDir():
		return good("none")
	case !w.vendored():
		return wrong("incomplete").line("go mod vendor")
	}
	return mind("used").line("go mod vendor")
}
