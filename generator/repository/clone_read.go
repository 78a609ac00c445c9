package repository

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	gitconfig "github.com/go-git/go-git/v5/plumbing/format/config"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// harmless are the extensions of a repository that change nothing of how a
// commit is written.
var harmless = []string{"noop", "preciousobjects", "partialclone", "worktreeconfig"}

// configured reads what the repository says of itself. Foreign is one that keeps
// its files or names in a way that is not written here.
func (c *Clone) configured(git *os.Root) (foreign bool, err error) {
	body, err := readSmall(git, "config")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	cfg := gitconfig.New()
	if err := gitconfig.NewDecoder(bytes.NewReader(body)).Decode(cfg); err != nil {
		return false, err
	}
	core := cfg.Section("core")
	version, _ := strconv.Atoi(core.Option("repositoryformatversion"))
	bare, _ := strconv.ParseBool(core.Option("bare"))
	foreign = version > 1 || bare || core.Option("worktree") != "" || exists(git, "commondir")
	for _, extension := range cfg.Section("extensions").Options {
		foreign = foreign || !isHarmless(extension.Key, extension.Value)
	}
	if remotes := cfg.Section("remote").Subsections; len(remotes) > 0 {
		c.Remote = remotes[0].Name
	}
	return foreign, nil
}

// isHarmless says whether an extension changes nothing of how a repository is
// read and written here.
func isHarmless(key, value string) bool {
	return slices.Contains(harmless, strings.ToLower(key)) ||
		strings.EqualFold(key, "objectformat") && value == "sha1" ||
		strings.EqualFold(key, "refstorage") && value == "files"
}

// branchName is a name of a branch that git accepts (git help check-ref-format)
// and that is a path below refs/heads on every system.
var branchName = regexp.MustCompile(`^[^\x00-\x20\x7f~^:?*\[\\<>"|]{1,200}$`)

// branchOf is the branch that HEAD is on.
func branchOf(git *os.Root) (string, error) {
	head, err := readSmall(git, "HEAD")
	if err != nil {
		return "", Obstacle{Why: Unusable}
	}
	text := strings.TrimSpace(string(head))
	if plumbing.IsHash(text) {
		return "", Obstacle{Why: Detached}
	}
	name, found := strings.CutPrefix(text, "ref: refs/heads/")
	if !found || !branchOK(name) {
		return "", Obstacle{Why: Unusable}
	}
	return name, nil
}

// branchOK says whether git accepts the name of a branch.
func branchOK(name string) bool {
	if !branchName.MatchString(name) || strings.HasPrefix(name, "-") || strings.Contains(name, "..") || strings.Contains(name, "@{") || name == "@" || path.Clean(name) != name {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock") || strings.HasSuffix(part, ".") {
			return false
		}
	}
	return true
}

// head finds the branch, and the commit that it is at; zero when there is none.
func (c *Clone) head(git *os.Root) (plumbing.Hash, error) {
	branch, err := branchOf(git)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	c.Branch = branch
	commit, loose := refIn(git, "refs/heads/"+branch)
	if loose != nil {
		c.replace[".git/refs/heads/"+branch] = loose
	}
	if commit.IsZero() && exists(git, "refs/heads/"+branch) {
		return commit, Obstacle{Why: Unusable} // a folder, a link or not a hash
	}
	return commit, nil
}

// refIn is the commit at a name; loose is the file of the name when it has one.
func refIn(git *os.Root, name string) (commit plumbing.Hash, loose []byte) {
	if body, err := readSmall(git, name); err == nil {
		if text := strings.TrimSpace(string(body)); plumbing.IsHash(text) {
			return plumbing.NewHash(text), body
		}
		return plumbing.ZeroHash, nil
	}
	packed, _ := readSmall(git, "packed-refs")
	for line := range strings.Lines(string(packed)) {
		hash, of, _ := strings.Cut(strings.TrimSpace(line), " ")
		if of == name && plumbing.IsHash(hash) {
			return plumbing.NewHash(hash), nil
		}
	}
	return plumbing.ZeroHash, nil
}

// anyRef says whether any branch or tag exists, here or as it is at a remote.
func anyRef(git *os.Root) bool {
	packed, err := readSmall(git, "packed-refs")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return true
	}
	for line := range strings.Lines(string(packed)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return true
		}
	}
	errFound := errors.New("found")
	return fs.WalkDir(git.FS(), "refs", func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return errFound
		}
		return nil
	}) != nil
}

// readIndex reads what is staged. An index is replaced by that of the commit.
func (c *Clone) readIndex(git *os.Root) ([]*index.Entry, error) {
	body, err := readSmall(git, "index")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c.replace[".git/index"] = body
	var staged index.Index
	if err := safely(func() error { return index.NewDecoder(bytes.NewReader(body)).Decode(&staged) }); err != nil {
		return nil, err
	}
	return staged.Entries, nil
}

// safely makes an error of a panic: go-git reads here what anybody may have made.
func safely(read func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("repository: what git keeps here cannot be read")
		}
	}()
	return read()
}

// started judges a repository with a commit: may the component come on top?
func (c *Clone) started(root, git *os.Root, dir string, commit plumbing.Hash, onTop bool) error {
	if err := safely(func() error { return c.readTree(dir, commit) }); err != nil {
		return Obstacle{Why: Unusable}
	}
	var names, others []string
	for _, entry := range c.kept {
		names = append(names, entry.Name)
		if !forgeFile.MatchString(entry.Name) || entry.Mode != filemode.Regular && entry.Mode != filemode.Executable {
			others = append(others, entry.Name)
		}
	}
	switch {
	case len(others) > 0 || len(names) > maxForge:
		return Obstacle{Why: HasCommits, Names: others}
	case len(names) > 0 && !onTop:
		return Obstacle{Why: Started, Names: names}
	}
	c.parent = commit
	return c.unchanged(root, git)
}

// maxForge is how many files a forge puts in a new repository at the most.
const maxForge = 20

// readTree reads the files of a commit; of folders no more than that they are.
func (c *Clone) readTree(dir string, commit plumbing.Hash) error {
	store := filesystem.NewStorage(osfs.New(dir, osfs.WithBoundOS()), cache.NewObjectLRUDefault())
	defer store.Close()
	if size, err := store.EncodedObjectSize(commit); err != nil || size > maxSmall {
		return errors.Join(err, errNotSmall)
	}
	last, err := object.GetCommit(store, commit)
	if err != nil {
		return err
	}
	if size, err := store.EncodedObjectSize(last.TreeHash); err != nil || size > maxSmall {
		return errors.Join(err, errNotSmall)
	}
	tree, err := object.GetTree(store, last.TreeHash)
	if err != nil {
		return err
	}
	c.kept = tree.Entries
	return nil
}

// unchanged checks that what lies here is what the commit has: only what Git
// keeps gives way.
func (c *Clone) unchanged(root, git *os.Root) error {
	staged, err := c.readIndex(git)
	if err != nil {
		return Obstacle{Why: Unusable}
	}
	var loose, changed []string
	known := map[string]object.TreeEntry{}
	for _, entry := range c.kept {
		known[entry.Name] = entry
		if !slices.Contains(c.Files, entry.Name) {
			changed = append(changed, entry.Name)
		}
	}
	for _, name := range c.Files {
		entry, found := known[name]
		if !found {
			loose = append(loose, name)
			continue
		}
		body, err := readSmall(root, name)
		// On Windows git may have written the ends of lines in another way.
		unix := bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
		if err != nil || hashOf(plumbing.BlobObject, body) != entry.Hash && hashOf(plumbing.BlobObject, unix) != entry.Hash {
			changed = append(changed, name)
			continue
		}
		c.replace[name] = body
	}
	for _, entry := range staged {
		if is, found := known[entry.Name]; (!found || is.Hash != entry.Hash || is.Mode != entry.Mode) && !slices.Contains(changed, entry.Name) {
			changed = append(changed, entry.Name)
		}
	}
	switch {
	case len(loose) > 0:
		return inTheWay(loose)
	case len(changed) > 0 || len(staged) != len(c.kept):
		return Obstacle{Why: Changed, Names: changed}
	}
	return nil
}
