package render

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"text/template"
)

func (r *Renderer) isStrange(name string) bool { return r.strange != nil && r.strange(name) }

// judged parses a template of somebody else.
func (r *Renderer) judged(name string, source []byte) (*template.Template, error) {
	parsed, faults := strictly(name, source, r.funcs)
	if len(faults) > 0 {
		errs := make([]error, len(faults))
		for i, fault := range faults {
			errs[i] = fault
		}
		return nil, errors.Join(errs...)
	}
	r.keep(name, parsed)
	return parsed, nil
}

// fieldsOf counts the fields of the register.
func fieldsOf(data Data) (n int) {
	if data.Component != nil {
		for _, entity := range data.Entities {
			n += len(entity.Fields)
		}
	}
	return n
}

// strangeFile renders a template of somebody else.
func (r *Renderer) strangeFile(name string, data Data) ([]byte, error) {
	parsed, err := r.template(name)
	if err != nil {
		return nil, err
	}
	out, err := r.metered(parsed, name, data, false)
	if err != nil {
		return nil, err
	}
	body := out.out.buffer.Bytes()
	if !isGo(name) {
		return body, nil
	}
	if body, err = moveImports(name, body, data.Module); err == nil {
		body, err = formatGo(name, body)
	}
	if err != nil {
		err = r.placed(name, data, err)
	}
	return body, err
}

// metered executes a template of somebody else.
func (r *Renderer) metered(parsed *template.Template, name string, data Data, keep bool) (*meter, error) {
	more := perField * fieldsOf(data)
	r.grown.Do(func() { r.total.Add(int64(10 * more)) })
	m := &meter{left: MaxWork + more, total: &r.total, out: &limited{limit: Limit}, keep: keep}
	own, err := parsed.Clone()
	if err != nil {
		return nil, err
	}
	err = own.Funcs(m.functions(r.funcs)).Execute(m.out, data)
	switch {
	case err == nil:
		return m, nil
	case errors.Is(err, errTooMuch):
		return nil, &Error{Name: name, Line: m.line, Kind: TooMuch, What: errTooMuch.Error()}
	case errors.Is(err, errTooDeep):
		return nil, &Error{Name: name, Line: m.line, Kind: Recursion, Args: []any{maxCalls}, What: errTooDeep.Error()}
	case errors.Is(err, errTooLarge):
		return nil, &Error{Name: name, Line: m.line, Kind: TooLarge, Args: []any{maxValue}, What: errTooLarge.Error()}
	case errors.Is(err, errFull):
		return nil, &Error{Name: name, Line: m.line, Kind: TooLarge, Args: []any{Limit}, What: fmt.Sprintf("the output is larger than %d bytes", Limit)}
	}
	var found *Error
	if errors.As(templateError(name, err), &found) && (found.Line == 0 || m.line > 0) {
		found.Line = m.line // a count that failed is not at a place of the text
	}
	return nil, found
}

// placed says of a fault in the output at which line of the template it is.
func (r *Renderer) placed(name string, data Data, err error) error {
	var fault *Error
	if !errors.As(err, &fault) || fault.Output == "" {
		return err
	}
	parsed, parseErr := r.template(name)
	if parseErr != nil {
		return err
	}
	m, again := r.metered(parsed, name, data, true)
	if again != nil {
		return err
	}
	fault.Line = m.lineOf(m.out.buffer.Bytes(), fault.Line)
	return fault
}

// Lines says of each line of what a file of the pack makes from which line of that
// file it comes; 0 is unknown. The first line is at index 1. Formatted is the file
// as it lies in the component: formatting moves lines, and what did not change in
// words is found again.
func (r *Renderer) Lines(name string, data Data, formatted []byte) []int {
	lines := 1 + bytes.Count(formatted, []byte("\n"))
	at := make([]int, lines+1)
	if !strings.HasSuffix(name, Suffix) {
		source, err := fs.ReadFile(r.pack, name)
		if err != nil {
			return at
		}
		return follow(at, formatted, source, func(line int) int { return line })
	}
	parsed, err := r.template(name)
	if err != nil || !r.isStrange(name) {
		return at
	}
	m, err := r.metered(parsed, name, data, true)
	if err != nil {
		return at
	}
	raw := m.out.buffer.Bytes()
	return follow(at, formatted, raw, func(line int) int { return m.lineOf(raw, line) })
}

// lineOf is the line of the template from which the first word of a line of the
// output comes.
func (m *meter) lineOf(raw []byte, line int) int {
	offset := 0
	for n := 1; n < line; n++ {
		next := bytes.IndexByte(raw[offset:], '\n')
		if next < 0 {
			return 0
		}
		offset += next + 1
	}
	for offset < len(raw) && (raw[offset] == ' ' || raw[offset] == '\t') {
		offset++
	}
	at, _ := slices.BinarySearchFunc(m.marks, offset, func(p place, offset int) int {
		if p.offset <= offset {
			return -1
		}
		return 1
	})
	if at == 0 {
		return 0
	}
	mark := m.marks[at-1]
	return mark.line + bytes.Count(raw[mark.offset:offset], []byte("\n"))
}

// follow finds each line of a text in the text before it was formatted, in order.
func follow(at []int, formatted, raw []byte, lineOf func(int) int) []int {
	squeezed := func(line []byte) string { return strings.Join(strings.Fields(string(line)), "") }
	before := bytes.Split(raw, []byte("\n"))
	next := 0
	for i, line := range bytes.Split(formatted, []byte("\n")) {
		words := squeezed(line)
		if words == "" {
			continue
		}
		for j := next; j < len(before); j++ {
			if squeezed(before[j]) == words {
				at[i+1], next = lineOf(j+1), j+1
				break
			}
		}
	}
	return at
}
