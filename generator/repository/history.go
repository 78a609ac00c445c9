package repository

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Hash is the name that git gives to the content of a file.
func Hash(body []byte) string { return hashOf(plumbing.BlobObject, body).String() }

// Committed gives, of files of the component, the Hash of what the last commit
// has. What it does not have is not in the answer.
func (w *Work) Committed(paths []string) (map[string]string, error) {
	found := map[string]string{}
	if w.head.IsZero() {
		return found, nil
	}
	err := safely(func() error {
		tree, err := w.treeAt(w.head)
		if err != nil {
			return err
		}
		for _, name := range paths {
			if entry, err := tree.find(w.prefix + name); err == nil && entry.Mode.IsFile() && entry.Mode != filemode.Symlink {
				found[name] = entry.Hash.String()
			} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(Obstacle{Why: Unusable}, err)
	}
	return found, nil
}

// Tree is the component as a commit has it.
type Tree struct {
	w     *Work
	root  plumbing.Hash
	known map[plumbing.Hash]*object.Tree // shared by the trees of one search
	left  int64                          // bytes that may still be read
}

// maxTree is how much is read of one commit: a component has some 2 MiB.
const maxTree = 64 << 20

func (w *Work) treeAt(commit plumbing.Hash) (*Tree, error) {
	c, err := w.commit(commit)
	if err != nil {
		return nil, err
	}
	return &Tree{w: w, root: c.TreeHash, known: map[plumbing.Hash]*object.Tree{}, left: maxTree}, nil
}

func (w *Work) commit(hash plumbing.Hash) (*object.Commit, error) {
	if size, err := w.store.EncodedObjectSize(hash); err != nil || size > maxSmall {
		return nil, errors.Join(err, errNotSmallIf(size))
	}
	return object.GetCommit(w.store, hash)
}

func errNotSmallIf(size int64) error {
	if size > maxSmall {
		return errNotSmall
	}
	return nil
}

// folder reads one folder of a tree.
func (t *Tree) folder(hash plumbing.Hash) (*object.Tree, error) {
	if tree, known := t.known[hash]; known {
		return tree, nil
	}
	size, err := t.w.store.EncodedObjectSize(hash)
	if err != nil {
		return nil, err
	}
	if size > maxSmall {
		return nil, errNotSmall
	}
	tree, err := object.GetTree(t.w.store, hash)
	if err == nil {
		t.known[hash] = tree
	}
	return tree, err
}

// find finds what lies at a path from the root of the repository.
func (t *Tree) find(name string) (object.TreeEntry, error) {
	at := object.TreeEntry{Mode: filemode.Dir, Hash: t.root}
	for part := range strings.SplitSeq(name, "/") {
		if at.Mode != filemode.Dir {
			return at, fs.ErrNotExist
		}
		tree, err := t.folder(at.Hash)
		if err != nil {
			return at, err
		}
		found := false
		for _, entry := range tree.Entries {
			if entry.Name == part {
				at, found = entry, true
				break
			}
		}
		if !found {
			return at, fs.ErrNotExist
		}
	}
	return at, nil
}

// File reads a file of the component; fs.ErrNotExist when it has none.
func (t *Tree) File(name string) (body []byte, err error) {
	err = safely(func() error {
		entry, err := t.find(t.w.prefix + name)
		if err != nil {
			return err
		}
		if entry.Mode != filemode.Regular && entry.Mode != filemode.Executable && entry.Mode != filemode.Deprecated {
			return fs.ErrNotExist
		}
		size, err := t.w.store.EncodedObjectSize(entry.Hash)
		if err != nil {
			return err
		}
		if t.left -= size; t.left < 0 {
			return errNotSmall
		}
		blob, err := object.GetBlob(t.w.store, entry.Hash)
		if err != nil {
			return err
		}
		reader, err := blob.Reader()
		if err != nil {
			return err
		}
		defer reader.Close()
		body, err = io.ReadAll(io.LimitReader(reader, maxTree))
		return err
	})
	return body, err
}

// Files lists the files below a folder of the component.
func (t *Tree) Files(folder string) (names []string, err error) {
	err = safely(func() error {
		entry, err := t.find(t.w.prefix + folder)
		if errors.Is(err, fs.ErrNotExist) || err == nil && entry.Mode != filemode.Dir {
			return nil
		}
		if err != nil {
			return err
		}
		return t.list(entry.Hash, folder, 0, &names)
	})
	return names, err
}

const (
	maxDeep  = 50
	maxNames = 20_000
)

func (t *Tree) list(hash plumbing.Hash, folder string, depth int, names *[]string) error {
	tree, err := t.folder(hash)
	if err != nil {
		return err
	}
	for _, entry := range tree.Entries {
		switch at := path.Join(folder, entry.Name); {
		case depth > maxDeep || len(*names) > maxNames:
			return errNotSmall
		case entry.Mode == filemode.Dir:
			if err := t.list(entry.Hash, at, depth+1, names); err != nil {
				return err
			}
		default:
			*names = append(*names, at)
		}
	}
	return nil
}

// maxCommits is how far back is looked.
const maxCommits = 50_000

// With gives the component as the commits have it in which a file has this
// content, the oldest first; at most 100 of them.
func (w *Work) With(ctx context.Context, name string, body []byte) (found []*Tree, err error) {
	if w.head.IsZero() {
		return nil, nil
	}
	want := hashOf(plumbing.BlobObject, body)
	err = safely(func() error {
		known := map[plumbing.Hash]*object.Tree{}
		seen, next := map[plumbing.Hash]bool{w.head: true}, []plumbing.Hash{w.head}
		for len(next) > 0 && len(seen) < maxCommits {
			if err := ctx.Err(); err != nil {
				return err
			}
			commit, err := w.commit(next[0])
			next = next[1:]
			if errors.Is(err, plumbing.ErrObjectNotFound) {
				continue // a shallow clone ends somewhere
			}
			if err != nil {
				return err
			}
			if len(known) > 10_000 {
				clear(known)
			}
			tree := &Tree{w: w, root: commit.TreeHash, known: known, left: maxTree}
			if entry, err := tree.find(w.prefix + name); err == nil && entry.Hash == want {
				found = append(found, tree)
			}
			for _, parent := range commit.ParentHashes {
				if !seen[parent] {
					seen[parent] = true
					next = append(next, parent)
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	oldest := make([]*Tree, 0, min(len(found), 100))
	for i := len(found) - 1; i >= 0 && len(oldest) < 100; i-- {
		oldest = append(oldest, found[i])
	}
	return oldest, nil
}

// Latest is the last commit on the branch that is checked out.
type Latest struct {
	Branch  string // "" when HEAD is on none
	When    time.Time
	Subject string
}

// Latest gives the last commit; an Obstacle when there is none, or none that can be
// read.
func (w *Work) Latest() (l Latest, err error) {
	if w.head.IsZero() {
		return l, Obstacle{Why: NoCommits}
	}
	err = safely(func() error {
		c, err := w.commit(w.head)
		if err == nil {
			l.Branch, l.When = w.branch, c.Committer.When
			l.Subject, _, _ = strings.Cut(c.Message, "\n")
		}
		return err
	})
	if err != nil {
		err = errors.Join(Obstacle{Why: Unusable}, err)
	}
	return l, err
}

// IsBare says whether a folder is a repository without files, as a server has them.
func IsBare(dir string) bool {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return false
	}
	defer root.Close()
	return isBare(root)
}
