package governance

import (
	"path"
	"strings"
)

// ignorePattern is a line of a .gitignore in the root.
type ignorePattern struct {
	parts    []string // of the pattern
	anywhere bool     // without a slash it holds in each folder
	folder   bool     // it names folders only
	negated  bool
}

// ignorePatterns reads the patterns of gitignore(5) that projects write. A pattern with **
// in its middle is left out: it would only be guessed.
func ignorePatterns(text string) []ignorePattern {
	var all []ignorePattern
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, " \t\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		var p ignorePattern
		line, p.negated = strings.CutPrefix(line, "!")
		line = strings.TrimSuffix(strings.TrimSuffix(line, "/**"), "/*")
		line, p.folder = strings.CutSuffix(line, "/")
		p.anywhere = !strings.Contains(line, "/") || strings.HasPrefix(line, "**/") && strings.Count(line, "/") == 1
		line = strings.TrimPrefix(strings.TrimPrefix(line, "**/"), "/")
		if line == "" || strings.Contains(line, "**") {
			continue
		}
		if p.parts = strings.Split(line, "/"); len(all) < 1000 {
			all = append(all, p)
		}
	}
	return all
}

// ignored says whether the patterns cover a file, or a folder above it.
func ignored(patterns []ignorePattern, name string) bool {
	parts := strings.Split(name, "/")
	covered := false
	for _, p := range patterns {
		if p.negated == covered && p.covers(parts) {
			covered = !p.negated
		}
	}
	return covered
}

func (p ignorePattern) covers(parts []string) bool {
	if p.folder {
		parts = parts[:len(parts)-1]
	}
	if p.anywhere {
		for _, part := range parts {
			if ok, err := path.Match(p.parts[0], part); ok && err == nil {
				return true
			}
		}
		return false
	}
	if len(parts) < len(p.parts) {
		return false
	}
	for i, pattern := range p.parts {
		if ok, err := path.Match(pattern, parts[i]); !ok || err != nil {
			return false
		}
	}
	return true
}
