package merge

import (
	"strings"
	"unicode"
)

// flow is a value between brackets: JSON, and the same in YAML.
type flow struct {
	text  string // with its brackets
	sort  byte   // '{', '[' or 0 for a scalar
	parts []part
	tail  string // the white space before the closing bracket
	comma bool   // there is a comma after the last part
}

// part is an entry of a flow.
type part struct {
	lead  string // the white space before it
	key   string // as it is written, with its colon and what follows; "" in a list
	value *flow
}

func (p part) text() string { return p.key + p.value.text }

// deepest is how deep brackets may go: a file of nothing but brackets is no file.
const deepest = 200

// flowReader reads flows.
type flowReader struct {
	rest   string
	json   bool
	failed bool
}

// readFlow reads one value and gives what follows it.
func readFlow(text string, json bool) (value *flow, rest string, ok bool) {
	r := &flowReader{rest: text, json: json}
	value = r.value(0, false)
	return value, r.rest, !r.failed
}

func (r *flowReader) fail() *flow {
	r.failed = true
	return &flow{}
}

// space takes white space.
func (r *flowReader) space() string {
	rest := strings.TrimLeft(r.rest, " \t\n")
	space := r.rest[:len(r.rest)-len(rest)]
	r.rest = rest
	return space
}

func (r *flowReader) value(depth int, inside bool) *flow {
	if depth > deepest || r.rest == "" {
		return r.fail()
	}
	start := r.rest
	v := &flow{}
	switch c := r.rest[0]; c {
	case '{', '[':
		v.sort = c
		r.rest = r.rest[1:]
		r.parts(v, depth)
	default:
		r.scalar(inside)
	}
	if r.failed {
		return v
	}
	v.text = start[:len(start)-len(r.rest)]
	return v
}

func (r *flowReader) parts(v *flow, depth int) {
	closing := byte('}')
	if v.sort == '[' {
		closing = ']'
	}
	for !r.failed {
		lead := r.space()
		if r.rest == "" {
			r.fail()
			return
		}
		if r.rest[0] == closing {
			v.tail, r.rest = lead, r.rest[1:]
			return
		}
		if len(v.parts) > 0 && !v.comma {
			r.fail()
			return
		}
		p := part{lead: lead}
		if v.sort == '{' {
			p.key = r.key()
		}
		p.value = r.value(depth+1, true)
		v.parts = append(v.parts, p)
		before := r.rest
		r.space()
		if v.comma = strings.HasPrefix(r.rest, ","); v.comma {
			r.rest = r.rest[1:]
		} else {
			r.rest = before
		}
	}
}

// key takes a key with its colon and the space after it.
func (r *flowReader) key() string {
	start := r.rest
	if r.rest[0] == '"' || r.rest[0] == '\'' {
		r.quoted()
	} else if at := strings.Index(r.rest, ":"); at > 0 && !r.json && !strings.ContainsAny(r.rest[:at], "{}[],\n#") {
		r.rest = r.rest[at:]
	} else {
		r.fail()
	}
	r.space()
	if !strings.HasPrefix(r.rest, ":") {
		r.fail()
		return ""
	}
	r.rest = r.rest[1:]
	if r.space() == "" && !r.json {
		r.fail()
	}
	return start[:len(start)-len(r.rest)]
}

// scalar takes a value without brackets. Outside brackets it goes on to the end of
// the line, or to a comment.
func (r *flowReader) scalar(inside bool) {
	switch {
	case r.rest[0] == '"', r.rest[0] == '\'':
		r.quoted()
	case strings.ContainsAny(r.rest[:1], "#|>,]}:\n"):
		r.fail()
	default:
		end := strings.IndexAny(r.rest, "\n")
		if inside {
			end = strings.IndexAny(r.rest, ",[]{}\n#")
		}
		if end < 0 {
			end = len(r.rest)
		}
		if comment := strings.Index(r.rest[:end], " #"); comment >= 0 {
			end = comment
		}
		value := strings.TrimRight(r.rest[:end], " \t")
		if value == "" || inside && strings.Contains(value, ": ") {
			r.fail()
		}
		r.rest = r.rest[len(value):]
	}
}

func (r *flowReader) quoted() {
	quote := r.rest[0]
	for i := 1; i < len(r.rest); i++ {
		switch c := r.rest[i]; {
		case c == '\\' && quote == '"':
			i++
		case c == quote && quote == '\'' && strings.HasPrefix(r.rest[i+1:], "'"):
			i++
		case c == quote:
			r.rest = r.rest[i+1:]
			return
		}
	}
	r.fail()
}

// mergeFlow brings two versions of a value together. base may be nil.
func mergeFlow(base, ours, theirs *flow) (*flow, bool) {
	switch {
	case base != nil && ours.text == base.text:
		return theirs, true
	case base != nil && theirs.text == base.text, ours.text == theirs.text:
		return ours, true
	case ours.sort == 0 || ours.sort != theirs.sort || base != nil && base.sort != ours.sort:
		return nil, false
	}
	if base == nil {
		base = &flow{sort: ours.sort}
	}
	if ours.sort == '[' && (base.counts() || ours.counts() || theirs.counts()) {
		return nil, false
	}
	parts, ok := flowWeaver().weave(base.parts, ours.parts, theirs.parts)
	if !ok {
		return nil, false
	}
	merged := &flow{sort: ours.sort, parts: parts, tail: ours.tail, comma: ours.comma}
	merged.write(ours, theirs)
	return merged, true
}

// counts says that a list holds numbers: there the place means something.
func (v *flow) counts() bool {
	for _, p := range v.parts {
		if p.value.sort == 0 && strings.IndexFunc(p.value.text, unicode.IsDigit) == 0 {
			return true
		}
	}
	return false
}

// write lays out the parts as ours has them.
func (v *flow) write(ours, theirs *flow) {
	style := ours
	if len(ours.parts) == 0 {
		style = theirs
		v.tail = theirs.tail
	}
	first, further := style.parts[0].lead, style.parts[0].lead
	if len(style.parts) > 1 {
		further = style.parts[1].lead
	} else if further == "" {
		further = " "
	}
	var text strings.Builder
	text.WriteByte(v.sort)
	own := map[string]bool{}
	for i, p := range ours.parts {
		own[p.name()] = i > 0
	}
	for i, p := range v.parts {
		switch {
		case i == 0:
			p.lead = first
		case !own[p.name()]:
			p.lead = further
		}
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(p.lead)
		text.WriteString(p.text())
	}
	if v.comma {
		text.WriteByte(',')
	}
	text.WriteString(v.tail)
	text.WriteByte(map[byte]byte{'{': '}', '[': ']'}[v.sort])
	v.text = text.String()
}

// flowWeaver merges the parts of a flow.
func flowWeaver() weaver[part] {
	return weaver[part]{
		key:  part.name,
		same: func(a, b part) bool { return a.value.text == b.value.text },
		both: func(base, ours, theirs part) (part, bool) {
			value, ok := mergeFlow(base.value, ours.value, theirs.value)
			ours.value = value
			return ours, ok
		},
	}
}

// name is what a part is called: its key, or in a list what tells it from others.
func (p part) name() string {
	if p.key != "" {
		return unquoted(strings.TrimRight(strings.TrimSpace(p.key), " \t\n:"))
	}
	if p.value.sort == '{' {
		for _, word := range nameKeys {
			for _, inner := range p.value.parts {
				if inner.name() == word && inner.value.sort == 0 {
					return word + ": " + unquoted(inner.value.text)
				}
			}
		}
	}
	return unquoted(p.value.text)
}

// nameKeys are the keys that say what an entry of a list is.
var nameKeys = []string{"name", "naam", "id", "operationId", "$ref"}

func unquoted(text string) string {
	if len(text) > 1 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0] {
		return text[1 : len(text)-1]
	}
	return text
}
