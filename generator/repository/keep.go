package repository

import (
	"errors"
	"io/fs"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Kept is where the work of a team is kept.
type Kept struct {
	Branch string
	Commit string
	Staged string // the commit before it with what was staged, when that differed; or ""
}

// Keep lets a new branch be at a commit of the component as it lies. The branch that
// is checked out, the index and the files stay as they are. What was staged and is
// no longer what lies there comes in a commit before it. When nothing differs from
// the last commit, the branch is at that one.
func (w *Work) Keep(lay *Lay, branch string, o Options) (Kept, error) {
	kept := Kept{Branch: branch}
	if err := w.CanCommit(branch); err != nil {
		return kept, err
	}
	staged, err := w.readIndex()
	if err != nil {
		return kept, err
	}
	var at plumbing.Hash
	err = safely(func() error {
		at, err = w.keep(lay, staged, o, &kept)
		return err
	})
	if err != nil {
		return kept, err
	}
	kept.Commit = at.String()
	name := "refs/heads/" + branch
	if err := replaceFile(w.common, name, at.String()+"\n"); err != nil {
		return kept, err
	}
	return kept, nil
}

// keep writes the commits of what was staged and of what lies there.
func (w *Work) keep(lay *Lay, staged *index.Index, o Options, kept *Kept) (plumbing.Hash, error) {
	p := newPack()
	head, err := w.entriesAt(w.head)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	before, err := w.rootOf(w.head)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	lies, err := w.treeOf(p, head, lay.entries)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	var ready []entry
	for _, e := range staged.Entries {
		if strings.HasPrefix(e.Name, w.prefix) && !e.IntentToAdd {
			ready = append(ready, entry{path: e.Name, mode: e.Mode, hash: e.Hash})
		}
	}
	index, err := w.treeOf(p, head, ready)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	at := w.head
	if index != before && index != lies {
		of := o
		of.Message = "Klaargezet voor een commit\n"
		if at, err = p.commit(index, at, of); err != nil {
			return plumbing.ZeroHash, err
		}
		kept.Staged = at.String()
	}
	if at == w.head && lies == before {
		return at, nil // all of it is in the last commit
	}
	if at, err = p.commit(lies, at, o); err != nil {
		return plumbing.ZeroHash, err
	}
	return at, w.writePack(p)
}

// Become makes one commit on the branch that is checked out, after which the
// component is exactly these files, which lie on disk already. It returns "" when
// the last commit is that already. What is staged outside the component stays so.
func (w *Work) Become(files []File, o Options) (string, error) {
	if err := w.CanCommit(""); err != nil {
		return "", err
	}
	lock, err := w.lockIndex()
	if err != nil {
		return "", err
	}
	defer lock.release()
	staged, err := w.readIndex()
	if err != nil {
		return "", err
	}
	if runtime.GOOS == "windows" {
		files = executable(files, staged, w.prefix)
	}
	var commit plumbing.Hash
	if err := safely(func() (err error) { commit, err = w.become(files, o); return err }); err != nil {
		return "", err
	}
	w.restage(staged, files)
	if err := lock.fill(staged); err != nil {
		return "", err
	}
	hash := ""
	if commit != w.head {
		if err := w.moveTo("", commit, o); err != nil {
			return "", err
		}
		hash = commit.String()
	}
	if err := lock.become(); err != nil {
		return "", err
	}
	return hash, nil
}

// executable gives files the mode that Git knows of them, where the disk has none.
func executable(files []File, staged *index.Index, prefix string) []File {
	can := map[string]bool{}
	for _, e := range staged.Entries {
		can[e.Name] = e.Mode == filemode.Executable
	}
	files = slices.Clone(files)
	for i := range files {
		files[i].Executable = files[i].Executable || can[prefix+files[i].Path]
	}
	return files
}

// become writes the commit; it is the last one when nothing differs.
func (w *Work) become(files []File, o Options) (plumbing.Hash, error) {
	p := newPack()
	head, err := w.entriesAt(w.head)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	before, err := w.rootOf(w.head)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	inside := make([]entry, len(files))
	for i, file := range files {
		inside[i] = taken(w.prefix+file.Path, Lying{File: file}, entry{})
	}
	tree, err := w.treeOf(p, head, inside)
	if err != nil || tree == before {
		return w.head, err
	}
	commit, err := p.commit(tree, w.head, o)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return commit, w.writePack(p)
}

// restage lets the index hold these files, and outside the component what it held.
func (w *Work) restage(staged *index.Index, files []File) {
	staged.Entries = slices.DeleteFunc(staged.Entries, func(e *index.Entry) bool { return strings.HasPrefix(e.Name, w.prefix) })
	for _, file := range files {
		file.Path = w.prefix + file.Path
		staged.Entries = append(staged.Entries, entryOf(file, hashOf(plumbing.BlobObject, file.Body)))
	}
	slices.SortFunc(staged.Entries, func(a, b *index.Entry) int { return strings.Compare(a.Name, b.Name) })
}

// Unlock removes the lock of the index, which a command of ours left that was killed.
func (w *Work) Unlock() error {
	err := w.own.Remove("index.lock")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// outside are those entries that are not of the component.
func (w *Work) outside(all []entry) []entry {
	if w.prefix == "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(all), func(e entry) bool { return strings.HasPrefix(e.path, w.prefix) })
}

// treeOf adds the tree of a repository with these entries inside the component, and
// outside it those of the last commit, which Git has already.
func (w *Work) treeOf(p *pack, head, inside []entry) (plumbing.Hash, error) {
	known := make(map[plumbing.Hash]bool, len(head))
	for _, e := range head {
		known[e.hash] = true
	}
	all := slices.Concat(w.outside(head), inside)
	slices.SortFunc(all, func(a, b entry) int { return strings.Compare(a.path, b.path) })
	entries := make([]*index.Entry, len(all))
	for i, e := range all {
		if e.body != nil && !known[e.hash] {
			p.add(plumbing.BlobObject, e.body)
		}
		entries[i] = &index.Entry{Name: e.path, Mode: e.mode, Hash: e.hash}
	}
	return addTree(p, entries, "")
}

// commit adds a commit of a tree.
func (p *pack) commit(tree, parent plumbing.Hash, o Options) (plumbing.Hash, error) {
	return p.encode(&object.Commit{
		Author: o.Author.at(o.When), Committer: o.Committer.at(o.When), Message: o.Message, TreeHash: tree, ParentHashes: []plumbing.Hash{parent},
	})
}

// writePack writes the objects among those of the repository.
func (w *Work) writePack(p *pack) error {
	if !exists(w.common, "objects/pack") {
		if err := w.common.Mkdir("objects/pack", 0o777); err != nil {
			return err
		}
	}
	// What is there is of a command that was killed: it would stand in the way.
	for _, left := range []string{"objects/pack/tmp_pack", "objects/pack/tmp_idx"} {
		if err := w.common.Remove(left); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return p.write(osfs.New(w.common.Name(), osfs.WithBoundOS()))
}

func (w *Work) rootOf(commit plumbing.Hash) (plumbing.Hash, error) {
	c, err := w.commit(commit)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return c.TreeHash, nil
}

// entriesAt lists all that a commit has.
func (w *Work) entriesAt(commit plumbing.Hash) ([]entry, error) {
	tree, err := w.treeAt(commit)
	if err != nil {
		return nil, err
	}
	var all []entry
	err = tree.entries(tree.root, "", 0, &all)
	return all, err
}

func (t *Tree) entries(hash plumbing.Hash, folder string, depth int, all *[]entry) error {
	tree, err := t.folder(hash)
	if err != nil {
		return err
	}
	for _, e := range tree.Entries {
		at := path.Join(folder, e.Name)
		switch {
		case depth > maxDeep || len(*all) > maxNames:
			return errNotSmall
		case e.Mode == filemode.Dir:
			if err := t.entries(e.Hash, at, depth+1, all); err != nil {
				return err
			}
		default:
			*all = append(*all, entry{path: at, mode: e.Mode, hash: e.Hash})
		}
	}
	return nil
}

// Branched gives the component as a branch has it, by path; fs.ErrNotExist when
// there is no such branch. The value is the Hash of the content.
func (w *Work) Branched(branch string) (map[string]string, error) {
	at, _ := refIn(w.common, "refs/heads/"+branch)
	if at.IsZero() {
		return nil, fs.ErrNotExist
	}
	found := map[string]string{}
	err := safely(func() error {
		all, err := w.entriesAt(at)
		for _, e := range all {
			if below, inside := strings.CutPrefix(e.path, w.prefix); inside {
				found[below] = e.hash.String()
			}
		}
		return err
	})
	return found, err
}

// Branch is the branch that is checked out; "" when there is none.
func (w *Work) Branch() string { return w.branch }
