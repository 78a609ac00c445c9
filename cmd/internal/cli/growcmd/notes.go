package growcmd

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/wizard"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// about are the kinds of what the notes of package grow name, in their order;
// "" is something without a title.
var about = map[string][]grow.Kind{
	grow.NoteAsked:          {grow.Field, grow.Step},
	grow.NoteNotAsked:       {grow.Field, grow.Entity},
	grow.NoteNoProcess:      {grow.Entity},
	grow.NoteRoleUnused:     {grow.Role},
	grow.NoteActivity:       {grow.Source, grow.Activity},
	grow.NoteReasons:        {grow.Source},
	grow.NoteSourceUnused:   {grow.Source},
	grow.NoteActivityUnused: {grow.Activity},
	grow.NoteBetween:        {grow.Step, grow.Step, grow.Step},
	grow.NoteOutcome:        {grow.Step, "", grow.Step},
	grow.NoteRole:           {grow.Step, grow.Role},
	grow.NoteNewly:          {grow.Step, "", ""},
	grow.NoteTransition:     {grow.Step, grow.Step},
	grow.NotePlural:         {grow.Entity, ""},
	grow.NoteService:        {grow.Source, ""},
	grow.NoteSettings:       {grow.Source},
	grow.NoteAnother:        {grow.Activity},
	grow.NoteUnasked:        {grow.Step, grow.Field},
	grow.NoteArrow:          {grow.Step, grow.Step},
	grow.NoteStart:          {grow.Step},
	grow.NoteLoop:           {grow.Step, ""},
	grow.NoteInput:          {grow.Step, ""},
}

// notes are those of a change with the titles of what they name, followed by
// the names themselves.
func (c *Component) notes(change Change) []grow.Note {
	var notes []grow.Note
	for _, note := range change.Notes {
		switch {
		case note.Code == grow.NoteGone:
			continue // the migration says so, with the way to take it out
		case note.Code == grow.NoteMentions && len(note.Args) == 2:
			note.Args = []any{note.Args[0], c.places(change.Answers, note.Args[1])}
		case note.Code == grow.NoteAudiences && len(note.Args) == 1:
			note.Args = []any{c.audiences(note.Args[0])}
		default:
			note.Args = c.titled(change.Answers, note)
		}
		notes = append(notes, note)
	}
	return notes
}

func (c *Component) titled(now answers.Answers, note grow.Note) []any {
	titles := slices.Clone(note.Args)
	for i, kind := range about[note.Code] {
		name, ok := note.Args[i].(string)
		switch {
		case !ok || kind == "":
		case kind == grow.Field:
			titles[i] = fieldTitle(name, entityOf(note), now, c.Answers)
		default:
			titles[i] = titleIn(kind, name, now, c.Answers)
		}
	}
	if note.Code == grow.NoteTransition && len(titles) == 2 && titles[0] == titles[1] {
		titles = slices.Clone(note.Args) // only the name is another
	}
	return append(titles, note.Args...)
}

// titleIn is the title of something in the first of the answers that have it.
func titleIn(kind grow.Kind, name string, all ...answers.Answers) string {
	for _, a := range all {
		if found, ok := Find(Things(a, kind, ""), name); ok {
			return found.Title
		}
	}
	return name
}

// entityOf is the entity that a note names beside a field; "" when it names a
// step, for a step asks fields of what the process is about.
func entityOf(note grow.Note) string {
	if at := slices.Index(about[note.Code], grow.Entity); at >= 0 && at < len(note.Args) {
		name, _ := note.Args[at].(string)
		return name
	}
	return ""
}

// fieldTitle is the title of a field. Another entity may have one of that name.
func fieldTitle(name, of string, all ...answers.Answers) string {
	for _, a := range all {
		of := cmp.Or(of, a.Process.Subject)
		if of == "" && len(a.Register) > 0 {
			of = a.Register[0].Name
		}
		for _, e := range a.Register {
			if !grow.Same(e.Name, of) {
				continue
			}
			if found, ok := Find(Things(a, grow.Field, e.Name), name); ok {
				return found.Title
			}
		}
	}
	return name
}

// places are the things of which a text is meant, each once.
func (c *Component) places(now answers.Answers, keys any) string {
	var words []string
	for _, key := range listed(keys) {
		where := wizard.Where(wizard.Growth{IO: c.d.IO, Text: c.d.Text, Answers: now, Check: c.Judge}, key)
		if where == "" {
			where = activityAt(now, key)
		}
		if !slices.Contains(words, where) {
			words = append(words, where)
		}
	}
	return strings.Join(words, "; ")
}

// activityAt is the title of the activity that a key is about, or the key.
func activityAt(a answers.Answers, key string) string {
	rest, ok := strings.CutPrefix(key, "privacy.activities[")
	number, _, _ := strings.Cut(rest, "]")
	at, err := strconv.Atoi(number)
	if things := Things(a, grow.Activity, ""); ok && err == nil && at >= 0 && at < len(things) {
		return `"` + things[at].Title + `"`
	}
	return key
}

func (c *Component) audiences(list any) string {
	var words []string
	for _, name := range listed(list) {
		words = append(words, c.d.Text.T("wizard.audience."+name))
	}
	return strings.Join(words, ", ")
}

// listed are the words of an argument of a note that names more than one thing.
func listed(argument any) []string {
	words, _ := argument.(string)
	return strings.FieldsFunc(words, func(r rune) bool { return r == ',' || r == ' ' })
}
