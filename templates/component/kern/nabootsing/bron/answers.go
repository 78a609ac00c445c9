package bron

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// answers is an answers file: what a source answers, by operation.
type answers struct {
	service       string
	specification string // path of the OpenAPI file, from the root of the component; "" for none
	operations    []*operation
	real          []string // places of numbers that may be of a person who exists
}

// operation is one question that can be put to a source.
type operation struct {
	name, method string
	segments     []string      // of the path; {naam} for a parameter
	questions    []string      // names of what a question varies in
	choice       *fieldChoice  // nil: the question does not choose its fields
	cases        []*answerCase // the first that fits is the answer
	otherwise    *answerCase   // when none fits; nil: an empty list, or 404
	faults       map[int]any
}

// answerCase is one answer.
type answerCase struct {
	when    map[string][]string // what must be asked; nil: what the answer itself holds
	holds   map[string][]string // what the answer holds, by the name of a question
	shown   map[string]string   // one of either, as people write it
	status  int
	content any
	empty   bool // there is no content
}

// fieldChoice says that a question names the fields that it wants back.
type fieldChoice struct {
	field  string   // of the question
	below  string   // the fields are paths below this field of the answer
	always []string // names of fields that come back unasked
}

// file judges an answers file; it goes on after a mistake, to tell all.
type file struct {
	reader
	files fs.FS // for answers in files of their own
	real  []string
}

var (
	pathPattern   = regexp.MustCompile(`^(/([^/{}?#\s]+|\{[^/{}?#\s]+\}))+/?$|^/$`)
	methods       = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	keysTop       = []string{"dienst", "specificatie", "uitleg", "operaties"}
	keysOperation = []string{"naam", "methode", "pad", "vragen", "kiest", "antwoorden", "anders", "fouten"}
	keysCase      = []string{"bij", "status", "antwoord", "bestand"}
	keysOtherwise = keysCase[1:]
	keysChoice    = []string{"veld", "onder", "altijd"}
)

// readAnswers reads the answers file called name. The error is of type
// Faults when the file can be read and is wrong.
func readAnswers(files fs.FS, name string) (*answers, error) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, fmt.Errorf("het antwoordenbestand %s is niet te lezen: %w", name, err)
	}
	f := &file{reader: reader{name: name, data: raw}, files: files}
	a := &answers{}
	top := f.read()
	if top != nil {
		f.real = realBSN(top, "")
	}
	if top != nil && f.isObject(top, keysTop, "dienst", "operaties") {
		a.service = f.text(top.field("dienst"))
		a.specification = f.text(top.field("specificatie"))
		f.text(top.field("uitleg"))
		for _, item := range f.list(top.field("operaties")) {
			a.operations = append(a.operations, f.operation(item))
		}
	}
	if len(f.faults) > 0 {
		return nil, f.faults
	}
	a.real = f.real
	return a, nil
}

func (f *file) operation(n *node) *operation {
	op := &operation{faults: map[int]any{}}
	if !f.isObject(n, keysOperation, "naam", "methode", "pad") {
		return op
	}
	op.name, op.method = f.text(n.field("naam")), f.text(n.field("methode"))
	if op.method != "" && !slices.Contains(methods, op.method) {
		f.fault(n.field("methode").begin, n.field("methode").place, "kies een van %s", strings.Join(methods, ", "))
	}
	path := f.text(n.field("pad"))
	if path != "" && !pathPattern.MatchString(path) {
		f.fault(n.field("pad").begin, n.field("pad").place, "een pad begint met / en heeft geen vraagteken of spatie; wat wisselt staat tussen accolades, zoals /adressen/{id}")
	}
	op.segments = strings.Split(path, "/")
	op.questions = f.texts(n.field("vragen"))
	if choice := n.field("kiest"); choice != nil && f.isObject(choice, keysChoice, "veld") {
		op.choice = &fieldChoice{field: f.text(choice.field("veld")), below: f.text(choice.field("onder")), always: f.texts(choice.field("altijd"))}
	}
	for _, item := range f.list(n.field("antwoorden")) {
		op.cases = append(op.cases, f.answerCase(op, item, keysCase))
	}
	if otherwise := n.field("anders"); otherwise != nil {
		op.otherwise = f.answerCase(op, otherwise, keysOtherwise)
	}
	if faults := n.field("fouten"); faults != nil && f.isObject(faults, nil) {
		for _, v := range faults.fields {
			status, err := strconv.Atoi(v.name)
			if err != nil || status < 400 || status > 599 {
				f.fault(v.below.begin, v.below.place, "de sleutel is een foutstatus van 400 tot en met 599")
				continue
			}
			if f.isObject(v.below, nil) {
				op.faults[status] = v.below.plain()
			}
		}
	}
	return op
}

// answerCase reads one answer.
func (f *file) answerCase(op *operation, n *node, keys []string) *answerCase {
	c := &answerCase{status: http.StatusOK, shown: map[string]string{}}
	if !f.isObject(n, keys) {
		return c
	}
	if status := n.field("status"); status != nil {
		number, _ := status.value.(json.Number)
		n, err := strconv.Atoi(number.String())
		if err != nil || n < 200 || n > 599 {
			f.fault(status.begin, status.place, "een status is een geheel getal van 200 tot en met 599")
		}
		c.status = n
	}
	if when := n.field("bij"); when != nil {
		c.when = f.when(op, when, c.shown)
	}
	answer, file := n.field("antwoord"), n.field("bestand")
	c.empty = c.status == http.StatusNoContent || c.status == http.StatusNotModified
	switch {
	case c.empty && (answer != nil || file != nil):
		f.fault(n.begin, n.place, "bij status %d hoort geen antwoord", c.status)
	case c.empty:
	case (answer == nil) == (file == nil):
		f.fault(n.begin, n.place, `geef hier "antwoord" of "bestand", een van de twee`)
	case file != nil:
		c.content = f.other(file)
	default:
		c.content = readContent(&f.reader, answer)
	}
	if c.when == nil {
		c.holds = map[string][]string{}
		for _, name := range op.questions {
			for _, held := range gather(c.content, name, nil) {
				c.holds[name] = append(c.holds[name], fold(held))
				c.shown[name] = cmp.Or(c.shown[name], held)
			}
		}
	}
	return c
}

// when reads what must be asked for an answer to be given, and what to show of it.
func (f *file) when(op *operation, n *node, shown map[string]string) map[string][]string {
	wanted := map[string][]string{}
	if !f.isObject(n, nil) {
		return wanted
	}
	for _, v := range n.fields {
		if !slices.Contains(op.questions, v.name) {
			f.fault(v.below.begin, v.below.place, `"vragen" van deze operatie noemt dit niet; daar staat: %s`, strings.Join(op.questions, ", "))
		}
		values := []*node{v.below}
		if v.below.list() {
			values = v.below.items
		}
		wanted[v.name] = []string{}
		for _, given := range values {
			s, plain := value.Plain(given.value)
			switch {
			case given.value == nil || s == "" && plain: // not asked at all
			case !plain:
				f.fault(given.begin, given.place, "hier hoort een tekst, een getal, true, false, null of een lijst daarvan")
			default:
				wanted[v.name] = append(wanted[v.name], fold(s))
				shown[v.name] = cmp.Or(shown[v.name], s)
			}
		}
	}
	return wanted
}

// readContent is an answer as it is given.
func readContent(r *reader, n *node) any {
	if !n.object() && !n.list() {
		r.fault(n.begin, n.place, "een antwoord is een object of een lijst")
		return nil
	}
	return n.plain()
}

// other reads an answer that the team keeps in a file of its own.
func (f *file) other(n *node) any {
	name := f.text(n)
	if name == "" {
		return nil
	}
	raw, err := fs.ReadFile(f.files, name)
	if err != nil {
		reason := "dit bestand is niet te lezen"
		if errors.Is(err, fs.ErrNotExist) || !fs.ValidPath(name) {
			reason = "dit bestand is er niet, of gaat niet mee in het programma: noem het ook in main.go achter go:embed"
		}
		f.fault(n.begin, n.place, "%s", reason)
		return nil
	}
	other := &reader{name: name, data: raw}
	var content any
	if top := other.read(); top != nil {
		content = readContent(other, top)
		for _, place := range realBSN(top, "") {
			f.real = append(f.real, name+": "+place)
		}
	}
	f.faults = append(f.faults, other.faults...)
	return content
}

// isObject says whether n is an object, with no keys but these (nil: any) and
// at least the needed ones.
func (f *file) isObject(n *node, keys []string, needed ...string) bool {
	if !n.object() {
		f.fault(n.begin, n.place, "hier hoort een object: { … }")
		return false
	}
	for _, v := range n.fields {
		if keys != nil && !slices.Contains(keys, v.name) {
			f.fault(v.below.begin, v.below.place, "deze sleutel bestaat hier niet; kies uit: %s", strings.Join(keys, ", "))
		}
	}
	for _, name := range needed {
		if n.field(name) == nil {
			f.fault(n.begin, n.place, `hier ontbreekt "%s"`, name)
		}
	}
	return true
}

// text is a text that must not be empty; "" when it is not there or wrong.
func (f *file) text(n *node) string {
	if n == nil {
		return ""
	}
	s, isText := n.value.(string)
	switch {
	case !isText:
		f.fault(n.begin, n.place, "hier hoort een tekst tussen aanhalingstekens")
	case strings.TrimSpace(s) == "":
		f.fault(n.begin, n.place, "dit mag niet leeg zijn")
	default:
		return s
	}
	return ""
}

func (f *file) list(n *node) []*node {
	if n != nil && !n.list() {
		f.fault(n.begin, n.place, "hier hoort een lijst: [ … ]")
		return nil
	}
	if n == nil {
		return nil
	}
	return n.items
}

func (f *file) texts(n *node) []string {
	var all []string
	for _, item := range f.list(n) {
		all = append(all, f.text(item))
	}
	return all
}

// realBSN lists the places of numbers that may be of a person who exists:
// they pass the check on a burgerservicenummer and are not from the range that
// is set apart for tests, 9999xxxxx.
func realBSN(n *node, name string) []string {
	var all []string
	if s, ok := n.value.(string); ok && (name == "bsn" || name == "burgerservicenummer") && value.BSN(s) == nil && !strings.HasPrefix(s, "9999") {
		all = append(all, n.place)
	}
	for _, v := range n.fields {
		all = append(all, realBSN(v.below, strings.ToLower(v.name))...)
	}
	for _, item := range n.items {
		all = append(all, realBSN(item, name)...)
	}
	return all
}
