package repository

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing/format/index"
)

// Commit prepares, in the stage of a component, the commit of the files, which
// must be sorted by path, with those of the team that stay. What comes in .git
// lies in the .git of the stage, for tree to put in place; root is the folder
// of the clone. It returns the hash of the commit.
func (c *Clone) Commit(root, stage string, files []File, o Options) (string, error) {
	pack := newPack()
	entries, err := c.entries(pack, root, files)
	if err != nil {
		return "", err
	}
	commit, err := addCommit(pack, entries, o, c.parent)
	if err != nil {
		return "", err
	}
	for _, folder := range []string{"objects/pack", filepath.Dir("refs/heads/" + c.Branch)} {
		if err := os.MkdirAll(filepath.Join(gitDir(stage), folder), 0o777); err != nil {
			return "", err
		}
	}
	git := osfs.New(gitDir(stage), osfs.WithBoundOS())
	if err := pack.write(git); err != nil {
		return "", err
	}
	if err := c.write(stage, "index", func(w io.Writer) error {
		return index.NewEncoder(w).Encode(&index.Index{Version: 2, Entries: entries})
	}); err != nil {
		return "", err
	}
	return commit.String(), c.write(stage, "refs/heads/"+c.Branch, func(w io.Writer) error {
		_, err := io.WriteString(w, commit.String()+"\n")
		return err
	})
}

// write writes a file in the .git of the stage.
func (c *Clone) write(stage, name string, body func(io.Writer) error) (err error) {
	file, err := os.OpenFile(filepath.Join(gitDir(stage), filepath.FromSlash(name)), writeNew, 0o666)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return body(file)
}

// entries are those of the index: the files of the component, and those of the
// team that it does not have.
func (c *Clone) entries(pack *pack, root string, files []File) ([]*index.Entry, error) {
	entries := addBlobs(pack, files)
	for _, kept := range c.kept {
		if slices.ContainsFunc(files, func(f File) bool { return f.Path == kept.Name }) {
			continue
		}
		entry := &index.Entry{Name: kept.Name, Hash: kept.Hash, Mode: kept.Mode}
		info, err := os.Lstat(filepath.Join(root, kept.Name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, err
		default:
			entry.Size, entry.ModifiedAt = uint32(info.Size()), info.ModTime() // #nosec G115 -- Git keeps the low 32 bits of a size.
			addSystemInfo(entry, info)
		}
		entries = append(entries, entry)
	}
	slices.SortFunc(entries, func(a, b *index.Entry) int { return strings.Compare(a.Name, b.Name) })
	return entries, nil
}
