package render

import (
	"bytes"
	"errors"
	"go/format"
	"go/parser"
	"go/scanner"
	"go/token"
	"strconv"
	"strings"
)

// Prefix is how Go files of a pack import each other; it becomes the module
// path of the component.
const Prefix = "github.com/commonground-fieldlab/fieldlab/templates/component"

// moveImports replaces Prefix by module in import specs, and only there: a
// text that happens to hold the prefix stays as it is. The source is spliced,
// not printed again, so that the rest stays as its author formatted it.
func moveImports(name string, source []byte, module string) ([]byte, error) {
	own, err := ownImports(name, source)
	if err != nil {
		return nil, err
	}
	return splice(source, own, module), nil
}

// Own is where a source imports a package of the pack.
type Own struct {
	Begin, End int    // of the path in the source, with its quotes
	Rest       string // of the path, after Prefix
}

// Path is the path, with its quotes, in a component of that module.
func (o Own) Path(module string) string { return strconv.Quote(module + o.Rest) }

// splice gives a source its imports in a component; without any it is source
// itself.
func splice(source []byte, own []Own, module string) []byte {
	if len(own) == 0 {
		return source
	}
	out := make([]byte, 0, len(source)+len(own)*max(len(module)+2-len(Prefix), 0))
	last := 0
	for _, o := range own {
		out = append(out, source[last:o.Begin]...)
		out = append(out, o.Path(module)...)
		last = o.End
	}
	return append(out, source[last:]...)
}

// ownImports finds the import specs with Prefix.
func ownImports(name string, source []byte) ([]Own, error) {
	if !bytes.Contains(source, []byte(Prefix)) {
		return nil, nil
	}
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, name, source, parser.ImportsOnly)
	if err != nil {
		return nil, sourceError(name, source, err)
	}
	var all []Own
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser accepted it, so this cannot be
		}
		rest, own := strings.CutPrefix(imported, Prefix)
		if !own || rest != "" && rest[0] != '/' {
			continue
		}
		offset := files.Position(spec.Path.Pos()).Offset
		all = append(all, Own{Begin: offset, End: offset + len(spec.Path.Value), Rest: rest})
	}
	return all, nil
}

// layOut formats the Go source that a template of ours produced.
func layOut(name string, source []byte) ([]byte, error) {
	if formatted, known := layoutGo(source); known {
		return formatted, nil
	}
	return formatGo(name, source)
}

// formatGo formats the Go source that a template of anybody produced.
func formatGo(name string, source []byte) ([]byte, error) {
	formatted, err := format.Source(source)
	if err != nil {
		return nil, sourceError(name, source, err)
	}
	return formatted, nil
}

// sourceError says which line of the output is not Go.
func sourceError(name string, source []byte, err error) error {
	var list scanner.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return &Error{Name: name, What: err.Error()}
	}
	first := list[0]
	lines := bytes.Split(source, []byte("\n"))
	offending := ""
	if first.Pos.Line > 0 && first.Pos.Line <= len(lines) {
		offending = strings.TrimSpace(string(lines[first.Pos.Line-1]))
	}
	return &Error{Name: name, Line: first.Pos.Line, What: "not valid Go: " + first.Msg, Output: offending}
}
