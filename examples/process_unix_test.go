//go:build unix

package examples_test

import "syscall"

// ownGroup starts a command so that Ctrl-C can reach all that it starts.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func signalGroup(pid int, signal syscall.Signal) error { return syscall.Kill(-pid, signal) }
