package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// The numbers with which Windows says that a disk is full or cannot be written.
const (
	windowsWriteProtect   = syscall.Errno(19)
	windowsHandleDiskFull = syscall.Errno(39)
	windowsDiskFull       = syscall.Errno(112)
)

// reason turns what the system says of a folder into a sentence that tells what to
// do; other errors stay as they are.
func reason(dir string, err error) error {
	windows := func(number syscall.Errno) bool { return runtime.GOOS == "windows" && errors.Is(err, number) }
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), windows(windowsDiskFull), windows(windowsHandleDiskFull):
		return &Error{Key: "bundle.full", Args: []any{dir}, Err: err}
	case errors.Is(err, syscall.EROFS), windows(windowsWriteProtect):
		return &Error{Key: "bundle.read-only", Args: []any{dir}, Err: err}
	case errors.Is(err, fs.ErrPermission):
		return &Error{Key: "bundle.forbidden", Args: []any{dir}, Err: err}
	}
	return err
}

// cluster is what a stick takes at least for a file, however small.
const cluster = 32 << 10

// enough refuses a place where the files do not fit. What cannot be asked is found
// out by writing.
func enough(dir string, items []item) error {
	var need int64
	for _, i := range items {
		need += (i.size + cluster - 1) / cluster * cluster
	}
	return room(dir, need+need/50)
}

func room(dir string, need int64) error {
	existing := dir
	for _, err := os.Stat(existing); err != nil && filepath.Dir(existing) != existing; _, err = os.Stat(existing) {
		existing = filepath.Dir(existing)
	}
	if free, known := free(existing); known && free < need {
		return refuse("bundle.small", dir, megabytes(need), megabytes(free))
	}
	return nil
}

// megabytes writes a size as a person says it.
func megabytes(n int64) string {
	if n >= 10<<30 {
		return fmt.Sprintf("%d GB", n>>30)
	}
	return fmt.Sprintf("%d MB", (n+(1<<20)-1)>>20)
}
