package source

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

func number(n int) string { return strconv.Itoa(n) }

// answers are what a component says of itself, as far as it is judged here. Nodes keep
// the lines.
type answers struct {
	Register []struct {
		Name      yaml.Node `yaml:"name"`
		Retention yaml.Node `yaml:"retention"`
		Fields    []struct {
			Name string `yaml:"name"`
			Type string `yaml:"type"`
		} `yaml:"fields"`
	} `yaml:"register"`
	Privacy struct {
		Activities []struct {
			Name string `yaml:"name"`
		} `yaml:"activities"`
	} `yaml:"privacy"`
}

// fromAnswers says whether fieldlab wrote a file, in a folder of a layer: what a team adds
// there itself is not in the manifest.
func (l *look) fromAnswers(t *text) bool {
	return t.layer != unknown && bytes.Contains(l.manifest, []byte(strconv.Quote(t.file.Path)))
}

// own judges what a component keeps by its answers: entities that double a source.
func (l *look) own(_ context.Context, t *text) {
	if !l.component || t.file.Path != "fieldlab.yaml" || len(t.body) > 1<<20 {
		return
	}
	var a answers
	if yaml.Unmarshal(t.body, &a) != nil {
		return // another rule says that it cannot be read
	}
	for _, entity := range a.Register {
		found := table{name: entity.Name.Value}
		for _, f := range entity.Fields {
			found.columns = append(found.columns, newColumn(f.Name, false))
			if f.Type == "adres" && !strings.HasPrefix(strings.ToLower(f.Name), "nieuw") {
				found.columns = append(found.columns, newColumn("straat", false), newColumn("woonplaats", false))
			}
		}
		l.to.Looked("source-copy")
		if source, columns := found.copied(); source != "" {
			said := slices.DeleteFunc(columns, func(c string) bool {
				return !slices.ContainsFunc(entity.Fields, func(f struct {
					Name string `yaml:"name"`
					Type string `yaml:"type"`
				}) bool {
					return f.Name == c
				})
			})
			l.to.Add(check.Finding{Rule: "source-copy", Path: t.file.Path, Line: entity.Name.Line, Column: entity.Name.Column,
				Args: []string{found.name, source, strings.Join(said, ", ")}})
		}
		if l.facts.personal.path == "" && len(found.has(keyOfPerson))+len(found.has(birth)) > 0 {
			l.facts.personal = place{t.file.Path, entity.Name.Line, entity.Name.Column, found.name}
		}
		l.facts.terms = l.facts.terms || entity.Retention.Kind != 0
	}
}
