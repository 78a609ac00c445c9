package bron

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// maxHints is how many ways to find something a hint names.
const maxHints = 3

// hint says in a header what does find something with this question, for whoever
// tries the component: nobody knows by heart which people and addresses were made
// up. It names only what was asked, so that it can be filled in.
func (op *operation) hint(w http.ResponseWriter, asked *question) {
	var ways []string
	for _, c := range op.cases {
		if way := c.way(op, asked); way != "" && !slices.Contains(ways, way) {
			ways = append(ways, way)
		}
		if len(ways) == maxHints {
			break
		}
	}
	if len(ways) > 0 {
		w.Header().Set(fsc.HeaderHint, url.PathEscape("De nabootsing vindt iets bij "+strings.Join(ways, ", of bij ")+"."))
	}
}

// way names the values with which an answer is given; "" when it finds nothing, or
// needs what this question does not ask.
func (c *answerCase) way(op *operation, asked *question) string {
	if !c.finds() {
		return ""
	}
	var words []string
	for _, name := range op.questions {
		value := c.shown[name]
		given := asked.values[name]
		switch {
		case value == "" && c.when[name] != nil && slices.ContainsFunc(given, func(s string) bool { return s != "" }):
			return "" // it wants this left empty, and the question never does
		case value == "", len(given) == 0 && c.when == nil:
		case len(given) == 0, madeUp(name) && !strings.HasPrefix(value, "9999"):
			return ""
		case !filledIn(name, value):
			if !slices.ContainsFunc(given, func(s string) bool { return fold(s) == fold(value) }) {
				return ""
			}
		default:
			words = append(words, name[strings.LastIndexByte(name, '.')+1:]+" "+value)
		}
	}
	return strings.Join(words, " en ")
}

// madeUp says whether a name is that of a number of a person, which can be of one
// who exists.
func madeUp(name string) bool {
	return strings.EqualFold(name, "burgerservicenummer") || strings.EqualFold(name, "bsn")
}

// filledIn says whether a value is one that people fill in: not a yes or a no that
// goes along, nor the kind of the question.
func filledIn(name, value string) bool {
	return value != "true" && value != "false" && name != "type"
}

// finds says whether an answer is that something was found: it is no refusal, not
// all of its lists are empty, and it is more than a link to the question. The BAG
// leaves out the list when it finds no address.
func (c *answerCase) finds() bool {
	full, empty := lists(c.content)
	object, _ := c.content.(map[string]any)
	_, links := object["_links"]
	return c.status == http.StatusOK && !c.empty && (full > 0 || empty == 0) && !(links && len(object) == 1)
}

// lists counts the lists in an answer that hold something, and those that do not.
func lists(v any) (full, empty int) {
	switch v := v.(type) {
	case map[string]any:
		for _, below := range v {
			f, e := lists(below)
			full, empty = full+f, empty+e
		}
	case []any:
		if len(v) == 0 {
			return 0, 1
		}
		return 1, 0
	}
	return full, empty
}
