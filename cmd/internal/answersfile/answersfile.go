// Package answersfile reads an answers file for a command, from disk or from
// standard input, together with the folder of the files that it names.
package answersfile

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// Stdin is the name that stands for standard input.
const Stdin = "-"

// maxBytes is one more than the largest file that answers.Parse reads, so that
// it can see that a file is too large.
const maxBytes = 1<<20 + 1

// File is an answers file.
type File struct {
	Document *answers.Document // its Problems say what is wrong with its form
	folder   *os.Root
}

// Open reads the answers file with this name. The error is for people.
func Open(ctx context.Context, in io.Reader, t *text.Catalogue, name string) (*File, error) {
	data, err := read(ctx, in, name)
	if err == nil {
		var f *File
		if f, err = In(folderOf(name)); err == nil {
			f.Document, _ = answers.Parse(name, data)
			return f, nil
		}
	}
	if errors.Is(err, context.Canceled) {
		return nil, err
	}
	return nil, failure.Usage{Text: t.T("answers.unreadable", name, Reason(t, err)), Hint: "fieldlab answers example"}
}

// In gives a file without content yet, in a folder.
func In(folder string) (*File, error) {
	root, err := os.OpenRoot(folder)
	return &File{folder: root}, err
}

// Files is the folder of the answers file. A name that leads out of it, also
// through a symbolic link, is an error.
func (f *File) Files() fs.FS { return f.folder.FS() }

// Close lets go of the folder.
func (f *File) Close() {
	if f.folder != nil {
		_ = f.folder.Close()
	}
}

func folderOf(name string) string {
	if name == Stdin {
		return "."
	}
	return filepath.Dir(name)
}

func read(ctx context.Context, in io.Reader, name string) ([]byte, error) {
	if name == Stdin {
		return terminal.ReadAll(ctx, io.LimitReader(in, maxBytes))
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return terminal.ReadAll(ctx, io.LimitReader(file, maxBytes)) // may be a pipe that says nothing
}

// Reason is the cause of an error in the language of the user, without the name
// of the file, which is in the sentence around it already.
func Reason(t *text.Catalogue, err error) string {
	var path *fs.PathError
	switch {
	case errors.Is(err, syscall.ELOOP):
		return t.T("reason.link")
	case errors.Is(err, fs.ErrInvalid):
		return t.T("reason.irregular")
	case errors.Is(err, fs.ErrNotExist):
		return t.T("reason.absent")
	case errors.Is(err, fs.ErrPermission):
		return t.T("reason.denied")
	case errors.Is(err, syscall.ENAMETOOLONG):
		return t.T("reason.too-long")
	case errors.Is(err, syscall.ENOTDIR):
		return t.T("reason.not-folder")
	case errors.Is(err, syscall.EROFS):
		return t.T("reason.read-only")
	case errors.Is(err, syscall.ENOSPC):
		return t.T("reason.full")
	case errors.As(err, &path):
		if info, statErr := os.Stat(path.Path); statErr == nil && info.IsDir() {
			return t.T("reason.folder")
		}
		return path.Err.Error()
	}
	return err.Error()
}
