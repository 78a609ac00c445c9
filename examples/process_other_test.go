//go:build !unix

package examples_test

import "syscall"

// Where there are no process groups, needShell skips the tests that need them.
func ownGroup() *syscall.SysProcAttr { return nil }

func signalGroup(int, syscall.Signal) error { return nil }
