package doctor

import (
	"fmt"
	"syscall"
)

// remoteKinds are the file systems of Linux that are elsewhere, by their number.
var remoteKinds = map[int64]string{
	0x6969: "NFS", 0xff534d42: "CIFS", 0xfe534d42: "SMB", 0x517b: "SMB", 0x01021997: "9p", 0x5346414f: "AFS", 0x73757245: "Coda", 0x00c36400: "Ceph",
}

// noExec is the flag of a place whose programs do not run.
const noExec = 0x8

func volume(path string) (Volume, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(path, &stat); err != nil {
		return Volume{}, fmt.Errorf("%s: %w", path, err)
	}
	kind := remoteKinds[int64(uint32(stat.Type))]                                                                              // #nosec G115 -- A number of a kind of disk, whatever its sign.
	return Volume{Free: stat.Bavail * uint64(stat.Bsize), Kind: kind, Remote: kind != "", NoExec: stat.Flags&noExec != 0}, nil // #nosec G115 -- The size of a block.
}
