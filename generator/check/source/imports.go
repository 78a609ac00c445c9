package source

import (
	"bytes"
	"context"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// imported is a place in the repository that a file imports.
type imported struct {
	target string // a path in the repository; its extension may be missing
	at     int
}

var (
	scriptImport = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)(?:^\s*(?:import|export)\s+([^'"` + "`" + `;]*?\s+from\s+)?|\brequire\(\s*|\bimport\(\s*|^\s*\}\s*from\s+)['"]([^'"\n]+)['"]`)
	})
	pythonImport = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^\s*(?:from\s+([.\w]+)\s+import\b|import\s+([\w.]+))`)
	})
	phpImport = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^\s*use\s+\\?([A-Z]\w*(?:\\\w+)+)`)
	})
	jvmImport = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^\s*import\s+(?:static\s+)?([a-z]\w*(?:\.\w+)+)`)
	})
	goImport = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\s]+)"\s*(?://.*)?$`)
	})
)

// header is how much of a file is searched for imports: they stand at its top.
const header = 20_000

// imports gives what a file imports of its own repository, as far as that can be told.
func (l *look) imports(t *text) []imported {
	body := t.body[:min(len(t.body), header)]
	var all []imported
	add := func(target string, at int) {
		all = append(all, imported{strings.TrimPrefix(path.Clean(target), "/"), at})
	}
	switch t.kind {
	case golang:
		if l.facts.module == "" {
			return nil
		}
		for _, i := range goImports(body, l.facts.module+"/") {
			add(strings.TrimPrefix(i.target, l.facts.module+"/"), i.at)
		}
	case script:
		for _, m := range scriptImport().FindAllSubmatchIndex(body, -1) {
			if m[2] >= 0 && bytes.HasPrefix(body[m[2]:m[3]], []byte("type ")) {
				continue
			}
			if target, ok := scriptTarget(t.file.Path, string(body[m[4]:m[5]])); ok {
				add(target, m[4])
			}
		}
	case python:
		for _, m := range pythonImport().FindAllSubmatchIndex(body, -1) {
			i := 2
			if m[2] < 0 {
				i = 4
			}
			add(pythonTarget(t.file.Path, string(body[m[i]:m[i+1]])), m[i])
		}
	case php:
		for _, m := range phpImport().FindAllSubmatchIndex(body, -1) {
			add(l.facts.phpTarget(string(body[m[2]:m[3]])), m[2])
		}
	case jvm:
		for _, m := range jvmImport().FindAllSubmatchIndex(body, -1) {
			if root, _, ok := cutRoot(t.file.Path); ok {
				add(root+strings.ReplaceAll(string(body[m[2]:m[3]]), ".", "/"), m[2])
			}
		}
	}
	return all
}

// goImports gives the imports of a file of Go that hold a word. The word is looked for
// first: there is no cheaper way to see that a file has none.
func goImports(body []byte, word string) []imported {
	var all []imported
	for from := 0; ; {
		i := bytes.Index(body[from:], []byte(word))
		if i < 0 {
			return all
		}
		start, end := lineAround(body, from+i)
		if m := goImport().FindSubmatchIndex(body[start:end]); m != nil {
			all = append(all, imported{string(body[start+m[2] : start+m[3]]), start + m[2]})
		}
		from = max(end, from+i+len(word))
	}
}

// scriptTarget resolves what a script imports; packages of others are not in the
// repository.
func scriptTarget(from, what string) (string, bool) {
	switch {
	case strings.HasPrefix(what, "."):
		return path.Join(path.Dir(from), what), true
	case strings.HasPrefix(what, "@/"), strings.HasPrefix(what, "~/"):
		root := ""
		if i := strings.Index(from, "src/"); i >= 0 {
			root = from[:i+4]
		}
		return path.Join(root, what[2:]), true
	case strings.HasPrefix(what, "src/"):
		return what, true
	}
	return "", false
}

// pythonTarget resolves a dotted name, from the folder in which the package of this file
// begins when the name has no dots in front.
func pythonTarget(from, name string) string {
	dots := len(name) - len(strings.TrimLeft(name, "."))
	rest := strings.ReplaceAll(name[dots:], ".", "/")
	if dots > 0 {
		folder := path.Dir(from)
		for ; dots > 1; dots-- {
			folder = path.Dir(folder)
		}
		return path.Join(folder, rest)
	}
	first, _, _ := strings.Cut(rest, "/")
	if i := strings.Index("/"+from, "/"+first+"/"); i > 0 {
		return path.Join(from[:i], rest)
	}
	return rest
}

// cutRoot splits a path of Java or Kotlin in the folder of its sources and the package.
func cutRoot(name string) (root, rest string, ok bool) {
	for _, mark := range []string{"/java/", "/kotlin/"} {
		if i := strings.Index("/"+name, mark); i >= 0 {
			return name[:i+len(mark)-1], name[i+len(mark)-1:], true
		}
	}
	return "", "", false
}

// layering holds the imports of a file against its layer.
func (l *look) layering(ctx context.Context, t *text) {
	if t.file.Test {
		return
	}
	if l.component && strings.HasPrefix(t.file.Path, "kern/") {
		l.kernImports(t)
		return
	}
	_, sure := l.layers.sure(t.file.Path)
	if !sure && t.layer != integratie && (t.layer != interactie || t.kind != golang) {
		return // names of folders say no more than that
	}
	l.to.Looked("layer-import")
	for _, i := range l.imports(t) {
		to, toSure := l.layers.sure(i.target)
		if !sure || !toSure {
			to = byNames(check.File{Path: i.target + path.Ext(t.file.Path)})
			if sure || toSure || !crosses(t.layer, to) {
				continue
			}
		} else if l.mayImport(t.layer, to) {
			continue
		}
		l.add("layer-import", "", t, i.at, t.layer.String(), to.String(), i.target)
	}
}

// mayImport is the rule between layers that are known for sure. The layers of a
// component reach each other over HTTP, so that only two of them import the next one.
func (l *look) mayImport(from, to layer) bool {
	if to == scaffolding || to == unknown || from == to {
		return true
	}
	if l.component {
		return from == diensten && to == gegevens || from == proces && to == integratie
	}
	return from == to+1
}

// crosses says whether an import is wrong as far as names of folders tell: what asks
// others has no business with screens, and a screen none with the database. A folder
// "models" of a script holds types, so that this is not said of scripts.
func crosses(from, to layer) bool {
	return from == integratie && to == interactie || from == interactie && to == gegevens
}

// kernImports: kern is the same in every component, so it knows none of its rooms.
func (l *look) kernImports(t *text) {
	if t.kind != golang || l.facts.module == "" {
		return
	}
	l.to.Looked("layer-import")
	for _, i := range l.imports(t) {
		if !strings.HasPrefix(i.target, "kern/") && i.target != "kern" {
			l.add("layer-import", "kern", t, i.at, i.target)
		}
	}
}
