//go:build !windows

package main

import (
	"os/exec"
	"syscall"
)

func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
func interruptGroup(pid int) { _ = syscall.Kill(-pid, syscall.SIGINT) }
func killGroup(pid int)      { _ = syscall.Kill(-pid, syscall.SIGKILL) }
