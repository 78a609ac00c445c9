package repository

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	gitconfig "github.com/go-git/go-git/v5/plumbing/format/config"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/filesystem/dotgit"
)

// Work is the repository in which a component lies. Only what is in its own
// .git is read, or in what a worktree or submodule has in that place; nothing of
// it is run. Objects that it borrows from a repository elsewhere are not found.
type Work struct {
	top    string   // the root of the work tree, absolute
	prefix string   // of the component in it, with a slash at the end; "" for the root
	own    *os.Root // where HEAD and the index are
	common *os.Root // where branches and objects are; the same, but for a worktree
	store  *filesystem.Storage
	head   plumbing.Hash // zero without any commit
	branch string        // "" when HEAD is on none
}

// ErrNone says that a folder lies in no repository.
var ErrNone = errors.New("repository: there is none")

// Open opens the repository in which dir lies. One that git keeps in a way that
// is not read here, or that is damaged, is an Obstacle.
func Open(dir string) (*Work, error) {
	top, found := Enclosing(dir)
	if !found {
		return nil, ErrNone
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	below, err := filepath.Rel(top, Real(absolute))
	if err != nil {
		return nil, err
	}
	w := &Work{top: top}
	if below != "." {
		w.prefix = filepath.ToSlash(below) + "/"
	}
	if err := w.open(); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

// Close closes it.
func (w *Work) Close() {
	if w.store != nil {
		_ = w.store.Close()
	}
	if w.common != nil && w.common != w.own {
		w.common.Close()
	}
	if w.own != nil {
		w.own.Close()
	}
}

// open finds the folders of git, and where HEAD is.
func (w *Work) open() error {
	unusable := Obstacle{Why: Unusable}
	folder, shared := gitDir(w.top), ""
	if info, err := os.Lstat(folder); err != nil {
		return unusable
	} else if info.Mode().IsRegular() {
		if folder, shared, err = leadsTo(w.top); err != nil {
			return unusable
		}
	} else if !info.IsDir() {
		return unusable
	}
	var err error
	if w.own, err = os.OpenRoot(folder); err != nil {
		return unusable
	}
	w.common = w.own
	if shared != "" {
		if w.common, err = os.OpenRoot(shared); err != nil {
			w.common = w.own
			return unusable
		}
	}
	if !readable(w.own, w.common) {
		return unusable
	}
	files := osfs.New(w.own.Name(), osfs.WithBoundOS())
	if shared == "" {
		w.store = filesystem.NewStorage(files, cache.NewObjectLRUDefault())
	} else {
		both := dotgit.NewRepositoryFilesystem(files, osfs.New(w.common.Name(), osfs.WithBoundOS()))
		w.store = filesystem.NewStorage(both, cache.NewObjectLRUDefault())
	}
	head, err := readSmall(w.own, "HEAD")
	if err != nil {
		return unusable
	}
	if text := strings.TrimSpace(string(head)); plumbing.IsHash(text) {
		w.head = plumbing.NewHash(text)
		return nil
	}
	if w.branch, err = branchOf(w.own); err != nil {
		return err
	}
	w.head, _ = refIn(w.common, "refs/heads/"+w.branch)
	return nil
}

// leadsTo reads the .git file of a worktree or submodule: its folder, and for a
// worktree the one that it shares with others.
func leadsTo(top string) (folder, shared string, err error) {
	root, err := os.OpenRoot(top)
	if err != nil {
		return "", "", err
	}
	defer root.Close()
	body, err := readSmall(root, git.GitDirName)
	if err != nil {
		return "", "", err
	}
	folder, found := strings.CutPrefix(strings.TrimSpace(string(body)), "gitdir: ")
	if !found {
		return "", "", errNotSmall
	}
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(top, folder)
	}
	own, err := os.OpenRoot(folder)
	if err != nil {
		return "", "", err
	}
	defer own.Close()
	common, err := readSmall(own, "commondir")
	if errors.Is(err, fs.ErrNotExist) {
		return folder, "", nil
	}
	if err != nil {
		return "", "", err
	}
	shared = strings.TrimSpace(string(common))
	if !filepath.IsAbs(shared) {
		shared = filepath.Join(folder, shared)
	}
	return folder, shared, nil
}

// readable says whether a repository keeps its names and objects in the way that
// is known here.
func readable(own, common *os.Root) bool {
	for _, name := range []string{"objects", "refs", "objects/pack", "refs/heads"} {
		if exists(common, name) && !isFolder(common, name) {
			return false
		}
	}
	if !exists(own, "HEAD") || !exists(common, "objects") {
		return false
	}
	body, err := readSmall(common, "config")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	cfg := gitconfig.New()
	if safely(func() error { return gitconfig.NewDecoder(bytes.NewReader(body)).Decode(cfg) }) != nil {
		return false
	}
	core := cfg.Section("core")
	version, _ := strconv.Atoi(core.Option("repositoryformatversion"))
	for _, extension := range cfg.Section("extensions").Options {
		if !isHarmless(extension.Key, extension.Value) {
			return false
		}
	}
	return version <= 1
}
