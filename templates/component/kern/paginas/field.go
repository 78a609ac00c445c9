package paginas

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Field is one question of a form, or one value of the record of a zaak.
type Field struct {
	Name      string // name in JSON
	Label     string
	Help      string
	Kind      string // text, date, bsn … as in fieldlab.yaml
	Required  bool
	Min, Max  *float64
	MaxLength int
	Choices   []string // enum
	Default   string
	Reference string // reference: the collection that it points to
	Person    string // whose number it is: of who has this role, Other, or "" when nobody from outside gives it
	Stored    bool   // false: used for the question at hand and then forgotten
}

// Other is the Person of a number of somebody else than whoever types it:
// nobody has checked it.
const Other = "other"

// kind is what package value knows of the field.
func (f Field) kind() value.Kind {
	k, _ := value.Of(f.Kind)
	return k
}

// is says whether a form asks for the field with control.
func (f Field) is(control value.Control) bool { return f.kind().Control == control }

// Limit is the limit of a Field.
func Limit(f float64) *float64 { return &f }

// fieldView is a Field as the template shows it.
type fieldView struct {
	Field
	ID           string
	Value        string
	Group        bool // several inputs: a fieldset with a legend
	Parts        []partView
	Options      []optionView
	Hints        []string
	Mistakes     []string
	InputType    string // type attribute
	InputMode    string // inputmode attribute
	Autocomplete string // autocomplete attribute
	Width        string // class that gives the input a fitting width
	Prose        bool   // the browser may check the spelling
	Fixed        bool   // shown and not asked
	File         *fileView
}

// fileView is the file that a field holds already, with what can be done with it.
type fileView struct {
	ID, Text string
	Choices  []optionView
}

// partView is one of the inputs of a date, an adres or a geo.
type partView struct {
	ID, Name, Label, Value, InputMode, Autocomplete, Width string
	Heading                                                string // above this part and those that follow
	Optional, Faulty                                       bool
	Either                                                 bool // whether it has to be filled in depends on another part
	Radio                                                  bool // its choices are radio buttons, not a select
	Options                                                []optionView
}

type optionView struct {
	ID, Value, Label string
	Selected         bool
}

// DescribedBy lists the ids of the texts that belong to the input.
func (f fieldView) DescribedBy() string {
	var ids []string
	if len(f.Hints) > 0 {
		ids = append(ids, f.ID+"-uitleg")
	}
	if len(f.Mistakes) > 0 {
		ids = append(ids, f.ID+"-fout")
	}
	return strings.Join(ids, " ")
}

// radioMost is how many choices stand as radio buttons; more go in a select.
const radioMost = 5

// Radio says whether the choices are radio buttons.
func (f fieldView) Radio() bool {
	return f.is(value.YesNo) || f.is(value.Choice) && len(f.Choices) <= radioMost
}

// Select says whether the choices are in a select.
func (f fieldView) Select() bool {
	return f.is(value.ReferenceList) || f.is(value.Choice) && !f.Radio()
}

// Lines says whether the answer may have more lines.
func (f fieldView) Lines() bool { return f.is(value.Lines) }

// Focus is the id of the first input, where a link of the error summary goes.
func (f fieldView) Focus() string {
	for _, p := range f.Parts {
		if p.Faulty {
			return p.ID
		}
	}
	if len(f.Parts) > 0 {
		return f.Parts[0].ID
	}
	if f.Radio() && len(f.Options) > 0 {
		return f.Options[0].ID
	}
	return f.ID
}

// newView makes the view of one field out of what was typed.
func newView(id string, f Field, typed url.Values, mistakes []mistake, options []option) fieldView {
	c := f.kind().Input
	view := fieldView{Field: f, ID: id, Value: typed.Get(f.Name),
		InputType: c.Type, InputMode: c.Mode, Autocomplete: c.Autocomplete, Width: c.Width, Prose: c.Prose}
	if view.InputType == "" {
		view.InputType = "text"
	}
	hints := []string{f.Help, c.Hint, f.limits()}
	if f.Person == Other {
		hints = append(hints, "Dit nummer wordt niet gecontroleerd")
	}
	for _, text := range hints {
		if text != "" {
			view.Hints = append(view.Hints, text)
		}
	}
	faulty := map[string]bool{}
	for _, m := range mistakes {
		if m.Field == f.Name {
			view.Mistakes = append(view.Mistakes, m.Text)
			faulty[m.Part] = true
		}
	}
	for _, p := range f.parts() {
		p.Name = f.Name + "." + p.Name
		p.Value = typed.Get(p.Name)
		p.Faulty = faulty[p.Name[len(f.Name)+1:]] || faulty[""]
		p.ID = view.ID + "-" + p.Name[len(f.Name)+1:]
		for i, o := range p.Options {
			p.Options[i].Selected, p.Options[i].ID = o.Value == p.Value, p.ID
			if p.Radio && i > 0 { // the first one is where a link to the part goes
				p.Options[i].ID += "-" + strconv.Itoa(i+1)
			}
		}
		view.Parts = append(view.Parts, p)
	}
	for i, o := range choicesOf(f, options) {
		view.Options = append(view.Options, optionView{ID: view.ID + "-" + strconv.Itoa(i+1), Value: o.ID, Label: o.Label, Selected: o.ID == view.Value})
	}
	view.Group = len(view.Parts) > 0 || view.Radio()
	return view
}

// limits says in words between which numbers an answer lies.
func (f Field) limits() string {
	switch {
	case f.Min != nil && f.Max != nil:
		return fmt.Sprintf("Een getal van %s tot en met %s", f.number(*f.Min), f.number(*f.Max))
	case f.Min != nil:
		return fmt.Sprintf("Een getal van %s of meer", f.number(*f.Min))
	case f.Max != nil:
		return fmt.Sprintf("Een getal van hoogstens %s", f.number(*f.Max))
	}
	return ""
}

func (f Field) number(n float64) string { return value.Display(f.Kind, n) }

func choicesOf(f Field, options []option) []option {
	switch f.kind().Control {
	case value.YesNo:
		return []option{{"ja", "Ja"}, {"nee", "Nee"}}
	case value.Choice:
		var all []option
		for _, k := range f.Choices {
			all = append(all, option{k, ucfirst(k)})
		}
		return all
	case value.ReferenceList:
		return options
	}
	return nil
}
