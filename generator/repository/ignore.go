package repository

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// ignores are the patterns of what Git leaves alone, those that win last.
type ignores []gitignore.Pattern

// ignoredEverywhere reads the patterns that hold in the whole repository: those of
// the person and those of info/exclude.
func (w *Work) ignoredEverywhere(s *settings) ignores {
	var all ignores
	name := s.values["core.excludesfile"]
	if name == "" {
		if xdg := s.getenv("XDG_CONFIG_HOME"); xdg != "" {
			name = filepath.Join(xdg, "git", "ignore")
		} else if s.home() != "" {
			name = filepath.Join(s.home(), ".config", "git", "ignore")
		}
	} else if expanded, ok := s.expand(name); ok {
		name = expanded
	}
	if name != "" && filepath.IsAbs(name) {
		if body, err := readConfigFile(name); err == nil {
			all = all.with(body, nil)
		}
	}
	return w.excluded(all)
}

// excluded adds the patterns of info/exclude.
func (w *Work) excluded(all ignores) ignores {
	if body, err := readSmall(w.common, "info/exclude"); err == nil {
		all = all.with(string(body), nil)
	}
	return all
}

// above adds the patterns of the folders between the root of the repository and the
// component.
func (all ignores) above(top, prefix string) ignores {
	root, err := os.OpenRoot(top)
	if err != nil {
		return all
	}
	defer root.Close()
	at := ""
	for part := range strings.SplitSeq(strings.TrimSuffix(prefix, "/"), "/") {
		if part == "" {
			break
		}
		if body, err := readSmall(root, path.Join(at, ".gitignore")); err == nil {
			all = all.with(string(body), segments(at))
		}
		at = path.Join(at, part)
	}
	return all
}

// maxPatterns is how many patterns count: each is held against every file.
const maxPatterns = 5000

// with adds the lines of a file of patterns that holds in a folder.
func (all ignores) with(body string, folder []string) ignores {
	own := append(ignores(nil), all...) // what another folder adds is its own
	for line := range strings.SplitSeq(strings.TrimPrefix(body, "\ufeff"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if len(own) < maxPatterns && strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			own = append(own, gitignore.ParsePattern(line, folder))
		}
	}
	return own
}

// match says whether Git leaves something alone.
func (all ignores) match(name string, isFolder bool) bool {
	parts := segments(name)
	for i := len(all) - 1; i >= 0; i-- {
		if result := all[i].Match(parts, isFolder); result > gitignore.NoMatch {
			return result == gitignore.Exclude
		}
	}
	return false
}

func segments(name string) []string {
	if name == "" || name == "." {
		return nil
	}
	return strings.Split(name, "/")
}

// isNested says whether a folder is a repository of its own, which Git does not
// look into.
func isNested(root *os.Root, folder string) bool {
	_, err := root.Lstat(path.Join(folder, git.GitDirName))
	return !errors.Is(err, fs.ErrNotExist)
}
