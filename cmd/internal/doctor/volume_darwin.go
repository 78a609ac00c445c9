package doctor

import (
	"fmt"
	"slices"
	"syscall"
)

// Flags of a file system of macOS.
const (
	noExec  = 0x4
	isLocal = 0x1000
)

func volume(path string) (Volume, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(path, &stat); err != nil {
		return Volume{}, fmt.Errorf("%s: %w", path, err)
	}
	var name []byte
	for _, c := range stat.Fstypename {
		if c == 0 {
			break
		}
		name = append(name, byte(c))
	}
	kind := string(name)
	remote := stat.Flags&isLocal == 0 || slices.Contains([]string{"smbfs", "nfs", "afpfs", "webdav"}, kind)
	return Volume{Free: stat.Bavail * uint64(stat.Bsize), Kind: kind, Remote: remote, NoExec: stat.Flags&noExec != 0}, nil
}
