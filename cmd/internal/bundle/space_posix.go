//go:build linux || darwin

package bundle

import "syscall"

// free is what may still be written in a folder.
func free(dir string) (int64, bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return 0, false
	}
	// #nosec G115 -- Free space; the types differ per system.
	return int64(stat.Bavail) * int64(stat.Bsize), true //nolint:unconvert // see above
}
