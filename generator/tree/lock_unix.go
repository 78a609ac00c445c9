//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package tree

import (
	"io"
	"io/fs"
	"os"
	"syscall"
)

// canLock says that lockFolder really locks.
const canLock = true

// lockFolder takes the lock of a folder, which ends with the process however
// that ends. It returns nil when another process has it.
func lockFolder(path string) io.Closer {
	dir, err := os.Open(path)
	if err != nil {
		return nil
	}
	if err := syscall.Flock(int(dir.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		dir.Close()
		return nil
	}
	return dir
}

// sameDevice says whether both lie on the same file system.
func sameDevice(a, b fs.FileInfo) bool {
	first, ok := a.Sys().(*syscall.Stat_t)
	second, also := b.Sys().(*syscall.Stat_t)
	return ok && also && first.Dev == second.Dev
}
