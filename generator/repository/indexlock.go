package repository

import (
	"errors"
	"io/fs"
	"os"

	"github.com/go-git/go-git/v5/plumbing/format/index"
)

// indexLock is the lock of the index, which becomes the index, as with Git.
type indexLock struct {
	own  *os.Root
	file *os.File
	done bool
}

// lockIndex takes the lock of the index, or says that somebody has it.
func (w *Work) lockIndex() (*indexLock, error) {
	file, err := w.own.OpenFile("index.lock", writeNew, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return nil, Obstacle{Why: Busy}
	}
	if err != nil {
		return nil, err
	}
	return &indexLock{own: w.own, file: file}, nil
}

// release gives up a lock that did not become the index.
func (l *indexLock) release() {
	_ = l.file.Close()
	if !l.done {
		_ = l.own.Remove("index.lock")
	}
}

// fill writes what the index will be.
func (l *indexLock) fill(staged *index.Index) error {
	return errors.Join(index.NewEncoder(l.file).Encode(staged), l.file.Close())
}

// become makes what was written the index.
func (l *indexLock) become() error {
	err := l.own.Rename("index.lock", "index")
	l.done = err == nil
	return err
}
