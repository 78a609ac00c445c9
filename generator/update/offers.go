package update

import (
	"path"
	"regexp"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

// NoteUnsorted and NoteUnfiltered say that the list of an entity in the API can no
// longer be sorted or filtered by a field, whether the answers or a newer fieldlab
// decided so: who asks for it is refused from now on. Their arguments: the field and
// the entity.
const (
	NoteUnsorted   = "unsorted"
	NoteUnfiltered = "unfiltered"
)

// regexOffered is a column as fieldlab writes it, with what the list offered.
var regexOffered = regexp.MustCompile(`\{SQL: "[^"]+", JSON: "([^"]+)"(, Filter: true)?(, Sort: true)?`)

// offers compares what the lists of the API offered with what they will offer. What
// has another name or is gone is told as that.
func (f *finder) offers() {
	for _, e := range f.model.Entities {
		before := f.offered(e)
		for _, field := range e.Fields {
			was := before[field.Name.JSON]
			if was.sort && !field.Sort {
				f.unoffered(NoteUnsorted, "gesorteerd", field, e)
			}
			if was.filter && !field.Filter {
				f.unoffered(NoteUnfiltered, "gefilterd", field, e)
			}
		}
	}
}

type offer struct{ filter, sort bool }

// offered reads in the base what the list of an entity offered, by field.
func (f *finder) offered(e *model.Entity) map[string]offer {
	found := map[string]offer{}
	for name, body := range f.base.Files {
		if path.Dir(name) != path.Dir(migrations) || !strings.Contains(string(body), `Name: "`+e.Plural.SQL+`",`) {
			continue
		}
		for _, m := range regexOffered.FindAllStringSubmatch(string(body), -1) {
			found[m[1]] = offer{filter: m[2] != "", sort: m[3] != ""}
		}
	}
	return found
}

func (f *finder) unoffered(code, done string, field *model.Field, e *model.Entity) {
	f.u.Notes = append(f.u.Notes, grow.Note{Code: code, Args: []any{field.Name.Raw, e.Name.Raw}})
	f.lost = append(f.lost, "De lijst van "+e.Plural.Raw+" in de API kan niet meer op "+field.Name.Raw+" worden "+done+".")
}
