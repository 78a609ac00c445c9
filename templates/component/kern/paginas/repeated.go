package paginas

import (
	"net/http"
	"slices"
)

// codeReused is what layer 4 says of a key that came with something else before.
const codeReused = "reused"

// reused says whether a form was sent before with something else in it: somebody
// went back, changed it and sent it again.
func (f *fault) reused() bool {
	return f.status == http.StatusConflict && slices.ContainsFunc(f.errors, func(e inputFault) bool { return e.Code == codeReused })
}

// sentBody is the page that says what was sent before.
type sentBody struct {
	Zaak  zaak   // without an id when it is not known
	Data  []row  // what the zaak is about now
	Done  *event // the step as it was done, when it is not the first
	Start bool   // it was the form with which a zaak begins
	Taak  bool   // the zaak waits for this person, who can change it there
	Waits string // for whom it waits otherwise
}

const sentTitle = "U hebt dit formulier al verstuurd"

// showSent shows what was sent before, and how to change that. What was sent now
// is not done: nobody may think that it is.
func (v *visit) showSent(f *fault) error {
	step := v.r.PostFormValue(inputStep)
	body := sentBody{Start: step == "" || step == v.site.start().Step && v.r.PathValue("zaak") == ""}
	if f.zaak == "" {
		return v.render(http.StatusConflict, "verstuurd", sentTitle, body)
	}
	// A zaak that cannot be shown now changes nothing to what must be said.
	if z, _, err := v.site.process.zaak(v.r.Context(), v.user(), f.zaak); err == nil && z.ID != "" {
		body.Zaak, body.Data, body.Taak = z, record(v.site.Subject, z), v.myTurn(z)
		if !z.Closed() && z.Step.Role != "" {
			body.Waits = v.site.role(z.Step.Role).Title
		}
		if !body.Start {
			body.Done = lastOf(z.History, step)
		}
	}
	return v.render(http.StatusConflict, "verstuurd", sentTitle, body)
}

// lastOf is how a step ended the last time that somebody did it.
func lastOf(history []event, step string) *event {
	for i := len(history) - 1; i >= 0; i-- {
		if e := history[i]; e.Step == step {
			return &e
		}
	}
	return nil
}
