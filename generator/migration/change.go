package migration

import (
	"fmt"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// change brings a column from what its field was to what it is; it has its new
// name already.
func (p *planner) change(e *model.Entity, was, f *model.Field) {
	now := *was
	now.Name = f.Name
	if was.Reference != nil && f.Reference != nil && same(was.Reference.Name.Raw, p.earlier("entity", "", f.Reference.Name.Raw)) {
		now.Reference = f.Reference
	}
	asked := len(p.questions)
	convert, doubt := p.conversion(e, &now, f)
	fill := p.fill(e, &now, f, doubt)
	if len(p.questions) > asked {
		return
	}
	if convert == nil && fill == "" && ddl.SQLite.Column(&now) == ddl.SQLite.Column(f) && ddl.Postgres.Column(&now) == ddl.Postgres.Column(f) {
		p.index(e, &now, f)
		return
	}
	p.say(f.Name.SQL+"_anders", "%s: %s", e.Plural.SQL, describe(&now, f, fill, doubt != "" && p.empty(e, f)))
	s := alterColumn{table: e.Plural.SQL, was: &now, is: f, convert: convert, fill: fill}
	p.besideChange(&s)
	p.do(s)
}

// besideChange says what a change of a column means for a version of before, which
// knows the column under the same name.
func (p *planner) besideChange(s *alterColumn) {
	table, column := s.table, s.is.Name.SQL
	// The bridge that was just made for another name of it stays: its trigger goes first.
	p.takeAway(func(b bridge) bool { return b.table == table && b.column == column && b.since != "" })
	retyped := s.was.Postgres != s.is.Postgres
	if retyped {
		p.clearView(table)
	}
	if retyped || s.convert != nil || s.fill != "" {
		p.rewrites = append(p.rewrites, table)
	}
	switch {
	case p.alone:
	case retyped || s.was.Type != s.is.Type && s.convert != nil && s.is.Type != "enum":
		p.stop("%s van %s is nu %s en was %s, en een vorige versie leest het anders", column, table, s.is.Type, s.was.Type)
	case s.was.Type == "reference" && s.is.Type == "reference" && !sameTable(s.was, s.is):
		p.stop("%s van %s verwijst naar een andere tabel", column, table)
	case s.translates() || s.fills():
		b := p.leaves(bridgeOf(oldValue, table, column, ""))
		s.beside = &b
	}
}

// index makes or drops the index of a column that stays as it is.
func (p *planner) index(e *model.Entity, was, f *model.Field) {
	table, column := e.Plural.SQL, f.Name.SQL
	switch {
	case ddl.Indexed(f) && !ddl.Indexed(was):
		p.say("index_op_"+column, "%s: een index op %s, om erop te filteren.", table, column)
		p.do(makeIndex{table, column})
	case !ddl.Indexed(f) && ddl.Indexed(was):
		p.say("geen_index_op_"+column, "%s: de index op %s is niet meer nodig.", table, column)
		p.do(dropIndex{table, column})
	}
}

// conversion is how the values of a column change. Doubt is the question to ask
// when some of them have no place; "" when all of them have one.
func (p *planner) conversion(e *model.Entity, was, f *model.Field) (convert expression, doubt string) {
	if from := choices(was); from != nil && choices(f) != nil && (was.Type == "enum" || f.Type == "enum") {
		return p.choose(e, was, f, from)
	}
	c, all := conversionOf(was, f)
	convert = c.expression
	if !all {
		doubt = AskType
		if convert == nil {
			convert = both("NULL")
		}
		if f.Type == "enum" || convert(ddl.SQLite, "x") == "NULL" {
			return convert, doubt
		}
	}
	if narrower(was, f) {
		convert = convert.then(within(f))
		if doubt == "" {
			doubt = AskBounds
		}
	}
	return convert, doubt
}

// choices are the values of what has few; nil for all else.
func choices(f *model.Field) (all []string) {
	if f.Type == "boolean" || len(f.Values) > 0 {
		return options(f)
	}
	return nil
}

// choose gives each choice of before its place among those of now.
func (p *planner) choose(e *model.Entity, was, f *model.Field, from []string) (convert expression, doubt string) {
	_, given := p.decided.value(e, f)
	leave := given || p.empty(e, f)
	type place struct{ from, to string }
	var places []place
	moved := was.Type != f.Type
	for _, v := range from {
		to, ok := "", false
		for _, c := range choices(f) {
			if strings.EqualFold(c, v) {
				to, ok = c, true
			}
		}
		if !ok {
			to, ok = p.decided.choice(e, f, v)
		}
		switch {
		case ok:
			places = append(places, place{v, to})
			moved = moved || to != v
		case leave:
			doubt, moved = AskValue, true
		default:
			p.ask(AskValue, e, f, Question{Key: key(e, f) + "." + v, Options: choices(f), Empty: !f.Required})
			moved = true
		}
	}
	if !moved {
		return nil, ""
	}
	return func(d ddl.Dialect, c string) string {
		text := "CASE " + c
		for _, one := range places {
			text += " WHEN " + choice(d, was, one.from) + " THEN " + choice(d, f, one.to)
		}
		if len(places) == 0 {
			return "NULL"
		}
		return text + " END"
	}, doubt
}

func choice(d ddl.Dialect, f *model.Field, v string) string {
	if f.Type == "boolean" {
		return truth(d, v == "ja" || v == "true")
	}
	return quote.SQL(v)
}

func (p *planner) empty(e *model.Entity, f *model.Field) bool {
	return in(p.decided.Empty, &e.Name, &f.Name) && (!f.Required || f.Default != "")
}

// fill is what rows get that have no value, or one that has no place any more; ""
// when they get nothing. It asks when nobody said so.
func (p *planner) fill(e *model.Entity, was, f *model.Field, doubt string) string {
	given, ok := p.decided.value(e, f)
	switch {
	case doubt != "" && ok:
		return given
	case doubt != "" && p.empty(e, f):
		if f.Required {
			return f.Default
		}
		return ""
	case doubt == AskValue: // asked one by one
		return ""
	case doubt != "":
		p.ask(doubt, e, f, Question{Options: options(f), Empty: !f.Required || f.Default != ""})
	case !f.Required || was.Required:
		return ""
	case ok:
		return given
	case f.Default != "":
		return f.Default
	default:
		p.askValue(AskFilled, e, f)
	}
	return ""
}

// describe says for people what becomes of a column. Loses says that some of what
// is in it has no place there any more.
func describe(was, f *model.Field, fill string, loses bool) string {
	var said []string
	if was.Type != f.Type {
		said = append(said, "is nu "+f.Type+" en was "+was.Type)
	}
	switch {
	case f.Required && !was.Required:
		said = append(said, "is nu verplicht")
	case !f.Required && was.Required:
		said = append(said, "is niet meer verplicht")
	}
	if was.Type == f.Type && ddl.Check(was, "") != ddl.Check(f, "") {
		if f.Type == "enum" {
			said = append(said, "heeft andere keuzes")
		} else {
			said = append(said, "heeft andere grenzen")
		}
	}
	if len(said) == 0 {
		said = append(said, "verwijst naar een andere tabel")
	}
	text := f.Name.SQL + " " + strings.Join(said, " en ") + "."
	switch {
	case fill != "":
		text += fmt.Sprintf(" Waar niets staat dat past, komt %s.", oneLine(fill))
	case loses:
		text += " Wat daar niet in past, wordt leeg en is daarna weg."
	}
	return text
}
