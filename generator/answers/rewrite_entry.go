package answers

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// row is a list or a mapping with the places of what is in it.
type row struct {
	span
	node    *yaml.Node
	flow    bool
	indent  int // of dashes and keys; of no meaning within brackets
	list    bool
	key     int // a place on the line of the key that has it; -1 without one
	entries []entry
	fresh   map[int][][]string // new entries, by the one they come behind
}

// entry is an item with its dash, or a key with its value.
type entry struct {
	span
	key, value *yaml.Node
	gone       bool
}

// emptied says whether nothing that was there stays.
func (w *row) emptied() bool {
	return !slices.ContainsFunc(w.entries, func(e entry) bool { return !e.gone })
}

func (w *row) kept(from int) bool {
	return slices.ContainsFunc(w.entries[from:], func(e entry) bool { return !e.gone })
}

func (r *rewriter) row(at place) *row {
	n := at.node
	w := &row{span: r.spans[n], node: n, flow: at.flow, indent: n.Column - 1, list: n.Kind == yaml.SequenceNode, key: -1}
	if at.key != nil {
		w.key = r.spans[at.key].start
	}
	if w.list {
		for _, c := range n.Content {
			e := entry{span: r.spans[c], value: c}
			if !w.flow {
				e.start = r.dashOf(n, c)
			}
			w.entries = append(w.entries, e)
		}
		return w
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		w.entries = append(w.entries, entry{span: span{r.spans[key].start, max(r.spans[key].end, r.spans[value].end)}, key: key, value: value})
	}
	return w
}

// dashOf is the dash of an item, which can be on a line before it.
func (r *rewriter) dashOf(list, item *yaml.Node) int {
	for line := item.Line; line > list.Line; line-- {
		at := r.offset(line, list.Column)
		if at < r.lineEnd(at) && r.data[at] == '-' && strings.TrimLeft(string(r.data[r.lineStart(at):at]), " ") == "" {
			return at
		}
	}
	return r.spans[list].start
}

// entries carries out what match found: pairs change, an old entry without a new
// one goes, and a new one without an old one comes behind the one before it.
func (r *rewriter) entries(w *row, count int, pairs [][2]int, change func(i, j int), text func(j int) []string) {
	old := map[int]int{}
	for i := range w.entries {
		w.entries[i].gone = true
	}
	for _, p := range pairs {
		old[p[1]] = p[0]
		w.entries[p[0]].gone = false
	}
	before := -1
	for j := range count {
		if i, known := old[j]; known {
			change(i, j)
			before = i
			continue
		}
		w.add(before, text(j))
	}
	for i, e := range w.entries {
		if e.gone {
			r.remove(w, i)
		}
	}
	r.insert(w)
}

// add remembers a new entry behind another one; before the first for -1.
func (w *row) add(behind int, lines []string) {
	if w.fresh == nil {
		w.fresh = map[int][][]string{}
	}
	w.fresh[behind] = append(w.fresh[behind], lines)
}

// insert writes the new entries.
func (r *rewriter) insert(w *row) {
	for _, behind := range slices.Sorted(maps.Keys(w.fresh)) {
		switch {
		case !w.flow:
			r.insertLines(w, behind, w.fresh[behind])
		case behind < 0:
			r.insertFirst(w, w.fresh[behind])
		default:
			r.insertFlow(w, behind, w.fresh[behind])
		}
	}
}

// insertLines puts entries on lines of their own.
func (r *rewriter) insertLines(w *row, behind int, fresh [][]string) {
	indent := strings.Repeat(" ", w.indent)
	gap := r.gap(w, behind, len(fresh[0]) == 1)
	at := w.entries[0].start
	if behind >= 0 {
		at = r.tail(w, behind)
	}
	eol := r.eol(at)
	var b strings.Builder
	for _, lines := range fresh {
		text := indent + strings.Join(lines, eol+indent) + eol
		if behind >= 0 {
			text = strings.Repeat(eol, gap) + text
		} else {
			text += strings.Repeat(eol, gap)
		}
		b.WriteString(text)
	}
	text := b.String()
	switch {
	case behind < 0 && strings.TrimSpace(string(r.data[r.lineStart(at):at])) != "": // behind a dash
		text = strings.TrimPrefix(text, indent) + indent
	case behind < 0:
		at = r.above(w, 0)
	default:
		at = r.next(at)
	}
	r.replace(at, at, text)
}

// gap is how many empty lines come between a new entry and the one it comes
// behind: as between the others of a list that look like it, or as at that place
// between keys.
func (r *rewriter) gap(w *row, behind int, short bool) int {
	counts := map[int]int{}
	for i := 1; i < len(w.entries); i++ {
		here := i == max(behind, 0)+1 || i+1 == len(w.entries) && behind == i
		if long := r.long(w, i-1) || r.long(w, i); w.list && long != short || !w.list && here {
			counts[r.blank(r.above(w, i))]++
		}
	}
	return most(counts, 0)
}

// long says whether an entry has more than one line.
func (r *rewriter) long(w *row, i int) bool {
	return r.line(w.entries[i].start) != r.line(w.entries[i].end)
}

// tail is a place on the last line of an entry: comments that are deeper than
// its dash or key are still of it.
func (r *rewriter) tail(w *row, i int) int {
	at := max(w.entries[i].end-1, w.entries[i].start)
	for next := r.next(at); next < len(r.data); next = r.next(next) {
		text := r.bare(next)
		deep := strings.IndexByte(string(r.data[next:]), '#')
		if !strings.HasPrefix(text, "#") || deep <= w.indent {
			break
		}
		at = next
	}
	return at
}

// above is where the lines of an entry begin, with the comments right above it.
func (r *rewriter) above(w *row, i int) int {
	at := r.lineStart(w.entries[i].start)
	bound := r.lines[0]
	switch {
	case i > 0 && w.flow:
		bound = r.next(w.entries[i-1].end)
	case i > 0:
		bound = r.next(r.tail(w, i-1))
	case w.key >= 0:
		bound = r.next(w.key)
	}
	for line := r.line(at); line > 0 && r.lines[line-1] >= bound && strings.HasPrefix(r.bare(r.lines[line-1]), "#"); line-- {
		at = r.lines[line-1]
	}
	return at
}

// blank counts the empty lines above a line.
func (r *rewriter) blank(at int) int {
	n := 0
	for line := r.line(at); line-n > 0 && r.bare(r.lines[line-n-1]) == ""; n++ {
	}
	return n
}
