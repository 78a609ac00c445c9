package bundle

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/dirhash"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// wanted is a line of go.sum: a module, or only its go.mod, with the sum that it
// has for every component in the world.
type wanted struct {
	module.Version
	onlyMod bool
	sum     string
}

// parseGoSum reads the go.sum of a component.
func parseGoSum(body []byte) ([]wanted, error) {
	var all []wanted
	for line := range strings.Lines(string(body)) {
		parts := strings.Fields(line)
		if len(parts) == 0 {
			continue
		}
		if len(parts) != 3 || !strings.HasPrefix(parts[2], "h1:") {
			return nil, fmt.Errorf("go.sum: %q", line)
		}
		version, onlyMod := strings.CutSuffix(parts[1], "/go.mod")
		w := wanted{Version: module.Version{Path: parts[0], Version: version}, onlyMod: onlyMod, sum: parts[2]}
		if err := module.Check(w.Path, w.Version.Version); err != nil {
			return nil, fmt.Errorf("go.sum: %w", err)
		}
		all = append(all, w)
	}
	return all, nil
}

// stem is the path of a file of a module in a module proxy, without its ending.
func stem(v module.Version) (string, error) {
	path, err := module.EscapePath(v.Path)
	if err != nil {
		return "", err
	}
	version, err := module.EscapeVersion(v.Version)
	return path + "/@v/" + version, err
}

// check holds a file of the module cache against go.sum.
func (w wanted) check(cache string) error {
	name, err := stem(w.Version)
	if err != nil {
		return err
	}
	file := filepath.Join(cache, filepath.FromSlash(name))
	var sum string
	if w.onlyMod {
		sum, err = dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return os.Open(file + ".mod") })
	} else {
		sum, err = dirhash.HashZip(file+".zip", dirhash.Hash1)
	}
	if err == nil && sum != w.sum {
		err = refuse("bundle.module", w.Path+"@"+w.Version.Version, sum, w.sum)
	}
	return err
}

// modules are the files of a module proxy that has exactly what go.sum names. They
// come from the module cache of this machine; what is not there is downloaded.
func modules(ctx context.Context, g gotool.Go, goSum []byte) ([]item, error) {
	all, err := parseGoSum(goSum)
	if err != nil {
		return nil, err
	}
	cache := filepath.Join(g.Env["GOMODCACHE"], "cache", "download")
	missing, err := unchecked(ctx, cache, all)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		if err := download(ctx, g, missing, goSum); err != nil {
			return nil, err
		}
		if missing, err = unchecked(ctx, cache, missing); err != nil {
			return nil, err
		}
	}
	if len(missing) > 0 {
		return nil, refuse("bundle.no-module", missing[0].Path+"@"+missing[0].Version.Version, "go mod download")
	}
	return proxy(cache, all)
}

// unchecked gives what is not in the cache. What is there and differs from go.sum
// is no accident.
func unchecked(ctx context.Context, cache string, all []wanted) (missing []wanted, err error) {
	for _, w := range all {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		switch err := w.check(cache); {
		case errors.Is(err, fs.ErrNotExist):
			missing = append(missing, w)
		case err != nil:
			return nil, err
		}
	}
	return missing, nil
}

// download asks the module proxy that go is set to, in a component that is there for
// that only: go holds what comes in against its go.sum.
func download(ctx context.Context, g gotool.Go, missing []wanted, goSum []byte) error {
	var names []string
	for _, w := range missing {
		names = append(names, w.Path+"@"+w.Version.Version)
	}
	slices.Sort(names)
	_, err := goDownload(ctx, g, slices.Compact(names), map[string]string{"go.mod": "module bundel\n", "go.sum": string(goSum)})
	return err
}

// downloaded is what go mod download -json says of a module.
type downloaded struct {
	Path, Version, Zip, Error string
}

// goDownload runs go mod download in a folder with these files.
func goDownload(ctx context.Context, g gotool.Go, names []string, files map[string]string) ([]downloaded, error) {
	dir, err := os.MkdirTemp("", "fieldlab-bundle-*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			return nil, err
		}
	}
	command := g.Command(ctx, dir, append([]string{"mod", "download", "-json"}, names...)...)
	command.Env = append(command.Environ(), "GOWORK=off", "GOFLAGS=", "GOTOOLCHAIN=local", "GO111MODULE=")
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	runErr := command.Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var all []downloaded
	for decoder := json.NewDecoder(&out); ; {
		var one downloaded
		if err := decoder.Decode(&one); err != nil {
			break
		}
		if one.Error != "" {
			return nil, refuse("bundle.no-module", one.Path+"@"+one.Version, oneLine(one.Error))
		}
		all = append(all, one)
	}
	if runErr != nil {
		return nil, refuse("bundle.no-module", strings.Join(names[:1], ""), oneLine(said.String()))
	}
	return all, nil
}

// oneLine keeps the words of go apart that it puts on lines of their own.
func oneLine(said string) string { return strings.Join(strings.Fields(said), " ") }

// proxy lists the files, with the two that the protocol of a module proxy has
// besides: what is known of a version, and which versions there are.
func proxy(cache string, all []wanted) ([]item, error) {
	var items []item
	versions := map[string][]string{}
	for _, w := range all {
		name, err := stem(w.Version)
		if err != nil {
			return nil, err
		}
		endings := []string{".zip"}
		if w.onlyMod {
			endings = []string{".mod"}
		} else {
			items = append(items, bytesItem(modulesFolder+"/"+name+".info", info(filepath.Join(cache, filepath.FromSlash(name)+".info"), w.Version.Version)))
			if !module.IsPseudoVersion(w.Version.Version) {
				folder := name[:strings.LastIndexByte(name, '/')]
				versions[folder] = append(versions[folder], w.Version.Version)
			}
		}
		for _, ending := range endings {
			one, err := fileItem(modulesFolder+"/"+name+ending, filepath.Join(cache, filepath.FromSlash(name)+ending))
			if err != nil {
				return nil, err
			}
			items = append(items, one)
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(versions)) {
		semver.Sort(versions[folder])
		items = append(items, bytesItem(modulesFolder+"/"+folder+"/list", []byte(strings.Join(versions[folder], "\n")+"\n")))
	}
	return items, nil
}

// info is what a module proxy tells of a version. The cache of this machine may
// also say from where it has it; that is nobody's business and differs.
func info(file, version string) []byte {
	known := struct {
		Version string
		Time    *time.Time `json:",omitempty"`
	}{}
	if body, err := os.ReadFile(file); err == nil {
		_ = json.Unmarshal(body, &known) // without a time it is an answer as well
	}
	known.Version = version
	body, err := json.Marshal(known)
	if err != nil {
		return []byte(`{"Version":"` + version + `"}`)
	}
	return body
}
