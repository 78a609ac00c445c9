package merge

import (
	"slices"
	"strings"
)

// modForm merges go.mod per module. golang.org/x/mod/modfile would do, but it is
// a module more for what is a list of lines here.
var modForm = form{sound: soundMod, merge: mergeMod}

// sumForm is for go.sum, which go writes: the union, in its order.
var sumForm = form{only: true, whole: true, merge: func(s sides, _ Labels) merged {
	lines := slices.Concat(s.ours.lines, s.theirs.lines)
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.TrimSpace(line) == "" })
	for i, line := range lines {
		if len(strings.Fields(line)) != 3 {
			return merged{}
		}
		lines[i] = strings.TrimSpace(line)
	}
	slices.SortFunc(lines, compareSums)
	return merged{lines: slices.Compact(lines), ok: true}
}}

// compareSums is the order of go: by module, then version, /go.mod after the module.
func compareSums(a, b string) int {
	x, y := strings.Fields(a), strings.Fields(b)
	if c := strings.Compare(x[0], y[0]); c != 0 {
		return c
	}
	vx, fileX, _ := strings.Cut(x[1], "/")
	vy, fileY, _ := strings.Cut(y[1], "/")
	if c := compareVersions(vx, vy); c != 0 {
		return c
	}
	if c := strings.Compare(fileX, fileY); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

// directive is a line of go.mod that says something.
type directive struct {
	line  int    // in the file
	block int    // the line of its opening bracket; -1 when it stands alone
	word  string // require, go, replace, …
	name  string // what it is about
	value string // the version; all that follows
	note  string // // indirect
}

func (d directive) key() string { return d.word + " " + d.name }

func (d directive) indirect() bool { return strings.HasPrefix(d.note, "// indirect") }

// readMod reads a go.mod; false when a line is not known or stands there twice.
func readMod(lines []string) ([]directive, bool) {
	var all []directive
	known := map[string]bool{}
	block, word := -1, ""
	for i, line := range lines {
		code, note, noted := strings.Cut(line, "//")
		if noted {
			note = "//" + note
		}
		words := strings.Fields(code)
		switch {
		case len(words) == 0:
			continue
		case len(words) == 1 && words[0] == ")" && block >= 0:
			block = -1
			continue
		case len(words) == 2 && words[1] == "(" && block < 0:
			block, word = i, words[0]
			continue
		}
		d := directive{line: i, block: block, word: word, note: note}
		if block < 0 {
			d.word, words = words[0], words[1:]
		}
		if len(words) == 0 {
			return nil, false
		}
		d.name, d.value = words[0], strings.Join(words[1:], " ")
		switch d.word {
		case "require":
			if len(words) != 2 {
				return nil, false
			}
		case "go", "toolchain", "module":
			d.name, d.value = "", words[0]
		case "replace":
			d.name, d.value, _ = strings.Cut(strings.Join(words, " "), " => ")
		case "exclude", "retract", "tool", "godebug", "ignore": // a line is what it is
			d.name, d.value = strings.Join(words, " "), ""
		default:
			return nil, false
		}
		if known[d.key()] || len(all) > mostEntries {
			return nil, false
		}
		known[d.key()] = true
		all = append(all, d)
	}
	return all, block < 0
}

func soundMod(lines []string) bool {
	_, ok := readMod(lines)
	return ok
}

// mergeMod gives ours with what theirs changed.
func mergeMod(s sides, _ Labels) merged {
	base, okBase := readMod(s.base.lines)
	ours, okOurs := readMod(s.ours.lines)
	theirs, okTheirs := readMod(s.theirs.lines)
	if !okOurs || !okTheirs || !okBase {
		return merged{}
	}
	was, its, mine := directivesByKey(base), directivesByKey(theirs), directivesByKey(ours)
	lines := slices.Clone(s.ours.lines)
	gone := map[int]bool{}
	for _, o := range ours {
		b, inBase := was[o.key()]
		t, inTheirs := its[o.key()]
		switch {
		case !inTheirs && !inBase, inTheirs && t.same(o), inTheirs && inBase && t.same(b):
		case !inTheirs && o.same(b):
			gone[o.line] = true
		case !inTheirs:
			// The team moved what fieldlab no longer needs: it stays.
		case inBase && o.same(b):
			lines[o.line] = t.written(o)
		default:
			higher, ok := o.higher(t)
			if !ok {
				return merged{}
			}
			lines[o.line] = higher.written(o)
		}
	}
	var more []directive
	for _, t := range theirs {
		_, inOurs := mine[t.key()]
		if b, inBase := was[t.key()]; !inOurs && (!inBase || !t.same(b) && t.word == "require" && t.value != b.value) {
			more = append(more, t)
		}
	}
	return merged{lines: grownMod(lines, ours, gone, more), ok: true}
}

func directivesByKey(all []directive) map[string]directive {
	by := make(map[string]directive, len(all))
	for _, d := range all {
		by[d.key()] = d
	}
	return by
}

func (d directive) same(other directive) bool { return d.value == other.value && d.note == other.note }

// higher is what remains of a line that both changed: the newer version; needed
// directly when one side needs it directly.
func (d directive) higher(other directive) (directive, bool) {
	switch d.word {
	case "replace":
		return d, true // the team's own way to a module
	case "require", "go", "toolchain":
	default:
		return d, d.value == other.value
	}
	out, version := d, func(d directive) string { return "v" + strings.TrimLeft(d.value, "vgo") }
	if compareVersions(version(other), version(d)) > 0 {
		out.value = other.value
	}
	if out.indirect() && !other.indirect() {
		out.note = other.note
	}
	return out, true
}

// written is the line, laid out as the line at whose place it comes.
func (d directive) written(at directive) string {
	text := strings.TrimSpace(d.name + " " + d.value)
	if d.word == "replace" {
		text = d.name + " => " + d.value
	}
	if at.block < 0 {
		text = d.word + " " + text
	} else {
		text = "\t" + text
	}
	if d.note != "" {
		text += " " + d.note
	}
	return text
}

// grownMod puts new lines in the block of their kind, in order, and takes out what
// is gone.
func grownMod(lines []string, ours []directive, gone map[int]bool, more []directive) []string {
	after := map[int][]string{}
	var alone []string
	for _, d := range more {
		at, found := directive{}, false
		for _, o := range ours {
			if o.word == d.word && o.block >= 0 && o.indirect() == d.indirect() && (!found || o.name < d.name) {
				at, found = o, true
			}
		}
		switch {
		case !found:
			alone = append(alone, d.written(directive{block: -1}))
		case at.name > d.name: // before the first
			after[at.block] = append(after[at.block], d.written(at))
		default:
			after[at.line] = append(after[at.line], d.written(at))
		}
	}
	var out []string
	for i := 0; i < len(lines); i++ {
		end := i + 1
		for end < len(lines) && gone[end] && len(after[end]) == 0 {
			end++
		}
		if end > i+1 && end < len(lines) && strings.HasSuffix(lines[i], "(") && strings.TrimSpace(lines[end]) == ")" && len(after[i]) == 0 {
			// The block is empty now. An empty line before it goes too.
			if i = end; len(out) > 0 && out[len(out)-1] == "" {
				out = out[:len(out)-1]
			}
			continue
		}
		if !gone[i] {
			out = append(out, lines[i])
		}
		slices.SortStableFunc(after[i], strings.Compare)
		out = append(out, after[i]...)
	}
	if len(alone) > 0 {
		out = append(append(out, ""), alone...)
	}
	return out
}
