package migration

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

// entity looks at the fields of an entity that was there before; its table has its
// new name already.
func (p *planner) entity(before, after *model.Entity) {
	old := map[*model.Field]*model.Field{} // after: before
	matched := map[*model.Field]bool{}
	for _, f := range after.Fields {
		name := p.earlier(grow.Field, after.Name.Raw, f.Name.Raw)
		i := slices.IndexFunc(before.Fields, func(g *model.Field) bool { return name != "" && same(g.Name.Raw, name) })
		if i >= 0 && !matched[before.Fields[i]] {
			old[f] = before.Fields[i]
			matched[before.Fields[i]] = true
		}
	}
	var gone []*model.Field
	for _, f := range before.Fields {
		if !matched[f] {
			gone = append(gone, f)
		}
	}
	for _, f := range after.Fields {
		if old[f] == nil && p.mayBeRename(after, f, gone) {
			return // what follows depends on the answer
		}
	}
	for _, f := range gone {
		p.leave(before, after, f)
	}
	p.renameColumns(after, old)
	for _, f := range after.Fields {
		if was := old[f]; was != nil {
			p.change(after, was, f)
		}
	}
	for _, f := range after.Fields {
		if old[f] == nil {
			p.add(after, f)
		}
	}
}

// mayBeRename asks whether a new field is one that is gone, under another name.
func (p *planner) mayBeRename(e *model.Entity, f *model.Field, gone []*model.Field) bool {
	var like []string
	for _, g := range gone {
		if g.Type == f.Type && !in(p.decided.Drop, &e.Name, &g.Name) {
			like = append(like, g.Name.Raw)
		}
	}
	if len(like) == 0 || in(p.decided.New, &e.Name, &f.Name) {
		return false
	}
	p.ask(AskRename, e, f, Question{Options: like})
	return true
}

// leave keeps the column of a field that is gone, or drops it when that was decided.
func (p *planner) leave(before, after *model.Entity, f *model.Field) {
	table := after.Plural.SQL
	if in(p.decided.Drop, &before.Name, &f.Name) || in(p.decided.Drop, &after.Name, &f.Name) {
		p.stop("de kolom %s van %s gaat weg, en een vorige versie gebruikt haar", f.Name.SQL, table)
		p.clear(table, f.Name.SQL)
		p.say(f.Name.SQL+"_weg", "%s: de kolom %s gaat weg met alles wat erin staat.", table, f.Name.SQL)
		p.do(dropColumn{table: table, column: f.Name.SQL, file: f.Type == "file", indexed: ddl.Indexed(f), field: f})
		return
	}
	p.say(f.Name.SQL+"_blijft_staan", "%s: %s staat niet meer in de antwoorden. De kolom blijft staan met wat erin staat, tot u haar weghaalt (fieldlab update --drop %s).", table, f.Name.SQL, after.Name.Path+"."+f.Name.Path)
	p.clear(table, f.Name.SQL)
	p.do(keepColumn{table, f, p.alone})
	p.kept = append(slices.Clone(p.kept), keptName{table: table, column: f.Name.SQL, kind: f.Type})
}

func (p *planner) keptColumn(table, column string) int {
	return slices.IndexFunc(p.kept, func(k keptName) bool { return k.table == table && k.column == column })
}

// renameColumns gives columns their new name; those of which another one still has
// that name go by a third.
func (p *planner) renameColumns(e *model.Entity, old map[*model.Field]*model.Field) {
	taken := map[string]bool{}
	for _, was := range old {
		taken[was.Name.SQL] = true
	}
	var later []step
	for _, f := range e.Fields {
		was := old[f]
		if was == nil || was.Name.SQL == f.Name.SQL {
			continue
		}
		from, to := was.Name.SQL, f.Name.SQL
		if p.keptColumn(e.Plural.SQL, to) >= 0 {
			p.ask(AskKept, e, f, Question{})
			continue
		}
		p.clear(e.Plural.SQL, from)
		p.clearName(e.Plural.SQL, to)
		beside := p.besideColumn(e, from, to, taken[to])
		p.say(from+"_wordt_"+to, "%s: %s heet voortaan %s; alles wat erin staat blijft.", e.Plural.SQL, from, to)
		if taken[to] {
			between := aside(from)
			p.do(renameColumn{table: e.Plural.SQL, field: was, from: from, to: between})
			later = append(later, renameColumn{table: e.Plural.SQL, field: was, from: between, to: to})
		} else {
			p.do(renameColumn{e.Plural.SQL, was, from, to, beside})
		}
	}
	p.do(later...)
}

// besideColumn makes the bridge of a column that gets another name; nil when there
// is none.
func (p *planner) besideColumn(e *model.Entity, from, to string, taken bool) *bridge {
	switch {
	case p.alone:
		return nil
	case taken || hasName(e, from):
		p.stop("%s van %s heet voortaan %s, en die naam krijgt of had een ander veld", from, e.Plural.SQL, to)
		return nil
	}
	b := p.leaves(bridgeOf(oldColumn, e.Plural.SQL, to, from))
	p.rewrites = append(p.rewrites, e.Plural.SQL)
	return &b
}

// add makes the column of a new field, or uses the one that was kept.
func (p *planner) add(e *model.Entity, f *model.Field) {
	if i := p.keptColumn(e.Plural.SQL, f.Name.SQL); i >= 0 {
		p.again(e, f, i)
		return
	}
	fill := ""
	if given, ok := p.decided.value(e, f); ok {
		fill = given
	} else if f.Required && f.Default != "" {
		fill = f.Default
	}
	if f.Required && fill == "" {
		p.askValue(AskDefault, e, f)
		return
	}
	if fill == "" {
		p.say(f.Name.SQL+"_bij_"+e.Name.SQL, "%s: %s erbij. Wie er al in staat, heeft er nog geen.", e.Plural.SQL, f.Name.SQL)
	} else {
		p.say(f.Name.SQL+"_bij_"+e.Name.SQL, "%s: %s erbij. Wie er al in staat, krijgt %s.", e.Plural.SQL, f.Name.SQL, oneLine(fill))
	}
	p.clearName(e.Plural.SQL, f.Name.SQL)
	stays := f.Required && !p.alone
	if stays {
		p.leaves(bridge{kind: oldDefault, table: e.Plural.SQL, column: f.Name.SQL, was: e.Plural.SQL})
	}
	p.do(addColumn{e.Plural.SQL, f, fill, stays})
}

// askValue asks what rows get that have no value, when the type knows one that
// people can write.
func (p *planner) askValue(code string, e *model.Entity, f *model.Field) {
	if t, _ := fieldtype.Of(f.Type); t.Unwritten && f.Type != "reference" {
		p.ask(AskNoValue, e, f, Question{})
		return
	}
	p.ask(code, e, f, Question{Options: options(f)})
}

// options are the values that a field can have, when they are few.
func options(f *model.Field) (all []string) {
	if f.Type == "boolean" {
		return []string{"ja", "nee"}
	}
	for _, v := range f.Values {
		all = append(all, v.Raw)
	}
	return all
}

// again gives a field the column that it had before.
func (p *planner) again(e *model.Entity, f *model.Field, i int) {
	was := p.kept[i].field(f.Name)
	if was == nil {
		p.ask(AskKept, e, f, Question{})
		return
	}
	if _, fits := conversionOf(was, f); !fits {
		p.ask(AskKept, e, f, Question{})
		return
	}
	p.kept = slices.Delete(slices.Clone(p.kept), i, i+1)
	p.say(f.Name.SQL+"_terug_bij_"+e.Name.SQL, "%s: %s is er weer, met wat er nog stond.", e.Plural.SQL, f.Name.SQL)
	p.change(e, was, f)
}
