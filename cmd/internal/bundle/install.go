package bundle

import (
	"context"
	"errors"
	"go/version"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

func newEnough(v, least string) bool { return version.Compare(v, least) >= 0 }

// goCommand is the go command of a Go in a folder.
func goCommand(root string, s System) string { return filepath.Join(root, "bin", s.exe("go")) }

// installed is where the Go of an archive is unpacked; the sum of the archive keeps
// two of one version apart.
func installed(cache, version, sum string) string {
	name := version
	if sum != "" {
		name += "-" + sum[:12]
	}
	return filepath.Join(cache, "go", name)
}

// install unpacks the Go of an archive in a folder of this person, once. It gets its
// name when all of it is there, so one that was stopped halfway is never used.
func install(ctx context.Context, cache, archive string, s System, version, sum string) (string, error) {
	if sum == "" {
		var err error
		if sum, _, err = sumOfFile(os.DirFS(filepath.Dir(archive)), filepath.Base(archive)); err != nil {
			return "", err
		}
	}
	to := installed(cache, version, sum)
	if ready(to, s) {
		return to, nil
	}
	file, err := os.Open(archive)
	if err != nil {
		return "", err
	}
	defer file.Close()
	parent := filepath.Dir(to)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", reason(parent, err)
	}
	if info, err := file.Stat(); err == nil {
		if err := room(parent, 5*info.Size()); err != nil { // a Go is four times its archive
			return "", err
		}
	}
	half, err := os.MkdirTemp(parent, halfway+"*")
	if err != nil {
		return "", reason(parent, err)
	}
	defer os.RemoveAll(half)
	sweep(parent, half)
	if err := unpackGo(ctx, file, half); err != nil {
		return "", reason(parent, err)
	}
	if !ready(half, s) {
		return "", refuse("bundle.no-go-inside", archive, version, s.String())
	}
	err = patiently(func() error { return os.Rename(half, to) })
	if err != nil && ready(to, s) {
		return to, nil // somebody else was first
	}
	return to, reason(parent, err)
}

// patiently renames something again for a while where a virus scanner may be looking
// into it at that moment: Windows refuses as long as it does.
func patiently(rename func() error) error {
	err := rename()
	for try := 0; err != nil && runtime.GOOS == "windows" && errors.Is(err, fs.ErrPermission) && try < 50; try++ {
		time.Sleep(200 * time.Millisecond)
		err = rename()
	}
	return err
}

// halfway is how the folder of a Go is called that is being unpacked.
const halfway = ".bezig-"

// sweep removes what was left by those that were stopped halfway, an hour and more
// before this one: another window may be unpacking as well.
func sweep(parent, half string) {
	now, err := os.Stat(half)
	entries, readErr := os.ReadDir(parent)
	if err != nil || readErr != nil {
		return
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && strings.HasPrefix(entry.Name(), halfway) && now.ModTime().Sub(info.ModTime()) > time.Hour {
			os.RemoveAll(filepath.Join(parent, entry.Name()))
		}
	}
}

func ready(root string, s System) bool {
	for _, name := range []string{"VERSION", path.Join("bin", s.exe("go")), path.Join("src", "runtime")} {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(name))); err != nil {
			return false
		}
	}
	return true
}

// unpackGo writes the files of a Go in a folder. All of it goes through the folder
// itself, so nothing lands beside it, whatever the archive says.
func unpackGo(ctx context.Context, archive *os.File, dir string) error {
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // as every other Go
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	made, buffer := map[string]bool{}, make([]byte, 256<<10)
	return unpack(archive, goLimits, func(e entry) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		name, err := goName(archive.Name(), e.name)
		if err != nil || dispensable(name) {
			return err
		}
		if folder := path.Dir(name); !made[folder] {
			if err := root.MkdirAll(folder, 0o755); err != nil {
				return err
			}
			made[folder] = true
		}
		file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, goMode(name, e.exec))
		if errors.Is(err, fs.ErrExist) {
			return hostile(base(archive.Name()), name)
		}
		if err != nil {
			return err
		}
		_, err = io.CopyBuffer(struct{ io.Writer }{file}, e.body, buffer)
		return errors.Join(err, file.Close())
	})
}

// dispensable says that a file is there for those who work on Go itself. That is half
// of all of them, and a virus scanner looks at every file that is written.
func dispensable(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	return top == "test" || top == "api" || top == "doc" || strings.Contains(name, "/testdata/")
}

// goMode is the mode of a file of a Go. A module of the module proxy has no modes;
// which of its files are programs is what the go command goes by as well.
func goMode(name string, exec bool) fs.FileMode {
	isProgram := strings.HasPrefix(name, "bin/") || strings.HasPrefix(name, "pkg/tool/") || strings.HasPrefix(name, "lib/") && strings.HasSuffix(name, "_exec")
	if exec || isProgram {
		return 0o755
	}
	return 0o644
}
