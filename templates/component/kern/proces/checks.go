package proces

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Room is what stands in 4-proces, and the questions of 5-interactie that go
// with it.
type Room struct {
	BPMN        []byte         // proces.bpmn
	Transitions []byte         // overgang.yaml; nil when there is none
	Contract    *rest.Contract // openapi.yaml
	Course      Course         // verloop.go and rollen.go
	Forms       []string       // steps with questions in schermen.go; nil when nobody knows
}

// Read reads the process and holds all that goes with it against each other. The
// error names everything that is wrong at once, each with its file, and with its
// line where that says something.
func (r Room) Read() (*bpmn.Process, Transitions, error) {
	model, err := bpmn.Parse(r.BPMN)
	faults := []error{err}
	whole := err == nil
	if !whole {
		model = bpmn.Outline(r.BPMN) // what it has still says what does not fit
	}
	transitions, wrong := readTransitions(r.Transitions)
	if model == nil {
		return nil, nil, errors.Join(append(faults, wrong...)...)
	}
	c := checker{model: model, contract: r.Contract, course: r.Course, transitions: transitions, roles: map[string]identity.Role{}, whole: whole}
	for _, role := range r.Course.Roles {
		c.roles[role.Name] = role
	}
	// What cannot be followed to its end is not followed.
	c.whole = whole && !slices.ContainsFunc(sortedKeys(r.Course.Questions), func(step string) bool { return c.circular(step, nil) })
	faults = append(faults, c.check()...)
	faults = append(faults, c.checkForms(r.Forms)...)
	faults = append(faults, wrong...)
	faults = append(faults, c.checkTransitions(transitions)...)
	return model, transitions, errors.Join(faults...)
}

// checker holds the process against the code.
type checker struct {
	model       *bpmn.Process
	contract    *rest.Contract
	course      Course
	transitions Transitions
	roles       map[string]identity.Role
	whole       bool // the process can be run
}

// line is where a step stands, as a message begins.
func line(n *bpmn.Node) string { return fmt.Sprintf("4-proces/proces.bpmn regel %d", n.Line) }

// at is a step as a message names it, with where it stands.
func at(n *bpmn.Node) string { return line(n) + ": stap " + n.Step }

// check names every step that the process has and the code does not know, and
// the other way round.
func (c checker) check() (faults []error) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	for _, n := range c.model.Steps() {
		if n.Human() {
			if _, ok := c.roles[n.Role]; !ok && n.Role != "" {
				fault("%s is voor rol %s; die staat niet in 4-proces/rollen.go. Zet de rol daar, of kies in proces.bpmn (candidateGroups) uit: %s", at(n), n.Role, c.roleNames())
			}
			c.checkOperation(n, fault)
		}
		if q, ok := c.course.Questions[n.Step]; n.Kind == bpmn.Service && (!ok || q.Ask == nil) {
			fault("%s bevraagt een bron; de vraag staat niet in 4-proces/verloop.go. Zet die bij Questions, of haal de stap weg", at(n))
		}
	}
	for _, name := range sortedKeys(c.course.Questions) {
		if n := c.model.Step(name); n != nil && n.Kind != bpmn.Service {
			fault("%s bevraagt in 4-proces/verloop.go een bron, en is in proces.bpmn geen serviceTask; haal de vraag weg of maak er een serviceTask van", at(n))
			continue
		} else if n == nil && !c.transitions.Stays(name) {
			fault("4-proces/verloop.go heeft een vraag bij stap %s; die stap van een bron staat niet in 4-proces/proces.bpmn. Haal de vraag weg, of zet de stap terug", name)
			continue
		}
		if c.circular(name, nil) {
			fault("4-proces/verloop.go: stap %s heeft een antwoord nodig dat van de stap zelf afhangt", name)
		}
	}
	for _, pattern := range c.contract.Patterns(http.MethodPost) {
		step, in := strings.CutPrefix(pattern, "/zaken/{zaakId}/")
		if !in || strings.Contains(step, "/") || step == "bevragingen" || c.transitions.Stays(step) {
			continue
		}
		if n := c.model.Step(step); n == nil || !n.Human() {
			fault("POST %s: staat in 4-proces/openapi.yaml en stap %s ontbreekt in 4-proces/proces.bpmn, als stap van een mens. Haal de operatie weg, of zet de stap terug", pattern, step)
		}
	}
	return faults
}

func (c checker) roleNames() string {
	var names []string
	for _, r := range c.course.Roles {
		names = append(names, r.Name)
	}
	return strings.Join(names, ", ")
}

func sortedKeys[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// checkOperation says whether the specification has the operation of a step, and
// compares its outcomes with those of the step.
func (c checker) checkOperation(n *bpmn.Node, fault func(string, ...any)) {
	pattern := operationOf(n.Step)
	if !c.contract.Has(http.MethodPost, pattern) {
		if c.whole && !c.startsOnly(n) {
			fault("%s: POST %s: staat in 4-proces/proces.bpmn en ontbreekt in 4-proces/openapi.yaml. Zet de operatie daar, of haal de stap weg", line(n), pattern)
		}
		return
	}
	if n.StepKind == "form" {
		return
	}
	choices := c.choices(n.Step)
	for _, o := range n.Outcomes {
		if !slices.Contains(choices, o.Name) {
			fault("%s: uitkomst %s van stap %s staat in 4-proces/proces.bpmn en ontbreekt in 4-proces/openapi.yaml bij POST %s. Zet de uitkomst daar, of haal die hier weg", line(n), o.Name, n.Step, pattern)
		}
	}
	for _, name := range choices {
		if !n.HasOutcome(name) {
			fault("%s: uitkomst %s van stap %s staat in 4-proces/openapi.yaml bij POST %s en ontbreekt in 4-proces/proces.bpmn. Zet de uitkomst terug, of haal die daar weg", line(n), name, n.Step, pattern)
		}
	}
}

// operationOf is the path of the operation that does a step in a zaak that runs.
func operationOf(step string) string { return "/zaken/{zaakId}/" + step }

// choices are the outcomes that the operation of a step takes.
func (c checker) choices(step string) []string {
	choice, _ := c.contract.Field(http.MethodPost, operationOf(step), "uitkomst")
	return choice.Choices
}

// checkForms compares the steps with those that schermen.go has questions for.
func (c checker) checkForms(forms []string) (faults []error) {
	if forms == nil {
		return nil
	}
	for _, n := range c.model.Steps() {
		if n.StepKind == "form" && !slices.Contains(forms, n.Step) {
			faults = append(faults, fmt.Errorf("%s is een formulier; 5-interactie/schermen.go heeft er geen vragen bij. Zet die bij Forms", at(n)))
		}
	}
	for _, step := range forms {
		switch n := c.model.Step(step); {
		case n == nil && !c.transitions.Stays(step):
			faults = append(faults, fmt.Errorf("5-interactie/schermen.go heeft vragen bij stap %s; die staat niet in 4-proces/proces.bpmn. Haal de vragen weg, of zet de stap terug", step))
		case n != nil && n.StepKind != "form":
			faults = append(faults, fmt.Errorf("%s is geen formulier; 5-interactie/schermen.go heeft er vragen bij. Haal die weg, of geef de stap soort form", at(n)))
		}
	}
	return faults
}

// startsOnly says whether a step is the form with which a zaak starts, and to
// which it never comes back. A form with input that is not stored can be asked
// again: when the component stopped halfway, only a person can give that input.
func (c checker) startsOnly(n *bpmn.Node) bool {
	if n != c.model.First() || n.StepKind != "form" || n.In[0].From != c.model.Start {
		return false
	}
	for _, q := range c.course.Questions {
		if len(q.Input) > 0 {
			return false
		}
	}
	return true
}

func (c checker) circular(step string, above []string) bool {
	if slices.Contains(above, step) {
		return true
	}
	for _, earlier := range c.course.Questions[step].Answers {
		if c.circular(earlier, append(slices.Clone(above), step)) {
			return true
		}
	}
	return false
}

// builtOn lists a lookup step and those whose answers it builds on.
func (c Course) builtOn(step string) []string {
	steps := []string{step}
	for _, earlier := range c.Questions[step].Answers {
		steps = append(steps, c.builtOn(earlier)...)
	}
	return steps
}

// needsInput says whether a lookup from here on needs what is not stored.
func (c Course) needsInput(n *bpmn.Node) bool {
	for _, l := range chain(n) {
		for _, step := range c.builtOn(l.Step) {
			if len(c.Questions[step].Input) > 0 {
				return true
			}
		}
	}
	return false
}

func (c checker) needsInput(n *bpmn.Node) bool { return c.course.needsInput(n) }
