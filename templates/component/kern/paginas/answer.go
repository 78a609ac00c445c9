package paginas

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// part is a piece of the answer of a source: what belongs together, such as
// one of the persons in a list, under the name of that list.
type part struct {
	Heading string // "" when the answer is one piece
	Rows    []row
}

// parts turns the answer of a source into pieces, with the names that the
// source gives. Which list somebody is in stays visible: a mogelijke bewoner
// is not a bewoner.
func parts(data any) []part {
	all := partsBelow("", data)
	if len(all) == 1 {
		all[0].Heading = ""
	}
	return all
}

// partsBelow gives the piece of an element itself, and then those of the lists
// of objects in it.
func partsBelow(heading string, element any) []part {
	own := part{Heading: heading}
	var lists []part
	var walk func(path []string, v any)
	walk = func(path []string, v any) {
		switch x := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(x)) {
				walk(append(slices.Clone(path), name), x[name])
			}
		case []any:
			if len(x) == 0 {
				return
			}
			if _, object := x[0].(map[string]any); !object {
				own.add(path, x)
				return
			}
			for i, item := range x {
				name := spaced(path)
				if len(x) > 1 {
					name = fmt.Sprintf("%s %d", name, i+1)
				}
				lists = append(lists, partsBelow(name, item)...)
			}
		default:
			own.add(path, []any{x})
		}
	}
	walk(nil, element)
	if len(own.Rows) == 0 {
		return lists
	}
	return append([]part{own}, lists...)
}

// add makes a row of one or more plain values.
func (p *part) add(path []string, values []any) {
	var shown []string
	for _, v := range values {
		if text := value.Display(guessKind(v), v); text != "" {
			shown = append(shown, text)
		}
	}
	if len(shown) > 0 {
		p.Rows = append(p.Rows, row{Name: spaced(path), Value: strings.Join(shown, ", ")})
	}
}

// guessKind recognises a date in the answer of a source.
func guessKind(v any) string {
	if s, ok := v.(string); ok && value.Formats["date"](s) {
		return "date"
	}
	return ""
}

// spaced makes words of the names on the way to a value: naam, volledigeNaam
// becomes "Naam volledige naam".
func spaced(path []string) string {
	path = slices.DeleteFunc(slices.Clone(path), func(name string) bool { return name == "_embedded" })
	var b strings.Builder
	for i, r := range strings.Join(path, " ") {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return ucfirst(b.String())
}
