package repository

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// Change is a file of the component that a commit takes along as it lies on
// disk; with Gone it is there no more.
type Change struct {
	File
	Gone bool
}

// CanCommit says early whether Commit would refuse: an Obstacle.
func (w *Work) CanCommit(branch string) error {
	switch {
	case w.head.IsZero():
		return Obstacle{Why: NoCommits}
	case exists(w.own, "index.lock"), exists(w.own, "HEAD.lock"):
		return Obstacle{Why: Busy}
	}
	// Before a look at the branch: a rebase has none, and git switches to none then.
	for _, name := range []string{"MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "BISECT_LOG"} {
		if exists(w.own, name) {
			return Obstacle{Why: Busy, Names: []string{name}}
		}
	}
	if w.branch == "" && branch == "" {
		return Obstacle{Why: Detached}
	}
	if branch != "" {
		if !branchOK(branch) {
			return Obstacle{Why: BadBranch, Names: []string{branch}}
		}
		if hash, _ := refIn(w.common, "refs/heads/"+branch); !hash.IsZero() || exists(w.common, "refs/heads/"+branch) {
			return Obstacle{Why: BranchExists, Names: []string{branch}}
		}
	}
	_, err := w.readIndex()
	return err
}

// Commit makes a commit of these files and of no others, on the branch that is
// checked out or on a new one, which is checked out then. What else is changed or
// staged stays so. It returns the hash of the commit.
func (w *Work) Commit(changes []Change, branch string, o Options) (string, error) {
	if err := w.CanCommit(branch); err != nil {
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
	var commit plumbing.Hash
	if err := safely(func() (err error) { commit, err = w.writeCommit(changes, o); return err }); err != nil {
		return "", err
	}
	w.stage(staged, changes)
	if err := lock.fill(staged); err != nil {
		return "", err
	}
	// The branch first: an index that is behind it shows as changes to be undone,
	// one that is ahead of it as changes to be committed. Neither loses anything.
	if err := w.moveTo(branch, commit, o); err != nil {
		return "", err
	}
	if err := lock.become(); err != nil {
		return "", err
	}
	return commit.String(), nil
}

// maxIndex is the largest index that is read.
const maxIndex = 64 << 20

// readIndex reads what is staged.
func (w *Work) readIndex() (*index.Index, error) {
	info, err := w.own.Lstat("index")
	if errors.Is(err, fs.ErrNotExist) {
		return &index.Index{Version: 2}, nil
	}
	unusable := Obstacle{Why: Unusable, Names: []string{"index"}}
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxIndex {
		return nil, unusable
	}
	body, err := w.own.ReadFile("index")
	if err != nil {
		return nil, err
	}
	staged := &index.Index{}
	if safely(func() error { return index.NewDecoder(bytes.NewReader(body)).Decode(staged) }) != nil {
		return nil, unusable
	}
	for _, entry := range staged.Entries {
		if entry.Stage != 0 {
			return nil, Obstacle{Why: Busy, Names: []string{entry.Name}}
		}
	}
	return &index.Index{Version: staged.Version, Entries: staged.Entries}, nil
}

// Tracked gives those of these files that Git keeps: in the last commit, or staged
// for the next one.
func (w *Work) Tracked(paths []string) (map[string]bool, error) {
	committed, err := w.Committed(paths)
	if err != nil {
		return nil, err
	}
	staged, err := w.readIndex()
	if err != nil {
		return nil, err
	}
	names := make(map[string]bool, len(staged.Entries))
	for _, entry := range staged.Entries {
		names[entry.Name] = true
	}
	tracked := map[string]bool{}
	for _, name := range paths {
		if committed[name] != "" || names[w.prefix+name] {
			tracked[name] = true
		}
	}
	return tracked, nil
}

// stage puts the changes in the index.
func (w *Work) stage(staged *index.Index, changes []Change) {
	changed := map[string]bool{}
	for _, change := range changes {
		changed[w.prefix+change.Path] = true
	}
	staged.Entries = slices.DeleteFunc(staged.Entries, func(e *index.Entry) bool { return changed[e.Name] })
	for _, change := range changes {
		if !change.Gone {
			file := change.File
			file.Path = w.prefix + file.Path
			staged.Entries = append(staged.Entries, entryOf(file, hashOf(plumbing.BlobObject, change.Body)))
		}
	}
	slices.SortFunc(staged.Entries, func(a, b *index.Entry) int { return strings.Compare(a.Name, b.Name) })
}

// writeCommit writes the objects of a commit on top of the last one.
func (w *Work) writeCommit(changes []Change, o Options) (plumbing.Hash, error) {
	tree, err := w.treeAt(w.head)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	p := newPack()
	sorted := make([]leaf, 0, len(changes))
	for _, change := range changes {
		one := leaf{path: w.prefix + change.Path}
		if !change.Gone {
			one.entry = &object.TreeEntry{Name: path.Base(change.Path), Mode: filemode.Regular, Hash: p.add(plumbing.BlobObject, change.Body)}
			if change.Executable {
				one.entry.Mode = filemode.Executable
			}
		}
		sorted = append(sorted, one)
	}
	slices.SortFunc(sorted, func(a, b leaf) int { return cmp.Compare(a.path, b.path) })
	root, _, err := tree.with(p, tree.root, sorted)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	commit, err := p.encode(&object.Commit{
		Author: o.Author.at(o.When), Committer: o.Committer.at(o.When), Message: o.Message, TreeHash: root, ParentHashes: []plumbing.Hash{w.head},
	})
	if err != nil {
		return plumbing.ZeroHash, err
	}
	if !exists(w.common, "objects/pack") {
		if err := w.common.Mkdir("objects/pack", 0o777); err != nil {
			return plumbing.ZeroHash, err
		}
	}
	return commit, p.write(osfs.New(w.common.Name(), osfs.WithBoundOS()))
}

// leaf is one file of a tree; without an entry it goes.
type leaf struct {
	path  string // from the folder of the tree
	entry *object.TreeEntry
}

// with writes a folder with other files in it; empty says that nothing is left.
func (t *Tree) with(p *pack, hash plumbing.Hash, leaves []leaf) (made plumbing.Hash, empty bool, err error) {
	tree := &object.Tree{}
	if !hash.IsZero() {
		was, err := t.folder(hash)
		if err != nil {
			return plumbing.ZeroHash, false, err
		}
		tree.Entries = slices.Clone(was.Entries)
	}
	for len(leaves) > 0 {
		name, _, isFolder := strings.Cut(leaves[0].path, "/")
		at := slices.IndexFunc(tree.Entries, func(e object.TreeEntry) bool { return e.Name == name })
		var old object.TreeEntry
		if at >= 0 {
			old = tree.Entries[at]
		}
		fresh := leaves[0].entry
		count := 1
		if isFolder {
			var below []leaf
			for count = 0; count < len(leaves) && strings.HasPrefix(leaves[count].path, name+"/"); count++ {
				below = append(below, leaf{leaves[count].path[len(name)+1:], leaves[count].entry})
			}
			folder := plumbing.ZeroHash
			if at >= 0 && old.Mode == filemode.Dir {
				folder = old.Hash
			}
			made, empty, err := t.with(p, folder, below)
			if err != nil {
				return plumbing.ZeroHash, false, err
			}
			if fresh = nil; !empty {
				fresh = &object.TreeEntry{Name: name, Mode: filemode.Dir, Hash: made}
			} else if at >= 0 && old.Mode != filemode.Dir {
				fresh = &old // nothing came in the place of the file
			}
		} else if fresh == nil && at >= 0 && old.Mode == filemode.Dir {
			fresh = &old // a folder came in the place of the file
		}
		leaves = leaves[count:]
		switch {
		case fresh == nil && at >= 0:
			tree.Entries = slices.Delete(tree.Entries, at, at+1)
		case fresh != nil && at >= 0:
			tree.Entries[at] = *fresh
		case fresh != nil:
			tree.Entries = append(tree.Entries, *fresh)
		}
	}
	slices.SortFunc(tree.Entries, func(a, b object.TreeEntry) int { return strings.Compare(sortName(a), sortName(b)) })
	made, err = p.encode(tree)
	return made, len(tree.Entries) == 0, err
}

// sortName is by what git sorts the entries of a tree.
func sortName(e object.TreeEntry) string {
	if e.Mode == filemode.Dir {
		return e.Name + "/"
	}
	return e.Name
}

// moveTo lets the branch, or a new one, be at the commit.
func (w *Work) moveTo(branch string, commit plumbing.Hash, o Options) error {
	name := "refs/heads/" + cmp.Or(branch, w.branch)
	if branch == "" {
		if now, _ := refIn(w.common, name); now != w.head {
			return Obstacle{Why: Busy}
		}
	}
	if err := replaceFile(w.common, name, commit.String()+"\n"); err != nil {
		return err
	}
	w.log(w.common, name, commit, o)
	w.log(w.own, "HEAD", commit, o)
	if branch == "" {
		return nil
	}
	return replaceFile(w.own, "HEAD", "ref: "+name+"\n")
}

// replaceFile writes a file of git by way of its lock, as git does.
func replaceFile(root *os.Root, name, text string) error {
	if err := root.MkdirAll(path.Dir(name), 0o777); err != nil {
		return err
	}
	file, err := root.OpenFile(name+".lock", writeNew, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return Obstacle{Why: Busy}
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, text)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, root.Remove(name+".lock"))
	}
	return root.Rename(name+".lock", name)
}

// log adds a line to a log of git, where git keeps one. That it does not succeed
// is no reason to have no commit.
func (w *Work) log(root *os.Root, name string, commit plumbing.Hash, o Options) {
	at := "logs/" + name
	if info, err := root.Lstat(at); err != nil || !info.Mode().IsRegular() {
		return
	}
	file, err := root.OpenFile(at, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return
	}
	defer file.Close()
	who := o.Committer.at(o.When)
	subject, _, _ := strings.Cut(o.Message, "\n")
	fmt.Fprintf(file, "%s %s %s <%s> %d %s\tcommit: %s\n", w.head, commit, who.Name, who.Email, who.When.Unix(), who.When.Format("-0700"), subject)
}

// Place is where the commit comes, for Identify.
func (w *Work) Place(branch string) Place {
	return Place{GitDir: w.own.Name(), Branch: cmp.Or(branch, w.branch)}
}
