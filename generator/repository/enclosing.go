package repository

import (
	"os"
	"path/filepath"
)

// writeNew opens a file that must not be there yet.
const writeNew = os.O_WRONLY | os.O_CREATE | os.O_EXCL

// Enclosing returns the root of the Git repository in which dir lies, or would
// lie. A component made there gets no repository of its own: Git would treat
// it as a foreign body and not commit its files.
func Enclosing(dir string) (string, bool) {
	at, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	if resolved, err := filepath.EvalSymlinks(at); err == nil {
		at = resolved
	}
	for {
		if isRepository(gitDir(at)) {
			return at, true
		}
		above := filepath.Dir(at)
		if above == at {
			return "", false
		}
		at = above
	}
}

// isRepository says whether .git is a repository, or the file that a worktree
// or submodule has in its place.
func isRepository(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	if !info.IsDir() {
		return true
	}
	_, err = os.Stat(filepath.Join(path, "HEAD"))
	return err == nil
}
