package tree

import (
	"errors"
	"io"
)

// ErrLocked says that another process has the lock of a folder.
var ErrLocked = errors.New("tree: another process works in this folder")

// Lock takes the lock of a folder, which ends with the process however that
// ends. On a system without such locks it always succeeds.
func Lock(path string) (io.Closer, error) {
	lock := lockFolder(path)
	if lock != nil {
		return lock, nil
	}
	if canLock {
		return nil, ErrLocked
	}
	return io.NopCloser(nil), nil
}
