package doctor

import (
	"fmt"
	"path/filepath"
	"syscall"
	"unsafe"
)

var (
	kernel32  = syscall.NewLazyDLL("kernel32.dll")
	freeSpace = kernel32.NewProc("GetDiskFreeSpaceExW")
	driveType = kernel32.NewProc("GetDriveTypeW")
)

// driveRemote is what GetDriveTypeW says of a drive of the network.
const driveRemote = 4

func volume(path string) (Volume, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return Volume{}, err
	}
	var free uint64
	if ok, _, err := freeSpace.Call(uintptr(unsafe.Pointer(name)), uintptr(unsafe.Pointer(&free)), 0, 0); ok == 0 {
		return Volume{}, fmt.Errorf("%s: %w", path, err)
	}
	v := Volume{Free: free}
	if root, err := syscall.UTF16PtrFromString(filepath.VolumeName(path) + `\`); err == nil {
		kind, _, _ := driveType.Call(uintptr(unsafe.Pointer(root)))
		v.Remote = kind == driveRemote
	}
	return v, nil
}
