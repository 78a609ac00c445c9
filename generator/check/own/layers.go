package own

import (
	"bytes"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// mayImport says which rooms a room may import, besides kern and itself: what the test of
// every component holds it to (kern/proef), without running it. Between layers is HTTP;
// what stands here is the client of the outway and the store under the API.
var mayImport = map[string][]string{
	"1-gegevens":   nil,
	"2-diensten":   {"1-gegevens"},
	"3-integratie": nil,
	"4-proces":     {"3-integratie"},
	"5-interactie": nil,
	"kern":         nil,
}

// imports names each import that reaches past a neighbour.
func (l *look) imports(name string, body []byte) {
	room, _, inside := strings.Cut(name, "/")
	allowed, isRoom := mayImport[room]
	if !inside || !isRoom || l.module == "" {
		return
	}
	l.to.Looked(ruleLayers)
	if !bytes.Contains(body, []byte(l.module+"/")) {
		return
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, body, parser.ImportsOnly|parser.SkipObjectResolution)
	if err != nil {
		l.to.Miss(ruleLayers, name, "no-go")
		return
	}
	for _, spec := range file.Imports {
		imported, _ := strconv.Unquote(spec.Path.Value)
		rest, own := strings.CutPrefix(imported, l.module+"/")
		other, _, _ := strings.Cut(rest, "/")
		_, isLayer := mayImport[other]
		f := check.Finding{Rule: ruleLayers, Case: "layer", Path: name, Line: set.Position(spec.Pos()).Line, Args: []string{room, rest}}
		switch {
		case !own || other == "kern" || other == room || slices.Contains(allowed, other):
		case room == "kern":
			f.Case = "kern"
			l.to.Add(f)
		case isLayer:
			l.to.Add(f)
		}
	}
}
