package paginas

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
)

// Site is what the pages of one component say and ask.
type Site struct {
	Name         string // short, in kebab-case: the database file carries it
	Title        string // as people read it
	Summary      string // one or two sentences, on the first page
	Organisation string
	Website      string // of the organisation; "" for none
	Contact      Contact
	Colour       string             // #rrggbb, readable on white
	Forms        map[string][]Field // the questions per step that is a form
	Subject      []Field            // what a zaak is about: what a form asks of it is stored
}

// Screens are the screens of a process, the first being the one with which a
// zaak begins. Title, role, help and outcomes of a step stand in the model.
func (s Site) Screens(model *bpmn.Process) []Screen {
	first := model.First()
	begin := Screen{Step: first.Step, Role: first.Role, Title: model.Title} // only a button
	if first.StepKind == "form" {
		begin = s.screen(first)
	}
	begin.Start = true
	all := []Screen{begin}
	for _, n := range model.Steps() {
		if n.Human() && (n != first || first.StepKind != "form") {
			all = append(all, s.screen(n))
		}
	}
	return all
}

// Earlier are the questions of forms that the process of today does not have: of
// zaken that stay on the process under which they began.
func (s Site) Earlier(model *bpmn.Process) map[string][]Field {
	all := map[string][]Field{}
	for step := range s.Forms {
		if model.Step(step) == nil {
			all[step] = s.fields(step)
		}
	}
	return all
}

// fields are the questions of a form.
func (s Site) fields(step string) (all []Field) {
	for _, f := range s.Forms[step] {
		f.Stored = slices.ContainsFunc(s.Subject, func(g Field) bool { return g.Name == f.Name })
		all = append(all, f)
	}
	return all
}

func (s Site) screen(n *bpmn.Node) Screen {
	shown := Screen{Step: n.Step, Kind: n.StepKind, Role: n.Role, Title: n.Title, Help: n.Help, Fields: s.fields(n.Step)}
	for _, o := range n.Outcomes {
		shown.Outcomes = append(shown.Outcomes, Outcome{o.Name, o.Title})
	}
	return shown
}
