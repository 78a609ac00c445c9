package bundle

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// warmFolder has for each system what Go made of all that components have in common:
// the standard library and the modules. A first build then makes kern and the rooms
// only.
const warmFolder = "bouwcache"

// unpackedFolder is where it is on a laptop, when all of it is there.
const unpackedFolder = "gecompileerd"

// warm is where that of a system lies in a bundle.
func (s System) warm() string { return warmFolder + "/" + s.folder() + ".zip" }

// trimmed keeps the folders of a machine out of what is compiled. Without it nothing
// that one machine made is of use on another.
const trimmed = "-trimpath"

// warmSettings are how a build cache is filled. Whoever uses it needs the same for what
// matters to a laptop: without cgo it is all one which compiler of C there is.
func warmSettings(cache string, s System) []string {
	return []string{"GOCACHE=" + cache, "GOOS=" + s.OS, "GOARCH=" + s.Arch, "CGO_ENABLED=0", "GOFLAGS=" + trimmed,
		"GOWORK=off", "GOTOOLCHAIN=local", "GOAMD64=v1", "GOARM64=v8.0", "GOEXPERIMENT=", "GOFIPS140=off"}
}

// warm fills a build cache for every system. The Go that does so must be the one in the
// bundle: another does not recognise what was made.
func (m *maker) warm(ctx context.Context, g gotool.Go) error {
	if !m.Warm {
		return nil
	}
	if g.Version != m.facts.Go {
		return &Error{Key: "bundle.warm-go", Args: []any{m.facts.Go, g.Version}, Usage: true, Hint: "fieldlab bundle --help"}
	}
	dir := filepath.Join(m.tmp, "alles")
	if err := kernAlone(m.Component, dir); err != nil {
		return err
	}
	for _, s := range m.Systems {
		m.Say("warm", s.String())
		file, err := compiled(ctx, g, dir, s)
		if err != nil {
			return err
		}
		one, err := fileItem(s.warm(), file)
		if err != nil {
			return err
		}
		m.items = append(m.items, one)
	}
	m.facts.Warm = true
	return nil
}

// kernModule is how kern is called in its own sources, below which folder.
const (
	kernModule = "github.com/commonground-fieldlab/fieldlab"
	kernFolder = "templates/component"
)

var moduleLine = regexp.MustCompile(`(?m)^module .*$`)

// kernAlone writes a module with kern as it is, so that go can say what it needs.
func kernAlone(component fs.FS, dir string) error {
	mod, err := fs.ReadFile(component, "go.mod.tmpl")
	if err != nil {
		return err
	}
	sum, err := fs.ReadFile(component, "go.sum")
	if err != nil {
		return err
	}
	files := map[string][]byte{"go.mod": moduleLine.ReplaceAllLiteral(mod, []byte("module "+kernModule)), "go.sum": sum}
	err = fs.WalkDir(component, "kern", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, "_test.go") {
			return err
		}
		files[path.Join(kernFolder, name)], err = fs.ReadFile(component, name)
		return err
	})
	if err != nil {
		return err
	}
	for name, body := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, body, 0o644)); err != nil {
			return err
		}
	}
	return nil
}

// compiled fills a build cache for a system and packs it. A test that imports all that
// is common makes go compile it, and look it over as go test does first.
func compiled(ctx context.Context, g gotool.Go, dir string, s System) (string, error) {
	cache := filepath.Join(dir, "cache")
	defer os.RemoveAll(cache)
	set := append(os.Environ(), warmSettings(cache, s)...)
	listed, err := said(g.Command(ctx, dir, "list", "-deps", "-f", "{{if .Module}}{{if not .Module.Main}}{{.ImportPath}}{{end}}{{else}}{{.ImportPath}}{{end}}", "./"+kernFolder+"/kern/..."), set)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(dir, "alles")
	if err := errors.Join(os.MkdirAll(folder, 0o755),
		os.WriteFile(filepath.Join(folder, "alles.go"), importing(strings.Fields(string(listed))), 0o644),
		os.WriteFile(filepath.Join(folder, "alles_test.go"), []byte("package alles\n"), 0o644)); err != nil {
		return "", err
	}
	if _, err := said(g.Command(ctx, dir, "test", "-c", "-o", filepath.Join(dir, "alles.test"), "./alles"), set); err != nil {
		return "", err
	}
	file := filepath.Join(dir, s.folder()+".zip")
	return file, packCache(cache, file)
}

// importing is a package that imports packages, but for those that only their own
// neighbours may: they come along.
func importing(packages []string) []byte {
	source := bytes.NewBufferString("package alles\n\nimport (\n")
	for _, name := range packages {
		if parts := strings.Split(name, "/"); parts[0] != "vendor" && !slices.Contains(parts, "internal") {
			fmt.Fprintf(source, "\t_ %q\n", name)
		}
	}
	source.WriteString(")\n")
	return source.Bytes()
}

// said runs go and gives what it says.
func said(command *exec.Cmd, environ []string) ([]byte, error) {
	var out, complaint bytes.Buffer
	command.Env, command.Stdout, command.Stderr = environ, &out, &complaint
	if err := command.Run(); err != nil {
		return nil, &Error{Key: "bundle.warm", Args: []any{strings.Join(command.Args[:2], " "), oneLine(complaint.String())}, Err: err}
	}
	return out.Bytes(), nil
}

// cached is a file of a build cache: what was made, or how to find it.
var cached = regexp.MustCompile(`^[0-9a-f]{2}/[0-9a-f]{64}-[ad]$`)

// packCache puts a build cache into a zip.
func packCache(cache, to string) error {
	file, err := os.Create(to)
	if err != nil {
		return err
	}
	writer := zip.NewWriter(file)
	err = fs.WalkDir(os.DirFS(cache), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !cached.MatchString(name) {
			return err
		}
		from, err := os.Open(filepath.Join(cache, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		defer from.Close()
		into, err := writer.Create(name)
		if err != nil {
			return err
		}
		_, err = io.Copy(into, from)
		return err
	})
	return errors.Join(err, writer.Close(), file.Close())
}

// warmLimits are those of a build cache, which is some 3 000 files and 250 MB.
var warmLimits = limits{files: 50_000, bytes: 2 << 30}

// warmUp unpacks the build cache of this system, once for each bundle. It is a folder
// of its own: the one of this person stays as it is.
func (u *user) warmUp(ctx context.Context) error {
	name := u.System.warm()
	if u.sums[name] == "" || u.ready.OwnGo != "" && u.ready.OwnGo != u.ready.Manifest.Go {
		return nil
	}
	to := filepath.Join(u.ready.Folder, unpackedFolder)
	if _, err := os.Stat(to); err == nil {
		u.ready.BuildCache = to
		return nil
	}
	if err := room(u.Cache, 7*u.ready.Manifest.Sizes[name]); err != nil {
		return err
	}
	u.Say("warm-unpack", "")
	half, err := os.MkdirTemp(u.ready.Folder, halfway+"*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(half)
	sweep(u.ready.Folder, half)
	archive := path.Join(filepath.Base(half), path.Base(name))
	if err := u.fetch(ctx, name, archive); err != nil {
		return err
	}
	fresh := filepath.Join(half, unpackedFolder)
	if err := unpackCache(ctx, filepath.Join(u.ready.Folder, filepath.FromSlash(archive)), fresh); err != nil {
		return err
	}
	err = patiently(func() error { return os.Rename(fresh, to) })
	if _, there := os.Stat(to); err != nil && there != nil {
		return err
	} // otherwise somebody else was first
	u.ready.BuildCache = to
	return nil
}

// unpackCache takes a build cache out of its zip: nothing but files that go would make.
func unpackCache(ctx context.Context, archive, to string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	return unpack(file, warmLimits, func(e entry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !cached.MatchString(e.name) {
			return hostile(base(archive), e.name)
		}
		target := filepath.Join(to, filepath.FromSlash(e.name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		out, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, e.body)
		return errors.Join(err, out.Close())
	})
}
