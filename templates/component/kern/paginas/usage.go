package paginas

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// handled is one line of the log of processing, as layer 4 gives it.
type handled struct {
	ID       string    `json:"id"`
	Action   string    `json:"handeling"`
	Parent   string    `json:"onder"`
	Time     time.Time `json:"tijdstip"`
	Name     string    `json:"naam"`
	Kind     string    `json:"soort"`
	Bron     string    `json:"bron"`
	Fields   []string  `json:"velden"`
	Titles   []string  `json:"titels"` // of a question
	Activity struct {
		Title       string `json:"titel"`
		Purpose     string `json:"doel"`
		Grondslag   string `json:"grondslag"`
		Explanation string `json:"toelichting"`
	} `json:"activiteit"`
	By          string `json:"door"`
	Resultaat   string `json:"resultaat"`
	Transaction string `json:"transactie"`

	Data    string `json:"-"` // what was asked, in words
	Persons int    `json:"-"` // about how many people the same answer was as well
}

// names are what was asked, in the words of the source; a field of our own register
// is called as on the forms.
func (s *site) names(h *handled) string {
	var all []string
	for i, name := range h.Fields {
		text := strings.ToLower((&shower{}).label(name, ""))
		if i < len(h.Titles) && !value.Blank(h.Titles[i]) {
			text = lowerFirst(value.Shown(h.Titles[i]))
		}
		for _, f := range s.Subject {
			if h.Kind == string(logboek.Register) && f.Name == name {
				text = f.Label
			}
		}
		if !slices.Contains(all, text) { // a code and its meaning have one title
			all = append(all, text)
		}
	}
	return strings.Join(all, ", ")
}

// Ending is the result as people say it.
func (h handled) Ending() string { return outcomes[h.Resultaat] }

var outcomes = map[string]string{
	"gevonden": "Gevonden", "niet-gevonden": "Niet gevonden", "gelukt": "Gelukt",
	"geweigerd": "Niet toegestaan, of niet gevonden", "mislukt": "Mislukt", "bezig": "Nog bezig",
}

// usage is what somebody did at one moment, with what was asked and used for it.
type usage struct {
	handled
	Continued bool // it began on an earlier page
	Questions []*handled
	Register  []*handled
	Repeats   []*usage // the same once more, later: a task page asks anew each time that it is opened
}

// what is everything but the moment: by whom, what was asked, used and found.
func (u *usage) what() string {
	var b strings.Builder
	_, _ = fmt.Fprintf(&b, "%q %q %t", u.Name, u.By, u.Continued)
	for _, lines := range [][]*handled{u.Questions, u.Register} {
		for _, l := range lines {
			_, _ = fmt.Fprintf(&b, " %q %q %q %q %q %d", l.Bron, l.Name, l.Data, l.Activity.Title, l.Resultaat, l.Persons)
		}
		b.WriteString(";")
	}
	return b.String()
}

// Last is the last time that the same was done.
func (u *usage) Last() time.Time { return u.Repeats[len(u.Repeats)-1].Time }

// usages gathers lines under what somebody did. Lines about several people in
// one answer are one.
func (s *site) usages(lines []handled) []*usage {
	var all []*usage
	byID, groups := map[string]*handled{}, map[string]*usage{}
	for i := range lines {
		l := &lines[i]
		l.Data, byID[l.ID] = s.names(l), l
		if above := byID[l.Parent]; above != nil && above.Kind == l.Kind && l.Kind != string(logboek.Action) {
			above.Persons++
			continue
		}
		g := groups[l.Action]
		if g == nil {
			g = &usage{handled: *l, Continued: l.ID != l.Action}
			groups[l.Action] = g
			all = append(all, g)
		}
		switch l.Kind {
		case string(logboek.Question):
			g.Questions = append(g.Questions, l)
		case string(logboek.Register):
			g.Register = append(g.Register, l)
		}
	}
	return all
}

type usageBody struct {
	Zaak    string   // id; which data the zaak holds is not asked for this
	Bronnen []*usage // at which sources were asked
	Own     []*usage // without a source
	Paging  paging
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
	if err := v.ofGuest(); err != nil {
		return err
	}
	l, err := read[handled](v, "/zaken/"+url.PathEscape(id)+"/verwerkingen", url.Values{"pageSize": {linesPerPage}})
	if err != nil {
		return err
	}
	body := usageBody{Zaak: id, Paging: newPaging(v, l)}
	before := map[string]*usage{}
	for _, u := range s.usages(l.Results) {
		if len(u.Questions) == 0 {
			body.Own = append(body.Own, u)
			continue
		}
		what := u.what()
		if first := before[what]; first != nil {
			first.Repeats = append(first.Repeats, u)
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
	return logboek.ReadTrace(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := r.WithContext(logboek.WithTrace(r.Context(), logboek.TraceFrom(r.Context()).Child()))
		next.ServeHTTP(w, own)
		r.Pattern = own.Pattern // whoever measures has the request from before
	}))
}
