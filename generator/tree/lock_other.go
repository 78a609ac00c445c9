//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package tree

import (
	"io"
	"io/fs"
)

// canLock says that there are no locks on folders here; the age of a staging
// folder decides.
const canLock = false

func lockFolder(string) io.Closer { return nil }

// sameDevice cannot be known here; a rename that turns out impossible fails
// and leaves nothing behind.
func sameDevice(_, _ fs.FileInfo) bool { return true }
