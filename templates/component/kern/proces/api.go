package proces

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// routes are the operations of the API: the fixed ones, and one for each step
// that a person does in a zaak that runs.
func (p *Proces) routes() []rest.Route {
	routes := []rest.Route{
		{Method: http.MethodGet, Pattern: "/proces", Handler: rest.HandlerFunc(p.process)},
		{Method: http.MethodGet, Pattern: "/proces/bpmn", Handler: http.HandlerFunc(p.bpmnFile)},
		{Method: http.MethodGet, Pattern: "/taken", Handler: p.gelogd("Lijst van taken bekijken", leest, p.tasks)},
		{Method: http.MethodGet, Pattern: "/zaken", Handler: p.gelogd("Lijst van zaken bekijken", leest, p.list)},
		{Method: http.MethodPost, Pattern: "/zaken", Handler: p.gelogd("Zaak starten", verandert, p.startZaak)},
		{Method: http.MethodGet, Pattern: "/zaken/{zaakId}", Handler: p.gelogd("Zaak bekijken", leest, p.read)},
		{Method: http.MethodPost, Pattern: "/zaken/{zaakId}/bevragingen", Handler: p.gelogd("Bronnen opnieuw bevragen", leest, p.askAgain)},
		{Method: http.MethodGet, Pattern: "/zaken/{zaakId}/verwerkingen", Handler: p.gelogd("Gebruik van gegevens bekijken", leest, p.verwerkingen)},
	}
	if len(p.Verloop.Keuzes) > 0 {
		routes = append(routes, rest.Route{Method: http.MethodGet, Pattern: "/keuzes/{verzameling}", Handler: rest.HandlerFunc(p.choices)})
	}
	for _, n := range p.model.Steps() {
		if n.Human() && !p.startsOnly(n) {
			routes = append(routes, rest.Route{Method: http.MethodPost, Pattern: "/zaken/{zaakId}/" + n.Step, Handler: p.gelogd("Stap afronden: "+n.Title, verandert, p.completion(n))})
		}
	}
	return routes
}

// startsOnly says whether a step is the form with which a zaak starts, and to
// which it never comes back. A form with input that is not stored can be asked
// again: when the component stopped halfway, only a person can give that input.
func (p *Proces) startsOnly(n *bpmn.Node) bool {
	if n != p.model.First() || n.Soort != "form" || n.In[0].From != p.model.Start {
		return false
	}
	for _, v := range p.Verloop.Vragen {
		if len(v.Invoer) > 0 {
			return false
		}
	}
	return true
}

func (p *Proces) process(w http.ResponseWriter, _ *http.Request) error {
	return rest.Write(w, http.StatusOK, p.showProcess())
}

func (p *Proces) bpmnFile(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/xml")
	_, _ = w.Write(p.BPMN) // when the caller has gone there is nobody to tell
}

// tasks lists the zaken that wait for the role of the user.
func (p *Proces) tasks(w http.ResponseWriter, r *http.Request) error {
	u, err := p.known(r)
	if err != nil {
		return err
	}
	page := rest.ReadPage(r)
	if page.Query().Get("rol") != u.Rol {
		return forbidden("U kunt alleen de taken van uw eigen rol zien.")
	}
	f := outway.Filter{Zaaktype: p.model.Name, Open: true, Sort: "gewijzigdOp", Pagina: page.Number, Grootte: page.Size}
	for _, n := range p.model.Steps() {
		if n.Role == u.Rol {
			f.Stappen = append(f.Stappen, n.Step)
		}
	}
	if p.rollen[u.Rol].Burger {
		f.Initiator = u.ID
	}
	var tasks []taakBeeld
	var found outway.ZakenPagina
	if len(f.Stappen) > 0 {
		if found, err = p.Zaken.Zaken(r.Context(), f); err != nil {
			return storeFault(err)
		}
	}
	p.toont(r.Context(), u, found.Zaken)
	for _, z := range found.Zaken {
		if n := p.model.Step(z.HuidigeStap); n != nil {
			b := p.showZaak(z, n)
			tasks = append(tasks, taakBeeld{z.ID, z.Identificatie, z.Omschrijving, b.Stap, z.GewijzigdOp, b.Stap.UiterlijkeDatum})
		}
	}
	return rest.WriteList(w, page, found.Aantal, tasks)
}

func (p *Proces) list(w http.ResponseWriter, r *http.Request) error {
	u, err := p.known(r)
	if err != nil {
		return err
	}
	page := rest.ReadPage(r)
	f := outway.Filter{Zaaktype: p.model.Name, Sort: "-identificatie", Pagina: page.Number, Grootte: page.Size}
	if p.rollen[u.Rol].Burger {
		f.Initiator = u.ID
	}
	found, err := p.Zaken.Zaken(r.Context(), f)
	if err != nil {
		return storeFault(err)
	}
	p.toont(r.Context(), u, found.Zaken)
	var zaken []zaakBeeld
	for _, z := range found.Zaken {
		if n := p.model.Step(z.HuidigeStap); n != nil {
			zaken = append(zaken, p.showZaak(z, n))
		}
	}
	return rest.WriteList(w, page, found.Aantal, zaken)
}

func (p *Proces) startZaak(w http.ResponseWriter, r *http.Request) error {
	u, err := p.user(r)
	if err != nil {
		return err
	}
	role := p.startRole()
	switch {
	case role.Naam == "" && !u.Known(), role.Naam != "" && !u.Known() && !role.Anoniem:
		return unauthorized()
	case role.Naam != "" && u.Known() && u.Rol != role.Naam:
		return forbidden("Een zaak starten is voor een andere rol: " + role.Titel + ".")
	}
	a := attempt{user: u}
	if a.key, err = rest.IdempotencyKey(r); err != nil {
		return err
	}
	if err := rest.Decode(r, &a.fields); err != nil {
		return err
	}
	id, answers, err := p.start(r.Context(), a)
	if err != nil {
		return err
	}
	w.Header().Set("Location", r.URL.Path+"/"+id)
	return p.write(w, r, http.StatusCreated, u, id, answers)
}

func (p *Proces) read(w http.ResponseWriter, r *http.Request) error {
	u, err := p.user(r)
	if err != nil {
		return err
	}
	return p.write(w, r, http.StatusOK, u, r.PathValue("zaakId"), nil)
}

// stand is a zaak as a user finds it.
type stand struct {
	zaak      outway.Zaak
	at        *bpmn.Node
	onderwerp *outway.Onderwerp
	seen      zicht
}

// etag covers the zaak and the record that it is about: who completes a form
// must have seen the latest of both.
func (s stand) etag() string {
	tag := strings.Trim(s.zaak.Versie, `"`)
	if s.onderwerp != nil {
		tag += "." + strings.Trim(s.onderwerp.Versie, `"`)
	}
	return `"` + tag + `"`
}

// find reads a zaak and the record that it is about for a user. Whoever may not
// see it hears that it is not there.
func (p *Proces) find(ctx context.Context, u identity.User, id string) (stand, error) {
	s, err := p.look(ctx, u, id)
	if err != nil || s.zaak.Onderwerp == "" || p.Verloop.Onderwerp == "" {
		return s, err
	}
	o, err := p.Onderwerpen.Onderwerp(ctx, s.zaak.Onderwerp)
	switch {
	case err == nil:
		s.onderwerp = &o
	case outway.Status(err) != http.StatusNotFound: // removed after its retention period
		return s, storeFault(err)
	}
	return s, nil
}

// look is find without the record: what nobody needs nobody reads.
func (p *Proces) look(ctx context.Context, u identity.User, id string) (s stand, err error) {
	if !u.Known() && !p.startRole().Anoniem {
		return s, unauthorized()
	}
	if s.zaak, err = p.Zaken.Zaak(ctx, id); err != nil {
		return s, storeFault(err)
	}
	s.at = p.model.Step(s.zaak.HuidigeStap)
	if s.zaak.Zaaktype != p.model.Name || s.at == nil {
		return s, rest.NotFound()
	}
	p.gaatOver(ctx, s.zaak)
	if s.seen = p.sees(u, s.zaak, s.at); s.seen == niets {
		return s, rest.NotFound()
	}
	return s, nil
}

// write answers with a zaak as it is now.
func (p *Proces) write(w http.ResponseWriter, r *http.Request, status int, u identity.User, id string, answers []asked) error {
	s, err := p.find(r.Context(), u, id)
	if err != nil {
		return err
	}
	statussen, err := p.Zaken.Statussen(r.Context(), id)
	if err != nil {
		return storeFault(err)
	}
	d := zaakDetail{zaakBeeld: p.showZaak(s.zaak, s.at), Historie: p.history(statussen, s.seen == alles), Inzage: s.seen == alles}
	if s.onderwerp != nil && s.seen == alles {
		d.Gegevens = s.onderwerp.Gegevens
	}
	// What a source said is for whoever goes on with it, not for whoever came
	// before: a citizen does not get to see what was found about the person
	// whose number she typed.
	if len(answers) > 0 && (s.at.Role == u.Rol && u.Known() || !s.zaak.Open()) {
		d.Antwoorden = showAnswers(answers)
	}
	w.Header().Set("ETag", s.etag())
	return rest.Write(w, status, d)
}

// body is what any step can get; the contract has seen to it that a step gets
// only what belongs to it.
type body struct {
	Uitkomst    string `json:"uitkomst"`
	Toelichting string `json:"toelichting"`
}

// completion is the operation of one step.
func (p *Proces) completion(step *bpmn.Node) rest.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		u, err := p.user(r)
		if err != nil {
			return err
		}
		seen := r.Header.Get("If-Match")
		if seen == "" {
			return rest.NewProblem(http.StatusPreconditionRequired, "Stuur de header If-Match mee met de ETag van de zaak.")
		}
		a := attempt{user: u}
		if a.key, err = rest.IdempotencyKey(r); err != nil {
			return err
		}
		if err := readAttempt(r, step, &a); err != nil {
			return err
		}
		s, err := p.find(r.Context(), u, r.PathValue("zaakId"))
		if err != nil {
			return err
		}
		if done, err := p.repeated(r.Context(), s, step, a, seen); done || err != nil {
			if err != nil {
				return err
			}
			return p.write(w, r, http.StatusOK, u, s.zaak.ID, nil)
		}
		if err := p.admit(u, s, step, seen); err != nil {
			return err
		}
		answers, err := p.complete(r.Context(), s.zaak, s.onderwerp, a)
		if err != nil {
			return err
		}
		return p.write(w, r, http.StatusOK, u, s.zaak.ID, answers)
	}
}

// readAttempt reads the body of a step.
func readAttempt(r *http.Request, step *bpmn.Node, a *attempt) error {
	if step.Soort == "form" {
		return rest.Decode(r, &a.fields)
	}
	var b body
	if err := rest.Decode(r, &b); err != nil {
		return err
	}
	if !step.HasOutcome(b.Uitkomst) {
		return rest.Invalid(rest.InBody("/uitkomst", "enum", "Kies een van de uitkomsten van deze stap."))
	}
	a.outcome, a.remark = b.Uitkomst, b.Toelichting
	return nil
}

// admit refuses who may not do this step now.
func (p *Proces) admit(u identity.User, s stand, step *bpmn.Node, seen string) error {
	switch {
	case !s.zaak.Open():
		return rest.NewProblem(http.StatusConflict, "De zaak is afgesloten.")
	case s.at != step:
		return rest.NewProblem(http.StatusConflict, "De zaak is nu bij een andere stap: "+s.at.Title+".")
	}
	if err := p.may(u, s.seen, s.at); err != nil {
		return err
	}
	if seen != s.etag() {
		return rest.Stale()
	}
	return nil
}

// repeated finds out whether this very attempt succeeded before, but its answer
// got lost. Only layer 2 knows: it keeps the key with the status. The call does
// no harm, although nobody has judged yet whether the user may do the step: a
// version that the zaak has left never comes back. One that is still to come
// would, and then the call would be the step itself.
func (p *Proces) repeated(ctx context.Context, s stand, step *bpmn.Node, a attempt, seen string) (bool, error) {
	version, ok := versionOf(seen)
	now, known := versionOf(s.zaak.Versie)
	if a.key == "" || !ok || !known || version >= now {
		return false, nil
	}
	next := step.Next(a.outcome)
	left := strconv.Quote(strconv.FormatInt(version, 10))
	_, err := p.Zaken.ZetStatus(ctx, s.zaak.ID, left, p.move(next, a.outcome, a.remark, a.user.ID), a.derive(s.zaak.ID+step.Step))
	switch outway.Status(err) {
	case http.StatusPreconditionFailed, http.StatusConflict:
		return false, nil
	}
	if err != nil {
		return false, storeFault(err)
	}
	return true, nil
}

// versionOf is the version of the zaak in an ETag, without that of its record.
func versionOf(tag string) (int64, bool) {
	version, _, _ := strings.Cut(strings.Trim(tag, `"`), ".")
	n, err := strconv.ParseInt(version, 10, 64)
	return n, err == nil && n > 0
}

// askAgain puts the questions before the current step once more, for the
// person whose turn it is.
func (p *Proces) askAgain(w http.ResponseWriter, r *http.Request) error {
	u, err := p.user(r)
	if err != nil {
		return err
	}
	s, err := p.find(r.Context(), u, r.PathValue("zaakId"))
	if err != nil {
		return err
	}
	if !s.zaak.Open() || !s.at.Human() {
		return rest.NewProblem(http.StatusConflict, "De zaak wacht nu niet op iemand.")
	}
	if err := p.may(u, s.seen, s.at); err != nil {
		return err
	}
	var given map[string]json.RawMessage
	if err := rest.Decode(r, &given); err != nil {
		return err
	}
	if faults := p.missing(s.at, given); len(faults) > 0 {
		return rest.Invalid(faults...)
	}
	answers, err := p.again(r.Context(), s.at, s.onderwerp, given)
	found := antwoordenBeeld{Antwoorden: showAnswers(answers)}
	if fault, ok := errors.AsType[*rest.Problem](err); ok && len(answers) > 0 {
		found.Storing = fault.Detail // one source that fails does not take away what others said
	} else if err != nil {
		return err
	}
	return rest.Write(w, http.StatusOK, found)
}
