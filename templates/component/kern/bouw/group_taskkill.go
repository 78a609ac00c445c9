//go:build windows

package main

import (
	"os/exec"
	"strconv"
	"syscall"
)

func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

// interruptGroup ends the program and what it started: Windows gives Ctrl-C to a
// console only, and go run does not hand it on.
func interruptGroup(pid int) { killGroup(pid) }

func killGroup(pid int) {
	// #nosec G204 -- Only the number differs.
	_ = exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run()
}
