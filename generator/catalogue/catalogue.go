// Package catalogue holds the sources that fieldlab knows by itself: what they
// are, what can be asked of them, whom to ask for access, and what their
// stand-ins answer. Each source is a folder below entries. The facts are of
// the providers, the text and the answers are ours; the people in them do not
// exist.
package catalogue

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed entries
var files embed.FS

// Entry is one source. The yaml tags are the words of bron.yaml, the json tags
// those of `fieldlab sources show --json`.
type Entry struct {
	Name       string      `yaml:"-" json:"name"` // of the folder, and of sources[].catalogue
	Title      string      `yaml:"titel" json:"title"`
	Short      string      `yaml:"kort" json:"short"`
	About      string      `yaml:"uitleg" json:"about"`
	Provider   Provider    `yaml:"aanbieder" json:"provider"`
	Service    string      `yaml:"dienst" json:"service"` // FSC service name to propose; the provider decides
	BaseURLs   []BaseURL   `yaml:"basispaden" json:"baseUrls"`
	Auth       Auth        `yaml:"authenticatie" json:"authentication"`
	Headers    []Header    `yaml:"headers" json:"headers"`
	Operations []Operation `yaml:"operaties" json:"operations"`
	Fields     []Field     `yaml:"velden" json:"fields"` // those that teams need most
	Warnings   []Warning   `yaml:"waarschuwingen" json:"warnings"`
	Titles     Titles      `yaml:"-" json:"titles"` // of every field, from titels.yaml
	Access     Access      `yaml:"toegang" json:"access"`
	Personas   []Persona   `yaml:"personen" json:"personas"`
	Checked    string      `yaml:"nagegaan" json:"checked"` // ja or deels
	Caveat     string      `yaml:"voorbehoud" json:"caveat,omitempty"`
	Facts      []string    `yaml:"feiten" json:"facts"` // where the facts come from
}

// Provider is who offers the source. OIN is "" when nobody confirmed it.
type Provider struct {
	Name string `yaml:"naam" json:"name"`
	OIN  string `yaml:"oin" json:"oin,omitempty"`
}

// BaseURL is where the source is offered in one environment.
type BaseURL struct {
	Environment string `yaml:"omgeving" json:"environment"` // productie, acceptatie, proef, test or nabootsing
	URL         string `yaml:"url" json:"url"`
}

// Auth is how the source itself wants to know who asks. Kind is apikey,
// oauth2 or zgw-jwt; Header is for apikey.
type Auth struct {
	Kind   string `yaml:"soort" json:"kind"`
	Header string `yaml:"header" json:"header,omitempty"`
	About  string `yaml:"uitleg" json:"about,omitempty"`
}

// Header goes along with every question.
type Header struct {
	Name  string `yaml:"naam" json:"name"`
	Value string `yaml:"waarde" json:"value"`
}

// Operation is one question. Its name is the operationId in the specification.
type Operation struct {
	Name       string            `yaml:"naam" json:"name"`
	About      string            `yaml:"uitleg" json:"about"`
	Default    bool              `yaml:"standaard" json:"default,omitempty"` // what a team gets that names none
	Constants  map[string]string `yaml:"vast" json:"constants,omitempty"`    // go along unless the answers say otherwise
	Parameters []Parameter       `yaml:"parameters" json:"parameters"`
	Fields     []string          `yaml:"velden" json:"fields"` // to propose
	Choices    []Choice          `yaml:"keuzes" json:"choices,omitempty"`
	Exact      *Exact            `yaml:"exact" json:"exact,omitempty"`
}

// Exact is a parameter that tells the source to take an address as it is
// written: without it, 38 also finds 38-2. It goes along when all that makes up
// an address is asked.
type Exact struct {
	Name  string   `yaml:"naam" json:"name"`
	Value string   `yaml:"waarde" json:"value"`
	When  []string `yaml:"als" json:"when"`
}

// Parameter is an input. Type is a field type of the answers file.
type Parameter struct {
	Name     string `yaml:"naam" json:"name"`
	Type     string `yaml:"type" json:"type"`
	Required bool   `yaml:"nodig" json:"required,omitempty"`
}

// Choice is another value for the constant of an operation.
type Choice struct {
	Name  string `yaml:"naam" json:"name"`
	About string `yaml:"uitleg" json:"about"`
}

// Warning is a field that the source sends along unasked and that changes the
// meaning of the rest of an answer. It is kept whatever the purpose is, wherever
// something beside it is.
type Warning struct {
	Field  string   `yaml:"veld" json:"field"`
	Text   string   `yaml:"tekst" json:"text"`
	Values []string `yaml:"bij" json:"values,omitempty"` // with which it is one; none: with any value that is not no
}

// Field is a field of an answer: its whole path from what was found, or for what
// stands beside that from the answer.
type Field struct {
	Name  string `yaml:"naam" json:"name"`
	About string `yaml:"uitleg" json:"about"`
}

// Titles are the words that people read before a value, by the whole path of its
// field.
type Titles map[string]string

// Access is what a team does to be let in.
type Access struct {
	With        string   `yaml:"bij" json:"with"`
	How         string   `yaml:"hoe" json:"how"`
	Where       string   `yaml:"waar" json:"where"`
	Duration    string   `yaml:"duur" json:"duration"`
	Questions   []string `yaml:"vragen" json:"questions"`     // what the provider will want to know
	Attachments []string `yaml:"bijlagen" json:"attachments"` // what goes with the letter
	Signs       string   `yaml:"tekent" json:"signs"`
}

// Persona is a key for which the stand-in has an answer worth showing.
type Persona struct {
	Key   string `yaml:"sleutel" json:"key"`
	About string `yaml:"uitleg" json:"about"`
}

// names lists the sources in the order in which they are offered.
func names() []string {
	return []string{
		"bag", "brp-personen", "brp-bewoning", "brk", "woz", "kvk",
		"zgw-zaken", "zgw-catalogi", "zgw-documenten", "zgw-besluiten",
	}
}

// Names lists the names of all sources, in the order in which they are offered.
func Names() []string { return names() }

var entries = sync.OnceValues(func() ([]Entry, error) {
	var all []Entry
	for _, name := range names() {
		e, err := read(name)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
})

// Entries lists all sources. The files are part of this program and a test
// reads them all, so that there is no error to return; a broken one is not
// there.
func Entries() []Entry {
	all, err := entries()
	if err != nil {
		return nil
	}
	return slices.Clone(all)
}

// Find returns the source of that name; false when there is none.
func Find(name string) (Entry, bool) {
	if !slices.Contains(names(), name) {
		return Entry{}, false
	}
	if e, found := known.Load(name); found {
		return e.(Entry), true
	}
	e, err := read(name)
	if err == nil {
		known.Store(name, e)
	}
	return e, err == nil
}

// known are the sources that were asked for, by name: the files are part of this
// program. Nobody changes what is in an entry.
var known sync.Map

func read(name string) (Entry, error) {
	var e Entry
	body, err := fs.ReadFile(files, path.Join("entries", name, "bron.yaml"))
	if err != nil {
		return e, fmt.Errorf("catalogue: %w", err)
	}
	d := yaml.NewDecoder(bytes.NewReader(body))
	d.KnownFields(true)
	if err := d.Decode(&e); err != nil {
		return e, fmt.Errorf("catalogue: %s: %w", name, err)
	}
	e.Name = name
	if err := yaml.Unmarshal(e.file("titels.yaml"), &e.Titles); err != nil {
		return e, fmt.Errorf("catalogue: %s: %w", name, err)
	}
	return e, nil
}

// Specification is our own OpenAPI 3.0 document of the source: only the
// operations of the entry and the fields that teams use, under the provider's
// own names.
func (e Entry) Specification() []byte { return e.file("openapi.yaml") }

// Answers are the cases for the stand-in, in the format of
// 3-integratie/<bron>.antwoorden.json, without the name of the
// service.
func (e Entry) Answers() []byte { return e.file("antwoorden.json") }

func (e Entry) file(name string) []byte {
	body, err := fs.ReadFile(files, path.Join("entries", e.Name, name))
	if err != nil {
		return nil // an entry that Find or Entries did not give
	}
	return body
}

// Standard is the operation that a team gets that names none.
func (e Entry) Standard() Operation {
	for _, op := range e.Operations {
		if op.Default {
			return op
		}
	}
	return e.Operations[0]
}

// Operation returns the operation of that name; false when there is none.
func (e Entry) Operation(name string) (Operation, bool) {
	i := slices.IndexFunc(e.Operations, func(op Operation) bool { return op.Name == name })
	if i < 0 {
		return Operation{}, false
	}
	return e.Operations[i], true
}

// Needs are the parameters without which the question cannot be put.
func (op Operation) Needs() []Parameter {
	return slices.DeleteFunc(slices.Clone(op.Parameters), func(p Parameter) bool { return !p.Required })
}
