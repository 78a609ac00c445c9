package migration

import (
	"fmt"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// planner collects what has to be done, in the order in which it is done.
type planner struct {
	decided   decisions
	renames   []grow.Rename
	kept      []keptName
	bridges   []bridge
	first     []step // take away what earlier ones left
	steps     []step
	alone     bool     // no version of before is served
	stops     []string // why none can be
	known     []string // migrations that one must know
	rewrites  []string // tables of which every row is written anew
	said      []string // for people: what changes, one line each
	labels    []string // for the name of the file
	questions []Question
}

// step is one thing that a migration does.
type step interface{ sql(d ddl.Dialect) string }

func (p *planner) do(s ...step) { p.steps = append(p.steps, s...) }

// say adds a line to the head of the migration; label is what the file is called
// after when there is nothing else.
func (p *planner) say(label, format string, args ...any) {
	p.labels = append(p.labels, label)
	p.said = append(p.said, fmt.Sprintf(format, args...))
}

func (p *planner) ask(code string, e *model.Entity, f *model.Field, q Question) {
	q.Code, q.Entity, q.Field = code, e, f
	if q.Key == "" {
		q.Key = key(e, f)
	}
	p.questions = append(p.questions, q)
}

// same says whether two names are spellings of one.
func same(a, b string) bool {
	one, err1 := naming.Of(a)
	other, err2 := naming.Of(b)
	return err1 == nil && err2 == nil && one.Path == other.Path
}

// earlier is the old name of something, and whether another thing has it now: of
// is the entity of a field, with its new name.
func (p *planner) earlier(kind grow.Kind, of, name string) string {
	for _, r := range p.renames {
		if r.Kind == kind && same(r.New, name) && (kind != grow.Field || same(r.Of, of)) {
			return r.Old
		}
	}
	for _, r := range p.renames { // the name was freed by a rename, and is new here
		if r.Kind == kind && same(r.Old, name) && (kind != grow.Field || same(r.Of, of)) {
			return ""
		}
	}
	return name
}

// pair is an entity before and after; nil where it was not, or is no more.
type pair struct{ before, after *model.Entity }

// compare looks at all entities: those that go or get another name make room for
// those that come.
func (p *planner) compare(before, after *model.Component) {
	var pairs []pair
	matched := map[*model.Entity]bool{}
	for _, e := range after.Entities {
		old := findEntity(before, p.earlier(grow.Entity, "", e.Name.Raw))
		if matched[old] {
			old = nil
		}
		if old != nil {
			matched[old] = true
		}
		pairs = append(pairs, pair{old, e})
	}
	var gone []*model.Entity
	for _, e := range before.Entities {
		if !matched[e] {
			gone = append(gone, e)
		}
	}
	p.takeAway(func(bridge) bool { return p.alone || slices.Contains(p.decided.Drop, DropBridges) })
	p.dropKept(before, after)
	dropped := p.gone(gone, pairs)
	p.renameTables(pairs)
	for _, c := range pairs {
		if c.before == nil {
			p.create(c.after, gone)
		}
	}
	for _, c := range pairs {
		if c.before != nil {
			p.entity(c.before, c.after)
		}
	}
	p.do(dropped...) // last: until here something may refer to it
}

func findEntity(c *model.Component, raw string) *model.Entity {
	i := slices.IndexFunc(c.Entities, func(e *model.Entity) bool { return raw != "" && same(e.Name.Raw, raw) })
	if i < 0 {
		return nil
	}
	return c.Entities[i]
}

// dropKept takes away what was kept earlier and is not wanted any more.
func (p *planner) dropKept(before, after *model.Component) {
	for _, k := range p.decided.Drop {
		i := p.decided.keptBy(k, before, after, p.kept)
		if i < 0 {
			continue
		}
		gone := p.kept[i]
		p.kept = slices.Delete(slices.Clone(p.kept), i, i+1)
		if gone.column == "" {
			p.needs(gone.since, "de tabel "+gone.table+" gaat weg")
			p.takeAway(func(b bridge) bool { return b.table == gone.table })
			p.say("zonder_"+gone.table, "%s: de tabel, die was blijven staan, gaat weg met alles wat erin staat.", gone.table)
			p.do(dropTable{gone.table})
			continue
		}
		p.needs(gone.since, "de kolom "+gone.column+" van "+gone.table+" gaat weg")
		p.clearView(gone.table)
		p.say("zonder_"+gone.column, "%s: de kolom %s, die was blijven staan, gaat weg met alles wat erin staat.", gone.table, gone.column)
		p.do(dropColumn{table: gone.table, column: gone.column, file: gone.kind == "file", keyed: true})
	}
}

// gone leaves the tables of entities that are gone standing; those of which it was
// decided it gives to drop, under a name that is in nobody's way. What refers to
// others lets go of them first.
func (p *planner) gone(entities []*model.Entity, pairs []pair) (drop []step) {
	for _, e := range entities {
		table := e.Plural.SQL
		if in(p.decided.Drop, &e.Name, nil) {
			p.stop("de tabel %s gaat weg, en een vorige versie gebruikt haar", table)
			p.say(table+"_weg", "%s: de tabel gaat weg met alles wat erin staat.", table)
			p.takeAway(func(b bridge) bool { return b.table == table })
			p.kept = slices.DeleteFunc(slices.Clone(p.kept), func(k keptName) bool { return k.table == table })
			if slices.ContainsFunc(pairs, func(c pair) bool { return c.after.Plural.SQL == table }) {
				p.do(renameTable{Entity: e, from: table, to: aside(table)})
				table = aside(table)
			}
			drop = append(drop, dropTable{table})
			continue
		}
		for _, f := range e.Fields {
			if f.Reference != nil {
				p.clear(table, f.Name.SQL)
				p.do(keepColumn{table, f, p.alone})
			}
		}
		p.say(table+"_blijft_staan", "%s: staat niet meer in de antwoorden. De tabel blijft staan met wat erin staat; niemand leest of vernietigt dat nog, tot u haar weghaalt (fieldlab update --drop %s).", table, e.Name.Path)
		p.kept = append(slices.Clone(p.kept), keptName{table: table})
	}
	slices.Reverse(drop) // what refers to another goes before it
	return drop
}

// renameTables gives tables their new name; those that swap names go by a third.
func (p *planner) renameTables(pairs []pair) {
	taken := map[string]bool{}
	for _, c := range pairs {
		if c.before != nil {
			taken[c.before.Plural.SQL] = true
		}
	}
	var later []step
	for _, c := range pairs {
		if c.before == nil || c.before.Plural.SQL == c.after.Plural.SQL {
			continue
		}
		from, to := c.before.Plural.SQL, c.after.Plural.SQL
		if p.keptTable(to) {
			p.ask(AskKept, c.after, nil, Question{})
			continue
		}
		p.clearView(from)
		p.clearName(to, "")
		beside := p.viewOf(c, pairs)
		p.say(to, "%s: de tabel heet voortaan %s; alles wat erin staat blijft.", from, to)
		if taken[to] {
			p.do(renameTable{Entity: c.before, from: from, to: aside(from)})
			later = append(later, renameTable{Entity: c.before, from: aside(from), to: to})
		} else {
			p.do(renameTable{c.before, from, to, beside})
		}
		for i := range p.bridges {
			if p.bridges[i].table == from {
				p.bridges[i].table = to
			}
		}
		if beside {
			p.leaves(bridge{kind: oldTable, table: to, old: from, was: to})
		}
		p.kept = slices.Clone(p.kept)
		for i := range p.kept {
			if p.kept[i].table == from && p.kept[i].column != "" {
				p.kept[i].table = to
			}
		}
	}
	p.do(later...)
}

// viewOf says whether a table that gets another name can be reached under its old
// one as well.
func (p *planner) viewOf(c pair, pairs []pair) bool {
	from, to := c.before.Plural.SQL, c.after.Plural.SQL
	switch {
	case p.alone:
		return false
	case slices.ContainsFunc(pairs, func(o pair) bool { return o.after.Plural.SQL == from || o.before != nil && o.before.Plural.SQL == to }):
		p.stop("%s heet voortaan %s, en die naam krijgt of had een andere tabel", from, to)
		return false
	case slices.ContainsFunc(c.before.Fields, func(f *model.Field) bool { return f.Type == "file" }) ||
		slices.ContainsFunc(p.kept, func(k keptName) bool { return k.table == from && k.kind == "file" }):
		p.stop("%s heet voortaan %s, en een vorige versie vindt haar bestanden alleen onder de oude naam", from, to)
		return false
	}
	return true
}

// aside is a name for a while, for what is in the way of another.
func aside(name string) string { return "tussen__" + value.KeySum("", name) }

func (p *planner) keptTable(table string) bool {
	return slices.ContainsFunc(p.kept, func(k keptName) bool { return k.column == "" && k.table == table })
}

// create adds the table of a new entity.
func (p *planner) create(e *model.Entity, gone []*model.Entity) {
	if p.keptTable(e.Plural.SQL) {
		p.ask(AskKept, e, nil, Question{})
		return
	}
	var like []string
	for _, old := range gone {
		if alike(old, e) && !in(p.decided.Drop, &old.Name, nil) {
			like = append(like, old.Name.Raw)
		}
	}
	if len(like) > 0 && !in(p.decided.New, &e.Name, nil) {
		p.ask(AskRename, e, nil, Question{Options: like})
		return
	}
	p.clearName(e.Plural.SQL, "")
	p.say(e.Plural.SQL, "%s: nieuwe tabel.", e.Plural.SQL)
	p.do(createTable{e})
}

// alike says whether an entity may be another one with a new name: they have most
// of their fields in common.
func alike(a, b *model.Entity) bool {
	both := 0
	for _, f := range a.Fields {
		if slices.ContainsFunc(b.Fields, func(g *model.Field) bool { return f.Name.Path == g.Name.Path && f.Type == g.Type }) {
			both++
		}
	}
	return both > 0 && 2*both >= max(len(a.Fields), len(b.Fields))
}
