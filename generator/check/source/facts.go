package source

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// facts are what holds for the whole repository: what is read before the first file, and
// what is only known after the last.
type facts struct {
	module string            // of go.mod at the top
	spaces map[string]string // folders of namespaces of PHP, from composer.json

	personal place   // the first table that holds data of persons
	terms    bool    // something says how long it is kept, or why
	brp      place   // the first question to the BRP
	logged   bool    // processing is logged
	fsc      place   // the first call over an FSC outway
	purpose  bool    // calls say what they are for
	outway   bool    // an outway can be set
	direct   []place // settings that name a source without it
}

// place is where something is, with a word about it.
type place struct {
	path         string
	line, column int
	what         string
}

func (t *text) place(at int, what string) place {
	line, column := t.at(at)
	return place{t.file.Path, line, column, what}
}

func (f *facts) asksBRP(p place) {
	if f.brp.path == "" {
		f.brp = p
	}
}

func newFacts(r *check.Repo) facts {
	f := facts{spaces: map[string]string{}}
	if body, err := r.Read("go.mod", 1<<16); err == nil {
		for line := range bytes.Lines(body) {
			if name, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("module ")); ok {
				f.module = strings.Trim(string(name), ` "`)
				break
			}
		}
	}
	if body, err := r.Read("composer.json", 1<<18); err == nil {
		f.namespaces(body)
	}
	if len(f.spaces) == 0 {
		f.spaces[`App\`] = "src/"
	}
	if r.IsComponent() && r.Has("kern/logboek/logboek.go") {
		f.logged, f.purpose = true, true // kern logs every call with its activity
	}
	return f
}

func (f *facts) namespaces(body []byte) {
	var composer struct {
		Autoload struct {
			PSR4 map[string]any `json:"psr-4"`
		} `json:"autoload"`
	}
	if json.Unmarshal(body, &composer) != nil {
		return
	}
	for space, folder := range composer.Autoload.PSR4 {
		if name, ok := folder.(string); ok {
			f.spaces[space] = name
		}
	}
}

// phpTarget gives the file in which a class of PHP stands, "" for one of others.
func (f *facts) phpTarget(class string) string {
	best, folder := "", ""
	for space, name := range f.spaces {
		if strings.HasPrefix(class, space) && len(space) > len(best) {
			best, folder = space, name
		}
	}
	if best == "" {
		return ""
	}
	return strings.TrimSuffix(folder, "/") + "/" + strings.ReplaceAll(class[len(best):], `\`, "/")
}

// conclude judges what only the whole shows.
func (l *look) conclude() {
	f := &l.facts
	l.whole("privacy-retention", f.personal, f.terms)
	l.whole("privacy-processing-log", f.brp, f.logged)
	l.whole("source-purpose", f.fsc, f.purpose)
	if !f.outway {
		return
	}
	l.to.Looked("source-outway")
	for _, p := range f.direct {
		l.to.Add(check.Finding{Rule: "source-outway", Path: p.path, Line: p.line, Column: p.column, Args: []string{p.what}})
	}
}

// whole reports the place that asks for something which nothing in the repository gives.
func (l *look) whole(rule string, where place, given bool) {
	if where.path == "" {
		return
	}
	l.to.Looked(rule)
	if given {
		return
	}
	found := check.Finding{Rule: rule, Path: where.path, Line: where.line, Column: where.column}
	if where.what != "" {
		found.Args = []string{where.what}
	}
	l.to.Add(found)
}
