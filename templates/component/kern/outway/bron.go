package outway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// Bron is somebody else's API, the activity for which we ask it, and the only
// fields of an answer that the activity needs.
type Bron struct {
	Name      string
	Title     string
	Service   string // FSC service name
	Activity  logboek.Activity
	Fields    []Field
	Warnings  []Warning         // kept besides the fields
	Addresses []string          // under which the source knows itself; the first is how we write it
	Headers   map[string]string // that go along with each question, such as Accept-Crs
	Access    Access            // what the source itself asks, besides FSC
	Stored    []string          // fields that the component stores after all; 3-integratie says why
}

// Answer is what a source said, pruned to the purpose. It is for the moment
// of use: no layer stores it.
type Answer struct {
	Bron     string
	Title    string
	Activity logboek.Activity
	Found    bool
	Unasked  bool      // the source was asked nothing: see NotAsked
	Count    int       // of what was found
	Data     any       // what is kept; also what was found and of which nothing is kept
	Fields   []Field   // what Data can hold, with what people read
	Warnings []Warning // and besides that
	List     string    // path in Data of the list of what was found; "" when Data is it
	Notes    []Note    // what people see first
	Hint     string    // of a stand-in: what can be asked to find something; "" when it is real
}

// Ask asks a source. Not found is an answer, not an error. The question is
// written down in the log of data processing before it is put, and how it
// ended before the answer is given; when that fails there is no answer.
func (o *Outway) Ask(ctx context.Context, b Bron, q Question) (Answer, error) {
	a, err := o.ask(ctx, b, q)
	if f, ok := errors.AsType[*Fault](err); ok {
		f.Bron = b.Title
	}
	return a, err
}

func (o *Outway) ask(ctx context.Context, b Bron, q Question) (Answer, error) {
	a := b.answer()
	if o.foreseen(ctx, b, q) {
		return a, errForeseen
	}
	a.List = q.contract.List
	ctx, cancel := context.WithTimeout(ctx, o.timeout())
	defer cancel()
	if fault := o.prepare(ctx, b, &q); fault != nil {
		return a, fault
	}
	log, fault := o.begin(ctx, b, q)
	if fault != nil {
		return a, fault
	}
	answer, found, transaction, err := o.put(logboek.WithTrace(ctx, log.trace()), b, q)
	a.Hint = found.hint
	if a.Count = len(found.items); err == nil && a.Count > 0 {
		a.Found, a.Hint, a.List = true, "", found.list
		p := newPruner(found.list, b.Fields, b.Warnings)
		differences := p.differences(b, q, found) // of what was found before it is pruned
		a.Data = p.prune(answer)
		a.Notes = append(warningsIn(b.Warnings, a.Data), differences...)
	}
	if fault := o.end(ctx, b, q, log, answer, a.Found, transaction, err); fault != nil {
		return b.answer(), fault
	}
	if Status(err) == http.StatusUnauthorized {
		o.tokens.of(b.Name).drop() // the next question asks for another
	}
	return a, err
}

// prepare completes a question with what the source wants on each: its headers,
// a proof of who asks, and its own form of its own URLs.
func (o *Outway) prepare(ctx context.Context, b Bron, q *Question) *Fault {
	if q.fault != nil {
		return &Fault{Kind: FaultQuestion, Service: b.Service, Operation: q.Operation, cause: q.fault}
	}
	q.Service, q.Repeatable = b.Service, !q.contract.Once
	for _, values := range q.Query {
		for i := range values {
			values[i] = b.canonical(values[i], o.base)
		}
	}
	for _, a := range q.asked { // what is found is held against it in the same form
		for i := range a.values {
			a.values[i] = b.canonical(a.values[i], o.base)
		}
	}
	if q.Method != http.MethodGet {
		var err error
		if q.Body, err = json.Marshal(b.canonicalIn(q.object, o.base)); err != nil {
			return &Fault{Kind: FaultQuestion, Service: b.Service, Operation: q.Operation, reason: "zij is niet als JSON te schrijven"}
		}
	}
	q.Header = http.Header{}
	for name, value := range b.Headers {
		q.Header.Set(name, value)
	}
	fault := o.proof(ctx, b, q.Header)
	if fault != nil {
		fault.Operation = q.Operation
	}
	return fault
}

// Missing says whether one of these values, which a question needs, is not
// there. Then there is nothing to ask.
func Missing(required ...string) bool { return slices.Contains(required, "") }

// NotAsked is the answer when a question could not be put because what it
// needs is not there.
func (b Bron) NotAsked() Answer {
	a := b.answer()
	a.Unasked = true
	return a
}

// answer is an answer of the source in which nothing is found.
func (b Bron) answer() Answer {
	return Answer{Bron: b.Name, Title: b.Title, Activity: b.Activity, Fields: b.Fields, Warnings: b.Warnings}
}

// NewQuestion begins a question to the source.
func (b Bron) NewQuestion(operation, method, path string) Question {
	q := NewQuestion(operation, method, path)
	q.bron = b
	return q
}

// NewQuestion begins a question to a source.
func NewQuestion(operation, method, path string) Question {
	return Question{Operation: operation, Method: method, Path: path, template: path, Query: url.Values{}, object: map[string]any{}}
}

// InPath fills {name} in the path. The value may be a URL that the source gave
// for the same path: then what stands there is taken. A URL of somebody else
// makes the question one that cannot be put, and so does a value that would make
// another path of it.
func (q *Question) InPath(name, value string) {
	if len(q.bron.Addresses) > 0 && absolute(value) {
		segment, err := q.bron.segment(q.template, name, value)
		if err != nil {
			q.fault = err
		}
		value = segment
	}
	if q.fault == nil && !isSegment(value) {
		q.fault = errSegment
	}
	q.Path = strings.ReplaceAll(q.Path, "{"+name+"}", url.PathEscape(value))
	if strings.HasSuffix(strings.TrimSuffix(q.template, "/"), "/{"+name+"}") { // elsewhere in it stands of what the answer is a part
		q.asked = append(q.asked, asked{name: name, values: []string{value}, key: true})
	}
}

var errSegment = errors.New("een waarde kan niet in het pad staan")

// isSegment says whether a value can stand in a path. Dots that lead to another
// path are refused, also between slashes: who decodes those later follows them.
func isSegment(value string) bool {
	dots := func(part string) bool { return part == "." || part == ".." }
	return value != "" && utf8.ValidString(value) && !strings.ContainsFunc(value, unicode.IsControl) &&
		!slices.ContainsFunc(strings.FieldsFunc(value, func(r rune) bool { return r == '/' || r == '\\' }), dots)
}

// About says whose data is asked for, by burgerservicenummer: for the log of data
// processing, where a pseudonym of it comes. Somebody else is no answer.
func (q *Question) About(burgerservicenummers ...string) {
	q.DataSubjects = append(q.DataSubjects, burgerservicenummers...)
}

// InQuery adds a query parameter, unless there is no value.
func (q *Question) InQuery(name string, values ...string) {
	for _, value := range values {
		if value != "" {
			q.Query.Add(name, value)
		}
	}
	q.ask(name, values...)
}

// InBody adds a value to the JSON body, unless there is none.
func (q *Question) InBody(name string, value any) {
	if value != nil {
		q.object[name] = value
		q.ask(name, plainIn(value)...)
	}
}

// List is a value as a JSON array of one; nil when there is none.
func List(value any) any {
	if value == nil {
		return nil
	}
	return []any{value}
}

// Text is a value as a JSON string; nil when there is none.
func Text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Number is a value as a JSON number; nil when it is not one.
func Number(s string) any {
	if n := json.Number(s); s != "" && json.Valid([]byte(s)) {
		if _, err := n.Float64(); err == nil {
			return n
		}
	}
	return nil
}

// YesNo is a value as a JSON boolean; nil when there is none.
func YesNo(s string) any {
	if s == "" {
		return nil
	}
	return s == "true"
}

// Client puts questions to one source.
type Client struct {
	Bron
	outway *Outway
}

// Client makes the client of a source, and remembers the source: what it asks of
// us has to be in the settings before the component starts.
func (o *Outway) Client(b Bron) Client {
	if o.Activity != nil {
		b.Activity = o.Activity(b.Activity)
	}
	if !slices.ContainsFunc(o.sources, func(known Bron) bool { return known.Name == b.Name }) {
		o.sources = append(o.sources, b)
	}
	return Client{b, o}
}

// Sources are the sources of which a client was made.
func (o *Outway) Sources() []Bron { return o.sources }

// Settings lists the settings without which a source does not let us in.
func (t Access) Settings() []string {
	var names []string
	for _, name := range []string{t.Key, t.ClientID, t.Secret, t.TokenURL} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// Question begins a question to the source; title is what is asked, as people
// read it, and contract what the source promises to answer.
func (c Client) Question(operation, method, path, title string, contract Contract) Question {
	q := c.NewQuestion(operation, method, path)
	q.Title, q.contract = title, contract
	return q
}

// Ask puts the question. Not found is an answer, not an error.
func (c Client) Ask(ctx context.Context, q Question) (Answer, error) {
	return c.outway.Ask(ctx, c.Bron, q)
}

// Decode puts what is kept of an answer in a type. A number is exact: an integer
// is an int64 and any other number its own text, so that an amount is what the
// source wrote. An answer of which something does not fit is not put there at
// all, because half of it would be misread: the log says which field, and
// Data still has it, so that one odd value does not hold up a process.
func (c Client) Decode(q Question, a Answer, to any) {
	if a.Data == nil {
		return
	}
	raw, err := json.Marshal(a.Data)
	if err == nil {
		err = json.Unmarshal(raw, to)
	}
	if err != nil {
		field := ""
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			field = wrong.Field // the text of err may quote a value
		}
		c.outway.log.Warn("een antwoord past niet bij de beschrijving van de bron", "bron", a.Bron, "operatie", q.Operation, "veld", field)
		reflect.ValueOf(to).Elem().SetZero()
	}
}
