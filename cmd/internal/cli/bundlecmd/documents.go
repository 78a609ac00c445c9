package bundlecmd

import (
	"bytes"
	"io/fs"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/bundle"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/explaincmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// helpful are the documents of a component that a team reads in the week; each with
// what it is called in a list.
var helpful = []struct{ file, title string }{
	{"README.md", "README"},
	{"docs/fieldlab.md", "Dagplan"},
	{"docs/testgegevens.md", "Testgegevens"},
	{"docs/veranderen.md", "Veranderen"},
	{"docs/groeien.md", "Groeien"},
	{"docs/bronnen.md", "Bronnen"},
	{"docs/architectuur.md", "Architectuur"},
}

// documents are the texts that go along as pages: what a component says is Dutch,
// and so are these.
func documents(d evolve.Deps) ([]bundle.Document, error) {
	var all []bundle.Document
	for _, page := range explaincmd.Pages(text.Dutch) {
		all = append(all, bundle.Document{Name: "uitleg-" + page[0], Title: page[1], Group: "Uitleg", Body: []byte(page[2])})
	}
	for _, name := range examples.Names() {
		more, err := ofExample(d, name)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	return all, nil
}

// ofExample are the documents that the component of an example would have, and its
// course.
func ofExample(d evolve.Deps, name string) ([]bundle.Document, error) {
	body, _ := examples.Answers(name)
	document, wrong := answers.Parse("fieldlab.yaml", body)
	if len(wrong) > 0 {
		return nil, wrong
	}
	files, component, err := generator.Fresh(generator.Request{Document: document, Pack: d.Pack, Version: d.Version})
	if err != nil {
		return nil, err
	}
	var all []bundle.Document
	group := "Voorbeeld: " + component.Title
	for _, wanted := range helpful {
		for _, file := range files {
			if file.Path == wanted.file {
				stem := strings.ToLower(strings.TrimSuffix(file.Path[strings.LastIndexByte(file.Path, '/')+1:], ".md"))
				all = append(all, bundle.Document{Name: name + "-" + stem, Title: component.Title + ": " + wanted.title, Group: group, From: file.Path, Body: file.Body})
			}
		}
	}
	course, there := examples.Course(name)
	if !there {
		return all, nil
	}
	steps, err := fs.Glob(course, "[0-9][0-9]-*.md")
	if err != nil {
		return nil, err
	}
	for _, step := range steps {
		body, err := fs.ReadFile(course, step)
		if err != nil {
			return nil, err
		}
		title, words := withoutFront(body)
		stem := strings.TrimSuffix(step, ".md")
		if title == "" {
			title = stem
		}
		all = append(all, bundle.Document{Name: name + "-cursus-" + stem, Title: "Stap " + stem[:2] + ": " + title, Group: "Cursus: " + component.Title, From: step, Body: words})
	}
	return all, nil
}

// withoutFront takes the front matter off a step of a course; of it only the title
// is for who reads.
func withoutFront(body []byte) (title string, words []byte) {
	rest, is := bytes.CutPrefix(body, []byte("---\n"))
	if !is {
		return "", body
	}
	front, words, is := bytes.Cut(rest, []byte("\n---\n"))
	if !is {
		return "", body
	}
	for line := range strings.Lines(string(front)) {
		if value, is := strings.CutPrefix(line, "title:"); is {
			title = strings.Trim(strings.TrimSpace(value), `"'`)
		}
	}
	return title, words
}
