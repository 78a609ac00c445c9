package toegang

import (
	"crypto/sha256"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// lookEvery is how long after a change a file is read again at the latest.
const lookEvery = 5 * time.Second

// watched is what some files say. They are read again, when somebody asks, after
// they changed: a cluster replaces the files of a secret under a program that
// runs. What is wrong with the new ones is written in the log, and the old ones
// hold.
type watched[T any] struct {
	files []settingFile
	read  func(content [][]byte) (*T, error)
	log   *slog.Logger
	every time.Duration

	value atomic.Pointer[T]
	next  atomic.Int64 // when to look again, as UnixNano
	mu    sync.Mutex
	sum   [sha256.Size]byte // of what was read last
}

// settingFile is a file with the setting that names it.
type settingFile struct{ setting, path string }

// watch reads the files for the first time.
func watch[T any](files []settingFile, log *slog.Logger, read func([][]byte) (*T, error)) (*watched[T], error) {
	w := &watched[T]{files: files, read: read, log: log, every: lookEvery}
	content, err := w.content()
	if err != nil {
		return nil, err
	}
	value, err := read(content)
	if err != nil {
		return nil, err
	}
	w.value.Store(value)
	w.sum = sumOf(content)
	w.next.Store(time.Now().Add(w.every).UnixNano())
	return w, nil
}

// get is what the files say now.
func (w *watched[T]) get() *T {
	if now := time.Now().UnixNano(); now >= w.next.Load() && w.mu.TryLock() {
		w.look()
		w.next.Store(time.Now().Add(w.every).UnixNano())
		w.mu.Unlock()
	}
	return w.value.Load()
}

// again looks at the files at once.
func (w *watched[T]) again() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.look()
}

func (w *watched[T]) look() {
	content, err := w.content()
	sum := sumOf(content)
	if sum == w.sum {
		return // as it was, also when that was wrong: that has been said
	}
	w.sum = sum
	var value *T
	if err == nil {
		value, err = w.read(content)
	}
	if err != nil {
		w.log.Warn("een gewijzigd bestand klopt niet; wat er stond blijft gelden", "instelling", w.settings(), "fout", err)
		return
	}
	w.value.Store(value)
	w.log.Info("een gewijzigd bestand is opnieuw gelezen", "instelling", w.settings())
}

// settings are those that name the files, for the log.
func (w *watched[T]) settings() string {
	var all []string
	for _, file := range w.files {
		all = append(all, file.setting)
	}
	return strings.Join(all, ", ")
}

// maxFile is larger than any of the files.
const maxFile = 1 << 20

// unreadable says why a file cannot be read.
func unreadable(path string, err error) string {
	switch {
	case errors.Is(err, os.ErrNotExist):
		return path + " is er niet"
	case errors.Is(err, os.ErrPermission):
		return path + " mag het component niet lezen"
	case errors.Is(err, errLarge):
		return path + " is groter dan 1 MiB"
	}
	return path + " is niet te lezen"
}

var errLarge = errors.New("too large")

// content reads the files; the error names each that cannot be read.
func (w *watched[T]) content() (all [][]byte, err error) {
	var faults Faults
	for _, file := range w.files {
		raw, wrong := readFile(file.path)
		if wrong != nil {
			faults = append(faults, file.setting+": "+unreadable(file.path, wrong))
		}
		all = append(all, raw)
	}
	return all, faults.orNil()
}

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() { // a pipe would be waited for
		return nil, os.ErrInvalid
	}
	file, err := os.Open(path) // #nosec G304 -- A setting names the file.
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err == nil && len(raw) > maxFile {
		return nil, errLarge
	}
	return raw, err
}

func sumOf(content [][]byte) (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, raw := range content {
		one := sha256.Sum256(raw)
		_, _ = h.Write(one[:])
	}
	h.Sum(sum[:0])
	return sum
}
