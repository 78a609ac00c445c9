package wizard

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// parameter is what a question to a source needs.
type parameter struct {
	Name string
	Type string // of the field that asks for it
}

// ofAddress says whether a part of an adres has this name.
func (p parameter) ofAddress() bool {
	return p.Name == "postcode" || p.Name == "huisnummer" || p.Name == "huisletter" || p.Name == "huisnummertoevoeging"
}

// alone says whether any field of the type will do: its values are of one kind
// of thing and no other.
func (p parameter) alone() bool { return p.Type == "bsn" || p.Type == "bag-id" || p.Type == "kvk" }

// parametersOf lists what the first question to a source needs.
func parametersOf(source answers.Source) []parameter {
	var found []parameter
	if e, ok := catalogue.Find(source.Catalogue); ok {
		op := e.Standard()
		if len(source.Operations) > 0 {
			if named, known := e.Operation(source.Operations[0].Name); known {
				op = named
			}
		}
		for _, p := range op.Needs() {
			found = append(found, parameter{Name: p.Name, Type: p.Type})
		}
		return found
	}
	if len(source.Operations) == 0 {
		return nil
	}
	operation := source.Operations[0]
	for _, name := range append(inPath(operation.Path), operation.Parameters...) {
		found = append(found, parameter{Name: name, Type: "text"})
	}
	return found
}

// inPath finds the {names} in a path.
func inPath(path string) []string {
	var names []string
	for segment := range strings.SplitSeq(path, "{") {
		if name, _, ok := strings.Cut(segment, "}"); ok {
			names = append(names, name)
		}
	}
	return names
}

// title is how people read a source.
func title(source answers.Source) string {
	if e, ok := catalogue.Find(source.Catalogue); ok && source.Title == "" {
		return e.Title
	}
	if source.Title != "" {
		return source.Title
	}
	return naming.Title(source.Name)
}
