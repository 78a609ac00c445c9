package proces

import (
	"net/http"
	"slices"
)

// stored are the fields of a form that are kept with the record that the zaak is
// about: those that the specification also has in what it shows of that record.
// The other fields are for the question at hand and then forgotten.
func (p *Process) keeps(step string) []string {
	kept := p.contract.AnswerFields(http.MethodGet, "/zaken/{zaakId}", "gegevens")
	var names []string
	for _, name := range p.formFields(step) {
		if slices.Contains(kept, name) {
			names = append(names, name)
		}
	}
	return names
}

// formFields are the fields of a form, as the specification has them; none of a
// step that is no form. What completes such a step has names of its own (uitkomst,
// toelichting): a field of the record that is called the same is something else.
func (p *Process) formFields(step string) []string {
	if !p.isForm(step) {
		return nil
	}
	if step == p.model.First().Step {
		return p.contract.BodyFields(http.MethodPost, "/zaken")
	}
	return p.contract.BodyFields(http.MethodPost, "/zaken/{zaakId}/"+step)
}
