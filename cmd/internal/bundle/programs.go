package bundle

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// programs are the fieldlabs of a bundle with what came with them.
type programs struct {
	version string
	items   []item
	readme  []byte
	licence []byte
}

// A release names its archives without a version, so that the address of the newest
// stays the same; who keeps several may have put it in between.
var releaseName = regexp.MustCompile(`^fieldlab_(?:([0-9A-Za-z.+-]+)_)?(windows|darwin|linux)_(amd64|arm64)\.(?:tar\.gz|zip)$`)

// checksums is the file of a release with the sums of its archives.
const checksums = "checksums.txt"

// fromRelease takes fieldlab out of the archives of a release, after their sums.
func fromRelease(ctx context.Context, dir, tmp string, systems []System) (programs, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return programs{}, &Error{Key: "bundle.no-release-folder", Args: []any{dir}, Err: err, Usage: true}
	}
	known, err := releaseSums(dir)
	if err != nil {
		return programs{}, err
	}
	p, found := programs{}, map[System]string{}
	for _, entry := range entries {
		parts := releaseName.FindStringSubmatch(entry.Name())
		if parts == nil || !entry.Type().IsRegular() {
			continue
		}
		if p.version != "" && p.version != parts[1] {
			return programs{}, &Error{Key: "bundle.two-releases", Args: []any{dir, p.version, parts[1]}, Usage: true}
		}
		p.version = parts[1]
		found[System{parts[2], parts[3]}] = entry.Name()
	}
	var missing []string
	for _, s := range systems {
		if found[s] == "" {
			missing = append(missing, s.String())
		}
	}
	if len(missing) > 0 {
		return programs{}, &Error{Key: "bundle.no-release", Args: []any{dir, strings.Join(missing, ", ")}, Usage: true, Hint: "--systems"}
	}
	for _, s := range systems {
		if err := ctx.Err(); err != nil {
			return programs{}, err
		}
		if err := p.take(dir, found[s], known[found[s]], tmp, s); err != nil {
			return programs{}, err
		}
	}
	return p, nil
}

func releaseSums(dir string) (map[string]string, error) {
	body, err := readSmall(os.DirFS(dir), checksums)
	if err != nil {
		return nil, &Error{Key: "bundle.no-checksums", Args: []any{dir, checksums}, Err: err, Usage: true}
	}
	known := map[string]string{}
	for line := range strings.Lines(string(body)) {
		if parts := sumLine.FindStringSubmatch(strings.TrimRight(line, "\r\n")); parts != nil {
			known[parts[2]] = parts[1]
		}
	}
	return known, nil
}

// readText reads a text in an archive.
func readText(archive string, e entry) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(e.body, mostManifest+1))
	if err == nil && len(body) > mostManifest {
		err = hostile(archive, e.name)
	}
	return body, err
}

// take unpacks the program of one archive.
func (p *programs) take(dir, name, want, tmp string, s System) error {
	sum, _, err := sumOfFile(os.DirFS(dir), name)
	if err != nil {
		return err
	}
	if sum != want {
		return refuse("bundle.release-sum", filepath.Join(dir, name), sum, checksums)
	}
	archive, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer archive.Close()
	out, program := filepath.Join(tmp, s.folder()), false
	err = unpack(archive, releaseLimits, func(e entry) error {
		// What is in an archive may be in a folder of its own.
		switch base(e.name) {
		case s.exe("fieldlab"):
			if program {
				return hostile(name, e.name)
			}
			program = true
			return writeFile(out, e.body)
		case "README.md":
			p.readme, err = readText(name, e)
		case "LICENSE":
			p.licence, err = readText(name, e)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !program {
		return refuse("bundle.no-program", filepath.Join(dir, name), s.exe("fieldlab"))
	}
	if p.version == "" { // the name has none, the program has
		if info, err := buildinfo.ReadFile(out); err == nil {
			p.version = strings.TrimPrefix(info.Main.Version, "v")
		}
	}
	return p.add(s, out)
}

func (p *programs) add(s System, file string) error {
	one, err := fileItem(s.Program(), file)
	one.exec = true
	p.items = append(p.items, one)
	return err
}

func writeFile(name string, body io.Reader) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, body)
	return errors.Join(err, file.Close())
}

// ownModule is what go.mod of fieldlab begins with.
const ownModule = "module github.com/commonground-fieldlab/fieldlab"

// clone finds the clone of fieldlab that a folder is in.
func clone(dir string) (string, bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	for {
		body, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		first, _, _ := bytes.Cut(body, []byte("\n"))
		if err == nil && strings.TrimSpace(string(first)) == ownModule {
			return dir, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", false
		}
		dir = up
	}
}

// built makes fieldlab for every system from a clone.
func built(ctx context.Context, g gotool.Go, dir, tmp, version string, systems []System, say func(string)) (programs, error) {
	p := programs{version: version}
	for _, s := range systems {
		say(s.String())
		out := filepath.Join(tmp, s.folder())
		flags := "-s -w"
		if version != "dev" { // a clone without a version says its commit
			flags += " -X main.version=" + version
		}
		command := g.Command(ctx, dir, "build", "-trimpath", "-ldflags", flags, "-o", out, "./cmd/fieldlab")
		command.Env = append(command.Environ(), "CGO_ENABLED=0", "GOOS="+s.OS, "GOARCH="+s.Arch, "GOWORK=off")
		said, err := command.CombinedOutput()
		if ctx.Err() != nil {
			return programs{}, ctx.Err()
		}
		if err != nil {
			return programs{}, &Error{Key: "bundle.no-build", Args: []any{s.String(), strings.TrimSpace(string(said))}, Err: err}
		}
		if err := p.add(s, out); err != nil {
			return programs{}, err
		}
	}
	root := os.DirFS(dir)
	for name, into := range map[string]*[]byte{"README.md": &p.readme, "LICENSE": &p.licence} {
		body, err := fs.ReadFile(root, name)
		if err != nil {
			return programs{}, err
		}
		*into = body
	}
	return p, nil
}

// sorted gives the systems in one order, each once.
func sorted(systems []System) []System {
	systems = slices.Clone(systems)
	slices.SortFunc(systems, func(a, b System) int { return strings.Compare(a.String(), b.String()) })
	return slices.Compact(systems)
}
