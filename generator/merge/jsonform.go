package merge

import (
	"encoding/json"
	"strings"
)

// jsonForm merges objects by key. A person cannot solve markers in JSON: no editor
// reads the file then.
var jsonForm = form{whole: true, sound: soundJSON, merge: mergeJSON}

// soundJSON says that a text is JSON in which no key stands twice.
func soundJSON(lines []string) bool {
	body := joined(lines)
	if !json.Valid(body) {
		return false
	}
	value, _, ok := readFlow(strings.TrimSpace(string(body)), true)
	return !ok || value.unique()
}

// unique says that no mapping in the value has a key twice.
func (v *flow) unique() bool {
	known := map[string]bool{}
	for _, p := range v.parts {
		if !p.value.unique() || p.key != "" && known[p.name()] {
			return false
		}
		known[p.name()] = true
	}
	return true
}

func mergeJSON(s sides, _ Labels) merged {
	unit := unitOf(s.ours.lines)
	read := func(t text) *flow {
		lines := reindented(t.lines, unitOf(t.lines), unit)
		body := joined(lines)
		if !json.Valid(body) {
			return nil
		}
		value, rest, ok := readFlow(strings.TrimSpace(string(body)), true)
		if !ok || strings.TrimSpace(rest) != "" || !value.unique() {
			return nil
		}
		return value
	}
	base, ours, theirs := read(s.base), read(s.ours), read(s.theirs)
	if ours == nil || theirs == nil || base == nil && !s.added {
		return merged{}
	}
	value, ok := mergeFlow(base, ours, theirs)
	if !ok || !json.Valid([]byte(value.text)) {
		return merged{}
	}
	return merged{lines: strings.Split(value.text, "\n"), ok: true}
}

// unitOf is by what a text is indented: the first indent in it.
func unitOf(lines []string) string {
	for _, line := range lines {
		if n := indentOf(line); n > 0 && n < len(line) {
			return line[:n]
		}
	}
	return ""
}

// reindented brings the lines from one indent to another.
func reindented(lines []string, from, to string) []string {
	if from == to || from == "" || to == "" {
		return lines
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		depth := 0
		for strings.HasPrefix(line, from) {
			line = line[len(from):]
			depth++
		}
		out[i] = strings.Repeat(to, min(depth, deepest)) + line
	}
	return out
}
