package paginas

import (
	"cmp"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// origin is where a form gets an answer from.
type origin int

const (
	fromPerson origin = iota // whoever fills in the form
	fromLogin                // the login of that person, or of who is represented
	fromRecord               // what is stored: the number of somebody else in this zaak
)

// origin says where the answer to a field comes from. A number that a login
// proves is never asked of whoever logged in: they could file, or look, as
// somebody else. An employee may correct it.
func (v *visit) origin(f Field) origin {
	role := v.site.role(v.user().Role)
	switch {
	case f.Person == "" || f.Person == Other || !role.Outside() || v.anonymous():
		return fromPerson
	case f.Person == role.Name:
		return fromLogin
	}
	return fromRecord
}

// proven is the answer to a field that is not asked. Who logs in without such a
// number leaves what is stored.
func (v *visit) proven(f Field) string {
	if v.origin(f) == fromLogin {
		if number := v.user().Applicant().Number(f.Kind); number != "" {
			return number
		}
	}
	stored, _ := v.data[f.Name].(string)
	return stored
}

// fix makes the view of a field that is not asked: what it holds is shown and
// cannot be changed, whatever the browser sent.
func (v *visit) fix(view *fieldView) {
	from := v.origin(view.Field)
	if from == fromPerson {
		return
	}
	view.Fixed, view.Value = true, value.Display(view.Kind, v.proven(view.Field))
	switch {
	case from == fromRecord:
		view.Hints = []string{"U kunt dit hier niet veranderen."}
	case view.Value == "":
		view.Hints = []string{"Uw inlog geeft dit nummer niet."}
	case v.user().Represents.Known():
		view.Hints = []string{"Uit de inlog: van de persoon of organisatie namens wie u handelt. U kunt dit niet veranderen."}
	default:
		view.Hints = []string{"Uit uw inlog. U kunt dit niet veranderen."}
	}
}

// own puts the numbers that are not asked in what was read of a form. A browser
// sends nothing for them; another number than the right one is refused, whether
// or not it is somebody's.
func (v *visit) own(fields []Field, data map[string]any, mistakes []mistake) ([]mistake, error) {
	for _, f := range fields {
		from := v.origin(f)
		if from == fromPerson {
			continue
		}
		if v.data == nil && v.r.PathValue("zaak") != "" && (from == fromRecord || v.proven(f) == "") {
			if _, _, err := v.zaak(); err != nil {
				return nil, err
			}
		}
		number, sent := v.proven(f), data[f.Name]
		empty := f.sentence(f.missing())
		changed := sent != nil && sent != number || slices.ContainsFunc(mistakes, func(m mistake) bool { return m.Field == f.Name && m.Text != empty })
		mistakes = slices.DeleteFunc(mistakes, func(m mistake) bool { return m.Field == f.Name })
		delete(data, f.Name)
		switch {
		case changed:
			mistakes = append(mistakes, mistake{Field: f.Name, Text: f.sentence("Dit is niet het nummer uit de inlog. U kunt het hier niet veranderen")})
		case number != "":
			data[f.Name] = number
		case f.Required && from == fromLogin:
			mistakes = append(mistakes, mistake{Field: f.Name, Text: f.sentence("Uw inlog geeft dit nummer niet. Log in op een manier die dat wel doet, of vraag ons om hulp")})
		}
	}
	slices.SortStableFunc(mistakes, func(a, b mistake) int { return cmp.Compare(place(fields, a), place(fields, b)) })
	return mistakes, nil
}

// place is where a mistake stands in the form: the list of mistakes has the
// order of the page.
func place(fields []Field, m mistake) int {
	return slices.IndexFunc(fields, func(f Field) bool { return f.Name == m.Field })
}

// unchecked is what stands behind the name of a number that somebody typed of
// another.
const unchecked = " (niet gecontroleerd)"

// between says for whom a zaak is and who began it, when these are two. Names
// are not kept: whoever is neither sees the pseudonyms that are in the log too.
func (v *visit) between(p parties) []row {
	if p.Representative == "" || p.Representative == p.Applicant {
		return nil
	}
	applicant, representative := "kenmerk "+p.Applicant, "kenmerk "+p.Representative
	switch u := v.user(); {
	case u.Represents.Known() && u.Represents.ID == p.Applicant:
		representative = "uzelf"
		if u.Represents.Name != "" {
			applicant = u.Represents.Name
		}
	case u.ID == p.Applicant:
		applicant = "uzelf"
	}
	return []row{{Name: "Aanvrager", Value: applicant}, {Name: "Begonnen door een gemachtigde", Value: representative}}
}
