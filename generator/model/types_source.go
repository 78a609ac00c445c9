package model

import "github.com/commonground-fieldlab/fieldlab/generator/openapi"

// Source is an API of somebody else.
type Source struct {
	Name       Names
	Title      string
	Service    string // FSC service name
	GrantEnv   string // FSC_GRANT_HASH_BAG_BEVRAGEN
	Provider   Organisation
	Shares     *Source // an earlier one that asks the same service, by the same contract; nil for none
	Operations []*Operation
	Activity   *Activity
	Fields     []string    // the only fields of an answer that are kept, for the moment of use, as whole paths
	Kept       []FieldNote // what is known of each of Fields
	Warnings   []Warning   // what is kept besides them, for it changes their meaning

	BaseURLs      []string   // where the provider offers it; identifier URLs in answers begin with one of these
	Headers       []Constant // fixed headers of every question, such as Accept-Crs; sorted by name
	Auth          *Auth      // what the source itself asks, besides FSC; nil for nothing
	Specification string     // path in the component of the copied OpenAPI file; "" for none
	Stored        []string   // fields that the component keeps after all; of Fields
	StoredReason  string     // why; never empty when Stored is not
	AnswersFile   string     // JSON: what the stand-in of the source answers
	Access        Access     // how a team gets in
}

// Access is how a team gets access to a source. Texts that nobody knows are "".
type Access struct {
	With, How, Where, Duration string   // With is never ""
	Questions                  []string // what the provider will want to know
	Attachments                []string // what goes with the letter, besides docs/privacy.md
	Signs                      string   // who has to sign; never ""
	Asked                      bool     // the process puts a question
	Caveat                     string   // what is not sure of what we know
	Missing                    []string // what has to be filled in before the letter can go
}

// FieldNote says of a purpose field what it is.
type FieldNote struct {
	Name      string   // whole path
	Title     string   // for people
	About     string   // what it is, as far as the catalogue knows
	Reason    string   // why it is needed; "" when nobody said
	Warns     []string // what the same field warns of
	Unchecked bool     // it stands below an object that may hold anything
}

// Warning is a field that a source sends along unasked and that changes the
// meaning of all the rest.
type Warning struct {
	Field, Title, Text string   // title: what people read before its value
	Values             []string // with which it is one; none: with any value that is not no
}

// Contract is what a source promises of its answer.
type Contract struct {
	List     string   // path of the list of what is found; "" when the answer itself is
	Array    bool     // the answer is that list
	Holds    []string // its properties; nil when nobody described it
	Required []string // those it always has
	NotFound bool     // 404 says that there is nothing
	Once     bool     // nobody knows whether asking changes something
}

// Operation is one question to a source.
type Operation struct {
	Name        Names
	Title       string
	Method      string // GET or POST
	Path        string // /adressen/{id}
	Parameters  []Parameter
	Constants   []Constant // sorted by name
	Example     string     // JSON document that the stand-in answers with
	ExampleFile string     // the team's own file with it, as path in the component; "" when the example is not from a file
	Guessed     bool       // method, path or answer are not from a specification; also an OpenItem

	InputType  string // Go type of what it is asked with
	AnswerType string // Go type of what it answers

	Contract  Contract       // of an answer
	Shape     *Shape         // of an answer, pruned to the purpose; nil when it is not known
	Answers   []Answer       // of the stand-in; the first that fits the question is given
	Otherwise *Answer        // when none fits; nil: an empty list, or 404
	Errors    map[int]string // JSON bodies for statuses that a tester forces
	Chooses   *Chooses       // nil: the question does not choose its fields
}

// Shape is the form of a JSON value, as far as the purpose keeps it; ShapeField
// is a property of an object.
type (
	Shape      = openapi.Shape
	ShapeField = openapi.ShapeField
)

// Answer is one answer of the stand-in of a source.
type Answer struct {
	When   []Constant // what must be asked; empty: what the answer itself holds
	Always bool       // fits whatever is asked
	Status int        // 0: 200
	Body   string     // JSON
}

// Chooses says that a question names the fields that it wants back, as that to
// BRP Personen does: in Field, as paths below Under.
// Names in Always come back unasked, wherever something beside them does.
type Chooses struct {
	Field, Under string
	Always       []string
}

// Parameter is an input of an operation.
type Parameter struct {
	Name     string // as the source spells it
	Field    string // exported Go identifier
	In       string // path, query or body
	Type     string // in a body: string, integer, number or boolean
	Required bool
	List     bool // a JSON array of one value (BRP burgerservicenummer)
	Subject  bool // a burgerservicenummer: who the question is about
}

// Constant is a fixed value that always goes along. Values is set instead of
// Value for a JSON array (BRP fields).
type Constant struct {
	Name, In, Value string
	Values          []string
}
