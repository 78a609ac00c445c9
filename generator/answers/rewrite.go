package answers

import (
	"bytes"
	"reflect"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Rewrite writes other answers into the text of the document, as a person would
// who knows what changed: order, comments, quotes, indentation and line ends
// stay, and a new item looks like those beside it. Reading the result gives
// exactly to. When that cannot be done neatly the error says what to do by hand.
// The document itself stays as it is.
func (d *Document) Rewrite(to Answers) ([]byte, error) {
	if len(d.problems) > 0 {
		return nil, d.problems.Err()
	}
	tidied := tidy(reflect.ValueOf(to)).Interface().(Answers)
	if reflect.DeepEqual(tidied, tidy(reflect.ValueOf(d.Answers)).Interface()) {
		return bytes.Clone(d.Source), nil
	}
	for _, careful := range []bool{false, true} {
		if out, ok := rewrite(d.Source, tidied, careful); ok {
			return out, nil
		}
	}
	key, text := difference(reflect.ValueOf(d.Answers), reflect.ValueOf(tidied), root, "")
	p := problem.New(problem.RewriteByHand, key, text)
	if at, ok := d.Positions.Of(key); ok {
		p = p.At(d.File, at.Line, at.Column)
	}
	return nil, p
}

// rewriter collects the splices that bring one text from one set of answers to
// another.
type rewriter struct {
	*page
	edits   []splice
	removed []span // what went as a whole, with its comments
	careful bool   // every changed text gets quotes
	step    int    // indentation of a mapping in a mapping
	dash    int    // of the dashes of a list, seen from its key
}

// splice puts text in the place of a part of the text.
type splice struct {
	span
	text string
}

func rewrite(source []byte, to Answers, careful bool) (out []byte, ok bool) {
	defer func() {
		if recover() != nil { // a mistake here is no reason to fall over, nor to write something
			out, ok = nil, false
		}
	}()
	before, problems := Parse("", source)
	tree, more := load(source)
	if len(problems)+len(more) > 0 || !bytes.Equal(before.Source, source) {
		return nil, false
	}
	top := tree.Content[0]
	r := &rewriter{page: newPage(source, top), careful: careful}
	ended := r.next(len(source)-1) > r.lineEnd(len(source)-1)
	if !ended { // with a last line end there is one case less everywhere
		r.page = newPage(append(bytes.Clone(source), r.eol(0)...), top)
	}
	r.step, r.dash = r.habits(top)
	r.value(place{node: top, flow: isFlow(top)}, root, tidy(reflect.ValueOf(before.Answers)), reflect.ValueOf(to))
	if out = r.spliced(); !ended {
		out = bytes.TrimSuffix(out, []byte(r.eol(0)))
	}
	after, problems := Parse("", out)
	if len(problems) > 0 || !reflect.DeepEqual(tidy(reflect.ValueOf(after.Answers)).Interface(), reflect.ValueOf(to).Interface()) {
		return nil, false
	}
	tree, _ = load(out)
	return out, slices.Equal(newPage(out, tree.Content[0]).comments(nil), r.comments(r.removed))
}

// spliced gives the text with all splices in it. What comes at one place stays
// in the order in which it was said, before what is taken out there.
func (r *rewriter) spliced() []byte {
	slices.SortStableFunc(r.edits, func(a, b splice) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return min(a.end-a.start, 1) - min(b.end-b.start, 1)
	})
	var b bytes.Buffer
	at := 0
	for _, e := range r.edits {
		b.Write(r.data[at:max(e.start, at)])
		b.WriteString(e.text)
		at = max(at, e.end)
	}
	b.Write(r.data[at:])
	return b.Bytes()
}

func (r *rewriter) replace(start, end int, text string) {
	r.edits = append(r.edits, splice{span{start, end}, text})
}

func isFlow(n *yaml.Node) bool { return n.Style&yaml.FlowStyle != 0 }

// habits are the indentations that the text uses most.
func (r *rewriter) habits(top *yaml.Node) (step, dash int) {
	steps, dashes := map[int]int{}, map[int]int{}
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		for i, c := range n.Content {
			if n.Kind == yaml.MappingNode && i%2 == 1 && !isFlow(c) && len(c.Content) > 0 && c.Line > n.Content[i-1].Line {
				if deeper := c.Column - n.Content[i-1].Column; c.Kind == yaml.SequenceNode {
					dashes[deeper]++
				} else {
					steps[deeper]++
				}
			}
			visit(c)
		}
	}
	visit(top)
	step, dash = most(steps, 2), most(dashes, -1)
	if dash < 0 {
		dash = step
	}
	return max(step, 1), dash
}

// most is what was counted most, and the smallest of equals.
func most(counts map[int]int, otherwise int) int {
	best := otherwise
	for n, count := range counts {
		if n >= 0 && (counts[best] < count || counts[best] == count && n < best) {
			best = n
		}
	}
	return best
}

// tidy copies v with one way to say nothing: lists and mappings without items
// are nil, as they are after reading.
func tidy(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(tidy(v.Elem()))
		}
	case reflect.Slice:
		if v.Len() > 0 {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(tidy(v.Index(i)))
			}
		}
	case reflect.Map:
		if v.Len() > 0 {
			out.Set(reflect.MakeMapWithSize(v.Type(), v.Len()))
			for _, key := range v.MapKeys() {
				out.SetMapIndex(key, v.MapIndex(key))
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			out.Field(i).Set(tidy(v.Field(i)))
		}
		if f, ok := out.Addr().Interface().(*StepField); ok && f.Inline != nil {
			f.Name = f.Inline.Name
		}
	default:
		out.Set(v)
	}
	return out
}

// difference is the first key of which the value differs, with what it has to be.
func difference(old, now reflect.Value, s *shape, path string) (key string, text any) {
	if s.kind == mapping {
		for _, k := range s.keys {
			a, b := old.Field(k.field), now.Field(k.field)
			if !alike(a, b) && !k.pointer && (k.shape.kind == mapping || k.shape.kind == list) {
				return difference(a, b, k.shape, join(path, k.name))
			} else if !alike(a, b) {
				return join(path, k.name), shownFlow(b, k.shape)
			}
		}
	}
	if s.kind == list && s.elem.kind == mapping {
		for i := range min(old.Len(), now.Len()) {
			if !alike(old.Index(i), now.Index(i)) {
				return difference(old.Index(i), now.Index(i), s.elem, index(path, i))
			}
		}
		if n := old.Len(); now.Len() > n {
			return index(path, n), shownFlow(now.Index(n), s.elem)
		}
	}
	return path, shownFlow(now, s)
}

func shownFlow(v reflect.Value, s *shape) any {
	if empty(v) {
		return problem.TermNothing
	}
	w := writer{}
	return w.flow(v, s)
}

// alike says whether two values are the same answer.
func alike(a, b reflect.Value) bool {
	return reflect.DeepEqual(tidy(a).Interface(), tidy(b).Interface())
}
