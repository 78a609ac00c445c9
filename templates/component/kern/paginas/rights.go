package paginas

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// mark is a mark on a zaak, as layer 4 gives it.
type mark struct {
	Kind   string     `json:"soort"`
	Reason string     `json:"reden"`
	Since  time.Time  `json:"sinds"`
	Lifted *time.Time `json:"opgehevenOp"`
}

// personMarks are the kinds that a person can ask for, with their words on the
// page: restriction and objection.
var personMarks = []struct{ Kind, Title, Help string }{
	{"beperking", "Beperking van de verwerking", "De gegevens worden bewaard en niet gebruikt (AVG artikel 18)."},
	{"bezwaar", "Bezwaar tegen de verwerking", "Tot er over het bezwaar is beslist, staat de zaak stil (AVG artikel 21)."},
}

// rightsBody is the page with what a person can ask about one zaak.
type rightsBody struct {
	Zaak     zaak
	Correct  bool // there is data that can be corrected
	Marks    []markView
	Past     []markView // that were lifted
	Mistakes []summaryItem
}

type markView struct {
	mark
	Title, Help string
	On          bool
	Form        form
}

func marksAt(zaak string) string { return "/zaken/" + url.PathEscape(zaak) + "/markeringen" }

// rightsPage is where an employee sets or lifts a restriction or an objection.
func (s *site) rightsPage(v *visit) error {
	if err := v.entitled(identity.RightInzage); err != nil {
		return err
	}
	return v.showRights(http.StatusOK, "", nil, nil)
}

func (v *visit) showRights(status int, faulty string, typed url.Values, mistakes []mistake) error {
	z, _, err := v.zaak()
	if err != nil {
		return err
	}
	var all []mark
	if _, err := v.site.process.do(v.r.Context(), call{method: http.MethodGet, path: marksAt(z.ID), internal: true, user: v.user()}, &all); err != nil {
		return err
	}
	body := rightsBody{Zaak: z, Correct: len(v.site.correctable()) > 0 && len(z.Data) > 0}
	for _, kind := range personMarks {
		shown := markView{Title: kind.Title, Help: kind.Help, mark: mark{Kind: kind.Kind}}
		for _, m := range all {
			switch {
			case m.Kind == kind.Kind && m.Lifted == nil:
				shown.mark, shown.On = m, true
			case m.Kind == kind.Kind:
				body.Past = append(body.Past, markView{mark: m, Title: kind.Title})
			}
		}
		mine, wrong := url.Values(nil), []mistake(nil)
		if faulty == kind.Kind {
			mine, wrong = typed, mistakes
		}
		if shown.Form, err = v.newFormAs(kind.Kind+"-", []Field{markReason}, mine, wrong); err != nil {
			return err
		}
		body.Mistakes = append(body.Mistakes, shown.Form.Mistakes...)
		body.Marks = append(body.Marks, shown)
	}
	return v.render(status, "rechten", "Rechten van de betrokkene bij zaak "+z.Identificatie, body)
}

var markReason = Field{Name: "reden", Label: "Reden", Kind: "longtext", Required: true, MaxLength: 1000,
	Help: "Noem het verzoek of het besluit. Schrijf geen gegevens over de persoon op die niet nodig zijn."}

func (s *site) rightsSubmit(v *visit) error {
	if err := v.received("", []Field{markReason}); err != nil {
		return err
	}
	id, err := v.zaakID()
	if err != nil {
		return err
	}
	kind := v.sent.Get("soort")
	if i := slices.IndexFunc(personMarks, func(m struct{ Kind, Title, Help string }) bool { return m.Kind == kind }); i < 0 {
		return &fault{status: http.StatusBadRequest}
	}
	what := call{method: http.MethodPost, path: marksAt(id), internal: true, user: v.user()}
	asked := []Field{markReason}
	if lift := v.sent.Get("doen") == "opheffen"; lift {
		what.path += "/" + kind + "/opheffen"
		asked = nil
	}
	data, mistakes := v.readForm(asked)
	if len(mistakes) > 0 {
		return v.showRights(v.badForm(), kind, v.sent.Values, mistakes)
	}
	if asked != nil {
		what.body = map[string]any{"soort": kind, "reden": data["reden"]}
	}
	_, err = s.process.do(v.r.Context(), what, nil)
	if status := statusOf(err); err != nil && status != http.StatusConflict && status != http.StatusNotFound {
		return err
	}
	return v.redirect("/zaken/" + url.PathEscape(id) + "/rechten") // also when somebody else did the same just before
}

// correctionReason is why the data is put right. It stands among the fields of the
// team, and is none of them.
var correctionReason = Field{Name: "_reden", Label: "Waarom verbetert u dit?", Kind: "longtext", Required: true, MaxLength: 1000,
	Help: "Staat straks bij het verloop van de zaak. Zichtbaar voor iedereen die de zaak mag bekijken. Herhaal hier niet wat er fout stond."}

// correctable are the fields that an employee can put right: what the zaak is
// about, but for files, and for references that no form asks: layer 4 does not know
// what those may point to.
func (s *site) correctable() []Field {
	return slices.DeleteFunc(slices.Clone(s.Subject), func(f Field) bool {
		return f.is(value.Upload) || f.is(value.ReferenceList) && !s.offers(f.Reference)
	})
}

// offers says whether a form lets somebody choose from a collection.
func (s *site) offers(collection string) bool {
	return slices.ContainsFunc(s.Screens, func(screen Screen) bool {
		return slices.ContainsFunc(screen.Fields, func(f Field) bool { return f.Reference == collection })
	})
}

// correctableOf are the same for one zaak: what is not there yet, because a later
// step asks it, may stay away.
func (s *site) correctableOf(z zaak) []Field {
	fields := s.correctable()
	for i := range fields {
		fields[i].Required = fields[i].Required && z.Data[fields[i].Name] != nil
	}
	return fields
}

// correctionPath is the address of the form with which a zaak is put right.
func correctionPath(zaak string) string { return "/zaken/" + url.PathEscape(zaak) + "/correctie" }

type correctionPageBody struct {
	Zaak   zaak
	Form   form
	Partly bool // there is more, which is not put right here
}

// correctionPage shows the stored data of a zaak, open or closed, to be put right.
func (s *site) correctionPage(v *visit) error {
	if err := v.entitled(identity.RightInzage); err != nil {
		return err
	}
	z, etag, err := v.toCorrect()
	if err != nil {
		return err
	}
	typed := v.draft(correctionPath(z.ID))
	if v.drafted = typed != nil; !v.drafted {
		typed = url.Values{} // no default comes in unasked: this is what is stored
		for _, f := range s.correctable() {
			typedFrom(f, z.Data[f.Name], typed)
		}
	}
	return v.showCorrection(http.StatusOK, z, etag, typed, nil)
}

// toCorrect is the zaak of the page, when it has data to put right.
func (v *visit) toCorrect() (zaak, string, error) {
	z, etag, err := v.zaak()
	if err == nil && (len(v.site.correctable()) == 0 || len(z.Data) == 0) {
		err = &fault{status: http.StatusNotFound, detail: "Bij deze zaak zijn geen gegevens bewaard die te verbeteren zijn."}
	}
	return z, etag, err
}

func (v *visit) showCorrection(status int, z zaak, etag string, typed url.Values, mistakes []mistake) error {
	f, err := v.newForm(append(v.site.correctableOf(z), correctionReason), typed, mistakes)
	if err != nil {
		return err
	}
	f.Target, f.Button, f.Version = correctionPath(z.ID), "Verbeteren", etag
	f.Path, f.Draft = f.Target, v.drafted
	f.compare(typed, v.site.correctable(), z.Data)
	return v.render(status, "correctie", "Gegevens verbeteren van zaak "+z.Identificatie,
		correctionPageBody{Zaak: z, Form: f, Partly: len(v.site.correctable()) < len(v.site.Subject)})
}

func (s *site) correctionSubmit(v *visit) error {
	path := correctionPath(v.r.PathValue("zaak"))
	if err := v.received(path, append(s.correctable(), correctionReason)); err != nil {
		return err
	}
	v.form = path
	z, etag, err := v.toCorrect()
	if err != nil {
		return err
	}
	fields := s.correctableOf(z)
	data, mistakes := v.readForm(append(slices.Clone(fields), correctionReason))
	if len(mistakes) == 0 {
		body := map[string]any{"reden": data[correctionReason.Name], "gegevens": corrections(fields, data)}
		_, err = s.process.do(v.r.Context(), call{method: http.MethodPost, path: "/zaken/" + url.PathEscape(z.ID) + "/correcties", internal: true,
			user: v.user(), body: body, ifMatch: v.sent.Get(inputVersion)}, nil)
		mistakes = v.refused(err, fields)
	}
	if len(mistakes) > 0 {
		v.keepDraft(path)
		return v.showCorrection(v.badForm(), z, etag, v.sent.Values, mistakes)
	}
	if err != nil {
		return err
	}
	v.forgetDraft(path)
	return v.redirect("/zaken/" + url.PathEscape(z.ID))
}

// corrections are the fields as they should become. What was left empty is
// cleared.
func corrections(fields []Field, data map[string]any) map[string]any {
	all := map[string]any{}
	for _, f := range fields {
		all[f.Name] = json.RawMessage("null")
		if v, filled := data[f.Name]; filled {
			all[f.Name] = v
		}
	}
	return all
}
