package bundle

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// source is where a bundle is: a folder, or the laptop of the trainer.
type source interface {
	// open gives a file from a byte on.
	open(ctx context.Context, name string, from int64) (io.ReadCloser, error)
	// tries is how often a file is asked for, without any of it coming in, before it
	// is given up.
	tries() int
	String() string
	Close() error
}

// openSource looks at what somebody typed.
func openSource(where string) (source, error) {
	if strings.HasPrefix(where, "http://") || strings.HasPrefix(where, "https://") {
		return newWeb(where)
	}
	root, err := os.OpenRoot(where)
	if err != nil {
		return nil, none(where, err)
	}
	return &folder{root: root, dir: where}, nil
}

type folder struct {
	root *os.Root
	dir  string
}

func (f *folder) open(_ context.Context, name string, from int64) (io.ReadCloser, error) {
	if info, err := f.root.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return nil, refuse("bundle.changed", name)
	}
	file, err := f.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) && name != SumsFile && name != File {
		return nil, &Error{Key: "bundle.gone", Args: []any{name}, Err: err}
	}
	if err != nil {
		return nil, err
	}
	if _, err := file.Seek(from, io.SeekStart); err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func (f *folder) tries() int     { return 1 }
func (f *folder) String() string { return f.dir }
func (f *folder) Close() error   { return f.root.Close() }

// small reads a small file of a source, more than once when that is of use.
func small(ctx context.Context, s source, name string) (body []byte, err error) {
	err = again(ctx, min(s.tries(), 4), func() (bool, error) { // an address with nothing behind it shows soon
		from, err := s.open(ctx, name, 0)
		if err != nil {
			return false, err
		}
		defer from.Close()
		body, err = io.ReadAll(io.LimitReader(from, mostManifest+1))
		if err == nil && len(body) > mostManifest {
			err = refuse("bundle.damaged", name, fmt.Sprintf("> %d MB", mostManifest>>20))
		}
		return false, err
	})
	return body, err
}

// again tries something until it fails a number of times in a row, with a pause that
// grows. Work says whether it came further: then the network is bad but there. An
// answer that is final is not asked for again.
func again(ctx context.Context, tries int, work func() (further bool, err error)) error {
	for try := 1; ; try++ {
		further, err := work()
		var final *Error
		if further {
			try = 1
		}
		if err == nil || ctx.Err() != nil || try >= tries || errors.As(err, &final) || errors.Is(err, fs.ErrNotExist) {
			return errors.Join(ctx.Err(), err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause * time.Duration(try)):
		}
	}
}

// pause is how long a bad network gets to come back, for each time it failed.
var pause = time.Second

// piece is a file of a bundle that is to come to this machine.
type piece struct {
	name string // in the bundle
	sum  string
	size int64
	to   string // on this machine
}

// fetch brings a file of the bundle into a folder of this machine, after its sum.
// What is there already stays; what came halfway goes on where it stopped. Two that
// fetch the same do not get in each other's way: the part has a name of its own, but
// for when nobody works on it.
func fetch(ctx context.Context, s source, root *os.Root, p piece) error {
	if has, _, err := sumOfFile(root.FS(), p.to); err == nil && has == p.sum {
		return nil
	}
	if err := root.MkdirAll(filepath.Dir(filepath.FromSlash(p.name)), 0o755); err != nil {
		return err
	}
	idle, part := p.name+".deel", p.name+".deel-"+rand.Text()[:8]
	_ = root.Rename(idle, part) // most of the time there is none
	err := again(ctx, s.tries(), func() (bool, error) { return proceed(ctx, s, root, p, part) })
	if err != nil {
		_ = root.Rename(part, idle)
		return err
	}
	return patiently(func() error { return root.Rename(part, p.to) })
}

// proceed adds to the part of a file that is there, until it is as it should be. It
// says whether something was added that stays.
func proceed(ctx context.Context, s source, root *os.Root, p piece, part string) (further bool, err error) {
	hash, have, err := begun(root, part, p.size)
	if err != nil {
		return false, err
	}
	from, err := s.open(ctx, p.name, have)
	if err != nil {
		return false, err
	}
	defer from.Close()
	file, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return false, err
	}
	// One byte more than there should be is enough to know that it is wrong.
	n, err := io.CopyBuffer(struct{ io.Writer }{io.MultiWriter(file, hash)}, io.LimitReader(from, p.size-have+1), make([]byte, 256<<10))
	if err = errors.Join(err, file.Close()); err != nil {
		return n > 0, err
	}
	got := have + n
	if got < p.size && s.tries() > 1 {
		return n > 0, fmt.Errorf("%s: %w", p.name, io.ErrUnexpectedEOF) // and go on from there
	}
	if got == p.size && hex.EncodeToString(hash.Sum(nil)) == p.sum {
		return true, nil
	}
	if err := root.Remove(part); err != nil {
		return false, err
	}
	if have > 0 {
		return false, fmt.Errorf("%s: %w", p.name, io.ErrUnexpectedEOF) // the beginning may be of another time
	}
	if got < p.size {
		return false, refuse("bundle.cut-off", p.name)
	}
	return false, refuse("bundle.changed", p.name)
}

// begun is the sum so far of what came before.
func begun(root *os.Root, part string, size int64) (hash interface {
	io.Writer
	Sum([]byte) []byte
}, have int64, err error) {
	fresh := sha256.New()
	info, err := root.Lstat(part)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, 0, nil
	}
	if err != nil {
		return fresh, 0, err
	}
	if !info.Mode().IsRegular() || info.Size() >= size {
		return fresh, 0, root.Remove(part)
	}
	file, err := root.Open(part)
	if err != nil {
		return fresh, 0, err
	}
	defer file.Close()
	have, err = io.Copy(fresh, file)
	return fresh, have, err
}
