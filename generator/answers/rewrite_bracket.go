package answers

import (
	"slices"
	"strings"
)

// remove takes an entry out, with what belongs to it.
func (r *rewriter) remove(w *row, i int) {
	if w.flow {
		r.removeFlow(w, i)
		return
	}
	e := w.entries[i]
	if lead := string(r.data[r.lineStart(e.start):e.start]); strings.TrimSpace(lead) != "" { // the first key behind a dash
		end := e.end
		if i+1 < len(w.entries) {
			end = w.entries[i+1].start
		}
		r.cut(e.start, end)
		return
	}
	from, to := r.above(w, i), r.next(r.tail(w, i))
	over := 0 // empty lines that follow
	for at := to; at < len(r.data) && r.bare(at) == ""; at = r.next(at) {
		over++
	}
	first, last := i == 0, i+1 == len(w.entries)
	switch above := r.blank(from); {
	case last && !first, !first && above > 0 && over > 0:
		from = r.lines[r.line(from)-above]
	case first && !last:
		for range over {
			to = r.next(to)
		}
	}
	r.cut(from, to)
}

// cut takes a part out, with its comments.
func (r *rewriter) cut(from, to int) {
	r.removed = append(r.removed, span{from, to})
	r.replace(from, to, "")
}

// ownLines says whether an entry within brackets has its lines to itself.
func (r *rewriter) ownLines(e entry) bool {
	rest, _ := r.behind(e)
	return rest && strings.TrimSpace(string(r.data[r.lineStart(e.start):e.start])) == ""
}

// behind says whether nothing but a comma and a comment follows an entry on its
// line, and where the comma ends; 0 for none.
func (r *rewriter) behind(e entry) (alone bool, comma int) {
	rest := string(r.data[e.end:r.lineEnd(e.end)])
	text := strings.TrimLeft(rest, " \t")
	if strings.HasPrefix(text, ",") {
		comma = e.end + len(rest) - len(text) + 1
		text = strings.TrimLeft(text[1:], " \t")
	}
	return text == "" || text[0] == '#', comma
}

// removeFlow takes an entry out from between brackets, with one comma.
func (r *rewriter) removeFlow(w *row, i int) {
	e := w.entries[i]
	if r.ownLines(e) {
		r.cut(r.above(w, i), r.next(e.end))
		last := w.entries[len(w.entries)-1]
		_, closed := r.behind(last)
		followed := len(w.fresh[i-1]) > 0 && r.ownLines(last) // by lines of new entries
		if i > 0 && !w.entries[i-1].gone && !w.kept(i) && closed == 0 && !followed {
			if _, comma := r.behind(w.entries[i-1]); comma > 0 {
				r.replace(comma-1, comma, "")
			}
		}
		return
	}
	r.removed = append(r.removed, e.span)
	before, after := -1, -1 // where the comma goes: the one before, or the one behind
	if slices.ContainsFunc(w.entries[:i], func(e entry) bool { return !e.gone }) {
		before = w.entries[i-1].end
	}
	if w.kept(i) {
		after = w.entries[i+1].start
	}
	comment := func(from, to int) bool { return strings.Contains(string(r.data[from:to]), "#") }
	switch alone, _ := r.behind(e); {
	case after >= 0 && alone && !comment(r.lineEnd(e.end), after) && before < 0:
		r.cut(e.start, after) // with the comment on its line
	case after >= 0 && (before < 0 || !comment(e.end, after)):
		r.replace(e.start, after, "")
	case before >= 0:
		r.replace(before, e.end, "")
	default:
		r.cut(e.start, e.end)
	}
}

// insertFirst puts entries before the first one within brackets.
func (r *rewriter) insertFirst(w *row, fresh [][]string) {
	e := w.entries[0]
	var b strings.Builder
	if !r.ownLines(e) {
		for _, lines := range fresh {
			b.WriteString(lines[0] + ", ")
		}
		r.replace(e.start, e.start, b.String())
		return
	}
	indent, at := string(r.data[r.lineStart(e.start):e.start]), r.above(w, 0)
	for _, lines := range fresh {
		b.WriteString(indent + lines[0] + "," + r.eol(at))
	}
	r.replace(at, at, b.String())
}

// insertFlow puts entries behind another one within brackets: on lines of their
// own where that has one too.
func (r *rewriter) insertFlow(w *row, i int, fresh [][]string) {
	e := w.entries[i]
	indent := string(r.data[r.lineStart(e.start):e.start])
	alone, comma := r.behind(e)
	closes := strings.ContainsAny(strings.TrimLeft(string(r.data[e.end:r.lineEnd(e.end)]), " \t"), "]}") && !alone && comma == 0
	last, ends := w.entries[len(w.entries)-1], !w.kept(i+1)
	if i+1 < len(w.entries) && ends && alone && !r.ownLines(last) {
		closes = true // the bracket behind what goes comes here
	}
	_, closed := r.behind(last)
	if strings.TrimSpace(indent) != "" || !alone && !closes {
		text := ""
		for _, lines := range fresh {
			text += ", " + lines[0]
		}
		r.replace(e.end, e.end, text)
		return
	}
	eol := r.eol(e.end)
	if closes {
		text := ""
		for _, lines := range fresh {
			text += "," + eol + indent + lines[0]
		}
		r.replace(e.end, e.end, text)
		return
	}
	if comma == 0 {
		r.replace(e.end, e.end, ",")
	}
	var b strings.Builder
	for j, lines := range fresh {
		b.WriteString(indent + lines[0])
		if !ends || closed > 0 || j+1 < len(fresh) {
			b.WriteString(",")
		}
		b.WriteString(eol)
	}
	r.replace(r.next(e.end), r.next(e.end), b.String())
}
