package render

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// fromSprig names the functions of sprig that templates may use: pure, the
// same on every system, and unable to use up memory. The rest of sprig is not
// offered, not even its hermetic part (that shuffles, hashes and fails).
var fromSprig = []string{
	"join", "list", "dict", "first", "last",
	"add", "sub", "mul",
	"lower", "upper", "trim", "replace", "contains", "hasPrefix", "hasSuffix",
	"default", "ternary", "indent", "nindent",
}

// maxUntil is the longest list of numbers that a template can ask for.
const maxUntil = 10_000

// quoters makes a value safe in the language that the function is named after.
// What comes from answers reaches a file through one of these.
func quoters() template.FuncMap {
	return template.FuncMap{
		"goString":  quote.Go,
		"goComment": quote.GoComment,
		"sqlString": quote.SQL,
		"yaml":      quote.YAML,
		"json":      quote.JSON,
		"html":      quote.HTML,
		"xml":       quote.XML,
		"shell":     quote.Shell,
		"md":        quote.MD,
		"mdCell":    quote.MDCell,
		"mdCode":    quote.MDCode,
		// A table with its indexes, in which every choice is quoted.
		"createTable": func(d ddl.Dialect, e *model.Entity) string { return strings.TrimSuffix(d.Table(e), "\n") },
		"goExamples":  goExamples,
	}
}

// examples is how many invented records a table begins with.
const examples = 5

// goExamples are the invented records of a table, as elements of a list in Go. A
// template would look each value up by its number, which took half of its time.
func goExamples(e *model.Entity) string {
	var b strings.Builder
	b.Grow(examples * (1 + len(e.Fields)) * 48)
	for i, id := range e.RecordIDs[:examples] {
		b.WriteString("{\nMeta: opslag.Meta{ID: " + quote.Go(id) + "},\n")
		for _, field := range e.Fields {
			b.WriteString(field.Name.Go + ": " + field.Examples[i].Go + ",\n")
		}
		b.WriteString("},\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// functions is everything that templates may call besides the built-in
// functions of text/template.
func functions() template.FuncMap {
	funcs := quoters()
	sprigs := sprig.HermeticTxtFuncMap()
	for _, name := range fromSprig {
		funcs[name] = sprigs[name]
	}
	funcs["until"] = until
	return funcs
}

// until lists 0, 1, … n-1.
func until(n int) ([]int, error) {
	if n < 0 || n > maxUntil {
		return nil, fmt.Errorf("until %d: not between 0 and %d", n, maxUntil)
	}
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers, nil
}
