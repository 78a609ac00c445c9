// Package bundle puts everything on a stick that a room without network needs,
// checks it, and brings it to life on a laptop.
package bundle

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// File is what a bundle says of itself, in its root; SumsFile has the checksum of
// every file but itself.
const (
	File     = "bundel.json"
	SumsFile = "SHA256SUMS"
)

// The folders of a bundle.
const (
	fieldlabFolder  = "fieldlab"
	goFolder        = "go"
	modulesFolder   = "modules/cache/download"
	examplesFolder  = "voorbeelden"
	documentsFolder = "documenten"
	teamsFolder     = "teams"
)

// Manifest is what bundel.json holds.
type Manifest struct {
	Version   int      `json:"version"` // of this format; 1
	Fieldlab  string   `json:"fieldlab"`
	Go        string   `json:"go"` // such as go1.26.8
	Systems   []System `json:"systems"`
	Missing   []string `json:"missing,omitempty"`   // Go archives that are not there, by file name
	Unchecked []string `json:"unchecked,omitempty"` // Go archives that no published sum was there for

	// Sizes is how large every file is, but this one and SHA256SUMS: a file that was
	// cut off is told from one that was changed, and a download knows when it is done.
	Sizes map[string]int64 `json:"sizes,omitempty"`
}

// HasTeams says whether the bundle has the components of the teams of a workshop.
func (m Manifest) HasTeams() bool {
	for name := range m.Sizes {
		if strings.HasPrefix(name, teamsFolder+"/") {
			return true
		}
	}
	return false
}

// format is the version of bundel.json that this fieldlab writes and reads.
const format = 1

// System is an operating system with a processor, in Go's words.
type System struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
}

// Systems are all that a bundle can serve.
func Systems() []System {
	return []System{{"darwin", "amd64"}, {"darwin", "arm64"}, {"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}, {"windows", "arm64"}}
}

// ParseSystem reads linux/amd64.
func ParseSystem(text string) (System, bool) {
	os, arch, _ := strings.Cut(strings.ToLower(strings.TrimSpace(text)), "/")
	s := System{os, arch}
	return s, slices.Contains(Systems(), s)
}

func (s System) String() string { return s.OS + "/" + s.Arch }

// folder is the name of the system in the names of files.
func (s System) folder() string { return s.OS + "-" + s.Arch }

// Program is where the fieldlab of a system lies in a bundle.
func (s System) Program() string {
	return fieldlabFolder + "/" + s.folder() + "/" + s.exe("fieldlab")
}

func (s System) exe(name string) string {
	if s.OS == "windows" {
		return name + ".exe"
	}
	return name
}

// archive is the name under which go.dev has the Go of a system.
func (s System) archive(version string) string {
	if s.OS == "windows" {
		return version + "." + s.folder() + ".zip"
	}
	return version + "." + s.folder() + ".tar.gz"
}

// archives are the names under which a bundle may have it: what comes from the
// module proxy is a zip for every system.
func (s System) archives(version string) []string {
	return slices.Compact([]string{s.archive(version), version + "." + s.folder() + ".zip"})
}

// Error says why something cannot be done, by the key of a text of the command
// and its values.
type Error struct {
	Key  string
	Args []any
	Err  error // what the system said; may be nil

	Usage bool   // something else has to be typed
	Hint  string // what
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s %v: %v", e.Key, e.Args, e.Err)
	}
	return fmt.Sprintf("%s %v", e.Key, e.Args)
}

func (e *Error) Unwrap() error { return e.Err }

func refuse(key string, args ...any) *Error { return &Error{Key: key, Args: args} }

// mostManifest is how large bundel.json and SHA256SUMS may be: a real one is 30 kB.
const mostManifest = 4 << 20

// Read reads bundel.json of a bundle, on disk or from elsewhere.
func Read(files fs.FS) (Manifest, error) {
	body, err := readSmall(files, File)
	if err != nil {
		return Manifest{}, err
	}
	return parseManifest(body)
}

// mostOfFile is how large a file can be on a stick with FAT32. All that a bundle may
// have of them can be added up as well.
const mostOfFile = 4<<30 - 1

var goVersion = regexp.MustCompile(`^go1\.\d{1,3}(\.\d{1,3})?$`)

// parseManifest trusts nothing: names of files are made of what it says.
func parseManifest(body []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(body, &m); err != nil {
		return Manifest{}, &Error{Key: "bundle.damaged", Args: []any{File, err.Error()}}
	}
	switch {
	case m.Version > format:
		return Manifest{}, refuse("bundle.newer")
	case m.Version < 1 || !goVersion.MatchString(m.Go):
		return Manifest{}, refuse("bundle.damaged", File, "version, go")
	}
	for _, s := range m.Systems {
		if !slices.Contains(Systems(), s) {
			return Manifest{}, refuse("bundle.damaged", File, s.String())
		}
	}
	for name, size := range m.Sizes {
		if why := checkName(name); why != "" || size < 0 || size > mostOfFile {
			return Manifest{}, refuse("bundle.damaged", File, name)
		}
	}
	return m, nil
}

// readSmall reads a file that is small when it is what it should be.
func readSmall(files fs.FS, name string) ([]byte, error) {
	// Before it is opened: a pipe lets itself be waited for.
	if info, err := fs.Stat(files, name); err == nil && !info.Mode().IsRegular() {
		return nil, refuse("bundle.damaged", name, info.Mode().Type().String())
	}
	file, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, refuse("bundle.damaged", name, info.Mode().Type().String())
	}
	body, err := io.ReadAll(io.LimitReader(file, mostManifest+1))
	if err == nil && len(body) > mostManifest {
		err = refuse("bundle.damaged", name, fmt.Sprintf("> %d MB", mostManifest>>20))
	}
	return body, err
}

// none turns a file that is not there into the sentence that this is no bundle.
func none(dir string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &Error{Key: "bundle.none", Args: []any{dir}, Err: err, Usage: true}
	}
	return err
}
