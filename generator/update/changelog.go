package update

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// changelog adds a line to the changelog of the team, when there is one and
// something else changes.
func (f *finder) changelog() error {
	if len(f.u.Changes) == 0 && f.u.Kern.Files == 0 && len(f.u.Kern.Changes) == 0 && f.u.From == f.u.To {
		return nil
	}
	in, err := f.disk.look(changelogPath)
	if err != nil || in.kind != file {
		return err
	}
	before, err := f.disk.read(changelogPath, in.info)
	if err != nil || !base.IsText(before) {
		return err
	}
	lines := []string{f.r.Title}
	if f.r.Title == "" {
		lines = f.said()
	}
	lines = append(slices.Clone(lines), f.lost...)
	if f.u.Stop != "" {
		lines = append(slices.Clone(lines), "Migratie "+f.u.Migration+" vraagt stilstand: een vorige versie die nog draait kan er niet tegen ("+f.u.Stop+").")
	}
	after := withLines(before, lines)
	if !bytes.Equal(before, after) {
		f.report(Change{Path: changelogPath, Action: Merge, Before: before, After: after, Mode: in.info.Mode().Perm(), seen: in.info})
	}
	return nil
}

var (
	regexUnreleased = regexp.MustCompile(`(?i)^##\s+\[?(nog niet uitgebracht|niet uitgebracht|onuitgebracht|onbekend|unreleased)\b`)
	regexChanged    = regexp.MustCompile(`(?i)^###\s+(gewijzigd|veranderd|changed)\s*$`)
)

// withLines adds items under the heading of what is not released yet, in the
// list of what changed; headings that are missing come at their place.
func withLines(text []byte, items []string) []byte {
	ends := "\n"
	if bytes.Contains(text, []byte("\r\n")) {
		ends = "\r\n"
	}
	lines := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	for i, item := range items {
		items[i] = "- " + quote.MD(strings.Join(strings.Fields(item), " "))
	}
	from := indexFrom(lines, 0, regexUnreleased.MatchString)
	isRelease := func(line string) bool { return strings.HasPrefix(line, "## ") }
	if from < 0 {
		fresh := append([]string{"## Nog niet uitgebracht", "", "### Gewijzigd", ""}, items...)
		if at := indexFrom(lines, 0, isRelease); at >= 0 {
			return []byte(strings.Join(slices.Insert(lines, at, append(fresh, "")...), ends))
		}
		if lines = trimEnd(lines); len(lines) > 0 {
			lines = append(lines, "")
		}
		return []byte(strings.Join(append(lines, fresh...), ends) + ends)
	}
	to := indexFrom(lines, from+1, isRelease)
	if to < 0 {
		to = len(lines)
	}
	section := trimEnd(lines[from:to])
	at := indexFrom(section, 0, regexChanged.MatchString)
	if at < 0 {
		items = append([]string{"", "### Gewijzigd", ""}, items...)
		return []byte(strings.Join(slices.Insert(lines, from+len(section), items...), ends))
	}
	end := indexFrom(section, at+1, func(line string) bool { return strings.HasPrefix(line, "### ") })
	if end < 0 {
		end = len(section)
	}
	list := trimEnd(section[at:end])
	if len(list) == 1 {
		items = append([]string{""}, items...)
	}
	return []byte(strings.Join(slices.Insert(lines, from+at+len(list), items...), ends))
}

func trimEnd(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func indexFrom(lines []string, from int, is func(string) bool) int {
	if at := slices.IndexFunc(lines[from:], is); at >= 0 {
		return from + at
	}
	return -1
}

// said says in Dutch what the difference between two answers is, for whoever
// reads the changelog.
func (f *finder) said() []string {
	var lines []string
	was, is := named(f.old.Answers), named(f.now.Answers)
	for _, one := range is.order {
		before := formerly(f.r.Renames, one)
		switch {
		case before.name != one.name && slices.Contains(was.order, before):
			lines = append(lines, before.text()+" heet nu "+one.name+".")
		case slices.Contains(was.order, before):
		case one.kind == grow.Field && !slices.Contains(was.order, before.above()): // with its entity
		default:
			lines = append(lines, one.text()+" toegevoegd.")
		}
	}
	for _, one := range was.order {
		now := one.now(f.r.Renames)
		if !slices.Contains(is.order, now) && (one.kind != grow.Field || slices.Contains(is.order, now.above())) {
			lines = append(lines, one.text()+" vervallen.")
		}
	}
	for _, name := range f.r.Take {
		if !slices.Contains(f.base.Manifest.Taken, name) {
			lines = append(lines, plan.KernFolder+"/"+name+" overgenomen: voortaan van het team.")
		}
	}
	if f.u.From != f.u.To {
		lines = append(lines, "Bijgewerkt met fieldlab "+f.u.To+" (was "+f.u.From+").")
	}
	if len(lines) == 0 {
		lines = []string{"Bijgewerkt naar de antwoorden in fieldlab.yaml."}
	}
	return lines
}

// item is something of the answers that has a name.
type item struct {
	kind     grow.Kind
	of, name string
}

type items struct{ order []item }

// named lists what has a name in answers.
func named(a answers.Answers) items {
	var all items
	add := func(kind grow.Kind, of, name string) { all.order = append(all.order, item{kind, of, name}) }
	for _, e := range a.Register {
		add(grow.Entity, "", e.Name)
		for _, field := range e.Fields {
			add(grow.Field, e.Name, field.Name)
		}
	}
	for _, s := range a.Sources {
		add(grow.Source, "", s.Name)
	}
	for _, r := range a.Process.Roles {
		add(grow.Role, "", r.Name)
	}
	for _, s := range a.Process.Steps {
		add(grow.Step, "", s.Name)
	}
	for _, v := range a.Privacy.Activities {
		add(grow.Activity, "", v.Name)
	}
	return all
}

// above is the entity of a field.
func (i item) above() item {
	if i.kind != grow.Field {
		return item{}
	}
	return item{kind: grow.Entity, name: i.of}
}

var kindWords = map[grow.Kind]string{
	grow.Entity: "Entiteit", grow.Field: "Veld", grow.Step: "Stap", grow.Role: "Rol", grow.Source: "Bron", grow.Activity: "Verwerkingsactiviteit",
}

func (i item) text() string {
	text := kindWords[i.kind] + " " + i.name
	if i.of != "" {
		text += " van " + i.of
	}
	return text
}

// now is what something of before is called now.
func (i item) now(renames []grow.Rename) item {
	if i.of != "" {
		i.of = renamed(renames, grow.Entity, "", i.of)
	}
	i.name = renamed(renames, i.kind, i.of, i.name)
	return i
}

// formerly is what something of now was called before.
func formerly(renames []grow.Rename, i item) item {
	for _, r := range renames {
		if r.Kind == i.kind && r.New == i.name && r.Of == i.of {
			i.name = r.Old
		}
	}
	for _, r := range renames {
		if r.Kind == grow.Entity && r.New == i.of {
			i.of = r.Old
		}
	}
	return i
}
