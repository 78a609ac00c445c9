package proces

import (
	"context"
	"net/http"

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
		{Method: http.MethodGet, Pattern: "/taken", Handler: p.joined("Lijst van taken bekijken", reads, p.tasks)},
		{Method: http.MethodGet, Pattern: "/zaken", Handler: p.joined("Lijst van zaken bekijken", reads, p.list)},
		{Method: http.MethodPost, Pattern: "/zaken", Handler: p.joined("Zaak starten", changes, p.startZaak)},
		{Method: http.MethodGet, Pattern: "/zaken/{zaakId}", Handler: p.joined("Zaak bekijken", reads, p.read)},
		{Method: http.MethodDelete, Pattern: "/zaken/{zaakId}", Handler: p.logged("Zaak vernietigen", changes, p.destroyZaak)},
		{Method: http.MethodPost, Pattern: "/zaken/{zaakId}/bevragingen", Handler: p.logged("Bronnen opnieuw bevragen", reads, p.askAgain)},
		{Method: http.MethodGet, Pattern: "/zaken/{zaakId}/verwerkingen", Handler: p.logged("Gebruik van gegevens bekijken", reads, p.verwerkingen)},
	}
	if len(p.Course.Choices) > 0 {
		routes = append(routes, rest.Route{Method: http.MethodGet, Pattern: "/keuzes/{verzameling}", Handler: rest.HandlerFunc(p.choices)})
	}
	completes := func(step, title, from string) {
		routes = append(routes, rest.Route{Method: http.MethodPost, Pattern: operationOf(step), Handler: p.joined("Stap afronden: "+title, changes, p.completion(step)), From: from})
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
		if found, err = p.page(r.Context(), f); err != nil {
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
	name, code, detail := "cursor", "cursor", "Deze cursor hoort niet bij deze vraag of geldt niet meer; begin opnieuw bij de eerste pagina."
	if page.Cursor == "" {
		name, code, detail = "page", "maximum", "Zo ver gaat het niet met een paginanummer: page keer pageSize is hoogstens 10 000. Volg next, of begin met last achteraan."
	}
	problem := rest.Invalid(rest.InQuery(name, code, detail))
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
	found, err := p.page(r.Context(), f)
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
	d, answers, err := p.start(r.Context(), a)
	if err != nil {
		return err
	}
	s, err := p.after(r.Context(), u, state{}, d)
	if err != nil {
		return err
	}
	w.Header().Set("Location", r.URL.Path+"/"+d.Zaak.ID)
	return p.show(r.Context(), w, http.StatusCreated, u, s, answers)
}

func (p *Process) read(w http.ResponseWriter, r *http.Request) error {
	u, err := p.user(r)
	if err != nil {
		return err
	}
	s, err := p.find(r.Context(), u, r.PathValue("zaakId"))
	if err != nil {
		return err
	}
	return p.show(r.Context(), w, http.StatusOK, u, s, nil)
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
		s, err := p.find(r.Context(), u, r.PathValue("zaakId"), a.keyOf(r.PathValue("zaakId")+step))
		switch {
		case err != nil:
			return err
		case s.reused:
			return sentBefore(s.zaak.ID)
		case s.done: // this very attempt succeeded before, but its answer got lost
			return p.show(r.Context(), w, http.StatusOK, u, s, nil)
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
		d, answers, err := p.complete(r.Context(), s, a)
		if err != nil {
			return err
		}
		return p.acted(w, r, u, s, d, answers)
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
