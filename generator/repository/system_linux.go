package repository

import (
	"io/fs"
	"syscall"
	"time"

	"github.com/go-git/go-git/v5/plumbing/format/index"
)

// addSystemInfo adds what git compares besides time and size.
func addSystemInfo(entry *index.Entry, info fs.FileInfo) {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		entry.CreatedAt = time.Unix(stat.Ctim.Unix())
		entry.Dev, entry.Inode = uint32(stat.Dev), uint32(stat.Ino) // #nosec G115 -- The width of the format of Git, which cuts off too.
		entry.UID, entry.GID = stat.Uid, stat.Gid
	}
}
