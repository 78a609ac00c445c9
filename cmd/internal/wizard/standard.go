package wizard

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// The standard answers. They are part of the component, which is Dutch, in
// whatever language the questions are asked.
const (
	standardOrganisation = model.UnnamedOrganisation // an open item
	standardColour       = "#154273"
	standardTerm         = "P8W" // the reasonable term of Awb article 4:13, for decisions
	titleOfNothing       = "Aanvraag doen"
)

// Standard completes answers as somebody would who presses Enter at every
// question. Answers that cannot be are left for the rules to judge afterwards.
func Standard(start answers.Answers, check func(answers.Answers) problem.List) (answers.Answers, error) {
	s := &session{prompter: acceptor{}, text: silent(), io: silentIO(), check: check, accepts: true, a: start, answered: map[string]bool{}}
	s.begin()
	err := s.walk(flow(), 0, nil, s.done)
	return s.a, err
}

// Titled returns answers with the title that belongs to a folder name: the
// start for Standard and for the questions.
func Titled(folder string) answers.Answers {
	a := answers.Answers{Version: answers.Version}
	if names, err := naming.Of(folder); err == nil {
		a.Component.Title = naming.Title(names.Path)
		if ownSpelling(folder) {
			a.Component.Title = folder
		}
		a.Component.Name = shorten(names.Path)
	}
	return a
}

// ownSpelling says whether a folder is written as a title is: with a capital,
// and with nothing in it that a title does not have.
func ownSpelling(folder string) bool {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" '-", r)
	}
	return strings.ContainsFunc(folder, unicode.IsUpper) && !strings.ContainsFunc(folder, odd) && len(folder) <= longestName
}

// longestName is how long the name of a component can be.
const longestName = 40

// shorten cuts a name between two words where possible.
func shorten(name string) string {
	if len(name) <= longestName {
		return name
	}
	name = name[:longestName]
	if at := strings.LastIndexByte(name, '-'); at > 0 {
		name = name[:at]
	}
	return name
}

func standardTitle(*session) string { return titleOfNothing }

func standardName(s *session) string { return shorten(nameOf(s.a.Component.Title, kebab)) }

func standardSummary(s *session) string {
	return s.a.Component.Title + ": inwoners regelen het online, medewerkers behandelen het."
}

func standardGoal(s *session) string {
	return s.a.Component.Title + " laten zien, van scherm tot gegevens"
}

func standardPurpose(s *session) string { return s.a.Component.Title + " behandelen" }

// standardEntity is what a component stores when nobody said what: enough to
// start with and nothing personal. A component that is called zaak or status
// cannot store a thing of that name.
func (s *session) standardEntity() {
	s.a.Register = []answers.Entity{entityOf(s.a.Component.Name)}
	if len(s.problemsAt("register")) > 0 {
		s.a.Register = []answers.Entity{entityOf("aanvraag")}
	}
}

func entityOf(name string) answers.Entity {
	return answers.Entity{
		Name:  name,
		Title: naming.Title(name),
		Fields: []answers.Field{
			{Name: "onderwerp", Type: "text", Title: "Onderwerp", Required: true},
			{Name: "toelichting", Type: "longtext", Title: "Toelichting"},
		},
	}
}

func standardRoles() []answers.Role {
	return []answers.Role{
		{Name: "inwoner", Title: "Inwoner", Audience: "citizen"},
		{Name: "medewerker", Title: "Medewerker", Audience: "employee"},
	}
}

// activity is the first processing activity; it is made when there is none.
func activity(a *answers.Answers) *answers.Activity {
	if len(a.Privacy.Activities) == 0 {
		a.Privacy.Activities = []answers.Activity{{}}
	}
	first := &a.Privacy.Activities[0]
	if first.Name == "" {
		first.Name = a.Component.Name
	}
	if first.Title == "" {
		first.Title = a.Component.Title
	}
	return first
}

func daysText(days int) string {
	if days == 0 {
		return ""
	}
	return strconv.Itoa(days)
}

func daysNumber(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0
	}
	return n
}

// lower starts a phrase with a small letter, for use inside a sentence; an
// abbreviation keeps its capitals.
func lower(words string) string {
	runes := []rune(words)
	if len(runes) < 2 || unicode.IsUpper(runes[1]) {
		return words
	}
	return strings.ToLower(string(runes[:1])) + string(runes[1:])
}
