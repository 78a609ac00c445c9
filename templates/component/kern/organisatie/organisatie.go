// Package organisatie reads for which organisation a process runs. A component is
// made for one; a file says that this process serves another, with its own name,
// number, contact, colour, logo, texts and remedies.
package organisatie

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Organisation is for whom a process runs. What is not said is "" or nil: then it
// is as the component was made.
type Organisation struct {
	Name, OIN, Website string
	Contact            Contact
	Colour             string
	Logo               *Logo
	Texts              Texts
	Remedies           *Remedies
	Addresses          Addresses
	Security           Security
	Activities         map[string]Activity // by the name of a processing activity
	Another            bool                // than the one for which the component was made
}

// Contact is who answers questions.
type Contact struct{ Name, Email, URL string }

// Activity is how the organisation records a processing activity: what identifies it in
// its register, and on which law or regulation of its own it rests. What is "" stays.
type Activity struct{ URI, Explanation string }

// Addresses are where the process is found: the pages, and the APIs of layers 2
// and 4 with their version.
type Addresses struct{ Site, Services, Process string }

// Security is where somebody reports a weakness, beside the contact, and what
// becomes of the report.
type Security struct{ Report, Policy string }

// Texts are what the pages say instead. The names are those of steps, fields and
// pages.
type Texts struct {
	Title, Summary string
	Process        string // title of the process
	Steps, Fields  map[string]Text
	Pages          map[string]string
}

// Text is what a step or a question says instead; what is "" stays.
type Text struct{ Title, Help string }

// Pages are the pages that can carry a text of the organisation.
var Pages = []string{"home", "starten", "bevestiging", "zaak", "volgen", "toegankelijkheid"}

// Known is what the component was made with: to judge a file by.
type Known struct {
	Name, OIN                 string
	ServicesBase, ProcessBase string // on which the addresses of the APIs end: /v1
	Steps, Fields, Results    []string
	Activities                []string
}

// maxFile is more than anybody types.
const maxFile = 256 << 10

// Read reads the file at a path, with the logo beside it. The faults are for
// people: all at once, each with its line and what to do.
func Read(path string, known Known) (Organisation, []string) {
	name := filepath.Base(path)
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return Organisation{}, []string{fmt.Sprintf("%s is er niet, of is niet te lezen; wijs een YAML-bestand aan", path)}
	}
	defer func() { _ = root.Close() }()
	raw, err := readSome(root, name, maxFile)
	if err != nil {
		return Organisation{}, []string{fmt.Sprintf("%s %v; wijs een YAML-bestand aan", path, err)}
	}
	return parse(name, raw, known, func(file string, most int64) ([]byte, error) { return readSome(root, file, most) })
}

// parse reads the text of a file; open reads one that lies beside it.
func parse(name string, raw []byte, known Known, open func(file string, most int64) ([]byte, error)) (Organisation, []string) {
	r := &reader{file: name, known: known, open: open}
	top, ok := r.document(raw)
	if !ok {
		return Organisation{}, r.faults
	}
	r.organisation(top)
	return r.made, r.faults
}

// Step is what a step says instead; Field what a question does.
func (t Texts) Step(name string) Text { return t.Steps[name] }

// Field is what a question says instead.
func (t Texts) Field(name string) Text { return t.Fields[name] }

// Over is the text that stands: this one, or the one that was there.
func (t Text) Over(title, help string) (newTitle, newHelp string) {
	return cmp.Or(t.Title, title), cmp.Or(t.Help, help)
}

// instead says what somebody may have meant, or what there is to choose from.
func instead(given string, names []string) string {
	if meant := value.Meant(given, names); meant != "" {
		return "; bedoelt u " + meant + "?"
	}
	if len(names) == 0 {
		return "; dit component heeft er geen"
	}
	all := slices.Clone(names)
	slices.Sort(all)
	return "; kies uit " + strings.Join(slices.Compact(all), ", ")
}
