package repository

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Clone is a folder that is a repository already, in which the first commit, or
// the one after what a forge put there, can be made.
type Clone struct {
	Branch string   // where the commit comes: main
	Remote string   // the first one; "" without
	Files  []string // of the team, besides .git: what a forge puts in a new repository

	// Linked says that .git leads to a repository elsewhere, or to one of a kind
	// that fieldlab does not write. The files come; git has to commit them.
	Linked bool

	parent  plumbing.Hash
	kept    []object.TreeEntry
	replace map[string][]byte
}

// Look finds the repository that dir is. It returns nil when dir is none, and an
// Obstacle when it is one that cannot get a component. Names for which ignore
// says so do not count. On top of the first commit of a forge a component comes
// only when onTop says so.
//
// A repository can come from anybody: nothing in it is run or followed to a place
// outside it.
func Look(dir string, onTop bool, ignore func(name string) bool) (*Clone, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, nil // there is no folder, or tree says what is wrong with it
	}
	defer root.Close()
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, nil
	}
	c := &Clone{replace: map[string][]byte{}}
	for _, entry := range entries {
		if name := entry.Name(); name != git.GitDirName && !ignore(name) {
			c.Files = append(c.Files, name)
		}
	}
	info, err := root.Lstat(git.GitDirName)
	switch {
	case err != nil && isBare(root):
		return nil, Obstacle{Why: Bare}
	case err != nil:
		return nil, nil
	case info.Mode().IsRegular():
		return c, c.linked(root, dir)
	case !info.IsDir():
		return nil, Obstacle{Why: Unusable}
	}
	return c, c.look(root, filepath.Join(dir, git.GitDirName), onTop)
}

// isBare says whether the folder is itself what is in a .git.
func isBare(root *os.Root) bool {
	head, err := readSmall(root, "HEAD")
	if err != nil || !strings.HasPrefix(string(head), "ref: ") {
		return false
	}
	return isFolder(root, "objects") && isFolder(root, "refs")
}

func isFolder(root *os.Root, name string) bool {
	info, err := root.Lstat(name)
	return err == nil && info.IsDir()
}

// exists says whether something has a name, whatever it is.
func exists(root *os.Root, name string) bool {
	_, err := root.Lstat(name)
	return err == nil
}

// maxSmall is the largest file of Git that is read here.
const maxSmall = 1 << 20

var errNotSmall = errors.New("repository: not a small regular file")

// readSmall reads a regular file that is not a link.
func readSmall(root *os.Root, name string) ([]byte, error) {
	if info, err := root.Lstat(name); err != nil {
		return nil, err
	} else if !info.Mode().IsRegular() {
		return nil, errNotSmall
	}
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, maxSmall+1))
	if err == nil && len(body) > maxSmall {
		err = errNotSmall
	}
	return body, err
}

// look judges a folder with a .git folder.
func (c *Clone) look(root *os.Root, path string, onTop bool) error {
	git, err := root.OpenRoot(git.GitDirName)
	if err != nil {
		return Obstacle{Why: Unusable}
	}
	defer git.Close()
	if !soundLayout(git) {
		return Obstacle{Why: Unusable}
	}
	switch foreign, err := c.configured(git); {
	case err != nil:
		return Obstacle{Why: Unusable}
	case exists(git, "index.lock"):
		return Obstacle{Why: Busy}
	case foreign && exists(git, "index"):
		return Obstacle{Why: HasCommits}
	case foreign:
		c.Linked = true
		return c.nothingBeside()
	}
	commit, err := c.head(git)
	if err != nil {
		return err
	}
	if commit.IsZero() {
		return c.unborn(git)
	}
	return c.started(root, git, path, commit, onTop)
}

// soundLayout says whether everything that is read or written lies in the .git
// folder itself, and not behind a link.
func soundLayout(git *os.Root) bool {
	for _, name := range []string{"objects", "refs", "objects/pack", "refs/heads"} {
		if exists(git, name) && !isFolder(git, name) {
			return false
		}
	}
	for _, name := range []string{"HEAD", "config", "index", "packed-refs"} {
		if info, err := git.Lstat(name); err == nil && !info.Mode().IsRegular() {
			return false
		}
	}
	return exists(git, "HEAD") && exists(git, "objects") && exists(git, "refs")
}

// nothingBeside reports the files that Git does not have.
func (c *Clone) nothingBeside() error {
	return inTheWay(c.Files)
}

// inTheWay reports files that Git does not have.
func inTheWay(names []string) error {
	others := slices.DeleteFunc(slices.Clone(names), forgeFile.MatchString)
	switch {
	case len(others) > 0:
		return Obstacle{Why: HasCommits, Names: others}
	case len(names) > 0:
		return Obstacle{Why: InTheWay, Names: names}
	}
	return nil
}

// unborn judges a repository without any commit.
func (c *Clone) unborn(git *os.Root) error {
	if anyRef(git) {
		return Obstacle{Why: HasCommits}
	}
	staged, err := c.readIndex(git)
	if err != nil {
		return Obstacle{Why: Unusable}
	}
	if len(staged) > 0 {
		names := slices.Clone(c.Files)
		for _, entry := range staged {
			if !slices.Contains(names, entry.Name) {
				names = append(names, entry.Name)
			}
		}
		return inTheWay(names)
	}
	return c.nothingBeside()
}

// linked judges a folder of which the .git is a file: a worktree or a submodule.
// What it leads to is only looked at.
func (c *Clone) linked(root *os.Root, dir string) error {
	c.Linked = true
	body, err := readSmall(root, git.GitDirName)
	path, found := strings.CutPrefix(strings.TrimSpace(string(body)), "gitdir: ")
	if err != nil || !found {
		return Obstacle{Why: Unusable}
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	own, err := os.OpenRoot(path)
	if err != nil {
		return Obstacle{Why: Unusable}
	}
	defer own.Close()
	common := own
	if body, err := readSmall(own, "commondir"); err == nil {
		shared := strings.TrimSpace(string(body))
		if !filepath.IsAbs(shared) {
			shared = filepath.Join(path, shared)
		}
		if common, err = os.OpenRoot(shared); err != nil {
			return Obstacle{Why: Unusable}
		}
		defer common.Close()
	}
	branch, err := branchOf(own)
	if err != nil {
		return err
	}
	c.Branch = branch
	if commit, _ := refIn(common, "refs/heads/"+branch); !commit.IsZero() || exists(own, "index") {
		return Obstacle{Why: HasCommits}
	}
	return c.nothingBeside()
}

// forgeFile is what forges offer to put in a new repository.
var forgeFile = regexp.MustCompile(`(?i)^((readme|licen[cs]e|copying|contributing|code_of_conduct|security|changelog|codeowners)(\.(md|txt|rst|adoc))?|\.gitignore|\.gitattributes|\.gitlab-ci\.yml|\.editorconfig)$`)

// Keep are the names in the folder that stay.
func (c *Clone) Keep() []string { return append([]string{git.GitDirName}, c.Files...) }

// Replace are the files that a commit changes, with what is in them.
func (c *Clone) Replace() map[string][]byte { return c.replace }

// Replaced are those of the files that the component has too. An Obstacle are
// the files that it has in another case: on some laptops they are the same.
func (c *Clone) Replaced(paths []string) (replaced []string, err error) {
	var differ []string
	for _, name := range c.Files {
		for _, path := range paths {
			top, _, _ := strings.Cut(path, "/")
			switch {
			case path == name:
				replaced = append(replaced, name)
			case strings.EqualFold(top, name) && !slices.Contains(differ, name):
				differ = append(differ, name)
			}
		}
	}
	if len(differ) > 0 {
		return nil, Obstacle{Why: CaseDiffers, Names: differ}
	}
	return replaced, nil
}
