package outway

import (
	"slices"
	"strconv"
	"strings"
)

// Field is a field of the answers of a source that is kept. Name is its whole
// path: from what was found (naam.voornamen of a person in a list of persons) or,
// for what stands beside the list, from the answer. Lists leave no trace in it.
// Title is what people read.
type Field struct{ Name, Title string }

// Warning is a field that a source sends along unasked and that changes the
// meaning of all the rest: the person asked for secrecy, the address is under
// investigation. It is kept whatever the purpose is, wherever something beside it
// is, and people see it first.
type Warning struct {
	Field  string   // as of a Field, but from any object of which something is kept
	Text   string   // what people read
	Values []string // with which it is a warning; none: with any value that is not no
}

// Contract is what the source promises of its answer to a question. By that, and
// not by what is left of the answer, something is found.
type Contract struct {
	List     string   // path of the list of what is found; "" when the answer itself is
	Array    bool     // the answer is that list
	Holds    []string // properties of an answer: without any of them it is another; nil when nobody described it
	Required []string // properties that every answer has
	NotFound bool     // 404 says that there is nothing
	Once     bool     // nobody knows whether asking changes something: it is not tried again
}

// Note is something that people see before the rest of an answer.
type Note struct {
	Place string // JSON pointer to what it is about, in the data of the answer
	Kind  string // NoteWarning or NoteDiffers
	Field string // name of the field that it comes from
	Text  string
}

// kept are the names of all that is kept of an answer.
func (b Bron) kept() []string {
	names := make([]string, 0, len(b.Fields)+len(b.Warnings))
	for _, f := range b.Fields {
		names = append(names, f.Name)
	}
	for _, w := range b.Warnings {
		if !slices.Contains(names, w.Field) {
			names = append(names, w.Field)
		}
	}
	return names
}

// The kinds of a Note.
const (
	NoteWarning = "waarschuwing" // a Warning of the source
	NoteDiffers = "verschil"     // found is not what was asked
)

// item is one of the things that an answer holds.
type item struct {
	place string // JSON pointer
	value any
}

// items lists what an answer holds by the contract; nil when it is another answer.
func (c Contract) items(answer any) (found []item, specified bool) {
	if all, ok := answer.([]any); ok {
		if !c.Array && c.Holds != nil {
			return nil, false
		}
		return listed("", all), true
	}
	object, ok := answer.(map[string]any)
	if !ok || c.Array {
		return nil, false
	}
	has := func(name string) bool { _, there := object[name]; return there }
	if len(object) == 0 || c.Holds != nil && !slices.ContainsFunc(c.Holds, has) || slices.ContainsFunc(c.Required, func(name string) bool { return !has(name) }) {
		return nil, false
	}
	if c.List == "" {
		return []item{{"", answer}}, true
	}
	var at any = answer
	place := ""
	for part := range strings.SplitSeq(c.List, ".") {
		object, ok := at.(map[string]any)
		if !ok {
			return nil, at == nil
		}
		at, place = object[part], place+"/"+part
	}
	all, ok := at.([]any)
	return listed(place, all), ok || at == nil
}

func listed(place string, all []any) []item {
	found := make([]item, len(all))
	for i, value := range all {
		found[i] = item{place + "/" + strconv.Itoa(i), value}
	}
	return found
}
