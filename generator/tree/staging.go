package tree

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	// stagingPrefix begins the name of a staging folder, so that one which a
	// killed run left behind is recognised.
	stagingPrefix = ".fieldlab-staging-"
	// treeName is the tree inside the staging folder. The folder around it is
	// closed to others; the tree itself gets the mode that the user's umask
	// gives to any new folder.
	treeName = "tree"
	// A run locks its staging folder right after making it. One that is not
	// locked and older than this belongs to no run.
	graceLocked = 2 * time.Second
	// The same on systems without locks on folders.
	graceUnlocked = 24 * time.Hour
)

// staging is the folder in which a component is prepared.
type staging struct {
	parent *os.Root
	root   *os.Root
	lock   io.Closer
	name   string // in parent
	path   string
	inside bool // lies in the target itself, which stays
	done   bool // the component is in its place
}

// IsStaging says whether a name is that of a folder in which a component is being
// prepared, or was when a run was killed.
func IsStaging(name string) bool {
	rest, found := strings.CutPrefix(name, stagingPrefix)
	if !found || len(rest) != 32 {
		return false
	}
	_, err := hex.DecodeString(rest)
	return err == nil
}

// openStaging makes the staging folder beside the target, on the same file
// system; or in it when the target exists and has to stay what it is.
func (w writer) openStaging(t target) (*staging, error) {
	if t.exists && !t.replaceable() {
		return w.openStagingIn(t.path, true)
	}
	home, err := w.openStagingIn(t.parent(), false)
	if err != nil && t.exists && errors.Is(err, fs.ErrPermission) {
		return w.openStagingIn(t.path, true)
	}
	return home, err
}

func (w writer) openStagingIn(dir string, inside bool) (_ *staging, err error) {
	random := make([]byte, 16)
	if _, err := rand.Read(random); err != nil {
		return nil, err
	}
	s := &staging{name: stagingPrefix + hex.EncodeToString(random), inside: inside}
	s.path = filepath.Join(dir, s.name)
	if s.parent, err = os.OpenRoot(dir); err != nil {
		return nil, err
	}
	if err := w.step("mkdir", s.name); err != nil {
		return nil, errors.Join(err, s.parent.Close())
	}
	if err := s.parent.Mkdir(s.name, 0o700); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot write in %s: %w", dir, err), s.parent.Close())
	}
	if s.root, err = s.parent.OpenRoot(s.name); err != nil {
		return nil, errors.Join(err, s.close())
	}
	s.lock = lockFolder(s.path)
	s.removeStale()
	return s, nil
}

// close removes what is left of the staging folder.
func (s *staging) close() error {
	if s.root != nil {
		s.root.Close()
	}
	err := s.parent.RemoveAll(s.name)
	if s.lock != nil {
		s.lock.Close()
	}
	s.parent.Close()
	if s.done {
		return nil // the component is complete; a later run removes the rest
	}
	return err
}

// removeStale removes the staging folders of runs that were killed. What fails
// here is left for a later run.
func (s *staging) removeStale() {
	own, err := s.parent.Stat(s.name)
	if err != nil {
		return
	}
	entries, err := fs.ReadDir(s.parent.FS(), ".")
	if err != nil {
		return
	}
	for _, entry := range entries {
		if entry.Name() == s.name || !entry.IsDir() || !IsStaging(entry.Name()) {
			continue
		}
		// The clock is that of the file system: the age is the difference
		// with the folder that was made just now.
		if info, err := entry.Info(); err == nil && s.isStale(entry.Name(), own.ModTime().Sub(info.ModTime())) {
			_ = s.parent.RemoveAll(entry.Name())
		}
	}
}

func (s *staging) isStale(name string, age time.Duration) bool {
	if !canLock {
		return age > graceUnlocked
	}
	if age < graceLocked {
		return false
	}
	lock := lockFolder(filepath.Join(filepath.Dir(s.path), name))
	if lock == nil {
		return false
	}
	lock.Close()
	return true
}

// appear puts the finished tree in its place.
func (w writer) appear(s *staging, t target) error {
	s.root.Close()
	if s.inside {
		if err := w.moveEntries(s); err != nil {
			return err
		}
	} else if err := w.rename(s, t); err != nil {
		return err
	}
	s.done = true
	if w.durable && w.step("sync", ".") == nil { // it is there already, whatever this does
		if dir, err := os.Open(t.parent()); err == nil {
			_ = dir.Sync() // makes the new name durable where the system can
			dir.Close()
		}
	}
	return nil
}

// rename makes the tree the target. An empty folder goes just before.
func (w writer) rename(s *staging, t target) error {
	tree := filepath.Join(s.name, treeName)
	if t.exists {
		if err := w.step("chmod", tree); err != nil {
			return err
		}
		if err := s.parent.Chmod(tree, t.mode); err != nil {
			return err
		}
	}
	if err := w.step("rename", t.base()); err != nil {
		return err
	}
	if t.exists {
		// os.Root does not rename onto a folder. Remove takes an empty one only.
		if err := s.parent.Remove(t.base()); err != nil {
			return fmt.Errorf("%s: %w", t.path, ErrNotEmpty)
		}
	}
	if err := s.parent.Rename(tree, t.base()); err != nil {
		err = fmt.Errorf("cannot put the component at %s: %w", t.path, err)
		if t.exists {
			err = errors.Join(err, s.parent.Mkdir(t.base(), t.mode))
		}
		return err
	}
	return nil
}
