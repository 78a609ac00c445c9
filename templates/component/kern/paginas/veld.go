package paginas

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Field is one question of a form, or one value of the record of a zaak.
type Field struct {
	Naam       string // name in JSON
	Label      string
	Uitleg     string
	Soort      string // text, date, bsn … as in fieldlab.yaml
	Verplicht  bool
	Min, Max   *float64
	MaxLengte  int
	Keuzes     []string // enum
	Standaard  string
	Verwijzing string // reference: the collection that it points to
	Bewaard    bool   // false: used for the question at hand and then forgotten
}

// kind is what package value knows of the field.
func (f Field) kind() value.Kind {
	k, _ := value.Of(f.Soort)
	return k
}

// is says whether a form asks for the field with control.
func (f Field) is(control value.Control) bool { return f.kind().Control == control }

// Getal is the limit of a Field.
func Getal(f float64) *float64 { return &f }

// fieldView is a Field as the template shows it.
type fieldView struct {
	Field
	ID      string
	Waarde  string
	Groep   bool // several inputs: a fieldset with a legend
	Delen   []partView
	Opties  []optionView
	Hulp    []string
	Fouten  []string
	Invoer  string // type attribute
	Modus   string // inputmode attribute
	Vul     string // autocomplete attribute
	Breedte string // class that gives the input a fitting width
	Prose   bool   // the browser may check the spelling
}

// partView is one of the inputs of a date, an adres or a geo.
type partView struct {
	ID, Naam, Label, Waarde, Modus, Vul, Breedte string
	Optioneel, Fout                              bool
}

type optionView struct {
	ID, Waarde, Label string
	Gekozen           bool
}

// Beschreven lists the ids of the texts that belong to the input.
func (f fieldView) Beschreven() string {
	var ids []string
	if len(f.Hulp) > 0 {
		ids = append(ids, f.ID+"-uitleg")
	}
	if len(f.Fouten) > 0 {
		ids = append(ids, f.ID+"-fout")
	}
	return strings.Join(ids, " ")
}

// radioMost is how many choices stand as radio buttons; more go in a select.
const radioMost = 5

// Radio says whether the choices are radio buttons.
func (f fieldView) Radio() bool {
	return f.is(value.YesNo) || f.is(value.Choice) && len(f.Keuzes) <= radioMost
}

// Kiezen says whether the choices are in a select.
func (f fieldView) Kiezen() bool {
	return f.is(value.ReferenceList) || f.is(value.Choice) && !f.Radio()
}

// Lines says whether the answer may have more lines.
func (f fieldView) Lines() bool { return f.is(value.Lines) }

// Focus is the id of the first input, where a link of the error summary goes.
func (f fieldView) Focus() string {
	for _, p := range f.Delen {
		if p.Fout {
			return p.ID
		}
	}
	if len(f.Delen) > 0 {
		return f.Delen[0].ID
	}
	if f.Radio() && len(f.Opties) > 0 {
		return f.Opties[0].ID
	}
	return f.ID
}

// newView makes the view of one field out of what was typed.
func newView(id string, f Field, typed url.Values, mistakes []mistake, options []option) fieldView {
	c := f.kind().Input
	view := fieldView{Field: f, ID: id, Waarde: typed.Get(f.Naam),
		Invoer: c.Type, Modus: c.Mode, Vul: c.Autocomplete, Breedte: c.Width, Prose: c.Prose}
	if view.Invoer == "" {
		view.Invoer = "text"
	}
	for _, text := range []string{f.Uitleg, c.Hint, f.limits()} {
		if text != "" {
			view.Hulp = append(view.Hulp, text)
		}
	}
	faulty := map[string]bool{}
	for _, m := range mistakes {
		if m.Veld == f.Naam {
			view.Fouten = append(view.Fouten, m.Tekst)
			faulty[m.Deel] = true
		}
	}
	for _, p := range f.parts() {
		p.Naam = f.Naam + "." + p.Naam
		p.Waarde = typed.Get(p.Naam)
		p.Fout = faulty[p.Naam[len(f.Naam)+1:]] || faulty[""]
		p.ID = view.ID + "-" + p.Naam[len(f.Naam)+1:]
		view.Delen = append(view.Delen, p)
	}
	for i, o := range choicesOf(f, options) {
		view.Opties = append(view.Opties, optionView{ID: view.ID + "-" + strconv.Itoa(i+1), Waarde: o.ID, Label: o.Label, Gekozen: o.ID == view.Waarde})
	}
	view.Groep = len(view.Delen) > 0 || view.Radio()
	return view
}

// limits says in words between which numbers an answer lies.
func (f Field) limits() string {
	switch {
	case f.Min != nil && f.Max != nil:
		return fmt.Sprintf("Een getal van %s tot en met %s", number(*f.Min), number(*f.Max))
	case f.Min != nil:
		return fmt.Sprintf("Een getal van %s of meer", number(*f.Min))
	case f.Max != nil:
		return fmt.Sprintf("Een getal van hoogstens %s", number(*f.Max))
	}
	return ""
}

func number(f float64) string { return value.Display("decimal", f) }

func choicesOf(f Field, options []option) []option {
	switch f.kind().Control {
	case value.YesNo:
		return []option{{"ja", "Ja"}, {"nee", "Nee"}}
	case value.Choice:
		var all []option
		for _, k := range f.Keuzes {
			all = append(all, option{k, ucfirst(k)})
		}
		return all
	case value.ReferenceList:
		return options
	}
	return nil
}

var (
	dateParts = []partView{
		{Naam: "dag", Label: "Dag", Modus: "numeric", Breedte: "twee"},
		{Naam: "maand", Label: "Maand", Modus: "numeric", Breedte: "twee"},
		{Naam: "jaar", Label: "Jaar", Modus: "numeric", Breedte: "vier"},
	}
	timePart     = partView{Naam: "tijd", Label: "Tijd", Breedte: "vier"}
	addressParts = []partView{
		{Naam: value.PartStraat, Label: "Straat", Breedte: "breed"},
		{Naam: value.PartNummer, Label: "Huisnummer", Modus: "numeric", Breedte: "vier"},
		{Naam: value.PartLetter, Label: "Huisletter", Breedte: "vier", Optioneel: true},
		{Naam: value.PartToevoeging, Label: "Toevoeging", Breedte: "vier", Optioneel: true},
		{Naam: value.PartPostcode, Label: "Postcode", Breedte: "kort", Vul: "postal-code"},
		{Naam: value.PartWoonplaats, Label: "Woonplaats", Breedte: "breed", Vul: "address-level2"},
	}
	pointParts = []partView{
		{Naam: "lat", Label: "Breedtegraad", Modus: "decimal", Breedte: "kort"},
		{Naam: "lon", Label: "Lengtegraad", Modus: "decimal", Breedte: "kort"},
	}
)

// parts lists the inputs of a field that has more than one.
func (f Field) parts() []partView {
	switch f.kind().Control {
	case value.Day:
		return slices.Clone(dateParts)
	case value.Moment:
		return append(slices.Clone(dateParts), timePart)
	case value.AddressParts:
		return slices.Clone(addressParts)
	case value.Place:
		return slices.Clone(pointParts)
	}
	return nil
}
