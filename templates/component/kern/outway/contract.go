package outway

import (
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
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
	Title  string   // what people read before its value
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

// titles are what people call the fields and warnings of a source.
func (b Bron) titles() map[string]string {
	all := map[string]string{}
	for _, w := range b.Warnings {
		all[w.Field] = w.Title
	}
	for _, f := range b.Fields { // which say more exactly what it is
		all[f.Name] = f.Title
	}
	return all
}

// Titles are what people call fields of the source with a title, in their order.
// Sources with one title are told apart by what they keep: the log holds no more. A
// field that no source has any more is "".
func Titles(sources []Bron, bron string, fields []string) []string {
	all := make([]string, len(fields))
	most := -1
	for _, b := range sources {
		if b.Title != bron {
			continue
		}
		titles, found, known := b.titles(), make([]string, len(fields)), 0
		for i, name := range fields {
			if found[i] = titles[name]; found[i] != "" {
				known++
			}
		}
		if known > most {
			all, most = found, known
		}
	}
	return all
}

// finding is what an answer holds by the contract.
type finding struct {
	list  string // path of the list that the items stand in
	place string // JSON pointer to that list, or to the one item
	many  bool   // they stand in a list
	items []any
	hint  string // of a stand-in that found nothing
}

// at is the JSON pointer to an item.
func (f finding) at(i int) string {
	if !f.many {
		return f.place
	}
	return f.place + "/" + strconv.Itoa(i)
}

// find lists what an answer holds; ok is false when it is another answer than the
// source promises.
func (c Contract) find(answer any) (f finding, ok bool) {
	if all, is := answer.([]any); is {
		return finding{many: true, items: all}, c.Array && !hollow(all) || !c.Array && c.Holds == nil
	}
	object, is := answer.(map[string]any)
	if !is || c.Array || len(object) == 0 || !c.promised(object) {
		return f, false
	}
	f.list = c.List
	if c.List == "" {
		f.items = []any{answer}
		return f, true
	}
	at := answer
	for part := range strings.SplitSeq(c.List, ".") {
		if object, is = at.(map[string]any); !is {
			return f, at == nil
		}
		at = object[part]
		f.place += "/" + pointer(part)
	}
	f.items, f.many = at.([]any)
	return f, (f.many || at == nil) && !hollow(f.items)
}

// hollow says whether a list has nothing where something was found.
func hollow(items []any) bool {
	return slices.ContainsFunc(items, func(item any) bool { return item == nil })
}

// promised says whether an object can be the answer: it has what every answer
// has, something that tells it from another, and it is no problem.
func (c Contract) promised(object map[string]any) bool {
	has := func(name string) bool { _, there := object[name]; return there }
	switch {
	case slices.ContainsFunc(c.Required, func(name string) bool { return !has(name) }):
		return false
	case c.Holds == nil:
		return !isProblem(object)
	case slices.ContainsFunc(c.Holds, func(name string) bool { return has(name) && !slices.Contains(ofProblem, name) }):
		return true
	}
	// It has at most the names of a problem: then all of them must be promised.
	return slices.ContainsFunc(c.Holds, has) && !isProblem(object) &&
		!slices.ContainsFunc(ofProblem, func(name string) bool { return has(name) && !slices.Contains(c.Holds, name) })
}

// ofProblem are the names that RFC 9457 gives to what went wrong.
var ofProblem = []string{"type", "title", "status", "detail", "instance"}

// isProblem says whether an object tells of a failure, whatever status it came with.
func isProblem(object map[string]any) bool {
	text := func(name string) string { s, _ := object[name].(string); return s }
	if given, there := object["status"]; there {
		status, _ := value.Plain(given)
		failed, _ := strconv.Atoi(status)
		return failed >= 400 && failed < 600 && text("title")+text("detail")+text("type") != ""
	}
	kind := text("type")
	for name := range object {
		if !slices.Contains(ofProblem, name) {
			return false
		}
	}
	return text("title") != "" && (strings.HasPrefix(kind, "about:") || strings.HasPrefix(kind, "urn:") || absolute(kind))
}

// inPointer writes what has a meaning of its own in a JSON pointer otherwise.
var inPointer = strings.NewReplacer("~", "~0", "/", "~1")

// pointer writes a name as a step of a JSON pointer (RFC 6901).
func pointer(name string) string {
	return inPointer.Replace(name)
}
