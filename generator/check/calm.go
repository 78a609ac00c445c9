package check

import (
	"io/fs"
	"os"
	"syscall"
)

// calmFS are the files of a folder, without those that make who opens them wait: a pipe
// that nobody writes into would hold up the whole check, and no context ends that.
type calmFS struct{ root *os.Root }

// Open opens a file or a folder; what is something else is not opened.
func (c calmFS) Open(name string) (fs.File, error) {
	f, err := OpenCalm(c.root, name)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Stat describes what is at a path, behind a link too.
func (c calmFS) Stat(name string) (fs.FileInfo, error) { return c.root.Stat(name) }

// Lstat describes what is at a path.
func (c calmFS) Lstat(name string) (fs.FileInfo, error) { return c.root.Lstat(name) }

// ReadLink says where a link leads.
func (c calmFS) ReadLink(name string) (string, error) { return c.root.Readlink(name) }

// OpenCalm opens a file or a folder to read, and nothing that is something else. It is
// asked of what is opened, not of what lay there a moment before.
func OpenCalm(root *os.Root, name string) (*os.File, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// ReadCalm reads a file of at most limit bytes, as OpenCalm opens it.
func ReadCalm(root *os.Root, name string, limit int64) ([]byte, error) {
	return (&Repo{root: calmFS{root}}).Read(name, limit)
}
