package update

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// words are the spellings of what got another name.
type words struct {
	all         []spelling
	module      [2]string         // of the component: in the base, and now; the same when it stays
	files       map[string]string // File of the name of an entity or source: new → old
	identifiers map[string]string // that fieldlab made of them, in Go
	byForm      map[string]map[string]string
	phrases     []string // texts of people that stay as they are
}

// spelling is one thing that got another name.
type spelling struct {
	kind     grow.Kind
	old, now []naming.Names // of the thing, and of more than one of it
	titles   [][2]string
}

// in puts the new names in a text. A line that fieldlab still makes as it was
// keeps its words: "Boom kappen" is the title of the component, and not of the
// entity that is no boom any more.
func (w *words) in(name string, body, fresh []byte) []byte {
	if w == nil || len(body) == 0 {
		return body
	}
	found := w.of(name)
	if len(found) == 0 {
		return body
	}
	is := map[string]bool{}
	for line := range bytes.Lines(fresh) {
		is[string(bytes.TrimRight(line, "\r\n"))] = true
	}
	var out bytes.Buffer
	for line := range bytes.Lines(body) {
		renamed := line
		if bare := bytes.TrimRight(line, "\r\n"); !is[string(bare)] {
			renamed = replaced(name, line, found)
		}
		out.Write(renamed)
	}
	return out.Bytes()
}

// regexName is what people read of a thing in a drawing.
var regexName = regexp.MustCompile(` name="[^"]*"`)

// replaced puts the new names in a line, and leaves the titles in a drawing alone:
// those are words of people.
func replaced(name string, line []byte, found map[string]string) []byte {
	if path.Ext(name) != ".bpmn" {
		return merge.Words(line, found)
	}
	var out []byte
	from := 0
	for _, at := range regexName.FindAllIndex(line, -1) {
		out = append(append(out, merge.Words(line[from:at[0]], found)...), line[at[0]:at[1]]...)
		from = at[1]
	}
	return append(out, merge.Words(line[from:], found)...)
}

// before is the path that a file had under the name of before; "" for the same.
func (w *words) before(fresh *plan.File) string {
	if w == nil {
		return ""
	}
	if old, found := w.files[fresh.Item]; found && fresh.Item != "" {
		return plan.PathFor(fresh.Template, old)
	}
	if fresh.Template == "" { // a specification, beside the source that it is of
		folder, file := path.Split(fresh.Path)
		name, rest, _ := strings.Cut(file, ".")
		if old, found := w.files[name]; found {
			return folder + old + "." + rest
		}
	}
	return ""
}

// of gives the words for a kind of file. A name of one word is spelled alike
// everywhere, and its new name is not: the form that this file uses comes first.
func (w *words) of(name string) map[string]string {
	form := path.Ext(name)
	if found, known := w.byForm[form]; known {
		return found
	}
	// The address of the component can hold the name of an entity. It is no part
	// of it: what does not move stays, and the longest word wins.
	found := map[string]string{w.module[0]: w.module[1]}
	if form == ".go" {
		for old, now := range w.identifiers {
			found[old] = now
		}
	}
	for _, one := range w.all {
		if (one.kind == grow.Field || one.kind == grow.Step) && form == ".md" {
			continue // "naam" or "beoordelen" is a word like any other there
		}
		for i := range one.old {
			old, now := forms(one.old[i], form), forms(one.now[i], form)
			for j := range old {
				if _, said := found[old[j]]; !said && old[j] != now[j] {
					found[old[j]] = now[j]
				}
			}
		}
		for _, title := range one.titles {
			if _, said := found[title[0]]; !said && title[0] != title[1] && title[0] != "" {
				found[title[0]] = title[1]
			}
		}
	}
	var stay []string
	for _, phrase := range w.phrases {
		if _, said := found[phrase]; !said && string(merge.Words([]byte(phrase), found)) != phrase {
			stay = append(stay, phrase)
		}
	}
	for _, phrase := range stay {
		found[phrase] = phrase
	}
	w.byForm[form] = found
	return found
}

// forms are the spellings of a name, in the order in which a kind of file has them.
func forms(n naming.Names, form string) []string {
	switch form {
	case ".go":
		return []string{n.Go, n.Var, n.JSON, n.SQL, n.Path, n.File}
	case ".sql":
		return []string{n.SQL, n.JSON, n.Path, n.Go, n.File}
	case ".md", ".svg", ".txt":
		return []string{n.Path, n.JSON, n.SQL, n.Go, n.File}
	case ".bpmn":
		return []string{n.Path, n.Var, n.JSON, n.SQL}
	}
	return []string{n.JSON, n.Path, n.SQL, n.Go, n.File}
}

// learnWords finds the spellings of what got another name.
func (f *finder) learnWords() error {
	w := &words{files: map[string]string{}, byForm: map[string]map[string]string{}, module: f.modules()}
	if len(f.r.Renames) == 0 {
		if w.module[0] != w.module[1] {
			f.words = w
		}
		return nil
	}
	was, err := f.modelOf(f.old.Answers)
	if err != nil {
		return err
	}
	for _, r := range f.r.Renames {
		if one, found := f.spellingOf(was, r); found {
			w.all = append(w.all, one)
			if r.Kind == grow.Entity || r.Kind == grow.Source {
				last := len(one.now) - 1 // the name itself
				w.files[one.now[last].File] = one.old[last].File
			}
		}
	}
	w.phrases = phrases(f.old.Answers, f.now.Answers)
	f.words = w
	w.identifiers = f.renamedIdentifiers()
	return nil
}

// modules are the paths of the Go module of the component: in the base, and now.
func (f *finder) modules() [2]string {
	for line := range strings.Lines(string(f.base.Files["go.mod"])) {
		if old, found := strings.CutPrefix(strings.TrimSpace(line), "module "); found {
			return [2]string{old, f.model.Module}
		}
	}
	return [2]string{f.model.Module, f.model.Module}
}

// phrases are the titles that are in both answers, of more than one word. A name in
// one stays: who renames the step "beoordelen" and keeps its title keeps "Aangifte
// beoordelen", also in a line of the team.
func phrases(was, is answers.Answers) (all []string) {
	before := map[string]bool{}
	for _, text := range titles(was) {
		before[text] = true
	}
	for _, text := range titles(is) {
		if before[text] && strings.ContainsRune(text, ' ') {
			all = append(all, text)
		}
	}
	return all
}

// titles are what people read of the things in answers.
func titles(a answers.Answers) []string {
	all := []string{a.Component.Title, a.Process.Title}
	for _, e := range a.Register {
		all = append(all, e.Title)
		for _, f := range e.Fields {
			all = append(all, f.Title)
		}
	}
	for _, s := range a.Sources {
		all = append(all, s.Title)
	}
	for _, r := range a.Process.Roles {
		all = append(all, r.Title)
	}
	for _, s := range a.Process.Steps {
		all = append(all, s.Title)
		for _, f := range s.Fields {
			if f.Inline != nil {
				all = append(all, f.Inline.Title)
			}
		}
	}
	for _, v := range a.Privacy.Activities {
		all = append(all, v.Title)
	}
	return all
}

// spellingOf finds a renamed thing in the models of before and now.
func (f *finder) spellingOf(was *model.Component, r grow.Rename) (spelling, bool) {
	one := spelling{kind: r.Kind}
	switch r.Kind {
	case grow.Entity:
		old, now := entity(was, r.Old), entity(f.model, r.New)
		if old == nil || now == nil {
			return one, false
		}
		one.old = []naming.Names{old.Plural, schemaOf(old), old.Name}
		one.now = []naming.Names{now.Plural, schemaOf(now), now.Name}
		one.titles = [][2]string{{old.TitlePlural, now.TitlePlural}, {old.Title, now.Title}}
		return one, true
	case grow.Field:
		before := formerly(f.r.Renames, item{grow.Entity, "", r.Of})
		old, now := field(entity(was, before.name), r.Old), field(entity(f.model, r.Of), r.New)
		if old == nil || now == nil {
			return one, false
		}
		one.old, one.now = []naming.Names{old.Name}, []naming.Names{now.Name}
		one.titles = [][2]string{{old.Title, now.Title}}
		return one, true
	}
	old, oldErr := naming.Of(r.Old)
	now, nowErr := naming.Of(r.New)
	one.old, one.now = []naming.Names{old}, []naming.Names{now}
	return one, oldErr == nil && nowErr == nil
}

// schemaOf is the name of an entity in a specification.
func schemaOf(e *model.Entity) naming.Names {
	name := e.Schema()
	return naming.Names{Go: name, Var: name, SQL: name, JSON: name, Path: name, File: name}
}

func entity(c *model.Component, raw string) *model.Entity {
	if at := slices.IndexFunc(c.Entities, func(e *model.Entity) bool { return e.Name.Raw == raw }); at >= 0 {
		return c.Entities[at]
	}
	return nil
}

func field(e *model.Entity, raw string) *model.Field {
	if e == nil {
		return nil
	}
	if at := slices.IndexFunc(e.Fields, func(f *model.Field) bool { return f.Name.Raw == raw }); at >= 0 {
		return e.Fields[at]
	}
	return nil
}
