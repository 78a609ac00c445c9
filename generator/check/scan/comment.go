package scan

import (
	"bytes"
	"slices"
	"strings"
)

// hashed are extensions of which a # begins a comment; of what is not named, the marks
// of C are looked for.
var hashed = []string{".py", ".rb", ".sh", ".yaml", ".yml", ".toml", ".env", ".properties", ".tf", ".tfvars", ".conf", ".cfg", ".ini", ".ps1", ".mk", ""}

// Comment says whether what stands at an offset of the file is a comment.
func (t *Text) Comment(line Line, at int) bool {
	before := line.Text[:min(max(0, at-line.Start), len(line.Text))]
	trimmed := strings.TrimSpace(line.Text)
	hash := slices.Contains(hashed, t.kind)
	for _, mark := range []string{"//", "/*", "* ", "<!--", "{{/*", "{{--", "{#", "{/*"} {
		if strings.HasPrefix(trimmed, mark) {
			return true
		}
	}
	if (hash || t.kind == ".php") && strings.HasPrefix(trimmed, "#") {
		return true
	}
	if (t.kind == ".sql" || t.kind == ".lua") && strings.HasPrefix(trimmed, "--") {
		return true
	}
	if hash && commentAfter(before, " #") || !hash && (commentAfter(before, " // ") || commentAfter(before, "\t// ")) {
		return true
	}
	if strings.Contains(before, "<!--") && !strings.Contains(before, "-->") {
		return true
	}
	if !t.parted {
		t.parted = true
		t.blocks = t.parts()
	}
	i, found := slices.BinarySearchFunc(t.blocks, at, func(b [2]int, at int) int { return b[0] - at })
	return found || i > 0 && at < t.blocks[i-1][1]
}

// commentAfter says whether a mark stands in what comes before, outside quotes.
func commentAfter(before, mark string) bool {
	i := strings.Index(before, mark)
	return i >= 0 && strings.Count(before[:i], `"`)%2 == 0 && strings.Count(before[:i], `'`)%2 == 0
}

// parts finds the comments of more than one line. An end that never comes makes no
// comment: then the beginning was something else.
func (t *Text) parts() [][2]int {
	open, shut := "/*", "*/"
	switch t.kind {
	case ".html", ".htm", ".xml", ".md", ".svg":
		open, shut = "<!--", "-->"
	case ".py":
		open, shut = `"""`, `"""`
	case ".yaml", ".yml", ".toml", ".env", ".properties", ".sh", ".json":
		return nil
	}
	var all [][2]int
	for from := 0; from < len(t.Body); {
		i := bytes.Index(t.Body[from:], []byte(open))
		if i < 0 {
			break
		}
		at := from + i
		from = at + len(open)
		if !t.begins(at) {
			continue
		}
		end := bytes.Index(t.Body[from:], []byte(shut))
		if end < 0 {
			break
		}
		from += end + len(shut)
		all = append(all, [2]int{at, from})
	}
	return all
}

// begins says whether a comment can begin here: in "src/*" and "*/*" it does not.
func (t *Text) begins(at int) bool {
	if t.kind == ".py" {
		for i := at - 1; i >= 0 && t.Body[i] != '\n'; i-- {
			if t.Body[i] != ' ' && t.Body[i] != '\t' {
				return false
			}
		}
		return true
	}
	return at == 0 || bytes.IndexByte([]byte(" \t\n\r{(;-"), t.Body[at-1]) >= 0
}
