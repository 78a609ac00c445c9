// Package model is the validated component: names, types, layers. It is plain
// data for templates, derived from answers by New, the only judge of meaning.
// Everything a template needs is here under one name; templates do no
// arithmetic with names or types.
package model

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// Component is one component, ready to be rendered.
type Component struct {
	Name         Names  // of the component; Names.Path is the kebab-case short name
	Title        string // "Verhuizing doorgeven"
	Summary      string
	Module       string // Go module path of the generated repository
	Organisation Organisation
	Contact      Contact
	Repository   string // https URL or ""
	Licence      string // SPDX
	APIURL       string // absolute https URL of the diensten API ending in /v1, for the specification
	ProcesURL    string // the same for the proces API

	Entities    []*Entity
	Sources     []*Source
	Process     *Process
	Activities  []*Activity
	Interaction Interaction
	FSC         FSC
	Delivery    Delivery
	Fieldlab    Fieldlab

	Files     []ExtraFile // files that the answers name; copied to the same path
	OpenItems []OpenItem  // what a person still has to fill in; docs/overdracht.md
	Generator string      // version of fieldlab that generated this
}

// Names holds every spelling of one name, distinct within its scope.
type Names = naming.Names

// Organisation is the responsible organisation. OIN, TOOI and Website may be "".
type Organisation struct{ Name, OIN, TOOI, Website string }

// Contact is who answers for the API; never empty (defaults derive from the organisation).
type Contact struct{ Name, Email, URL string }

// Entity is a kind of thing in the register.
type Entity struct {
	Name        Names
	Plural      Names // Plural.Path is the collection: /v1/verhuizingen; Plural.SQL the table
	Title       string
	TitlePlural string
	Fields      []*Field
	Retention   Retention
	IsSubject   bool     // the zaak is about this entity
	RecordIDs   []string // ids of the synthetic records; RecordIDs[i] belongs to Field.Examples[i]
}

// Schema is the name of the entity in an OpenAPI specification: UpperCamelCase
// without initialisms, as the linter of the API Design Rules wants it.
func (e *Entity) Schema() string {
	return strings.ToUpper(e.Name.JSON[:1]) + e.Name.JSON[1:]
}

// Field is a field of an entity, or an input of a form that is not stored.
type Field struct {
	Name      Names
	Type      string // one of the types of design section 4
	Title     string
	Help      string
	Required  bool
	Min, Max  *float64
	MaxLength int // 0: the type's own
	Values    []Value
	Default   string  // "" or a valid value in form notation
	Reference *Entity // only for type reference
	Person    string  // whose number it is: Name.Path of a role, Other, or "" when nobody from outside gives it

	GoType   string // type of the struct field, "*int64" when optional and not a string
	BaseType string // without the pointer: "int64", "string", "value.Date" …
	SQLite   string // column type
	Postgres string // column type
	OpenAPI  string // schema as one-line YAML flow mapping, with description and example
	Change   string // the same in a partial change, where null takes the value of a field away that is not required
	Personal bool   // personal data: never in a URL, a log or a filter
	Filter   bool   // offered as query parameter of the list
	Sort     bool   // offered as sort key of the list

	Examples []Example // synthetic values, Examples[i] belongs to the i-th synthetic record

	exemplary bool // the answers gave the first example
}

// Pointer says that GoType is a pointer to BaseType.
func (f *Field) Pointer() bool { return f.GoType != f.BaseType }

// Example is one synthetic value in three notations.
type Example struct {
	Form string // as typed in a form; for adres "Straat 1, 1234 AB Plaats"
	JSON string // as JSON value
	Go   string // as Go expression of type GoType
}

// Value is one choice of an enum.
type Value struct {
	Raw string // stored and shown
	Go  string // suffix of the constant name
}

// Retention is how long data is kept.
type Retention struct {
	Period string // ISO 8601
	Text   string // "5 jaar"
	Source string

	// Of what the register keeps.
	Keep    bool        // never destroyed
	Start   string      // closing, decision, object, creation or change
	Field   *Field      // with start object: the day on which the term begins
	Result  string      // of the zaak; "" for all that Results do not name
	Results []Retention // for which another term holds
}

// Process is the process of the component.
type Process struct {
	Name    Names
	Title   string
	Subject *Entity // nil: the zaak is about nothing that is stored
	Roles   []*Role
	Start   *Step
	Steps   []*Step // in the order of the answers
	Diagram Diagram

	guessed bool // the standard process: the answers have none
}

// Role is a kind of person.
type Role struct {
	Name      Names
	Title     string
	Citizen   bool // with Company false: employee
	Company   bool
	Anonymous bool
	Rights    []string // of employees: inzage, archief
}

// Step is one step of the process.
type Step struct {
	Name     Names  // Name.Path is the id in the BPMN, the status type and the URL segment
	Kind     string // form lookup decide task end
	Role     *Role  // form, decide, task
	Title    string
	Help     string
	Fields   []StepField // form
	Source   *Source     // lookup
	Op       *Operation  // lookup
	Input    []Input     // lookup, one per parameter that is filled
	Next     *Step       // form, task, and lookup or decide without outcomes
	Outcomes []Outcome
	Term     string // ISO 8601 or ""
	Result   string // end
}

// Human says whether a person does this step.
func (s *Step) Human() bool { return s.Kind == "form" || s.Kind == "decide" || s.Kind == "task" }

// Builds lists the earlier lookups whose answers a lookup needs, each once.
func (s *Step) Builds() []string {
	var paths []string
	for _, in := range s.Input {
		if in.Step != nil && !slices.Contains(paths, in.Step.Name.Path) {
			paths = append(paths, in.Step.Name.Path)
		}
	}
	return paths
}

// StepField is a field in a form. Stored is false for a field that is used for
// the question at hand and then forgotten.
type StepField struct {
	*Field
	Stored bool
}

// Input says where a parameter of a lookup comes from.
type Input struct {
	Parameter Parameter
	From      string  // "veld" (of the subject), "invoer" (form field that is not stored), "antwoord" (earlier source)
	Field     *Field  // veld, invoer
	Part      string  // of an adres: postcode, huisnummer …; "" otherwise
	Source    *Source // antwoord
	Step      *Step   // antwoord: the lookup that asked for it last
	Path      string  // antwoord: name of the field in that answer
}

// Outcome is one way out of a step.
type Outcome struct {
	Name  Names // Name.Path is the value on the wire, Name.Var the boolean variable in the BPMN
	Title string
	Next  *Step
}

// Activity is a verwerkingsactiviteit.
type Activity struct {
	Name                               Names
	Title, Purpose, Basis, Explanation string
	Retention                          Retention
	URI                                string // dpl.core.processing_activity_id
}

// Interaction says how the pages look.
type Interaction struct {
	Theme  string
	Colour string // #rrggbb, contrast with white at least 4.5
}

// FSC is where the component meets the rest of an FSC group. Every text may be
// "": then nobody has said it yet, and an OpenItem says who knows.
type FSC struct {
	Group                       string // FSC Core 1.1
	DirectoryOIN                string
	DirectoryManager            string // https://host:port
	ManagerAddress              string // of the own manager for other peers
	Manager, ManagerForInway    string // internal
	Controller, ControllerAdmin string // registration, administration
	TransactionLog              string
	InwayAddress, OutwayAddress string
	OwnPeer, Compose            bool
	Core, Charts, Images        string // versions of FSC Core, the Helm charts and the images of OpenFSC
}

// Delivery says how it is built.
type Delivery struct {
	GitHub, GitLab bool
	Image          string // where the image goes; from other answers unless ImageGiven
	Postgres       string
	Port           int // base port of a laptop
	ImageGiven     bool
}

// Fieldlab describes the event.
type Fieldlab struct {
	Days       int
	Start      string
	Team, Goal string
	Variant    int // which of the invented people and examples
}

// ExtraFile is a file that the answers refer to.
type ExtraFile struct {
	Path string
	Body []byte
}

// OpenItem is something a person has to fill in or arrange.
type OpenItem struct {
	What  string // "OIN van de organisatie"
	Where string // the files of the component to change, or the setting to give
	Who   string // "FSC-beheerder"
	Why   string
}

// Diagram is the laid-out BPMN diagram of the process.
type Diagram struct {
	Width, Height int
	Nodes         []Node
	Flows         []Flow
}

// Node is a BPMN flow node with its shape. Kind is start, end, user, service,
// split (exclusive gateway that chooses) or merge (one that joins).
type Node struct {
	ID, Kind, Name string
	Step           *Step // nil for start, split and merge
	X, Y, W, H     int
	Label          *Box   // for start, end and gateways
	Default        string // split: id of the default flow
	In, Out        []string
}

// Flow is a sequence flow with its waypoints.
type Flow struct {
	ID, From, To, Name string
	Condition          string // boolean variable, "" for none
	Outcome            string // after a split: Name.Path of the outcome that takes this flow
	Points             []Point
	Label              *Box
}

// Box and Point are in BPMN diagram units.
type (
	Box   struct{ X, Y, W, H int }
	Point struct{ X, Y int }
)
