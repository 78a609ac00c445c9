package proces

import (
	"context"
	"net/http"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// routes are the operations of the API: the fixed ones, and one for each step
// that a person does in a zaak that runs.
func (p *Process) routes() []rest.Route {
	routes := []rest.Route{
		{Method: http.MethodGet, Pattern: "/proces", Handler: rest.HandlerFunc(p.process)},
		{Method: http.MethodGet, Pattern: "/proces/bpmn", Handler: http.HandlerFunc(p.bpmnFile)},
		{Method: http.MethodGet, Pattern: "/taken", Handler: p.logged("Lijst van taken bekijken", reads, p.tasks)},
		{Method: http.MethodGet, Pattern: "/zaken", Handler: p.logged("Lijst van zaken bekijken", reads, p.list)},
		{Method: http.MethodPost, Pattern: "/zaken", Handler: p.logged("Zaak starten", changes, p.startZaak)},
		{Method: http.MethodGet, Pattern: "/zaken/{zaakId}", Handler: p.logged("Zaak bekijken", reads, p.read)},
		{Method: http.MethodDelete, Pattern: "/zaken/{zaakId}", Handler: p.logged("Zaak vernietigen", changes, p.destroyZaak)},
		{Method: http.MethodPost, Pattern: "/zaken/{zaakId}/bevragingen", Handler: p.logged("Bronnen opnieuw bevragen", reads, p.askAgain)},
		{Method: http.MethodGet, Pattern: "/zaken/{zaakId}/verwerkingen", Handler: p.logged("Gebruik van gegevens bekijken", reads, p.verwerkingen)},
	}
	if len(p.Course.Choices) > 0 {
		routes = append(routes, rest.Route{Method: http.MethodGet, Pattern: "/keuzes/{verzameling}", Handler: rest.HandlerFunc(p.choices)})
	}
	completes := func(step, title, from string) {
		routes = append(routes, rest.Route{Method: http.MethodPost, Pattern: operationOf(step), Handler: p.logged("Stap afronden: "+title, changes, p.completion(step)), From: from})
	}
	for _, n := range p.model.Steps() {
		if n.Human() && !p.checker.startsOnly(n) {
			completes(n.Step, n.Title, "4-proces/proces.bpmn")
		}
	}
	for _, t := range p.moves.sorted() { // steps of zaken that stay on the old process
		if t.To == "" && p.contract.Has(http.MethodPost, operationOf(t.From)) {
			completes(t.From, t.From, TransitionsFile)
		}
	}
	return routes
}

func (p *Process) process(w http.ResponseWriter, _ *http.Request) error {
	return rest.Write(w, http.StatusOK, p.showProcess())
}

func (p *Process) bpmnFile(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/xml")
	_, _ = w.Write(p.BPMN) // when the caller has gone there is nobody to tell
}

// tasks lists the zaken that wait for the role of the user.
func (p *Process) tasks(w http.ResponseWriter, r *http.Request) error {
	u, err := p.known(r)
	if err != nil {
		return err
	}
	page := rest.ReadPage(r)
	if page.Query().Get("rol") != u.Role {
		return forbidden("U kunt alleen de taken van uw eigen rol zien.")
	}
	f := outway.Filter{Zaaktype: p.model.Name, Open: true, Sort: "gewijzigdOp", Page: page.Number, Size: page.Size, Cursor: page.Cursor}
	f.Steps = p.stepsOf(func(n *bpmn.Node) bool { return n.Role == u.Role })
	p.own(&f, u)
	var tasks []taakView
	var found outway.ZakenPage
	if len(f.Steps) > 0 {
		if found, err = p.Zaken.Zaken(r.Context(), f); err != nil {
			return listFault(page, err)
		}
	} else {
		found.Exact = true
	}
	p.shows(r.Context(), u, found.Zaken)
	for _, z := range found.Zaken {
		b := p.showZaak(z, p.at(r.Context(), z))
		tasks = append(tasks, taakView{z.ID, z.Identificatie, z.Omschrijving, b.Step, z.ChangedAt, b.Step.DueDate, p.marks(u, z), b.parties})
	}
	return rest.WriteList(w, page, listed(found), tasks)
}

// listed is what layer 2 says of a list as a whole.
func listed(p outway.ZakenPage) rest.Found {
	return rest.Found{Count: p.Count, More: !p.Exact, Next: p.Next, Previous: p.Previous, Last: p.Last}
}

// listFault says what is wrong with the place in a list that was asked for. Our
// contract has judged the rest of the question, so that layer 2 refuses nothing else:
// a cursor is of one question, with whose zaken it is about, and a page by number is
// not far away.
func listFault(page rest.Page, err error) error {
	if outway.Status(err) != http.StatusBadRequest {
		return storeFault(err)
	}
	name, detail := "cursor", "Deze cursor hoort niet bij deze vraag of geldt niet meer; begin opnieuw bij de eerste pagina."
	if page.Cursor == "" {
		name, detail = "page", "Zo ver gaat het niet met een paginanummer: page keer pageSize is hoogstens 10 000. Volg next, of begin met last achteraan."
	}
	problem := rest.Invalid(rest.InQuery(name, "place", detail))
	problem.Detail = detail
	return problem
}

func (p *Process) list(w http.ResponseWriter, r *http.Request) error {
	u, err := p.known(r)
	if err != nil {
		return err
	}
	page := rest.ReadPage(r)
	f := outway.Filter{Zaaktype: p.model.Name, Sort: "-identificatie", Page: page.Number, Size: page.Size, Cursor: page.Cursor}
	p.own(&f, u)
	found, err := p.Zaken.Zaken(r.Context(), f)
	if err != nil {
		return listFault(page, err)
	}
	p.shows(r.Context(), u, found.Zaken)
	var zaken []zaakView
	for _, z := range found.Zaken {
		b := p.showZaak(z, p.at(r.Context(), z))
		b.Marks = p.marks(u, z)
		zaken = append(zaken, b)
	}
	return rest.WriteList(w, page, listed(found), zaken)
}

func (p *Process) startZaak(w http.ResponseWriter, r *http.Request) error {
	u, err := p.user(r)
	if err != nil {
		return err
	}
	role := p.startRole()
	switch {
	case role.Name == "" && !u.Known(), role.Name != "" && !u.Known() && !role.Anonymous:
		return unauthorized()
	case role.Name != "" && u.Known() && u.Role != role.Name:
		return forbidden("Een zaak starten is voor een andere rol: " + role.Title + ".")
	}
	a := attempt{user: u}
	if a.key, err = rest.IdempotencyKey(r); err != nil {
		return err
	}
	if err := rest.Decode(r, &a.fields); err != nil {
		return err
	}
	if err := p.admitFiles(r.Context(), u, p.model.First().Step, a.fields, nil); err != nil {
		return err
	}
	a.sign()
	defer p.turns.take(a.derive("zaak"), a)()
	id, answers, err := p.start(r.Context(), a)
	if err != nil {
		return err
	}
	w.Header().Set("Location", r.URL.Path+"/"+id)
	return p.write(w, r, http.StatusCreated, u, id, answers)
}

func (p *Process) read(w http.ResponseWriter, r *http.Request) error {
	u, err := p.user(r)
	if err != nil {
		return err
	}
	return p.write(w, r, http.StatusOK, u, r.PathValue("zaakId"), nil)
}

// state is a zaak as a user finds it.
type state struct {
	zaak outway.Zaak
	place
	subject *outway.Subject
	seen    sight
}

// etag covers the zaak and the record that it is about: who completes a form
// must have seen the latest of both.
func (s state) etag() string {
	tag := strings.Trim(s.zaak.Version, `"`)
	if s.subject != nil {
		tag += "." + strings.Trim(s.subject.Version, `"`)
	}
	return `"` + tag + `"`
}

// find reads a zaak and the record that it is about for a user. Whoever may not
// see it hears that it is not there.
func (p *Process) find(ctx context.Context, u identity.User, id string) (state, error) {
	s, err := p.look(ctx, u, id)
	if err != nil || s.zaak.Subject == "" || p.Course.Subject == "" {
		return s, err
	}
	o, err := p.Subjects.Subject(ctx, s.zaak.Subject)
	switch {
	case err == nil:
		s.subject = &o
	case outway.Status(err) != http.StatusNotFound: // removed after its retention period
		return s, storeFault(err)
	}
	return s, nil
}

// look is find without the record: what nobody needs nobody reads.
func (p *Process) look(ctx context.Context, u identity.User, id string) (s state, err error) {
	if !u.Known() && !p.startRole().Anonymous {
		return s, unauthorized()
	}
	if s.zaak, err = p.Zaken.Zaak(ctx, id); err != nil {
		return s, storeFault(err)
	}
	if s.zaak.Zaaktype != p.model.Name {
		return s, rest.NotFound()
	}
	s.place = p.at(ctx, s.zaak)
	p.about(ctx, s.zaak)
	if s.seen = p.sees(u, s.zaak, s.at); s.seen == nothing {
		return s, rest.NotFound()
	}
	return s, p.onlyGuest(ctx, u, s.zaak)
}

// write answers with a zaak as it is now.
func (p *Process) write(w http.ResponseWriter, r *http.Request, status int, u identity.User, id string, answers []asked) error {
	s, err := p.find(r.Context(), u, id)
	if err != nil {
		return err
	}
	statuses, err := p.Zaken.Statuses(r.Context(), id)
	if err != nil {
		return storeFault(err)
	}
	d := zaakDetail{zaakView: p.showZaak(s.zaak, s.place), Drawing: s.drawing(p.version()), History: p.history(r.Context(), s.zaak, statuses, s.seen == everything), MaySee: s.seen == everything}
	if s.seen != everything {
		d.parties = parties{}
	}
	if role := p.roles[u.Role]; !u.Known() || role.Outside() {
		p.discreet(d.History)
	}
	d.Marks = p.marks(u, s.zaak)
	if d.History, err = p.corrected(r.Context(), id, d.History, d.MaySee); err != nil {
		return err
	}
	if s.subject != nil && s.seen == everything {
		d.Data = s.subject.Data
	}
	// What a source said is for whoever goes on with it, not for whoever came
	// before: a citizen does not get to see what was found about the person
	// whose number she typed.
	if len(answers) > 0 && (s.at.Role == u.Role && u.Known() || !s.zaak.Open()) {
		d.Answers = showAnswers(answers)
	}
	w.Header().Set("ETag", s.etag())
	return rest.Write(w, status, d)
}

// body is what any step can get; the contract has seen to it that a step gets
// only what belongs to it.
type body struct {
	Outcome     string `json:"uitkomst"`
	Explanation string `json:"toelichting"`
}

// completion is the operation of one step. What the step is follows from the zaak:
// one that stays on an earlier process has it as it was there.
func (p *Process) completion(step string) rest.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		u, err := p.user(r)
		if err != nil {
			return err
		}
		seen, err := rest.IfMatch(r)
		if err != nil {
			return err
		}
		a := attempt{user: u}
		if a.key, err = rest.IdempotencyKey(r); err != nil {
			return err
		}
		if err := p.readAttempt(r, step, &a); err != nil {
			return err
		}
		a.sign()
		defer p.turns.take(a.derive(r.PathValue("zaakId")+step), a)()
		s, err := p.find(r.Context(), u, r.PathValue("zaakId"))
		if err != nil {
			return err
		}
		if done, err := p.repeated(r.Context(), s, step, a); done || err != nil {
			if err != nil {
				return err
			}
			return p.acted(w, r, u, s.zaak.ID, nil)
		}
		if err := p.admit(r.Context(), u, s, step, seen); err != nil {
			return err
		}
		if !s.at.HasOutcome(a.outcome) {
			return noOutcomeOf()
		}
		if err := p.admitFiles(r.Context(), u, step, a.fields, s.subject); err != nil {
			return err
		}
		answers, err := p.complete(r.Context(), s, a)
		if err != nil {
			return err
		}
		return p.acted(w, r, u, s.zaak.ID, answers)
	}
}

func noOutcomeOf() error {
	return rest.Invalid(rest.InBody("/uitkomst", "enum", "Kies een van de uitkomsten van deze stap."))
}

// readAttempt reads the body of a step, of which the contract knows whether it is
// a form: what completes another step has a note, or nothing.
func (p *Process) readAttempt(r *http.Request, step string, a *attempt) error {
	if p.isForm(step) {
		return rest.Decode(r, &a.fields)
	}
	var b body
	if err := rest.Decode(r, &b); err != nil {
		return err
	}
	// Of a step that is there no more, the zaak says which outcomes it has.
	if n := p.model.Step(step); n != nil && !p.stayers() && !n.HasOutcome(b.Outcome) {
		return noOutcomeOf()
	}
	a.outcome, a.remark = b.Outcome, b.Explanation
	return nil
}

// admit refuses who may not do this step now.
func (p *Process) admit(ctx context.Context, u identity.User, s state, step string, seen rest.Condition) error {
	switch {
	case !s.zaak.Open():
		return rest.NewProblem(http.StatusConflict, "De zaak is afgesloten.")
	case s.zaak.Stopped():
		return stopped()
	case s.lost:
		return p.elsewhere(ctx, s)
	case s.at.Step != step:
		return rest.NewProblem(http.StatusConflict, "De zaak is nu bij een andere stap: "+s.at.Title+".")
	}
	if err := p.may(u, s.seen, s.at); err != nil {
		return err
	}
	return seen.Meets(s.etag())
}

// repeated finds out whether this very attempt succeeded before, but its answer
// got lost. Only layer 2 knows: it keeps the key with the status. The call does
// no harm, although nobody has judged yet whether the user may do the step: it
// is for a version that no zaak has. A key that came with something else is
// refused.
func (p *Process) repeated(ctx context.Context, s state, step string, a attempt) (bool, error) {
	if a.key == "" {
		return false, nil
	}
	// Where it leads says nothing here: what is asked is whether it was done.
	n := outway.NewStatus{Statustype: step, Outcome: a.outcome, Statustoelichting: a.remark, SetBy: a.user.ID}
	_, err := p.Zaken.SetStatus(ctx, s.zaak.ID, noVersion, n, a.derive(s.zaak.ID+step))
	if _, reused := outway.Reused(err); reused {
		return false, sentBefore(s.zaak.ID)
	}
	switch outway.Status(err) {
	case http.StatusPreconditionFailed, http.StatusConflict:
		return false, nil
	}
	if err != nil {
		return false, storeFault(err)
	}
	return true, nil
}

// noVersion is the tag of a version that no zaak has: they begin at 1.
const noVersion = `"0"`
