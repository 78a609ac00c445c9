package tree

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// asideName is the folder in the staging folder for what gives way.
const asideName = "aside"

// moveEntries moves what is in the tree to the folder that holds the staging
// folder, and back again when something goes wrong. These are some thirty
// renames instead of one: only a process that is killed in that millisecond
// leaves a part, and the next run then finds the folder not empty.
func (w writer) moveEntries(s *staging) (err error) {
	moves, err := w.moves(s)
	if err != nil {
		return err
	}
	var undo []func() error
	defer func() {
		if err == nil {
			return
		}
		for _, back := range slices.Backward(undo) {
			err = errors.Join(err, back())
		}
	}()
	for _, name := range moves {
		if err := w.step("rename", name); err != nil {
			return err
		}
		back, err := w.giveWay(s, name)
		if err != nil {
			return err
		}
		if back != nil {
			undo = append(undo, back)
		}
		made, err := w.makeFolder(s, path.Dir(name))
		for _, folder := range made {
			undo = append(undo, func() error { return s.parent.Remove(folder) })
		}
		if err != nil {
			return err
		}
		staged := path.Join(s.name, treeName, name)
		if err := s.parent.Rename(staged, name); err != nil {
			return err
		}
		undo = append(undo, func() error { return s.parent.Rename(name, staged) })
	}
	return nil
}

// moves lists what moves: whole entries, and inside a folder that stays each
// file of its own. What stays comes last: the name of a branch leads to the first
// commit only when all of it is there.
func (w writer) moves(s *staging) (names []string, err error) {
	tree := path.Join(s.name, treeName)
	entries, err := fs.ReadDir(s.parent.FS(), tree)
	if err != nil {
		return nil, err
	}
	var last []string
	for _, entry := range entries {
		if !entry.IsDir() || !slices.Contains(w.beside.Keep, entry.Name()) {
			names = append(names, entry.Name())
			continue
		}
		err := fs.WalkDir(s.parent.FS(), path.Join(tree, entry.Name()), func(at string, below fs.DirEntry, err error) error {
			if err == nil && !below.IsDir() {
				last = append(last, strings.TrimPrefix(at, tree+"/"))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return append(names, last...), nil
}

// giveWay moves a file aside that the plan replaces, if it is still what it was.
// Anything else that lies there stays.
func (w writer) giveWay(s *staging, name string) (undo func() error, err error) {
	if _, err := s.parent.Lstat(name); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	known, replaced := w.beside.Replace[name]
	if !replaced {
		return nil, fmt.Errorf("%s: %w", name, ErrNotEmpty)
	}
	aside := path.Join(s.name, asideName, strings.ReplaceAll(name, "/", "!"))
	if err := s.parent.Mkdir(path.Dir(aside), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	if err := s.parent.Rename(name, aside); err != nil {
		return nil, err
	}
	undo = func() error { return s.parent.Rename(aside, name) }
	if now, err := s.readSmall(aside, len(known)); err != nil || !bytes.Equal(now, known) {
		return nil, errors.Join(fmt.Errorf("%s: %w", name, ErrNotEmpty), undo())
	}
	return undo, nil
}

// readSmall reads a regular file up to just past the size that it should have.
func (s *staging) readSmall(name string, size int) ([]byte, error) {
	if info, err := s.parent.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return nil, errors.Join(err, errNotRegular)
	}
	file, err := s.parent.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, int64(size)+1))
}

var errNotRegular = errors.New("not a regular file")

// makeFolder makes what is missing of a folder, and returns what it made. What is
// there has to be a real folder: a link would lead elsewhere.
func (w writer) makeFolder(s *staging, name string) (made []string, err error) {
	at := ""
	for part := range strings.SplitSeq(name, "/") {
		if part == "." {
			continue
		}
		at = path.Join(at, part)
		switch info, err := s.parent.Lstat(at); {
		case errors.Is(err, fs.ErrNotExist):
			if err := s.parent.Mkdir(at, 0o777); err != nil {
				return made, err
			}
			made = append(made, at)
		case err != nil:
			return made, err
		case !info.IsDir():
			return made, fmt.Errorf("%s: %w", filepath.FromSlash(at), errNotFolder)
		}
	}
	return made, nil
}
