package paginas

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// handled is one line of the log of processing, as layer 4 gives it.
type handled struct {
	ID         string    `json:"id"`
	Handeling  string    `json:"handeling"`
	Onder      string    `json:"onder"`
	Tijdstip   time.Time `json:"tijdstip"`
	Naam       string    `json:"naam"`
	Soort      string    `json:"soort"`
	Bron       string    `json:"bron"`
	Velden     []string  `json:"velden"`
	Activiteit struct {
		Titel       string `json:"titel"`
		Doel        string `json:"doel"`
		Grondslag   string `json:"grondslag"`
		Toelichting string `json:"toelichting"`
	} `json:"activiteit"`
	Door       string `json:"door"`
	Resultaat  string `json:"resultaat"`
	Transactie string `json:"transactie"`

	Gegevens string `json:"-"` // what was asked, in words
	Personen int    `json:"-"` // about how many people the same answer was as well
}

// names are what was asked, in words; a field of our own register is called as
// on the forms.
func (s *site) names(h *handled) string {
	var all []string
	for _, name := range h.Velden {
		text := strings.ToLower(spaced(strings.Split(name, ".")))
		for _, f := range s.Onderwerp {
			if h.Soort == string(logboek.Register) && f.Naam == name {
				text = f.Label
			}
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

// Afloop is the result as people say it.
func (h handled) Afloop() string { return outcomes[h.Resultaat] }

var outcomes = map[string]string{
	"gevonden": "Gevonden", "niet-gevonden": "Niet gevonden", "gelukt": "Gelukt",
	"geweigerd": "Niet toegestaan, of niet gevonden", "mislukt": "Mislukt", "bezig": "Nog bezig",
}

// usage is what somebody did at one moment, with what was asked and used for it.
type usage struct {
	handled
	Vervolg  bool // it began on an earlier page
	Vragen   []*handled
	Register []*handled
	Opnieuw  []*usage // the same once more, later: a task page asks anew each time that it is opened
}

// what is everything but the moment: by whom, what was asked, used and found.
func (u *usage) what() string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%q %q %t", u.Naam, u.Door, u.Vervolg)
	for _, lines := range [][]*handled{u.Vragen, u.Register} {
		for _, l := range lines {
			_, _ = fmt.Fprintf(&b, " %q %q %q %q %q %d", l.Bron, l.Naam, l.Gegevens, l.Activiteit.Titel, l.Resultaat, l.Personen)
		}
		b.WriteString(";")
	}
	return b.String()
}

// Laatst is the last time that the same was done.
func (u *usage) Laatst() time.Time { return u.Opnieuw[len(u.Opnieuw)-1].Tijdstip }

// usages gathers lines under what somebody did. Lines about several people in
// one answer are one.
func (s *site) usages(lines []handled) []*usage {
	var all []*usage
	byID, groups := map[string]*handled{}, map[string]*usage{}
	for i := range lines {
		l := &lines[i]
		l.Gegevens, byID[l.ID] = s.names(l), l
		if above := byID[l.Onder]; above != nil && above.Soort == l.Soort && l.Soort != string(logboek.Handeling) {
			above.Personen++
			continue
		}
		g := groups[l.Handeling]
		if g == nil {
			g = &usage{handled: *l, Vervolg: l.ID != l.Handeling}
			groups[l.Handeling] = g
			all = append(all, g)
		}
		switch l.Soort {
		case string(logboek.Bevraging):
			g.Vragen = append(g.Vragen, l)
		case string(logboek.Register):
			g.Register = append(g.Register, l)
		}
	}
	return all
}

type usageBody struct {
	Zaak    string   // id; which data the zaak holds is not asked for this
	Bronnen []*usage // at which sources were asked
	Eigen   []*usage // without a source
	Bladeer paging
}

// linesPerPage is as much as layer 4 gives at once: what belongs together then
// seldom falls over two pages.
const linesPerPage = "100"

// usagePage shows which data was used for a zaak, when, why and by whom.
func (s *site) usagePage(v *visit) error {
	id, err := v.zaakID()
	if err != nil {
		return err
	}
	l, err := page[handled](v.r.Context(), s.proces, v.user(), "/zaken/"+url.PathEscape(id)+"/verwerkingen", url.Values{"pageSize": {linesPerPage}}, v.number())
	if err != nil {
		return err
	}
	body := usageBody{Zaak: id, Bladeer: newPaging(v, v.number(), l)}
	before := map[string]*usage{}
	for _, u := range s.usages(l.Results) {
		if len(u.Vragen) == 0 {
			body.Eigen = append(body.Eigen, u)
			continue
		}
		what := u.what()
		if first := before[what]; first != nil {
			first.Opnieuw = append(first.Opnieuw, u)
			continue
		}
		before[what] = u
		body.Bronnen = append(body.Bronnen, u)
	}
	return v.render(http.StatusOK, "gebruik", "Welke gegevens zijn gebruikt", body)
}

// traced gives each request a place of its own in a trace, so that what the
// layers below write into the log of processing belongs together. The trace of
// a caller goes on.
func traced(next http.Handler) http.Handler {
	return logboek.LeesSpoor(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(logboek.MetSpoor(r.Context(), logboek.SpoorVan(r.Context()).Kind())))
	}))
}
