package tree

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// Beside says what may lie in the target already: an empty clone has a .git.
type Beside struct {
	Keep    []string          // names in the target that stay; what the plan has more of comes in those folders
	Replace map[string][]byte // files that give way to those of the plan, by path, with what is in them now
}

// target is the place where the component will appear.
type target struct {
	path   string // absolute; a symbolic link to a folder has been followed
	exists bool   // as a folder
	shared bool   // with what lies beside
	mode   fs.FileMode
}

func (t target) parent() string { return filepath.Dir(t.path) }
func (t target) base() string   { return filepath.Base(t.path) }

// Check says whether Write would refuse dir for what is there now, apart from
// what lies beside.
func Check(dir string, beside Beside) error {
	_, err := targetOf(dir, beside)
	return err
}

// targetOf looks at dir and refuses what cannot become a component.
func targetOf(dir string, beside Beside) (target, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return target{}, err
	}
	info, err := os.Lstat(absolute)
	if errors.Is(err, fs.ErrNotExist) {
		return target{path: absolute}, nil
	}
	if err != nil {
		return target{}, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		resolved, err := filepath.EvalSymlinks(absolute)
		if err != nil {
			return target{}, fmt.Errorf("%s is a symbolic link that leads nowhere: %w", absolute, errors.Join(err, syscall.ELOOP))
		}
		absolute = resolved
		if info, err = os.Stat(absolute); err != nil {
			return target{}, err
		}
	}
	if !info.IsDir() {
		return target{}, fmt.Errorf("%s: %w", absolute, errNotFolder)
	}
	entries, err := os.ReadDir(absolute)
	if err != nil {
		return target{}, err
	}
	shared := false
	for _, entry := range entries {
		kept := slices.Contains(beside.Keep, entry.Name())
		if !kept && !IsStaging(entry.Name()) {
			return target{}, fmt.Errorf("%s: %w", absolute, ErrNotEmpty)
		}
		shared = shared || kept
	}
	return target{path: absolute, exists: true, shared: shared, mode: info.Mode().Perm()}, nil
}

// errNotFolder is what the system says of a file in the place of a folder.
var errNotFolder error = syscall.ENOTDIR

// replaceable says whether the existing folder may be replaced by another with
// its name. Not so for one that holds something, for the folder in which the user
// stands, which would find itself in a deleted one, nor for a mount point, as in
// a container.
func (t target) replaceable() bool {
	if t.shared {
		return false
	}
	here, err := os.Stat(".")
	if err != nil {
		return false
	}
	self, err := os.Stat(t.path)
	if err != nil || os.SameFile(here, self) {
		return false
	}
	above, err := os.Stat(t.parent())
	return err == nil && sameDevice(self, above)
}

// makeParents makes the missing folders above the target and returns them,
// deepest first.
func (w writer) makeParents(dir string) ([]string, error) {
	var missing []string
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); err == nil || !errors.Is(err, fs.ErrNotExist) || at == filepath.Dir(at) {
			break
		}
		missing = append(missing, at)
	}
	for i := len(missing) - 1; i >= 0; i-- {
		err := w.step("mkdir", missing[i])
		if err == nil {
			err = os.Mkdir(missing[i], 0o777)
		}
		if err != nil && !errors.Is(err, fs.ErrExist) {
			removeEmpty(missing[i+1:])
			return nil, err
		}
	}
	return missing, nil
}

// removeEmpty removes the folders that are empty; they are given deepest first.
func removeEmpty(folders []string) {
	for _, folder := range folders {
		if os.Remove(folder) != nil {
			return
		}
	}
}
