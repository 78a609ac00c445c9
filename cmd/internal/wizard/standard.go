package wizard

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// The standard answers that are the same in every language; the others are
// texts wizard.standard.<name>.
const (
	standardColour = "#154273"
	standardTerm   = "P8W" // the reasonable term of Awb article 4:13, for decisions
)

// Standard completes answers as somebody would who presses Enter at every
// question in Dutch, wherever this runs. Answers that cannot be are left for the rules to judge afterwards.
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

func standardTitle(s *session) string { return s.text.T("wizard.standard.title") }

func standardName(s *session) string { return shorten(nameOf(s.a.Component.Title, kebab)) }

func standardSummary(s *session) string {
	return s.text.T("wizard.standard.summary", s.a.Component.Title)
}

func standardGoal(s *session) string { return s.text.T("wizard.standard.goal", s.a.Component.Title) }

func standardPurpose(s *session) string {
	return s.text.T("wizard.standard.purpose", s.a.Component.Title)
}

// standardEntity is what a component stores when nobody said what: enough to
// start with and nothing personal. A component that is called zaak or status
// cannot store a thing of that name.
func (s *session) standardEntity() {
	s.a.Register = []answers.Entity{s.entityOf(s.a.Component.Name)}
	if len(s.problemsAt("register")) > 0 {
		s.a.Register = []answers.Entity{s.entityOf(s.text.T("wizard.standard.entity"))}
	}
}

func (s *session) entityOf(name string) answers.Entity {
	e := answers.Entity{Name: name, Title: naming.Title(name)}
	if plural := s.plural(name); plural != naming.Plural(name) {
		e.Plural = plural
	}
	for i, key := range []string{"subject", "explanation"} {
		title := s.text.T("wizard.standard." + key)
		e.Fields = append(e.Fields, answers.Field{Name: nameOf(title, camel), Title: title, Type: []string{"text", "longtext"}[i], Required: i == 0})
	}
	return e
}

// plural proposes a plural in the language of the conversation.
func (s *session) plural(name string) string {
	if s.text.Language() == text.English {
		return strings.TrimSuffix(name, "s") + "s"
	}
	return naming.Plural(name)
}

func (s *session) standardRoles() []answers.Role {
	var roles []answers.Role
	for _, audience := range []string{"citizen", "employee"} {
		title := s.text.T("wizard.standard." + audience)
		roles = append(roles, answers.Role{Name: nameOf(title, kebab), Title: title, Audience: audience})
	}
	return roles
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
