package workshop

import (
	"context"
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/page"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
)

// kindWords are what a thing in the answers is called on a page.
var kindWords = map[string]string{
	"entity": "entiteit", "field": "veld", "source": "bron", "role": "rol", "step": "processtap", "activity": "verwerkingsactiviteit",
}

// shownResult is a result as a page shows it.
type shownResult struct {
	Collected
	Page, Colour, TestsSeen, Committed, StepTitle string
	Added, Removed, Left                          []string
	Rooms                                         []shownRoom
	Words                                         []string
	Picture                                       template.HTML
	More                                          int
}

type shownRoom struct {
	Room
	Count [2]int
}

func (c Collected) shown(name string, zone *time.Location) shownResult {
	s := shownResult{
		Collected: c, Page: name, Colour: c.colour, StepTitle: c.State.Title, Words: c.words,
		Picture: template.HTML(c.picture), // #nosec G203 -- Drawn by package bpmn, which escapes what is in it.
		More:    len(c.Open) - 12,
	}
	if !regexColour.MatchString(s.Colour) {
		s.Colour = colours[0]
	}
	for _, t := range c.Added {
		s.Added = append(s.Added, t.words())
	}
	for _, t := range c.Removed {
		s.Removed = append(s.Removed, t.words())
	}
	for _, step := range c.left {
		s.Left = append(s.Left, step.Title)
	}
	for _, room := range c.Rooms {
		one := shownRoom{Room: room}
		one.Count[0], one.Count[1] = room.Lines()
		s.Rooms = append(s.Rooms, one)
	}
	if !c.Tests.IsZero() {
		s.TestsSeen = c.Tests.In(zone).Format("02-01-2006 15:04")
	}
	if !c.When.IsZero() {
		s.Committed = c.When.In(zone).Format("02-01-2006 15:04")
	}
	return s
}

// words name a thing for people.
func (t Thing) words() string {
	if t.Title == "" || t.Title == t.Name {
		return kindWords[t.Kind] + " " + t.Name
	}
	return fmt.Sprintf("%s %s (%s)", kindWords[t.Kind], t.Title, t.Name)
}

// pageName is the file of the page of a team: named as its folder is, so that a trainer
// finds it. Of two with the same name, as of two workshops, one gets another.
func (c Collected) pageName(at int, taken map[string]bool) string {
	name := c.folder
	if name == "" {
		name = strings.TrimSuffix(fmt.Sprintf("%02d-%s", at, shortened(slugOf(c.Team), maxFolderSlug)), "-")
	}
	for try, first := 2, name; taken[name]; try++ {
		name = fmt.Sprintf("%s-%d", first, try)
	}
	taken[name] = true
	return name + ".html"
}

// WriteResults writes the table and a page per team in a folder that is absent or
// empty, all or nothing.
func WriteResults(ctx context.Context, dir string, all []Collected, zone *time.Location) error {
	var shown []shownResult
	var files plan.Plan
	taken := map[string]bool{}
	for i, c := range all {
		name := c.pageName(i+1, taken)
		s := c.shown(name, zone)
		shown = append(shown, s)
		if c.Err != nil {
			continue
		}
		title := c.Title
		if title == "" {
			title = c.Team
		}
		body, err := write(page.Page{Title: title, Site: "Fieldlab", Colour: s.Colour, Crumbs: []page.Link{{Href: "../index.html", Text: "Resultaten"}}}, "demo.html", s)
		if err != nil {
			return err
		}
		files = files.With(plan.File{Path: "teams/" + name, Body: body})
	}
	body, err := write(page.Page{Title: "Resultaten", Wide: true}, "resultaat.html", shown)
	if err != nil {
		return err
	}
	files = files.With(plan.File{Path: "index.html", Body: body})
	if body, err = encoded(all); err != nil {
		return err
	}
	files = files.With(plan.File{Path: "resultaat.json", Body: body})
	_, err = tree.WriteBeside(ctx, dir, files, tree.Beside{Keep: noise}, false, nil)
	return err
}
