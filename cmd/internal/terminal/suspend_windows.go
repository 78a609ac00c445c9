package terminal

import "syscall"

// Suspend does nothing: this system has no jobs.
func Suspend() {}

// consoleMoves has the console follow the marks that move a cursor, and says
// whether it does.
func consoleMoves(fd uintptr) (moves, known bool) {
	const virtualTerminal = 0x4
	var mode uint32
	if syscall.GetConsoleMode(syscall.Handle(fd), &mode) != nil {
		return false, true
	}
	set := syscall.NewLazyDLL("kernel32.dll").NewProc("SetConsoleMode")
	done, _, _ := set.Call(fd, uintptr(mode|virtualTerminal))
	return done != 0, true
}
