// Package repository makes the first commit of a component. It is the only
// place that knows go-git. The bytes of all files are at hand when a component
// has just been written, so nothing is read back from disk: objects go into one
// pack, and the index gets the file information that writing gave.
package repository

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"runtime"
	"time"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/format/index"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// Branch is the branch of the first commit.
const Branch = "main"

// File is one file of the commit, which lies on disk already.
type File struct {
	Path       string // slash-separated
	Executable bool
	Body       []byte
	Info       fs.FileInfo // of the file on disk
}

// Options says who commits what for which reason.
type Options struct {
	Author    Identity
	Committer Identity
	Message   string
	When      time.Time
}

// Commit makes dir a Git repository with one commit of the files, which must
// be sorted by path, and returns the commit's hash. The files are not changed;
// git status is clean afterwards.
func Commit(dir string, files []File, o Options) (string, error) {
	repo, err := git.PlainInitWithOptions(dir, &git.PlainInitOptions{
		InitOptions: git.InitOptions{DefaultBranch: plumbing.NewBranchReferenceName(Branch)},
	})
	if err != nil {
		return "", fmt.Errorf("cannot make a Git repository in %s: %w", dir, err)
	}
	if err := configure(repo); err != nil {
		return "", err
	}
	store, ok := repo.Storer.(*filesystem.Storage)
	if !ok {
		return "", errors.New("the Git repository is not on disk")
	}
	entries, commit, err := writeObjects(store, files, o)
	if err != nil {
		return "", err
	}
	if err := store.SetIndex(&index.Index{Version: 2, Entries: entries}); err != nil {
		return "", err
	}
	branch := plumbing.NewHashReference(plumbing.NewBranchReferenceName(Branch), commit)
	if err := store.SetReference(branch); err != nil {
		return "", err
	}
	return commit.String(), nil
}

// configure sets what git init would have found out about the file system.
func configure(repo *git.Repository) error {
	cfg, err := repo.Config()
	if err != nil {
		return err
	}
	core := cfg.Raw.Section("core")
	core.SetOption("repositoryformatversion", "0")
	switch runtime.GOOS {
	case "windows":
		core.SetOption("filemode", "false")
		core.SetOption("symlinks", "false")
		core.SetOption("ignorecase", "true")
	case "darwin":
		core.SetOption("filemode", "true")
		core.SetOption("ignorecase", "true")
		core.SetOption("precomposeunicode", "true")
	default:
		core.SetOption("filemode", "true")
	}
	core.SetOption("logallrefupdates", "true")
	return repo.SetConfig(cfg)
}

// writeObjects writes blobs, trees and the commit, and returns the entries of
// the index and the hash of the commit.
func writeObjects(store *filesystem.Storage, files []File, o Options) ([]*index.Entry, plumbing.Hash, error) {
	pack := newPack()
	entries := addBlobs(pack, files)
	hash, err := addCommit(pack, entries, o, plumbing.ZeroHash)
	if err != nil {
		return nil, plumbing.ZeroHash, err
	}
	return entries, hash, pack.write(store.Filesystem())
}

// addBlobs adds the files, and returns their entries of the index.
func addBlobs(pack *pack, files []File) []*index.Entry {
	entries := make([]*index.Entry, len(files))
	for i, file := range files {
		entries[i] = entryOf(file, pack.add(plumbing.BlobObject, file.Body))
	}
	return entries
}

// addCommit adds the trees and the commit of the entries, which are sorted.
func addCommit(pack *pack, entries []*index.Entry, o Options, parent plumbing.Hash) (plumbing.Hash, error) {
	root, err := addTree(pack, entries, "")
	if err != nil {
		return plumbing.ZeroHash, err
	}
	commit := &object.Commit{
		Author:    o.Author.at(o.When),
		Committer: o.Committer.at(o.When),
		Message:   o.Message,
		TreeHash:  root,
	}
	if !parent.IsZero() {
		commit.ParentHashes = []plumbing.Hash{parent}
	}
	return pack.encode(commit)
}

// entryOf makes the index entry of a file. With the file's own times, size and
// inode in it, git has no reason to read the file again.
func entryOf(file File, hash plumbing.Hash) *index.Entry {
	mode := filemode.Regular
	if file.Executable {
		mode = filemode.Executable
	}
	entry := &index.Entry{Name: file.Path, Hash: hash, Mode: mode, Size: uint32(len(file.Body))} // #nosec G115 -- Git keeps the low 32 bits of a size.
	if file.Info != nil {
		entry.ModifiedAt = file.Info.ModTime()
		entry.Size = uint32(file.Info.Size()) // #nosec G115 -- Git keeps the low 32 bits of a size. That of the file on disk, of which lines may end in CRLF.
		addSystemInfo(entry, file.Info)
	}
	return entry
}

// notInSignature are the characters that would end a name or address early.
var notInSignature = regexp.MustCompile(`[<>\x00-\x1f]`)

func (i Identity) at(when time.Time) object.Signature {
	return object.Signature{
		Name:  notInSignature.ReplaceAllString(i.Name, ""),
		Email: notInSignature.ReplaceAllString(i.Email, ""),
		When:  when,
	}
}

// gitDir is the folder of Git's own files in a repository.
func gitDir(dir string) string { return filepath.Join(dir, git.GitDirName) }
