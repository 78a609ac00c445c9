package outway

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Note is something that people see before the rest of an answer.
type Note struct {
	Place string // JSON pointer to what it is about, in the data of the answer
	Kind  string // NoteWarning or NoteDiffers
	Field string // that it comes from, as a path from Place
	Text  string
}

// The kinds of a Note.
const (
	NoteWarning = "waarschuwing" // a Warning of the source
	NoteDiffers = "verschil"     // found is not what was asked
)

// maxNotes is how many warnings are told one by one: more is what a source can send
// and not what anybody reads.
const maxNotes = 1000

// warningsIn are the warnings that are on in what is kept, wherever they stand.
func warningsIn(warnings []Warning, data any) []Note {
	w := &warner{warnings: warnings}
	if len(warnings) > 0 {
		w.walk(data)
	}
	if len(w.notes) > maxNotes { // each is still in the data
		w.notes = append([]Note{{"", NoteWarning, "", "Er zijn meer waarschuwingen dan hier staan"}}, w.notes[:maxNotes]...)
	}
	return w.notes
}

// warner looks for warnings. The way to where it is becomes a text only for those
// that are on: there are few, and many places.
type warner struct {
	warnings []Warning
	way      []string
	notes    []Note
}

func (w *warner) walk(v any) {
	if len(w.notes) > maxNotes {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for _, warning := range w.warnings {
			if warning.on(valuesAt(v, warning.Field)) {
				w.notes = append(w.notes, Note{strings.Join(w.way, ""), NoteWarning, warning.Field, warning.Text})
			}
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			w.step(pointer(name), v[name])
		}
	case []any:
		for i, below := range v {
			w.step(strconv.Itoa(i), below)
		}
	}
}

func (w *warner) step(name string, below any) {
	switch below.(type) {
	case map[string]any, []any:
		w.way = append(w.way, "/"+name)
		w.walk(below)
		w.way = w.way[:len(w.way)-1]
	}
}

// valuesAt are the values at a path, through lists.
func valuesAt(v any, path string) []any {
	if all, ok := v.([]any); ok && path != "" {
		var found []any
		for _, below := range all {
			found = append(found, valuesAt(below, path)...)
		}
		return found
	}
	if path == "" {
		return []any{v}
	}
	object, _ := v.(map[string]any)
	name, rest, _ := strings.Cut(path, ".")
	below, there := object[name]
	if !there {
		return nil
	}
	return valuesAt(below, rest)
}

// on says whether any of these values warns.
func (w Warning) on(values []any) bool {
	return slices.ContainsFunc(values, func(v any) bool {
		if len(w.Values) == 0 {
			return warns(v)
		}
		return w.has(v)
	})
}

// has says whether a value is one of those with which it is a warning, by itself
// or as a code with its meaning.
func (w Warning) has(v any) bool {
	switch v := v.(type) {
	case []any:
		return slices.ContainsFunc(v, w.has)
	case map[string]any:
		return slices.ContainsFunc(partsOfCode, func(part string) bool { below, there := v[part]; return there && w.has(below) })
	}
	s, ok := value.Plain(v)
	return ok && slices.ContainsFunc(w.Values, func(wanted string) bool { return plainForm(s) == plainForm(wanted) })
}

// partsOfCode are the names of a code and its meaning.
var partsOfCode = []string{"code", "waarde", "omschrijving"}

// warns says whether a value is something else than no. A code says it for its
// meaning; any other object does when something in it warns.
func warns(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case []any:
		return slices.ContainsFunc(v, warns)
	case map[string]any:
		for _, part := range partsOfCode {
			if code, there := v[part]; there {
				return warns(code)
			}
		}
		for _, below := range v {
			if warns(below) {
				return true
			}
		}
		return false
	}
	s, _ := value.Plain(v)
	return !slices.Contains([]string{"", "0", "false", "nee", "n", "no"}, plainForm(s))
}

// notHeld are parameters that say how to answer, and those that look for a word
// anywhere: what is found has no value for them.
var notHeld = []string{"page", "pagesize", "page_size", "limit", "offset", "fields", "expand", "exactematch", "sort", "ordering", "q", "query", "search", "zoek", "zoekterm", "type"}

// parts are those of a house number, in the order in which people say them.
var parts = []struct{ name, label string }{{"huisnummer", "het huisnummer"}, {"huisletter", "de huisletter"}, {"huisnummertoevoeging", "de toevoeging"}}

// differences says in which of what was found is not what was asked.
func (p pruner) differences(b Bron, q Question, f finding) []Note {
	var notes []Note
	for i, item := range f.items[:min(len(f.items), maxKept)] {
		object, ok := item.(map[string]any)
		if !ok {
			continue
		}
		if field, text := p.house(q, object); text != "" {
			notes = append(notes, Note{f.at(i), NoteDiffers, field, text})
		}
		for _, a := range q.asked {
			if field, text := p.difference(b, a, object); text != "" {
				notes = append(notes, Note{f.at(i), NoteDiffers, field, text})
			}
		}
	}
	return notes
}

// difference says of one thing that was asked how what was found differs; "" when
// it does not, or when nothing can be said of it.
func (p pruner) difference(b Bron, a asked, object map[string]any) (field, text string) {
	name := property(a.name)
	if a.key || slices.Contains(notHeld, strings.ToLower(name)) || isPart(name) || slices.ContainsFunc(a.values, flag) {
		return "", ""
	}
	var path []string
	given := ""
	for _, at := range nearest(object, name) {
		all := said(at.value())
		if anySame(all, a.values) || slices.ContainsFunc(all, func(g string) bool { return slices.ContainsFunc(a.values, func(w string) bool { return within(w, g) }) }) {
			return "", ""
		}
		if path == nil && len(all) > 0 {
			path, given = at.path, all[0]
		}
	}
	if path == nil {
		return "", ""
	}
	field = strings.Join(path, ".")
	label := b.label(field, name)
	if !p.keeps(path) {
		return field, "Wat gevonden is, wijkt af in " + label + "."
	}
	return field, fmt.Sprintf("Gevraagd is %s %s, gevonden is %s.", label, strings.Join(a.values, " of "), given)
}

func isPart(name string) bool {
	return slices.ContainsFunc(parts, func(p struct{ name, label string }) bool { return strings.EqualFold(p.name, name) })
}

// within says whether what was asked is a part of what was found, as with the
// beginning of a name or a day in a moment.
func within(wanted, given string) bool {
	wanted, given = plainForm(strings.Trim(wanted, "*%")), plainForm(given)
	if utf8.RuneCountInString(wanted) < 2 {
		return false
	}
	if strings.ContainsFunc(wanted, unicode.IsDigit) {
		return strings.HasPrefix(given, wanted+"t")
	}
	return strings.Contains(given, wanted)
}

// label is what people call a field.
func (b Bron) label(field, otherwise string) string {
	for _, f := range b.Fields {
		if f.Name == field && f.Title != "" {
			title := []rune(f.Title)
			if len(title) < 2 || !unicode.IsUpper(title[1]) { // BSN stays BSN
				title[0] = unicode.ToLower(title[0])
			}
			return string(title)
		}
	}
	return otherwise
}

// house compares a house number as a whole: who asks for 38 asks for the house
// without a letter and without an addition.
func (p pruner) house(q Question, object map[string]any) (field, text string) {
	var wanted [3]string
	for i, part := range parts {
		for _, a := range q.asked {
			if strings.EqualFold(property(a.name), part.name) && !a.key {
				wanted[i] = a.values[0]
			}
		}
	}
	if wanted[0] == "" {
		return "", ""
	}
	for _, at := range nearest(object, parts[0].name) {
		here, says := p.houseAt(wanted, at)
		if says == "" {
			return "", ""
		}
		if text == "" {
			field, text = here, says
		}
	}
	return field, text
}

// houseAt is house for one of the places where a house number stands.
func (p pruner) houseAt(wanted [3]string, at spot) (field, text string) {
	var given [3]string
	var off []string
	told := true
	for i, part := range parts {
		name, there := named(at.in, part.name)
		if !there {
			name = part.name
		}
		if all := said(at.in[name]); len(all) > 0 {
			given[i] = all[0]
		}
		path := append(slices.Clone(at.path[:len(at.path)-1]), name)
		kept := p.keeps(path)
		// A part that is not there may be one that was not asked back.
		if plainForm(given[i]) == plainForm(wanted[i]) || given[i] == "" && !kept {
			continue
		}
		told, off = told && kept, append(off, part.label)
		if field == "" {
			field = strings.Join(path, ".")
		}
	}
	switch {
	case len(off) == 0:
		return "", ""
	case !told:
		return field, "Het gevonden adres wijkt af in " + strings.Join(off, " en ") + "."
	}
	lacks := ""
	if wanted[1] != "" && given[1] == "" {
		lacks = " zonder letter"
	}
	if wanted[2] != "" && given[2] == "" {
		lacks += " zonder toevoeging"
	}
	return field, fmt.Sprintf("Gevraagd is huisnummer %s, gevonden is %s.", number(wanted), number(given)+lacks)
}

// number writes a house number.
func number(house [3]string) string {
	text := house[0] + house[1]
	if house[2] != "" {
		text += " met toevoeging " + house[2]
	}
	return text
}
