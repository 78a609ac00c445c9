package newcmd

import (
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
)

// address is how the address of a repository is written: with a scheme, or as
// for ssh.
var address = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]+://|[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:)`)

// named refuses a name that no folder of a component should have: what is shown
// of it would be another one, or it is something else altogether.
func named(d Deps, dir string) error {
	refuse := func(key, hint string) error {
		return failure.Usage{Text: d.Text.T(key, short(dir)), Hint: hint}
	}
	switch {
	case terminal.Safe(dir) != dir || !utf8.ValidString(dir):
		return failure.Usage{Text: d.Text.T("new.dir-characters", short(strings.Trim(strconv.QuoteToASCII(dir), `"`))), Hint: d.Text.T("new.not-empty-hint")}
	case address.MatchString(dir):
		return refuse("new.dir-address", "git clone "+quoted(dir)+" && fieldlab new "+quoted(cloneOf(dir)))
	case dir == "~" || strings.HasPrefix(dir, "~/") || strings.HasPrefix(dir, `~\`):
		return refuse("new.dir-home", d.Text.T("new.not-empty-hint"))
	}
	if absolute, err := filepath.Abs(dir); err == nil && inGit(absolute) {
		return refuse("new.dir-git", d.Text.T("new.not-empty-hint"))
	}
	if runtime.GOOS == "windows" && !fitsWindows(dir) {
		return refuse("new.dir-windows", d.Text.T("new.not-empty-hint"))
	}
	return nil
}

// inGit says whether a path goes through a .git, in any spelling for which a
// laptop takes that name.
func inGit(path string) bool {
	for part := range strings.SplitSeq(filepath.ToSlash(path), "/") {
		part = strings.TrimRight(strings.ToLower(part), ". ")
		if part == ".git" || part == "git~1" {
			return true
		}
	}
	return false
}

// device is a name that Windows keeps for itself, whatever follows its point.
var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)`)

// fitsWindows says whether each part of a path can be a folder on Windows.
func fitsWindows(path string) bool {
	for part := range strings.SplitSeq(strings.ReplaceAll(path, `\`, "/"), "/") {
		relative := part == "." || part == ".."
		if !relative && (device.MatchString(part) || strings.HasSuffix(part, ".") || strings.HasSuffix(part, " ")) {
			return false
		}
	}
	return true
}

// cloneOf is the folder that git clone makes of an address.
func cloneOf(address string) string {
	address = strings.TrimSuffix(strings.TrimRight(address, "/"), ".git")
	return address[strings.LastIndexAny(address, "/:")+1:]
}

// short keeps a sentence readable, whatever somebody typed.
func short(name string) string {
	const longest = 100
	runes := []rune(terminal.Safe(name))
	if len(runes) <= longest {
		return string(runes)
	}
	return string(runes[:longest]) + "…"
}
