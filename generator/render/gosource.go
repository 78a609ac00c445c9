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
	if !bytes.Contains(source, []byte(Prefix)) {
		return source, nil
	}
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, name, source, parser.ImportsOnly)
	if err != nil {
		return nil, sourceError(name, source, err)
	}
	out := make([]byte, 0, len(source))
	last := 0
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
		out = append(out, source[last:offset]...)
		out = strconv.AppendQuote(out, module+rest)
		last = offset + len(spec.Path.Value)
	}
	return append(out, source[last:]...), nil
}

// formatGo formats the Go source that a template produced.
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
