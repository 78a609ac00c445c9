package paginas

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// The kinds of a note: see 4-proces/openapi.yaml.
const (
	noteWarning = "waarschuwing"
	noteDiffers = "verschil"
)

// shownAnswer is the answer of a source as a page shows it: what changes the
// meaning first, then each thing that was found.
type shownAnswer struct {
	answer
	Counted string   // how much was found, when that is not plain to see
	Mind    string   // which warnings there are among the rest; "" when nobody can miss them
	First   string   // id of the first thing that has one
	Beside  *thing   // what is about the answer as a whole
	Things  []*thing // what was found
}

// thing is a piece of an answer: what was found, or one of a list within it.
type thing struct {
	ID       string
	Level    int    // of the heading
	Heading  string // "" for none
	Warnings []warning
	Differs  []string
	Rows     []row
	Within   []*thing

	place string // JSON pointer
}

// warning is what people read before the rest.
type warning struct {
	Text    string
	Details []string
}

// NoteLevel is the level of a heading within the thing.
func (t *thing) NoteLevel() int {
	if t.Heading == "" {
		return t.Level
	}
	return min(t.Level+1, 6)
}

// Empty says whether nothing is known of the thing.
func (t *thing) Empty() bool { return len(t.Rows)+len(t.Within) == 0 }

// noted says whether there is something to read before the rest.
func (t *thing) noted() bool { return len(t.Warnings)+len(t.Differs) > 0 }

// every gives the thing and all within it.
func (t *thing) every() []*thing {
	all := []*thing{t}
	for _, w := range t.Within {
		all = append(all, w.every()...)
	}
	return all
}

// heading is a heading of which the level depends on what it stands in.
type heading struct {
	Level int
	Text  string
}

// Bare says whether the answer was found and has nothing in it.
func (a shownAnswer) Bare() bool { return len(a.Things) == 0 && a.Beside.Empty() }

// show makes the answer of a source fit to read. number is that of the answer on
// the page.
func show(number int, a answer) shownAnswer {
	s := newShower(a)
	shown := shownAnswer{answer: a}
	shown.Step, shown.Title, shown.Activity, shown.Hint = value.Shown(a.Step), value.Shown(a.Title), value.Shown(a.Activity), lowerFirst(value.Shown(a.Hint))
	shown.Beside, shown.Things = s.things(a.Data)
	s.place(a.Notes, append([]*thing{shown.Beside}, shown.Things...))
	shown.Things = slices.DeleteFunc(shown.Things, func(t *thing) bool { t.tidy(); return false })
	shown.Beside.tidy()
	if a.Found {
		shown.count()
	}
	i := 0
	for _, found := range append([]*thing{shown.Beside}, shown.Things...) {
		for _, t := range found.every() {
			i++
			t.ID = fmt.Sprintf("antwoord-%d-%d", number+1, i)
		}
	}
	shown.sum()
	return shown
}

// tidy leaves out what is within a thing and says nothing.
func (t *thing) tidy() {
	for _, w := range t.Within {
		w.tidy()
	}
	t.Within = slices.DeleteFunc(t.Within, func(w *thing) bool { return w.Empty() && !w.noted() })
}

// count says how much was found, when that is more than one.
func (a *shownAnswer) count() {
	switch n := len(a.Things); {
	case a.Count > n && n > 0:
		a.Counted = fmt.Sprintf("De bron vond %s resultaten; hier staan de eerste %s.", dotted(a.Count), dotted(n))
		if n == 1 {
			a.Counted = fmt.Sprintf("De bron vond %s resultaten; hier staat het eerste.", dotted(a.Count))
		}
	case a.Count > 1 || n > 1:
		a.Counted = fmt.Sprintf("De bron vond %s resultaten.", dotted(max(a.Count, n)))
	}
}

// sum says what people could miss among the rest.
func (a *shownAnswer) sum() {
	var all []*thing
	for _, t := range a.Things {
		all = append(all, t.every()...)
	}
	warnings, differ := 0, 0
	for _, t := range all {
		if t.noted() && a.First == "" {
			a.First = t.ID
		}
		warnings += len(t.Warnings)
		if len(t.Differs) > 0 {
			differ++
		}
	}
	var found []string
	switch {
	case len(all) < 2:
		return
	case warnings == 1:
		found = append(found, "staat 1 waarschuwing")
	case warnings > 1:
		found = append(found, "staan "+dotted(warnings)+" waarschuwingen")
	}
	if differ > 0 {
		found = append(found, "is "+dotted(differ)+" keer iets anders gevonden dan gevraagd")
	}
	if len(found) > 0 {
		a.Mind = "Let op: hieronder " + strings.Join(found, " en ") + "."
	}
}

// dotted writes a number with points between the thousands.
func dotted(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// place gives each note to the thing that it is about: the innermost around its
// place. What is nowhere in the answer is about all of it: no note is dropped.
func (s *shower) place(notes []note, things []*thing) {
	at := map[string]*thing{}
	for _, found := range things {
		for _, t := range found.every() {
			at[t.place] = t
		}
	}
	for _, n := range notes {
		place := n.Place
		for at[place] == nil && place != "" {
			place = place[:max(strings.LastIndexByte(place, '/'), 0)]
		}
		t := at[place]
		if t == nil {
			t = things[0]
		}
		if n.Kind == noteDiffers {
			if text := value.Shown(n.Text); !slices.Contains(t.Differs, text) {
				t.Differs = append(t.Differs, text)
			}
			continue
		}
		t.warn(warningText(n), s.told[n.Place+"\x00"+n.Field])
	}
}

// warn adds a warning, or what it says more to one that is there.
func (t *thing) warn(text string, details []string) {
	i := slices.IndexFunc(t.Warnings, func(w warning) bool { return w.Text == text })
	if i < 0 {
		i, t.Warnings = len(t.Warnings), append(t.Warnings, warning{Text: text})
	}
	for _, d := range details {
		if !slices.Contains(t.Warnings[i].Details, d) {
			t.Warnings[i].Details = append(t.Warnings[i].Details, d)
		}
	}
}

// warningText begins as every warning does.
func warningText(n note) string {
	text := value.Shown(strings.TrimSpace(n.Text))
	if value.Blank(text) {
		text = spaced(n.Field)
	}
	if strings.HasPrefix(strings.ToLower(text), "let op") {
		return text
	}
	return "Let op: " + lowerFirst(text)
}
