package wizard

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// The rules speak of the file, which somebody who answers questions does not
// see. Here they speak of the questions: what it is about by its title, and
// what to do there.

// complain shows problems, in the language of the person.
func (s *session) complain(found problem.List) {
	for _, p := range found {
		s.prompter.Say(s.io.Warn(s.io.Wrap("! "+s.spell(p), "  ")))
	}
}

// spell is a problem in the words of the conversation.
func (s *session) spell(p problem.Problem) string {
	var words string
	switch key := "wizard.problem." + string(p.Code); {
	case p.Code == problem.KeyMissing && len(p.Args) == 1 && s.text.Has("wizard.missing."+fmt.Sprint(p.Args[0])):
		words = s.text.T("wizard.missing." + fmt.Sprint(p.Args[0]))
	case s.text.Has(key):
		args := make([]any, 5)
		for i := range args {
			args[i] = ""
			if i < len(p.Args) {
				args[i] = s.name(p.Args[i])
			}
		}
		words = filled(s.text.T(key), args)
	default:
		q := p // titles instead of names
		q.Args = make([]any, len(p.Args))
		for i, arg := range p.Args {
			if q.Args[i] = arg; isText(arg) {
				q.Args[i] = s.name(arg)
			}
		}
		q.Suggestion = ""
		words = q.Text(string(s.text.Language()))
	}
	if p.Code == problem.ComponentName {
		p.Suggestion = strings.ReplaceAll(p.Suggestion, "-", " ") // as the question has it
	}
	if p.Suggestion != "" {
		words += " " + s.text.T("wizard.suggest", s.name(p.Suggestion))
	}
	if where := s.where(p.Key); where != "" {
		words = where + ": " + words
	}
	return terminal.Safe(words)
}

func isText(arg any) bool {
	_, ok := arg.(string)
	return ok
}

// filled gives a text its values; not every text uses them all.
func filled(text string, args []any) string {
	for i, arg := range args {
		text = strings.ReplaceAll(text, fmt.Sprintf("%%[%d]s", i+1), fmt.Sprint(arg))
	}
	return text
}

// name is how people read a value of a problem: the title of what has the name.
func (s *session) name(arg any) string {
	if list, ok := arg.([]string); ok {
		names := make([]string, len(list))
		for i, one := range list {
			names[i] = s.name(one)
		}
		return strings.Join(names, ", ")
	}
	value := fmt.Sprint(arg)
	titles := map[string]string{}
	for _, v := range s.a.Privacy.Activities {
		titles[v.Name] = shown(v.Title, v.Name)
	}
	grow.EachField(&s.a, func(f *answers.Field, _ string) { titles[f.Name] = fieldTitle(*f) })
	for _, x := range s.a.Sources {
		titles[x.Name] = title(x)
		for _, path := range x.Purpose.Fields {
			titles[path] = s.fieldOf(x, path)
			titles[x.Name+"."+path] = title(x) + ": " + s.fieldOf(x, path)
		}
	}
	for _, e := range s.a.Register {
		titles[e.Name] = shown(e.Title, e.Name)
	}
	for _, r := range s.a.Process.Roles {
		titles[r.Name] = shown(r.Title, r.Name)
	}
	for _, st := range s.a.Process.Steps {
		titles[st.Name] = shown(st.Title, st.Name)
	}
	if title := titles[value]; title != "" {
		return title
	}
	if head, part, dotted := strings.Cut(value, "."); dotted && titles[head] != "" {
		return titles[head] + " (" + lower(naming.Title(part)) + ")"
	}
	return value
}

// place is a key of the answers that is about one of a list.
var place = regexp.MustCompile(`^(process\.steps|process\.roles|sources|register)\[([0-9]+)\](?:\.fields\[([0-9]+)\])?`)

// where says which question a key is about.
func (s *session) where(key string) string {
	if m := place.FindStringSubmatch(key); m != nil {
		at, _ := strconv.Atoi(m[2])
		switch list := m[1]; {
		case list == "process.steps" && at < len(s.a.Process.Steps):
			st := s.a.Process.Steps[at]
			return s.text.T("wizard.at.step", shown(st.Title, st.Name))
		case list == "process.roles" && at < len(s.a.Process.Roles):
			return s.text.T("wizard.at.role", s.roleTitle(s.a.Process.Roles[at].Name))
		case list == "sources" && at < len(s.a.Sources):
			return s.text.T("wizard.at.source", title(s.a.Sources[at]))
		case list == "register" && at < len(s.a.Register):
			e := s.a.Register[at]
			if field, err := strconv.Atoi(m[3]); err == nil && field < len(e.Fields) {
				return s.text.T("wizard.at.field", fieldTitle(e.Fields[field]), shown(e.Title, e.Name))
			}
			return s.text.T("wizard.at.entity", shown(e.Title, e.Name))
		}
	}
	for _, st := range flow() {
		for _, k := range st.keys {
			if under(key, k) {
				return s.text.T("wizard.q." + st.id + ".short")
			}
		}
	}
	return ""
}
