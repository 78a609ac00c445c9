package bundle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"go/version"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// goArchive is a Go for a system, in a file.
type goArchive struct {
	system  System
	version string
	file    string
	checked bool // against a sum that Go published
}

var archiveName = regexp.MustCompile(`^(go1\.\d+(?:\.\d+)?)\.([a-z]+)-([a-z0-9]+)\.(tar\.gz|zip)$`)

// findArchives lists the archives of Go in a folder, by the names of go.dev.
func findArchives(dir string) ([]goArchive, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, &Error{Key: "bundle.no-go-folder", Args: []any{dir}, Err: err, Usage: true}
	}
	var all []goArchive
	for _, entry := range entries {
		parts := archiveName.FindStringSubmatch(entry.Name())
		if parts == nil || !entry.Type().IsRegular() {
			continue
		}
		s := System{parts[2], parts[3]}
		if slices.Contains(s.archives(parts[1]), entry.Name()) {
			all = append(all, goArchive{system: s, version: parts[1], file: filepath.Join(dir, entry.Name())})
		}
	}
	return all, nil
}

// choose takes the archives of one version: the one that most of the systems have,
// and of those the newest.
func choose(all []goArchive, systems []System, least string) (string, []goArchive, error) {
	count, newest := map[string]int{}, ""
	for _, a := range all {
		if !slices.Contains(systems, a.system) {
			continue
		}
		if version.Compare(a.version, newest) > 0 {
			newest = a.version
		}
		if version.Compare(a.version, least) >= 0 {
			count[a.version]++
		}
	}
	if len(count) == 0 && newest != "" {
		return "", nil, &Error{Key: "bundle.old-go", Args: []any{newest, least}, Usage: true}
	}
	best := ""
	for v, n := range count {
		if n > count[best] || n == count[best] && version.Compare(v, best) > 0 {
			best = v
		}
	}
	var chosen []goArchive
	for _, a := range all {
		same := slices.ContainsFunc(chosen, func(b goArchive) bool { return b.system == a.system })
		if a.version == best && slices.Contains(systems, a.system) && !same {
			chosen = append(chosen, a)
		}
	}
	return best, chosen, nil
}

// published reads what Go published of its archives, as far as it was saved in the
// folder: the list of go.dev/dl/?mode=json, or a .sha256 beside an archive.
func published(dir string) map[string]string {
	known := map[string]string{}
	lists, _ := filepath.Glob(filepath.Join(escapeGlob(dir), "*.json"))
	for _, file := range lists {
		var releases []struct {
			Files []struct{ Filename, SHA256 string }
		}
		if json.Unmarshal(readAtMost(file, 16<<20), &releases) == nil {
			for _, release := range releases {
				for _, f := range release.Files {
					known[f.Filename] = strings.ToLower(f.SHA256)
				}
			}
		}
	}
	files, _ := filepath.Glob(filepath.Join(escapeGlob(dir), "*.sha256"))
	for _, file := range files {
		if words := strings.Fields(string(readAtMost(file, 4<<10))); len(words) > 0 {
			known[strings.TrimSuffix(filepath.Base(file), ".sha256")] = strings.ToLower(words[0])
		}
	}
	return known
}

// escapeGlob keeps a bracket in the name of a folder from meaning something.
func escapeGlob(dir string) string {
	if filepath.Separator == '\\' {
		return dir
	}
	return strings.NewReplacer(`\`, `\\`, `[`, `\[`, `*`, `\*`, `?`, `\?`).Replace(dir)
}

// readAtMost reads the beginning of a regular file; what else there may be, such as a
// pipe, would let itself be waited for.
func readAtMost(file string, most int64) []byte {
	if info, err := os.Stat(file); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return nil
	}
	return body
}

// check holds an archive against the published sum, when there is one, and reads it
// to the end: a download that was cut off shows here and not in the room.
func (a *goArchive) check(known map[string]string) error {
	name := filepath.Base(a.file)
	if want := known[name]; want != "" {
		sum, _, err := sumOfFile(os.DirFS(filepath.Dir(a.file)), name)
		if err != nil {
			return err
		}
		if sum != want {
			return refuse("bundle.go-sum", a.file, sum, want)
		}
		a.checked = true
	}
	return a.complete()
}

// complete says whether this is the Go of a system, all of it.
func (a *goArchive) complete() error {
	file, err := os.Open(a.file)
	if err != nil {
		return err
	}
	defer file.Close()
	needed := map[string]bool{"VERSION": true, a.system.exe("bin/go"): true}
	said := ""
	err = unpack(file, goLimits, func(e entry) error {
		name, err := goName(a.file, e.name)
		if err != nil {
			return err
		}
		delete(needed, name)
		if name == "VERSION" {
			body, err := io.ReadAll(io.LimitReader(e.body, 4<<10))
			first, _, _ := bytes.Cut(body, []byte("\n"))
			said = strings.TrimSpace(string(first))
			return err
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case len(needed) > 0, said != a.version:
		return refuse("bundle.no-go-inside", a.file, a.version, a.system.String())
	}
	return nil
}

// goName is the path of a file within a Go. An archive of go.dev has all of it in a
// folder go; a module of the module proxy in one with its version, and without a
// file that is called go.mod.
func goName(archive, name string) (string, error) {
	top, rest, _ := strings.Cut(name, "/")
	if top == "golang.org" {
		top, rest, _ = strings.Cut(rest, "/")
		if !strings.HasPrefix(top, "toolchain@") {
			return "", hostile(base(archive), name)
		}
		if at := strings.LastIndexByte(rest, '/'); rest[at+1:] == "_go.mod" {
			rest = rest[:at+1] + "go.mod"
		}
	} else if top != "go" {
		return "", hostile(base(archive), name)
	}
	if rest == "" {
		return "", hostile(base(archive), name)
	}
	return rest, nil
}

// fetchGo takes the Go of a system from the module proxy, as a go command does that
// changes to another version. It is held against the checksum database.
func fetchGo(ctx context.Context, g gotool.Go, goVersion string, s System) (goArchive, error) {
	got, err := goDownload(ctx, g, []string{"golang.org/toolchain@v0.0.1-" + goVersion + "." + s.folder()}, nil)
	if err != nil {
		return goArchive{}, err
	}
	if len(got) != 1 || got[0].Zip == "" {
		return goArchive{}, refuse("bundle.no-module", goVersion+"."+s.folder(), "go mod download")
	}
	a := goArchive{system: s, version: goVersion, file: got[0].Zip, checked: true}
	return a, a.complete()
}

// name is what the archive is called in a bundle.
func (a goArchive) name() string {
	if strings.HasSuffix(a.file, ".zip") {
		return goFolder + "/" + a.version + "." + a.system.folder() + ".zip"
	}
	return goFolder + "/" + a.version + "." + a.system.folder() + ".tar.gz"
}

// leastGo is the version that go.mod of a component asks for.
func leastGo(component fs.FS) (string, error) {
	for _, name := range []string{"go.mod.tmpl", "go.mod"} {
		body, err := fs.ReadFile(component, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		for line := range strings.Lines(string(body)) {
			if v, is := strings.CutPrefix(line, "go "); is && version.IsValid("go"+strings.TrimSpace(v)) {
				return "go" + strings.TrimSpace(v), nil
			}
		}
	}
	return "", errors.New("go.mod of a component says no version of Go")
}
