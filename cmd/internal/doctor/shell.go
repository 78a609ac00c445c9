package doctor

import (
	"regexp"
	"strings"
)

// shell is the one in which somebody types.
type shell int

const (
	posix shell = iota
	powershell
	cmd
)

// shell guesses it. On Windows there are three: Git Bash says so itself, and in
// PowerShell the own modules of the person are on PSModulePath, which cmd does not
// know of.
func (w *World) shell() shell {
	switch {
	case w.OS != windows, w.Env("MSYSTEM") != "":
		return posix
	case strings.Contains(strings.ToLower(w.Env("PSModulePath")), `\documents\`):
		return powershell
	case w.Env("PROMPT") != "":
		return cmd
	}
	return powershell
}

// plain is an argument that no shell takes for something else.
var plain = regexp.MustCompile(`^[A-Za-z0-9_./@:=+,-]+$`)

// quote makes one argument of a text, for the shell in which it is typed.
func (w *World) quote(text string) string {
	safe := plain.MatchString(text) || w.shell() != posix && plain.MatchString(strings.ReplaceAll(text, `\`, "/"))
	if safe {
		return text
	}
	switch w.shell() {
	case powershell:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	case cmd:
		return `"` + strings.ReplaceAll(text, `"`, "") + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// set gives a variable a value until the window closes.
func (w *World) set(name, value string) string {
	switch w.shell() {
	case powershell:
		return "$env:" + name + " = '" + strings.ReplaceAll(value, "'", "''") + "'"
	case cmd:
		return `set "` + name + "=" + strings.ReplaceAll(value, `"`, "") + `"`
	}
	return "export " + name + "=" + w.quote(value)
}

// unset takes a variable away until the window closes.
func (w *World) unset(name string) string {
	switch w.shell() {
	case powershell:
		return "Remove-Item Env:" + name
	case cmd:
		return `set "` + name + `="`
	}
	return "unset " + name
}

// with runs a command with a variable.
func (w *World) with(name, value, command string) string {
	switch w.shell() {
	case powershell:
		return w.set(name, value) + "; " + command
	case cmd:
		return w.set(name, value) + " && " + command
	}
	return name + "=" + w.quote(value) + " " + command
}

// toPath puts a folder in front of PATH until the window closes.
func (w *World) toPath(folder string) string {
	switch w.shell() {
	case powershell:
		return "$env:Path = '" + strings.ReplaceAll(folder, "'", "''") + ";' + $env:Path"
	case cmd:
		return `set "PATH=` + folder + `;%PATH%"`
	}
	return "export PATH=" + w.quote(folder) + `:"$PATH"`
}

// unsetGo takes a setting of Go away, where it was set: in this window, or by go
// env -w.
func (w *World) unsetGo(name string) string {
	if w.Env(name) != "" {
		return w.unset(name)
	}
	return "go env -u " + name
}
