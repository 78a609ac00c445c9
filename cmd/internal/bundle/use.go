package bundle

import (
	"context"
	"crypto/rand"
	"errors"
	"go/version"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// Variable is the environment variable that says where the bundle is that a shell
// works with: a folder of this machine with modules and a fieldlab.
const Variable = "FIELDLAB_BUNDLE"

// UseRequest is a bundle that is to be used on this machine.
type UseRequest struct {
	Where  string // a folder, or an address
	Cache  string // os.UserCacheDir() with fieldlab
	System System
	Say    func(step string, about string)

	// Go finds the Go of this machine, for a bundle without one; nil is the real one.
	Go func(context.Context, string) (gotool.Go, error)
}

// Ready is a bundle that can be used: all of it is on this machine now, and the
// stick or the network is no longer needed.
type Ready struct {
	Manifest Manifest
	Mark     string
	Folder   string   // of what came from the bundle
	Modules  string   // a module proxy
	Path     []string // folders for PATH: of fieldlab and of go
	OwnGo    string   // version of the Go of this machine, when that is used; "" otherwise

	BuildCache string // of this bundle, in which much is made already; "" when it has none
}

// Prepare brings what this machine needs of a bundle into a folder of this person.
func Prepare(ctx context.Context, r UseRequest) (Ready, error) {
	if r.Say == nil {
		r.Say = func(string, string) {}
	}
	if r.Go == nil {
		r.Go = gotool.Find
	}
	from, err := openSource(r.Where)
	if err != nil {
		return Ready{}, err
	}
	defer from.Close()
	ready, err := prepare(ctx, r, from)
	var known *Error
	if _, isWeb := from.(*web); err != nil && isWeb && !errors.As(err, &known) && ctx.Err() == nil {
		err = &Error{Key: "bundle.unreachable", Args: []any{r.Where, err.Error()}, Err: err}
	}
	return ready, err
}

func prepare(ctx context.Context, r UseRequest, from source) (Ready, error) {
	said, err := small(ctx, from, SumsFile)
	if err != nil {
		return Ready{}, none(r.Where, err)
	}
	known, err := parseSums(said)
	if err != nil {
		return Ready{}, err
	}
	body, err := small(ctx, from, File)
	if err != nil {
		return Ready{}, none(r.Where, err)
	}
	if sumOf(body) != known[File] {
		return Ready{}, refuse("bundle.changed", File)
	}
	m, err := parseManifest(body)
	if err != nil {
		return Ready{}, err
	}
	u := &user{UseRequest: r, from: from, sums: known, ready: Ready{Manifest: m, Mark: mark(said)}}
	u.ready.Folder = filepath.Join(r.Cache, "bundel", u.ready.Mark)
	u.ready.Modules = filepath.Join(u.ready.Folder, filepath.FromSlash(modulesFolder))
	if err := u.all(ctx, said, body); err != nil {
		return u.ready, err
	}
	return u.ready, reason(r.Cache, put(filepath.Join(r.Cache, "bundel", latest), u.ready.Mark))
}

// latest is the file that says which bundle was used last.
const latest = "laatste"

// Latest is the folder of the bundle that was used last on this machine: a second
// window needs no stick. It is "" when there is none.
func Latest(cache string) string {
	mark := strings.TrimSpace(string(readAtMost(filepath.Join(cache, "bundel", latest), 100)))
	dir := filepath.Join(cache, "bundel", mark)
	if mark == "" || !filepath.IsLocal(mark) {
		return ""
	}
	if _, err := os.Stat(filepath.Join(dir, SumsFile)); err != nil {
		return ""
	}
	return dir
}

// user takes what it needs out of a bundle.
type user struct {
	UseRequest
	from  source
	sums  sums
	root  *os.Root
	ready Ready
}

func (u *user) all(ctx context.Context, said, body []byte) error {
	if u.sums[u.System.Program()] == "" {
		return refuse("bundle.no-system", u.System.String())
	}
	if err := os.MkdirAll(u.ready.Folder, 0o755); err != nil {
		return reason(u.ready.Folder, err)
	}
	root, err := os.OpenRoot(u.ready.Folder)
	if err != nil {
		return err
	}
	defer root.Close()
	u.root = root
	if err := u.unpackGo(ctx); err != nil {
		return reason(u.Cache, err)
	}
	if err := u.files(ctx); err != nil {
		return reason(u.Cache, err)
	}
	if err := u.warmUp(ctx); err != nil {
		return reason(u.Cache, err)
	}
	// These come last: with them the folder tells what is in it.
	return reason(u.Cache, errors.Join(root.WriteFile(SumsFile, said, 0o644), root.WriteFile(File, body, 0o644)))
}

// unpackGo installs the Go of this system, or falls back on one that is there.
func (u *user) unpackGo(ctx context.Context) error {
	for _, name := range u.System.archives(u.ready.Manifest.Go) {
		name = goFolder + "/" + name
		sum := u.sums[name]
		if sum == "" {
			continue
		}
		root := installed(u.Cache, u.ready.Manifest.Go, sum)
		if !ready(root, u.System) {
			if err := u.install(ctx, name, sum); err != nil {
				return err
			}
		}
		u.ready.Path = append(u.ready.Path, filepath.Join(root, "bin"))
		return nil
	}
	return u.ownGo(ctx)
}

func (u *user) install(ctx context.Context, name, sum string) error {
	u.Say("fetch-go", u.ready.Manifest.Go)
	if err := room(u.Cache, 6*u.ready.Manifest.Sizes[name]); err != nil {
		return err
	}
	// Under a name of its own: another window may be doing the same.
	to := goFolder + "/" + rand.Text()[:8] + "-" + base(name)
	defer func() { _ = u.root.Remove(to) }()
	if err := u.fetch(ctx, name, to); err != nil {
		return err
	}
	u.Say("unpack", u.ready.Manifest.Go)
	archive := filepath.Join(u.ready.Folder, filepath.FromSlash(to))
	_, err := install(ctx, u.Cache, archive, u.System, u.ready.Manifest.Go, sum)
	return err
}

// ownGo is for a bundle without the Go of this system.
func (u *user) ownGo(ctx context.Context) error {
	archive := u.System.archive(u.ready.Manifest.Go)
	g, err := u.Go(ctx, u.ready.Folder)
	if err != nil || !newEnough(g.Version, version.Lang(u.ready.Manifest.Go)) {
		return refuse("bundle.no-go", archive, u.ready.Manifest.Go)
	}
	u.ready.OwnGo = g.Version
	u.ready.Path = append(u.ready.Path, filepath.Dir(g.Path))
	return nil
}

func (u *user) fetch(ctx context.Context, name, to string) error {
	size, told := u.ready.Manifest.Sizes[name]
	if !told {
		return refuse("bundle.damaged", File, name)
	}
	return fetch(ctx, u.from, u.root, piece{name: name, sum: u.sums[name], size: size, to: to})
}

// files brings fieldlab and the modules, a few at a time.
func (u *user) files(ctx context.Context) error {
	program := u.System.Program()
	u.ready.Path = append([]string{filepath.Join(u.ready.Folder, filepath.Dir(filepath.FromSlash(program)))}, u.ready.Path...)
	var need int64
	names := []string{program}
	for _, name := range u.sums.names() {
		if strings.HasPrefix(name, modulesFolder+"/") {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if info, err := u.root.Stat(name); err != nil || info.Size() != u.ready.Manifest.Sizes[name] {
			need += u.ready.Manifest.Sizes[name]
		}
	}
	if err := room(u.Cache, need); err != nil {
		return err
	}
	if need > 0 {
		u.Say("copy", megabytes(need))
	}
	if err := u.fetchAll(ctx, names); err != nil {
		return err
	}
	return u.root.Chmod(program, 0o755)
}

func (u *user) fetchAll(ctx context.Context, names []string) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	queue := make(chan string)
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for name := range queue {
				if err := u.fetch(ctx, name, name); err != nil {
					stop(err) // the first one counts
				}
			}
		})
	}
	for _, name := range names {
		if ctx.Err() != nil {
			break
		}
		queue <- name
	}
	close(queue)
	workers.Wait()
	return context.Cause(ctx)
}

// Environ is an environment with what the bundle needs, for one process and what
// it starts.
func (r Ready) Environ(base []string, s System) ([]string, error) {
	proxy, err := proxyAddress(r.Modules, s)
	if err != nil {
		return nil, err
	}
	values := map[string]string{
		// Not another Go than this one, which would have to be downloaded.
		"GOTOOLCHAIN": "local",
		"GOPROXY":     proxy + ",off",
		// A module of the own organisation that goes past the proxy elsewhere has
		// nowhere to go here. Sums stay as they are: go.sum of a component has them all.
		"GONOPROXY": "none",
		Variable:    r.Folder,
		"PATH":      strings.Join(r.Path, listSeparator(s)),
	}
	if r.BuildCache != "" { // it is of use to who builds as it was made
		values["GOCACHE"], values["CGO_ENABLED"], values["GOFLAGS"] = r.BuildCache, "0", trimmed
	}
	var environ []string
	for _, setting := range base {
		name, value, _ := strings.Cut(setting, "=")
		key := name
		if s.OS == "windows" {
			key = strings.ToUpper(name) // Path
		}
		_, replaced := values[key]
		switch {
		case key == "PATH":
			if value != "" {
				values[key] += listSeparator(s) + value
			}
		case key == "GOFLAGS" && replaced:
			if flags := slices.DeleteFunc(strings.Fields(value), func(flag string) bool { return flag == trimmed }); len(flags) > 0 {
				values[key] += " " + strings.Join(flags, " ")
			}
		case key == "GOROOT", replaced: // of another Go
		default:
			environ = append(environ, setting)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		environ = append(environ, name+"="+values[name])
	}
	return environ, nil
}

func listSeparator(s System) string {
	if s.OS == "windows" {
		return ";"
	}
	return ":"
}

// proxyAddress is a folder as an address for GOPROXY, which is a list with commas
// and bars: those in the name of a folder are written otherwise.
func proxyAddress(dir string, s System) (string, error) {
	slashed := dir
	if s.OS == "windows" {
		slashed = strings.ReplaceAll(dir, `\`, "/")
		if strings.HasPrefix(slashed, "//") {
			return "", refuse("bundle.network-folder", dir) // go takes no proxy on another machine
		}
		slashed = "/" + slashed
	}
	address := (&url.URL{Scheme: "file", Path: slashed}).String()
	return strings.NewReplacer(",", "%2C", "|", "%7C").Replace(address), nil
}
