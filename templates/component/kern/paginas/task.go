package paginas

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// taskBody is the page on which somebody does a step.
type taskBody struct {
	Screen   Screen
	Zaak     zaak
	Before   *event // what the person before said, so that this one knows what to do
	Data     []row
	Answers  []answer
	Question *form    // the question to the sources, when the zaak does not keep it
	BronAway string   // why a source does not answer; "" when it does
	Left     []string // steps of which the question is put again only when somebody says so
	Form     form
}

// remark is the field for a note with a decision or a task.
var remark = Field{Name: "toelichting", Label: "Toelichting", Kind: "longtext", MaxLength: 2000,
	Help: "Zichtbaar voor iedereen die deze zaak mag bekijken."}

// fields are the inputs of a screen: its own, or a choice with a note.
func (screen Screen) fields() []Field {
	if screen.Kind == "form" {
		return screen.Fields
	}
	var all []Field
	if len(screen.Outcomes) > 0 {
		f := Field{Name: "uitkomst", Label: "Wat is de uitkomst?", Kind: "enum", Required: true}
		for _, u := range screen.Outcomes {
			f.Choices = append(f.Choices, u.Name)
		}
		all = append(all, f)
	}
	return append(all, remark)
}

// turn fetches the zaak and the screen of the step it waits at, when that step
// is for the person of the request.
func (v *visit) turn() (zaak, string, Screen, error) {
	z, etag, err := v.zaak()
	if err != nil {
		return z, "", Screen{}, err
	}
	if z.Closed() {
		return z, "", Screen{}, &fault{status: http.StatusConflict}
	}
	if z.Marks.Stopped() {
		return z, "", Screen{}, standsStill()
	}
	if !v.myTurn(z) {
		return z, "", Screen{}, &fault{status: http.StatusConflict, detail: "Deze zaak wacht nu niet op u. De stap is nu: " + z.Step.Title + "."}
	}
	screen, _ := v.site.screenOf(z)
	return z, etag, screen, nil
}

func (s *site) taskPage(v *visit) error {
	z, etag, screen, err := v.turn()
	if err != nil {
		return err
	}
	typed := v.draft(taskPath(z.ID))
	if v.drafted = typed != nil && typed.Get(inputStep) == screen.Step; !v.drafted {
		typed = v.atFirst(screen, z)
	}
	body := taskBody{Screen: screen, Zaak: z}
	if err := v.ask(&body, nil, false); err != nil {
		return err
	}
	return v.showTask(http.StatusOK, body, etag, typed, nil)
}

// taskPath is the address of the form of a step.
func taskPath(zaak string) string { return "/zaken/" + url.PathEscape(zaak) + "/taak" }

// atFirst is what the inputs of a step hold before anybody typed: a form shows
// what the zaak knows, a decision and a note begin empty.
func (v *visit) atFirst(screen Screen, z zaak) url.Values {
	if screen.Kind != "form" {
		return nil
	}
	return v.initial(screen.Fields, z.Data)
}

func (v *visit) showTask(status int, body taskBody, etag string, typed url.Values, mistakes []mistake) error {
	body.Data, body.Before = append(v.between(body.Zaak.parties), record(v.site.Subject, body.Zaak)...), said(body.Zaak.History)
	v.noteStored(body.Zaak.Data)
	f, err := v.newForm(body.Screen.fields(), typed, mistakes)
	if err != nil {
		return err
	}
	for i := range f.Fields { // outcomes show their title, not their name
		if f.Fields[i].Name == "uitkomst" && body.Screen.Kind != "form" {
			for j, u := range body.Screen.Outcomes {
				f.Fields[i].Options[j].Label = u.Title
			}
		}
	}
	f.Target, f.Button, f.Version = taskPath(body.Zaak.ID), "Afronden", etag
	f.Path, f.Draft = f.Target, v.drafted
	if body.Screen.Kind == "form" {
		f.Button = "Versturen"
		f.compare(typed, v.site.Subject, body.Zaak.Data)
	}
	body.Form = f
	return v.render(status, "taak", body.Screen.Title, body)
}

// said is the last step that a person did, when that person chose or wrote
// something. What sources did in between has no person, and that data was put
// right meanwhile does not hide what was asked.
func said(history []event) *event {
	for i := len(history) - 1; i >= 0; i-- {
		e := history[i]
		if e.By == "" || e.corrected() {
			continue
		}
		if e.Outcome == "" && e.Explanation == "" {
			return nil
		}
		return &e
	}
	return nil
}

// corrected says whether data was put right, which is no step of the process.
func (e event) corrected() bool {
	return e.Step == "correctie" && strings.HasPrefix(e.Title, "Gegevens verbeterd")
}

// ask puts the question to the sources again for the page at hand: the answer
// is shown and kept nowhere. When the question needs what the zaak does not
// keep, the page gets a small form for it; so it does for a question that may
// change something, unless somebody just said that it is to be put.
func (v *visit) ask(body *taskBody, input map[string]any, said bool) error {
	if input == nil {
		input = map[string]any{}
	}
	var answers struct {
		Answers []answer `json:"antwoorden"`
		Outage  string   `json:"storing"`
		Left    []string `json:"eenmaligeVragen"`
	}
	path := "/zaken/" + url.PathEscape(body.Zaak.ID) + "/bevragingen"
	if said {
		path += "?eenmalig=true"
	}
	_, err := v.site.process.do(v.r.Context(), call{method: http.MethodPost, path: path, user: v.user(), body: input}, &answers)
	switch statusOf(err) {
	case http.StatusServiceUnavailable, http.StatusBadGateway:
		body.BronAway = "Een bron is nu niet bereikbaar."
		if f, ok := errors.AsType[*fault](err); ok && f.detail != "" {
			body.BronAway = f.detail
		}
		return nil
	case http.StatusBadRequest:
		return v.question(body, err)
	case http.StatusConflict, http.StatusNotFound:
		return nil // nothing to ask at this step
	}
	body.Answers, body.BronAway, body.Left = answers.Answers, answers.Outage, answers.Left
	if err == nil && len(body.Left) > 0 {
		return v.addQuestion(body, nil, nil, nil, false)
	}
	return err
}

// question makes the small form. The first time its fields are empty, which is
// no mistake; after a submit it says what is wrong.
func (v *visit) question(body *taskBody, err error) error {
	var f *fault
	if !errors.As(err, &f) {
		return err
	}
	fields := v.needed(f)
	if len(fields) == 0 {
		return err
	}
	typed, mistakes := v.draft(askedAt(body.Zaak.ID)), []mistake(nil)
	drafted := typed != nil
	if !drafted {
		typed = v.initial(fields, nil)
	}
	if v.r.Method == http.MethodPost && strings.HasSuffix(v.r.URL.Path, askPath) {
		typed, mistakes, drafted = v.sent.Values, fromProblem(fields, f), false
		v.keepDraft(askedAt(body.Zaak.ID))
	}
	return v.addQuestion(body, fields, typed, mistakes, drafted)
}

// askedAt is the address of the small form.
func askedAt(zaak string) string { return "/zaken/" + url.PathEscape(zaak) + askPath }

func (v *visit) addQuestion(body *taskBody, fields []Field, typed url.Values, mistakes []mistake, drafted bool) error {
	question, err := v.newFormAs("vraag-", fields, typed, mistakes)
	if err != nil {
		return err
	}
	question.Target, question.Button = askedAt(body.Zaak.ID), "Opnieuw opvragen"
	question.Path, question.Draft = question.Target, drafted
	body.Question = &question
	return nil
}

var quotedName = regexp.MustCompile(`[A-Za-z][A-Za-z0-9]*`)

// needed are the fields that layer 4 misses for the question.
func (v *visit) needed(f *fault) []Field {
	var names []string
	for _, e := range f.errors {
		names = append(names, quotedName.FindAllString(e.Location.Pointer+" "+e.Location.Name, -1)...)
	}
	var fields []Field
	for _, field := range v.site.inputs() {
		if len(names) == 0 || slices.Contains(names, field.Name) {
			fields = append(fields, field)
		}
	}
	if len(fields) == 0 {
		return v.site.inputs()
	}
	return fields
}

// askAgain answers the small form: the task page, with the answers on it.
func (s *site) askAgain(v *visit) error {
	inputs := s.inputs()
	if err := v.parse(inputs); err != nil {
		return err
	}
	path := askedAt(v.r.PathValue("zaak"))
	if err := v.opened(path, inputs); err != nil {
		return err
	}
	v.form = path
	z, etag, screen, err := v.turn()
	if err != nil {
		return err
	}
	var asked []Field // only what the form had
	for _, f := range inputs {
		if v.sent.Has(f.Name) || slices.Contains(v.sent.Values[inputFixed], f.Name) || slices.ContainsFunc(f.parts(), func(p partView) bool { return v.sent.Has(f.Name + "." + p.Name) }) {
			asked = append(asked, f)
		}
	}
	body := taskBody{Screen: screen, Zaak: z}
	data, mistakes := v.readForm(asked)
	if mistakes, err = v.own(asked, data, mistakes); err != nil {
		return err
	}
	status := http.StatusOK
	if len(mistakes) > 0 {
		v.keepDraft(path)
		status = v.badForm()
		if err := v.addQuestion(&body, asked, v.sent.Values, mistakes, false); err != nil {
			return err
		}
	} else if err := v.ask(&body, data, true); err != nil {
		return err
	} else if body.Question == nil && body.BronAway == "" {
		v.forgetDraft(path)
	}
	return v.showTask(status, body, etag, v.atFirst(screen, z), nil)
}

// sentScreen is the screen of the form that came in. That of a step that only an
// earlier process has, the zaak knows.
func (v *visit) sentScreen() (Screen, bool) {
	step := v.sent.Get(inputStep)
	screen, ok := v.site.screen(step)
	if ok || step == "" {
		return screen, ok
	}
	z, _, err := v.zaak()
	if err != nil || z.Step.Name != step {
		return Screen{}, false
	}
	return v.site.screenOf(z)
}

// taskSubmit finishes the step.
func (s *site) taskSubmit(v *visit) error {
	all := s.inputs()
	for _, screen := range s.Screens {
		all = append(all, screen.Fields...)
	}
	for _, fields := range s.Earlier {
		all = append(all, fields...)
	}
	if err := v.parse(all); err != nil {
		return err
	}
	id := v.r.PathValue("zaak")
	path := taskPath(id)
	screen, ok := v.sentScreen()
	if err := v.opened(path, screen.fields()); err != nil {
		return err
	}
	if err := v.known(); err != nil {
		return err
	}
	if !ok && v.sent.cut {
		return &fault{status: http.StatusRequestEntityTooLarge}
	}
	if !ok {
		return notFound()
	}
	if err := v.ofGuest(); err != nil {
		return err
	}
	v.form = path
	data, mistakes := v.readForm(screen.fields())
	mistakes, err := v.own(screen.fields(), data, mistakes)
	if err != nil {
		return err
	}
	var done zaak
	if len(mistakes) == 0 {
		_, err = s.process.do(v.r.Context(), call{method: http.MethodPost, path: "/zaken/" + url.PathEscape(id) + "/" + screen.Step,
			user: v.user(), body: data, ifMatch: v.sent.Get(inputVersion), key: v.key()}, &done)
		mistakes = v.refused(err, screen.fields())
	}
	if len(mistakes) > 0 {
		v.keepDraft(path)
		return v.taskAgain(mistakes)
	}
	if err != nil {
		return v.orStandsStill(err)
	}
	v.forgetDraft(path)
	// Whoever took part in the zaak of another may not come back to it.
	if len(s.Subject) == 0 && len(done.Answers) > 0 || !done.MaySee && !v.anonymous() {
		return v.showConfirmation(done)
	}
	return v.redirect("/zaken/" + url.PathEscape(id) + "/bevestiging")
}

// taskAgain shows the form of a step with what is wrong with it.
func (v *visit) taskAgain(mistakes []mistake) error {
	z, etag, screen, err := v.turn()
	if err != nil {
		return err
	}
	body := taskBody{Screen: screen, Zaak: z}
	if err := v.ask(&body, nil, false); err != nil {
		return err
	}
	return v.showTask(v.badForm(), body, etag, v.sent.Values, mistakes)
}
