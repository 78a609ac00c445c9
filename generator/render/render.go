// Package render turns one file of a pack into one file of a component: a
// template is executed, and Go source gets the module path of the component.
// Templates see plain data and an allow-list of functions; none of those reads
// the clock, the environment, the disk or the network.
package render

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"

	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

// Suffix ends the name of a file that is a template.
const Suffix = ".tmpl"

// Limit is the largest output of one template, in bytes. It is far above what
// a component needs and far below what a laptop has.
const Limit = 4 << 20

// Data is what a template sees: the component, and the entity or the source
// for which a file with [entity] or [source] in its path is rendered.
type Data struct {
	*model.Component
	Entity *model.Entity
	Source *model.Source
}

// Renderer renders the files of one pack. It may be used by several goroutines.
type Renderer struct {
	pack    fs.FS
	funcs   template.FuncMap
	strange func(name string) bool // whether a file is of a pack of somebody else; nil for none
	total   atomic.Int64           // what the templates of that one may still take together
	grown   sync.Once              // for the register of the component

	mu     sync.Mutex
	parsed map[string]*template.Template
	static map[string]*Static
}

// Lasting is a pack whose files never change, such as one that is part of the
// program. What was read of it once is kept in its memory.
type Lasting interface {
	fs.FS
	Memory() *sync.Map
}

// kept is the key of a renderer in the memory of its pack.
type kept struct{}

// New returns a renderer of the pack: of one that lasts, always the same.
func New(pack fs.FS) (*Renderer, error) {
	if pack == nil {
		return nil, fmt.Errorf("render: no pack given")
	}
	lasting, lasts := pack.(Lasting)
	if lasts {
		if r, found := lasting.Memory().Load(kept{}); found {
			return r.(*Renderer), nil
		}
	}
	r := &Renderer{pack: pack, funcs: functions(), parsed: map[string]*template.Template{}, static: map[string]*Static{}}
	if lasts {
		first, _ := lasting.Memory().LoadOrStore(kept{}, r) // another goroutine may have been first
		return first.(*Renderer), nil
	}
	return r, nil
}

// NewOver returns a renderer of a pack in which somebody else laid files over ours:
// strange says which. Those are executed within limits. Nil is New.
func NewOver(pack fs.FS, strange func(name string) bool) (*Renderer, error) {
	r, err := New(pack)
	if err != nil || strange == nil {
		return r, err // perhaps one that others use: nothing of it may change
	}
	r.strange = strange
	r.total.Store(MaxTotal)
	return r, nil
}

// File renders the file of the pack with the given name. A template is
// executed with data; a static file is copied. In both, Go source has its own
// imports moved from the pack to the module of the component.
func (r *Renderer) File(name string, data Data) ([]byte, error) {
	if !strings.HasSuffix(name, Suffix) {
		static, err := r.Static(name)
		if err != nil {
			return nil, err
		}
		return static.For(data.Module), nil
	}
	if r.isStrange(name) {
		return r.strangeFile(name, data)
	}
	out := buffers.Get().(*limited)
	defer buffers.Put(out)
	out.buffer.Reset()
	if err := r.execute(name, data, out); err != nil {
		return nil, err
	}
	if !isGo(name) {
		return bytes.Clone(out.buffer.Bytes()), nil
	}
	body, err := moveImports(name, out.buffer.Bytes(), data.Module)
	if err != nil {
		return nil, err
	}
	return layOut(name, body)
}

// isGo says whether a template makes Go source.
func isGo(name string) bool { return path.Ext(strings.TrimSuffix(name, Suffix)) == ".go" }

// buffers are those in which templates are executed: what is made lies there until
// it is known how much it is.
var buffers = sync.Pool{New: func() any { return &limited{limit: Limit} }}

// execute runs the template of that name, which is parsed when first needed.
func (r *Renderer) execute(name string, data Data, out *limited) error {
	parsed, err := r.template(name)
	if err != nil {
		return err
	}
	if err := parsed.Execute(out, data); err != nil {
		return templateError(name, err)
	}
	return nil
}

func (r *Renderer) template(name string) (*template.Template, error) {
	r.mu.Lock()
	parsed, found := r.parsed[name]
	r.mu.Unlock()
	if found {
		return parsed, nil
	}
	source, err := fs.ReadFile(r.pack, name)
	if err != nil {
		return nil, err
	}
	if r.isStrange(name) {
		return r.judged(name, source)
	}
	parsed, err = template.New(name).Option("missingkey=error").Funcs(r.funcs).Parse(string(source))
	if err != nil {
		return nil, templateError(name, err)
	}
	r.keep(name, parsed)
	return parsed, nil
}

func (r *Renderer) keep(name string, parsed *template.Template) {
	r.mu.Lock()
	r.parsed[name] = parsed
	r.mu.Unlock()
}

// errFull says that a template prints too much.
var errFull = errors.New("the output is larger")

// limited collects output and refuses more than limit bytes.
type limited struct {
	buffer bytes.Buffer
	limit  int
}

// Write is part of io.Writer.
func (l *limited) Write(p []byte) (int, error) {
	if l.buffer.Len()+len(p) > l.limit {
		return 0, fmt.Errorf("%w than %d bytes", errFull, l.limit)
	}
	return l.buffer.Write(p)
}
