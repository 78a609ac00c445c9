package bundle

import (
	"syscall"
	"unsafe"
)

var diskFree = syscall.NewLazyDLL("kernel32.dll").NewProc("GetDiskFreeSpaceExW")

// free is what may still be written in a folder.
func free(dir string) (int64, bool) {
	path, err := syscall.UTF16PtrFromString(dir)
	if err != nil || diskFree.Find() != nil {
		return 0, false
	}
	var available uint64
	ok, _, _ := diskFree.Call(uintptr(unsafe.Pointer(path)), uintptr(unsafe.Pointer(&available)), 0, 0)
	return int64(min(available, 1<<62)), ok != 0
}
