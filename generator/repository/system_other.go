//go:build !linux && !darwin

package repository

import (
	"io/fs"

	"github.com/go-git/go-git/v5/plumbing/format/index"
)

// addSystemInfo has nothing to add here: git then reads each file once and
// completes the index itself.
func addSystemInfo(*index.Entry, fs.FileInfo) {}
