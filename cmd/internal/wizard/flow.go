package wizard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// The parts of the conversation, from goal to data to process. Each has a
// heading wizard.part.<name>.
const (
	partGoal        = "doel"
	partPrivacy     = "privacy"
	partData        = "gegevens"
	partIntegration = "integratie"
	partProcess     = "proces"
	partInteraction = "interactie"
	partDelivery    = "uitleveren"
)

// flow is the conversation. A new question is a step here, with its texts in
// both catalogues; a test names the answer that has no step.
func flow() []step {
	return slices.Concat(goalSteps(), privacySteps(), dataSteps(), integrationSteps(), processSteps(), lastSteps())
}

// notAsked lists the answers that have no question, and why.
func notAsked() map[string]string {
	return map[string]string{
		"version":                               "there is one version of the format",
		"pack.name":                             "new --pack and update --pack write it",
		"pack.version":                          "the same",
		"pack.sum":                              "the same",
		"component.licence":                     "there is one choice",
		"component.organisation.tooi":           "few know it; it follows from the organisation and is not needed to start",
		"component.organisation.website":        "only proposes addresses for production; docs/overdracht.md asks for those",
		"component.contact.name":                "the organisation, until the team says otherwise in the file",
		"component.contact.url":                 "derived from the organisation or the repository",
		"register[].name":                       "derived from the title",
		"register[].fields[].name":              "derived from the title",
		"register[].fields[].person":            "that of whoever logs in to fill it in; the file can say otherwise",
		"register[].fields[].filter":            "follows from the type; the file can say otherwise",
		"register[].fields[].sort":              "follows from the type; the file can say otherwise",
		"register[].retention.start":            "the usual start, unless the file says otherwise",
		"register[].retention.field":            "only with another start than the usual one",
		"register[].retention.keep":             "few keep for ever; the record manager says so in the file",
		"register[].retention.results[].result": "one term for all results, unless the file says otherwise",
		"register[].retention.results[].period": "one term for all results, unless the file says otherwise",
		"register[].retention.results[].start":  "one term for all results, unless the file says otherwise",
		"register[].retention.results[].field":  "one term for all results, unless the file says otherwise",
		"register[].retention.results[].source": "one term for all results, unless the file says otherwise",
		"register[].retention.results[].keep":   "one term for all results, unless the file says otherwise",
		"sources[].name":                        "derived from the title, or that of the catalogue",
		"sources[].service":                     "derived from the name; the FSC administrator changes it in the file",
		"sources[].baseUrl":                     "known of the catalogue; else only in the file",
		"sources[].headers":                     "known of the catalogue; else only in the file",
		"sources[].authentication.type":         "known of the catalogue; else only in the file",
		"sources[].authentication.header":       "known of the catalogue; else only in the file",
		"sources[].purpose.warnings":            "those with a name of the standards are kept unasked; others only in the file",
		"sources[].purpose.stored":              "nothing of a source is stored, unless somebody writes down why",
		"sources[].purpose.reason":              "nothing of a source is stored, unless somebody writes down why",
		"sources[].operations[].method":         "GET unless the file says otherwise",
		"sources[].operations[].constants":      "only in the file: few sources need it",
		"sources[].operations[].example":        "a file that does not exist yet when the questions are asked",
		"process.name":                          "derived from the title",
		"process.title":                         "the title of the component",
		"process.subject":                       "the first entity of the register",
		"process.start":                         "the first step",
		"process.roles[].name":                  "derived from the title",
		"process.roles[].rights":                "nobody may do more than the steps unless the file says so; docs/overdracht.md asks who does",
		"process.steps[].name":                  "derived from the title",
		"privacy.activities[].name":             "derived from the component",
		"privacy.activities[].title":            "derived from the component",
		"privacy.activities[].retention":        "that of the first entity",
		"interaction.theme":                     "there is one choice",
		"interaction.audiences":                 "follows from the roles",
		"fsc.group":                             "the FSC administrator knows it later; docs/overdracht.md asks for it",
		"fsc.directory.oin":                     "known when the group is; docs/overdracht.md asks for it",
		"fsc.directory.manager":                 "known when the group is; docs/overdracht.md asks for it",
		"fsc.managerAddress":                    "only an own peer needs it",
		"fsc.manager":                           "an address in production; docs/overdracht.md asks for it",
		"fsc.managerForInway":                   "an address in production; docs/overdracht.md asks for it",
		"fsc.controller":                        "an address in production; docs/overdracht.md asks for it",
		"fsc.controllerAdmin":                   "an address in production; docs/overdracht.md asks for it",
		"fsc.transactionLog":                    "an address in production; docs/overdracht.md asks for it",
		"fsc.inwayAddress":                      "an address in production; docs/overdracht.md asks for it",
		"fsc.outwayAddress":                     "an address in production; docs/overdracht.md asks for it",
		"fsc.ownPeer":                           "many municipalities have a peer already",
		"fsc.compose":                           "needs containers, which a laptop in a fieldlab may not have",
		"delivery.ci":                           "both, so that it works wherever the repository goes",
		"delivery.image":                        "derived from the repository",
		"delivery.postgres":                     "the default is what most platforms offer",
		"delivery.port":                         "matters only where several components run on one machine; a workshop gives each its own",
		"fieldlab.variant":                      "matters only where several teams do the same case; a workshop gives each its own",
		"fieldlab.start":                        "the day plan works without dates",
		"fieldlab.team":                         "shown in the day plan only",
	}
}

func goalSteps() []step {
	return []step{
		textStep{id: "title", part: partGoal, keys: []string{"component.title"}, standard: standardTitle,
			get: func(s *session) string { return s.a.Component.Title },
			set: setTitle}.step(),
		textStep{id: "name", part: partGoal, keys: []string{"component.name"}, standard: standardName, refuse: refuseTaken,
			when: func(s *session) bool { return !s.named || len(s.problemsAt("component.name")) > 0 },
			get:  func(s *session) string { return strings.ReplaceAll(s.a.Component.Name, "-", " ") }, // as it is said
			set:  func(s *session, v string) { s.setName(nameOf(v, kebab)) }}.step(),
		textStep{id: "summary", part: partGoal, keys: []string{"component.summary"}, standard: standardSummary}.
			in(func(s *session) *string { return &s.a.Component.Summary }).step(),
		textStep{id: "organisation", part: partGoal, keys: []string{"component.organisation.name"},
			standard: func(s *session) string { return s.text.T("wizard.standard.organisation") },
			get: func(s *session) string {
				if s.a.Component.Organisation.Name == model.UnnamedOrganisation {
					return s.text.T("wizard.standard.organisation")
				}
				return s.a.Component.Organisation.Name
			},
			set: func(s *session, v string) {
				if v == s.text.T("wizard.standard.organisation") {
					v = model.UnnamedOrganisation // an open item
				}
				s.a.Component.Organisation.Name = v
			}}.step(),
		textStep{id: "oin", part: partGoal, keys: []string{"component.organisation.oin"}, optional: true}.
			in(func(s *session) *string { return &s.a.Component.Organisation.OIN }).step(),
		textStep{id: "email", part: partGoal, keys: []string{"component.contact.email"}, optional: true}.
			in(func(s *session) *string { return &s.a.Component.Contact.Email }).step(),
		textStep{id: "goal", part: partGoal, keys: []string{"fieldlab.goal"}, standard: standardGoal, optional: true}.
			in(func(s *session) *string { return &s.a.Fieldlab.Goal }).step(),
		choiceStep{id: "days", part: partGoal, keys: []string{"fieldlab.days"}, standard: "5",
			get:    func(s *session) string { return daysText(s.a.Fieldlab.Days) },
			set:    func(s *session, v string) { s.a.Fieldlab.Days = daysNumber(v) },
			values: func(*session) []string { return []string{"2", "3", "5"} },
			label:  func(s *session, v string) string { return s.text.T("wizard.days", v) }}.step(),
	}
}

// setTitle gives the title, and what is derived from it as long as nobody said
// otherwise.
func setTitle(s *session, title string) {
	before := s.a.Component.Title
	derived := map[*string]func(*session) string{
		&s.a.Component.Summary: standardSummary, &s.a.Fieldlab.Goal: standardGoal, &s.a.Process.Title: func(s *session) string { return s.a.Component.Title },
	}
	if len(s.a.Privacy.Activities) > 0 {
		first := &s.a.Privacy.Activities[0]
		derived[&first.Purpose], derived[&first.Title] = standardPurpose, derived[&s.a.Process.Title]
	}
	for i := range s.a.Process.Steps {
		derived[&s.a.Process.Steps[i].Title] = derived[&s.a.Process.Title]
	}
	for place, standard := range derived {
		if *place == "" || *place != standard(s) {
			delete(derived, place)
		}
	}
	s.a.Component.Title = title
	if s.a.Process.Title == "" {
		s.a.Process.Title = title
	}
	for place, standard := range derived {
		*place = standard(s)
	}
	if !s.named {
		s.setName(renamed(s.a.Component.Name, before, title, func(n naming.Names) string { return shorten(kebab(n)) }))
	}
}

// setName gives the component its short name, and the activity that is named
// after it.
func (s *session) setName(name string) {
	before := s.a.Component.Name
	s.a.Component.Name = name
	if len(s.a.Privacy.Activities) == 0 || before == "" || s.a.Privacy.Activities[0].Name != before {
		return
	}
	s.a.Privacy.Activities[0].Name = name
	grow.FollowActivity(&s.a, before, name)
}

// privacySteps are about the one processing activity that the conversation
// makes; fieldlab add makes more of them.
func privacySteps() []step {
	return activitySteps(0, func(s *session) *answers.Activity { return activity(&s.a) }, standardPurpose)
}

// activitySteps are the questions about a processing activity.
func activitySteps(at int, of func(*session) *answers.Activity, purpose func(*session) string) []step {
	key := func(name string) []string { return []string{fmt.Sprintf("privacy.activities[%d].%s", at, name)} }
	return []step{
		textStep{id: "purpose", part: partPrivacy, keys: key("purpose"), standard: purpose}.
			in(func(s *session) *string { return &of(s).Purpose }).step(),
		choiceStep{id: "basis", part: partPrivacy, keys: key("basis"), standard: "publieke taak",
			get:    func(s *session) string { return of(s).Basis },
			set:    func(s *session, v string) { of(s).Basis = v },
			values: func(*session) []string { return bases() },
			label:  func(s *session, v string) string { return s.text.T("wizard.basis." + strings.ReplaceAll(v, " ", "-")) }}.step(),
		textStep{id: "law", part: partPrivacy, keys: key("explanation"), optional: true}.
			in(func(s *session) *string { return &of(s).Explanation }).step(),
	}
}

func bases() []string {
	return []string{"publieke taak", "wettelijke verplichting", "uitvoering overeenkomst", "toestemming betrokkene", "gerechtvaardigd belang"}
}

func dataSteps() []step {
	entities := entityList()
	return []step{
		confirmStep{id: "stores", part: partData,
			get: func(s *session) bool { return len(s.a.Register) > 0 || !s.answered["stores"] },
			set: func(s *session, yes bool) {
				switch {
				case !yes:
					if len(s.a.Register) > 0 {
						s.shelf.register, s.shelf.asked = s.a.Register, clone(s.a).Process.Steps
					}
					s.a.Register, s.a.Process.Subject = []answers.Entity{}, ""
				case len(s.a.Register) == 0 && len(s.shelf.register) > 0:
					s.a.Register = s.shelf.register
					if s.process == processOwn {
						s.a.Process.Steps = s.shelf.asked
					}
				case len(s.a.Register) == 0:
					s.standardEntity()
				}
			}}.step(),
		{id: "register", part: partData, keys: []string{"register"}, ask: entities.edit,
			when: func(s *session) bool { return len(s.a.Register) > 0 },
			show: func(s *session) string { return joined(s, s.a.Register, entities.label) }},
	}
}

func integrationSteps() []step {
	sources := sourceList()
	return []step{
		{id: "sources", part: partIntegration, keys: []string{"sources"}, ask: sources.edit,
			show: func(s *session) string { return joined(s, s.a.Sources, sources.label) }},
	}
}

func processSteps() []step {
	roles, steps := roleList(), stepList()
	return []step{
		{id: "roles", part: partProcess, keys: []string{"process.roles"},
			ask: func(s *session, st step) error {
				if len(s.a.Process.Roles) == 0 {
					s.a.Process.Roles = s.standardRoles()
				}
				return roles.edit(s, st)
			},
			show: func(s *session) string { return joined(s, s.a.Process.Roles, roles.label) }},
		choiceStep{id: "steps", part: partProcess, standard: processReview,
			get:    func(s *session) string { return s.process },
			set:    setProcess,
			values: func(*session) []string { return []string{processReview, processShort, processAsk, processOwn} },
			label:  func(s *session, v string) string { return s.text.T("wizard.process." + v) }}.step(),
		{id: "own-steps", part: partProcess, keys: []string{"process"}, ask: steps.edit,
			when: func(s *session) bool { return s.process == processOwn },
			show: func(s *session) string { return joined(s, s.a.Process.Steps, steps.label) }},
	}
}

// setProcess makes the steps of a standard process, or takes back those that
// the person made.
func setProcess(s *session, kind string) {
	switch own := s.process == processOwn; {
	case own && kind != processOwn:
		s.shelf.own = answers.Process{Start: s.a.Process.Start, Steps: s.a.Process.Steps}
	case !own && kind == processOwn && len(s.shelf.own.Steps) > 0:
		s.a.Process.Steps, s.a.Process.Start = s.shelf.own.Steps, s.shelf.own.Start
		for i := len(s.a.Process.Steps) - 1; i >= 0; i-- { // a source may have gone since
			if st := s.a.Process.Steps[i]; st.Kind == "lookup" && !slices.Contains(sourceNames(s), st.Source) {
				removeStep(s, i)
			}
		}
	}
	s.process = kind
	s.rebuild()
}

func lastSteps() []step {
	return append(colourSteps(),
		textStep{id: "repository", part: partDelivery, keys: []string{"component.repository"}, optional: true}.
			in(func(s *session) *string { return &s.a.Component.Repository }).step())
}

// refuseTaken says so when there is a folder of this name already.
func refuseTaken(s *session, name string) string {
	if name = nameOf(name, kebab); s.taken != nil && s.taken(name) {
		return s.text.T("wizard.taken", name)
	}
	return ""
}

// joined shows a list in one line.
func joined[T any](s *session, items []T, label func(*session, T) string) string {
	labels := make([]string, len(items))
	for i, item := range items {
		labels[i] = label(s, item)
	}
	if len(labels) == 0 {
		return s.text.T("wizard.list.none")
	}
	return strings.Join(labels, "; ")
}

// nameOf makes the name that belongs to a title, in the spelling that teams
// use in the answers file.
func nameOf(title string, spelling func(naming.Names) string) string {
	names, err := naming.Of(title)
	if err != nil {
		return title // without a letter or digit: the rules will say so
	}
	return spelling(names)
}

func kebab(n naming.Names) string { return n.Path }
func camel(n naming.Names) string { return n.JSON }
