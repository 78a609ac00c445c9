package repository

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// holds says whether the condition of an includeIf holds in the place; from is
// the file that it stands in. One that is not known does not hold, as in git.
func (s *settings) holds(condition, from string) bool {
	kind, pattern, found := strings.Cut(condition, ":")
	if !found {
		return false
	}
	switch kind {
	case "gitdir":
		return s.inGitDir(pattern, from, false)
	case "gitdir/i":
		return s.inGitDir(pattern, from, true)
	case "onbranch":
		return s.place.Branch != "" && matches(wholeFolder(pattern), s.place.Branch, false)
	case "hasconfig":
		if pattern, found := strings.CutPrefix(pattern, "remote.*.url:"); found {
			return slices.ContainsFunc(s.remotes, func(url string) bool { return matches(pattern, url, false) })
		}
	}
	s.miss("includeIf " + condition)
	return false
}

// wholeFolder makes a folder mean all that is in it.
func wholeFolder(pattern string) string {
	if strings.HasSuffix(pattern, "/") {
		return pattern + "**"
	}
	return pattern
}

// inGitDir says whether the repository lies where the pattern says, by its real
// path or by the one that was given.
func (s *settings) inGitDir(pattern, from string, anyCase bool) bool {
	if s.place.GitDir == "" {
		return false
	}
	literal := "" // a folder of which the characters have no meaning in the pattern
	switch {
	case strings.HasPrefix(pattern, "~/"):
		if s.home() == "" {
			return false
		}
		literal, pattern = filepath.ToSlash(Real(s.home())), pattern[1:]
	case strings.HasPrefix(pattern, "./"):
		if from == "" {
			return false
		}
		literal, pattern = filepath.ToSlash(Real(filepath.Dir(from))), pattern[1:]
	case strings.HasPrefix(pattern, "~"), strings.HasPrefix(pattern, "%("):
		s.miss("includeIf gitdir:" + pattern)
		return false
	case !filepath.IsAbs(filepath.FromSlash(pattern)):
		pattern = "**/" + pattern
	}
	pattern = wholeFolder(pattern)
	for _, path := range []string{Real(s.place.GitDir), s.place.GitDir} {
		path = filepath.ToSlash(path)
		if len(path) < len(literal) || !equalPath(path[:len(literal)], literal, anyCase) {
			continue
		}
		if matches(pattern, path[len(literal):], anyCase) {
			return true
		}
	}
	return false
}

func equalPath(a, b string, anyCase bool) bool {
	return a == b || anyCase && strings.EqualFold(a, b)
}

// Real is a path without symbolic links, also when the last parts of it are not
// there yet.
func Real(path string) string {
	rest := ""
	for at := path; ; at = filepath.Dir(at) {
		if resolved, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(resolved, rest)
		}
		if at == filepath.Dir(at) {
			return path
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}

// matches says whether a name matches a pattern as git has them: * and ? stop at
// a slash, a ** between slashes does not.
func matches(pattern, name string, anyCase bool) bool {
	var b strings.Builder
	b.WriteString(`(?s`)
	if anyCase {
		b.WriteString(`i`)
	}
	b.WriteString(`)^`)
	for i := 0; i < len(pattern); {
		rest := pattern[i:]
		atStart := i == 0 || pattern[i-1] == '/'
		switch {
		case atStart && strings.HasPrefix(rest, "**/"):
			b.WriteString(`(?:.*/)?`)
			i += 3
		case atStart && rest == "**":
			b.WriteString(`.*`)
			i += 2
		case rest[0] == '*':
			b.WriteString(`[^/]*`)
			i++
		case rest[0] == '?':
			b.WriteString(`[^/]`)
			i++
		case rest[0] == '[':
			class, length := classOf(rest)
			b.WriteString(class)
			i += length
		case rest[0] == '\\' && len(rest) > 1:
			b.WriteString(regexp.QuoteMeta(rest[1:2]))
			i += 2
		default:
			b.WriteString(regexp.QuoteMeta(rest[:1]))
			i++
		}
	}
	expression, err := regexp.Compile(b.String() + `$`)
	return err == nil && expression.MatchString(name)
}

// classOf makes a class of a regular expression of [abc], and says how long it is
// in the pattern. Without its end it is a bracket.
func classOf(pattern string) (class string, length int) {
	end := strings.IndexByte(pattern[1:], ']')
	if end == 0 || end == 1 && strings.ContainsAny(pattern[1:2], "!^") {
		if next := strings.IndexByte(pattern[end+2:], ']'); next >= 0 {
			end += next + 1
		}
	}
	if end < 1 {
		return `\[`, 1
	}
	inside := pattern[1 : end+1]
	negated := strings.HasPrefix(inside, "!") || strings.HasPrefix(inside, "^")
	if negated {
		inside = inside[1:]
	}
	inside = strings.NewReplacer(`\`, `\\`, `]`, `\]`, `[`, `\[`, `^`, `\^`, `&`, `\&`).Replace(inside)
	if negated {
		return `[^/` + inside + `]`, end + 2
	}
	return `[` + inside + `]`, end + 2
}
