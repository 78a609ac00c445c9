// Package gowork finds the Go workspace that a folder would be in. In a
// workspace go builds only what its go.work names, and what it says of any other
// module tells nobody what to do.
package gowork

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Workspace is a workspace that does not have the module in a folder.
type Workspace struct {
	File   string // the go.work, or what GOWORK says instead
	Usable bool   // the module can be added from its folder
}

// Around finds the workspace that keeps go from building the module in dir, as
// "go env GOWORK" does there. It reports false when nothing does.
func Around(dir string, getenv func(string) string, configDir func() (string, error)) (Workspace, bool) {
	folder, err := filepath.Abs(dir)
	if err != nil {
		return Workspace{}, false
	}
	switch chosen := setting(getenv, configDir); {
	case chosen == "off":
		return Workspace{}, false
	case chosen != "" && chosen != "auto":
		return judge(chosen, folder)
	}
	if file := above(folder); file != "" {
		return judge(file, folder)
	}
	// A shell that went through a link calls the folder by that name, and then go
	// looks there. Another program is in the real folder.
	resolved := real(folder)
	if file := above(resolved); file != "" {
		w, found := judge(file, resolved)
		return Workspace{File: w.File}, found
	}
	return Workspace{}, false
}

func real(path string) string {
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		return resolved
	}
	return path
}

// above is the nearest go.work in a folder or above it.
func above(folder string) string {
	for {
		file := filepath.Join(folder, "go.work")
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file
		}
		up := filepath.Dir(folder)
		if up == folder {
			return ""
		}
		folder = up
	}
}

// setting is what GOWORK says: in the environment, or by go env -w.
func setting(getenv func(string) string, configDir func() (string, error)) string {
	if value := getenv("GOWORK"); value != "" {
		return value
	}
	file := getenv("GOENV")
	if file == "off" {
		return ""
	}
	if file == "" {
		config, err := configDir()
		if err != nil {
			return ""
		}
		file = filepath.Join(config, "go", "env")
	}
	body, err := read(file)
	if err != nil {
		return ""
	}
	value := ""
	for line := range strings.Lines(body) {
		if v, found := strings.CutPrefix(strings.TrimSpace(line), "GOWORK="); found {
			value = v
		}
	}
	return value
}

// judge says whether a go.work keeps go from the module in folder.
func judge(file, folder string) (Workspace, bool) {
	if !filepath.IsAbs(file) {
		return Workspace{File: file}, true
	}
	body, err := read(file)
	if err != nil {
		return Workspace{File: file}, true
	}
	uses, sound := uses(body)
	for _, use := range uses {
		path := filepath.FromSlash(use)
		if !filepath.IsAbs(path) {
			path = filepath.Join(filepath.Dir(file), path)
		}
		if filepath.Clean(path) == folder {
			return Workspace{}, false
		}
	}
	return Workspace{File: file, Usable: sound}, true
}

// maxWork is the largest go.work that is read.
const maxWork = 1 << 20

// read reads a regular file: opening a named pipe would wait for ever.
func read(name string) (string, error) {
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", os.ErrInvalid
	}
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, maxWork))
	return string(body), err
}

// uses are the folders of the use directives. Sound is false when there is no
// go directive, without which go does not read the file either.
func uses(body string) (folders []string, sound bool) {
	block := ""
	lines := bufio.NewScanner(strings.NewReader(body))
	lines.Buffer(nil, maxWork)
	for lines.Scan() {
		words := words(lines.Text())
		switch {
		case len(words) == 0:
		case block != "" && words[0] == ")":
			block = ""
		case block == "use":
			folders = append(folders, words[0])
		case block != "":
		case len(words) > 1 && words[1] == "(":
			block = words[0]
		case words[0] == "use" && len(words) > 1:
			folders = append(folders, words[1])
		case words[0] == "go" && len(words) > 1:
			sound = true
		}
	}
	return folders, sound
}

// words are those of a line without its comment; quotes keep one together.
func words(line string) (out []string) {
	for {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
			return out
		case line[0] == '"' || line[0] == '`':
			quoted, err := strconv.QuotedPrefix(line)
			if err != nil {
				return out
			}
			word, _ := strconv.Unquote(quoted)
			out, line = append(out, word), line[len(quoted):]
		default:
			end := strings.IndexAny(line, " \t")
			if comment := strings.Index(line, "//"); comment > 0 && (end < 0 || comment < end) {
				end = comment
			}
			if line[0] == '(' || line[0] == ')' {
				end = 1
			} else if bracket := strings.IndexAny(line, "()"); bracket > 0 && (end < 0 || bracket < end) {
				end = bracket
			}
			if end < 0 {
				end = len(line)
			}
			out, line = append(out, line[:end]), line[end:]
		}
	}
}
