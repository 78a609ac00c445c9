package repository

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/go-git/go-git/v5/config"
)

// Place is the repository that a commit comes in. Git reads other settings in
// another place (includeIf). GitDir need not be there yet.
type Place struct {
	GitDir string // absolute
	Branch string
}

// settings are the settings of Git that hold in a place, as git itself finds them:
// of the system, of the person, of the repository and of the environment, each
// with what it includes.
type settings struct {
	getenv  func(string) string
	place   Place
	values  map[string]string // by section.key; of sections without a name
	remotes []string          // addresses, for includeIf "hasconfig:"
	unread  []string          // what may hold more
	depth   int
	read    int // files
}

// readSettings reads all settings. What it cannot read, or does not understand,
// stands in unread.
func readSettings(getenv func(string) string, place Place) *settings {
	s := &settings{getenv: getenv, place: place, values: map[string]string{}}
	all := func() {
		for _, path := range s.files() {
			s.file(path)
		}
		s.environment()
	}
	// What is included because of an address of a remote can only be known when
	// the addresses are: those are gathered first, as git does.
	all()
	s.values, s.unread, s.read = map[string]string{}, nil, 0
	all()
	return s
}

// files are the files in the order in which a later one wins.
func (s *settings) files() []string {
	var files []string
	if noSystem, err := gitBool(s.getenv("GIT_CONFIG_NOSYSTEM")); err == nil && !noSystem {
		if system := s.getenv("GIT_CONFIG_SYSTEM"); system != "" {
			files = append(files, system)
		} else if paths, err := config.Paths(config.SystemScope); err == nil {
			files = append(files, paths...)
		}
	}
	home := s.home()
	if global := s.getenv("GIT_CONFIG_GLOBAL"); global != "" {
		files = append(files, global)
	} else {
		if xdg := s.getenv("XDG_CONFIG_HOME"); xdg != "" {
			files = append(files, filepath.Join(xdg, "git", "config"))
		} else if home != "" {
			files = append(files, filepath.Join(home, ".config", "git", "config"))
		}
		if home != "" {
			files = append(files, filepath.Join(home, ".gitconfig"))
		}
	}
	if s.place.GitDir == "" {
		return files
	}
	return append(files, filepath.Join(s.place.GitDir, "config"), filepath.Join(s.place.GitDir, "config.worktree"))
}

func (s *settings) home() string { return cmp.Or(s.getenv("HOME"), s.getenv("USERPROFILE")) }

// gitBool is how git reads yes and no; "" is no.
func gitBool(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "", "false", "no", "off":
		return false, nil
	case "true", "yes", "on":
		return true, nil
	}
	n, err := strconv.Atoi(text)
	return n != 0, err
}

// miss notes what was not read.
func (s *settings) miss(what string) {
	if !slices.Contains(s.unread, what) {
		s.unread = append(s.unread, what)
	}
}

// file reads one file. That it is absent is usual.
func (s *settings) file(path string) {
	if filepath.Base(path) == "config.worktree" {
		if own, _ := gitBool(s.values["extensions.worktreeconfig"]); !own {
			return
		}
	}
	body, err := readConfigFile(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return
	}
	if err != nil {
		s.miss(path)
		return
	}
	lines, err := parseConfig(body)
	if err != nil {
		s.miss(path)
	}
	for _, line := range lines {
		s.take(line, path)
	}
}

// readConfigFile reads a regular file of a size that settings have. Opening a
// named pipe would wait for ever.
func readConfigFile(path string) (string, error) {
	if path == os.DevNull {
		return "", nil // how people say that there are none
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() || info.Size() > maxSmall {
		return "", errNotSmall
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, maxSmall))
	return string(body), err
}

const (
	maxInclude = 10  // how deep files may include each other, as in git
	maxFiles   = 200 // that are read: a file may include itself more than once
)

// take takes one setting; path is the file that it is from, "" for the environment.
func (s *settings) take(line setting, path string) {
	switch {
	case line.section == "include" && line.sub == "" && line.key == "path":
		s.include(line.value, path)
	case line.section == "includeif" && line.key == "path":
		if s.holds(line.sub, path) {
			s.include(line.value, path)
		}
	case line.section == "remote" && line.key == "url":
		if !slices.Contains(s.remotes, line.value) {
			s.remotes = append(s.remotes, line.value)
		}
	case line.sub == "":
		s.values[line.section+"."+line.key] = line.value
	}
}

// include reads another file in the place of this line.
func (s *settings) include(name, from string) {
	path, ok := s.expand(name)
	switch {
	case !ok:
		s.miss(name)
		return
	case filepath.IsAbs(path):
	case from == "":
		s.miss(name)
		return
	default:
		path = filepath.Join(filepath.Dir(from), path)
	}
	if s.read++; s.depth == maxInclude || s.read > maxFiles {
		s.miss(path)
		return
	}
	s.depth++
	s.file(path)
	s.depth--
}

// expand replaces ~/ by the home folder; ~somebody and %(prefix) are not known.
func (s *settings) expand(name string) (path string, ok bool) {
	rest, home := strings.CutPrefix(name, "~/")
	switch {
	case home && s.home() != "":
		return filepath.Join(s.home(), filepath.FromSlash(rest)), true
	case strings.HasPrefix(name, "~"), strings.HasPrefix(name, "%("):
		return "", false
	}
	return filepath.FromSlash(name), true
}

// environment takes GIT_CONFIG_COUNT and its keys and values.
func (s *settings) environment() {
	if s.getenv("GIT_CONFIG_PARAMETERS") != "" {
		s.miss("GIT_CONFIG_PARAMETERS")
	}
	text := s.getenv("GIT_CONFIG_COUNT")
	if text == "" {
		return
	}
	count, err := strconv.Atoi(text)
	if err != nil || count < 0 || count > 1000 {
		s.miss("GIT_CONFIG_COUNT")
		return
	}
	for i := range count {
		name := strconv.Itoa(i)
		key, value := s.getenv("GIT_CONFIG_KEY_"+name), s.getenv("GIT_CONFIG_VALUE_"+name)
		first, last := strings.Index(key, "."), strings.LastIndex(key, ".")
		if first <= 0 || last == len(key)-1 {
			s.miss("GIT_CONFIG_KEY_" + name)
			continue
		}
		line := setting{section: strings.ToLower(key[:first]), key: strings.ToLower(key[last+1:]), value: value}
		if first < last {
			line.sub = key[first+1 : last]
		}
		s.take(line, "")
	}
}
