package model

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Names that the component has already: its own tables and paths, the schemas
// and operations in its specification, and what package register declares.
var reservedEntities = []string{
	"zaak", "zaken", "zaak invoer", "zaak lijst", "status", "statussen", "status invoer", "status lijst",
	"verwerking", "verwerkingen", "verwerking lijst", "logboek", "logboekbezorgers",
	"bestanden", "bestandsdelen", "bestandstellingen", "tijdelijk",
	"zaaknummers", "idempotentiesleutels", "migraties", "migraties kern",
	"openapi", "openapi.json", "adres", "adres buitenland", "adres overal", "onvolledige datum", "punt", "bestand", "pseudoniem", "aantal", "andere pagina", "probleem", "fout",
	"register", "new", "seed",
}

// Suffixes that the specification puts behind the name of an entity.
var schemaSuffixes = []string{"Invoer", "Wijziging", "Lijst"}

// Names that every record has already.
var reservedFields = []string{"id", "aangemaaktOp", "gewijzigdOp", "versie"}

// Query parameters of a list; a field with such a name is not a filter.
var listParameters = []string{"page", "pageSize", "cursor", "sort"}

func (b *builder) register() {
	var scope naming.Scope
	scope.Reserve(reservedEntities...)
	for i, a := range b.a.Register {
		key := at("register", i)
		before := len(b.problems)
		e := &Entity{Name: b.name(&scope, key+".name", a.Name)}
		usable := len(b.problems) == before
		e.Title = b.logged(key+".title", or(b.line(key+".title", a.Title, 100), naming.Title(a.Name)))
		if usable || a.Plural != "" { // a plural is as wrong as its singular
			b.plural(&scope, e, key, a.Plural)
		}
		e.TitlePlural = naming.Title(e.Plural.Raw)
		if a.Plural == "" && a.Title != "" {
			e.TitlePlural = naming.Plural(e.Title)
		}
		for i := range fieldtype.Count {
			e.RecordIDs = append(e.RecordIDs, fieldtype.UUID("record/"+e.Name.Path, i))
		}
		b.c.Entities = append(b.c.Entities, e)
	}
	b.schemaNames()
	// Fields come second: a reference may point forward.
	for i, a := range b.a.Register {
		b.fields(b.c.Entities[i], at("register", i)+".fields", a.Fields)
	}
	b.references()
	b.indexNames()
}

// indexNames reports two columns whose indexes would have one name: in SQLite
// all indexes live side by side.
func (b *builder) indexNames() {
	taken := map[string]string{}
	for i := range b.a.Register {
		e := b.entity(b.a.Register[i].Name)
		if e == nil {
			continue
		}
		for j, f := range e.Fields {
			index := e.Plural.SQL + "_" + f.Name.SQL
			other, twice := taken[index]
			if twice && (f.Filter || f.Reference != nil) && other != e.Name.Raw {
				b.add(problem.NameCollision, at(at("register", i)+".fields", j)+".name", e.Name.Raw+" "+f.Name.Raw, other, index)
			}
			taken[index] = e.Name.Raw
		}
	}
}

func (b *builder) plural(scope *naming.Scope, e *Entity, key, given string) {
	if e.Name.Path == "" {
		return
	}
	raw, where := given, key+".plural"
	if raw == "" {
		raw, where = naming.Plural(e.Name.Raw), key+".name"
	}
	if same(e.Name, raw) {
		b.suggest(e.Name.Path+"-lijst", problem.PluralSame, key+".plural", e.Name.Raw)
		return
	}
	e.Plural = b.name(scope, where, raw)
}

// schemaNames reports an entity whose name is that of a schema that the
// specification makes for another one.
func (b *builder) schemaNames() {
	taken := map[string]string{}
	for _, e := range b.c.Entities {
		for _, suffix := range schemaSuffixes {
			taken[e.Name.Go+suffix] = e.Name.Raw
		}
	}
	for i, e := range b.c.Entities {
		if other, ok := taken[e.Name.Go]; ok && e.Name.Go != "" {
			b.add(problem.NameCollision, at("register", i)+".name", e.Name.Raw, other, e.Name.Go)
		}
	}
}

func (b *builder) fields(e *Entity, key string, given []answers.Field) {
	if len(given) == 0 {
		b.add(problem.ValueEmpty, key)
	}
	var scope naming.Scope
	scope.Reserve(reservedFields...)
	same := map[string]int{} // fields of each type so far
	for i, a := range given {
		field := b.field(&scope, at(key, i), a, e)
		if t, _ := fieldtype.Of(field.Type); a.Example == "" && t.Distinct && len(field.Examples) > 0 {
			shift := same[field.Type] % len(field.Examples)
			field.Examples = append(field.Examples[shift:len(field.Examples):len(field.Examples)], field.Examples[:shift]...)
			same[field.Type]++
		}
		if field.Reference == e && field.Required {
			b.add(problem.ReferenceCycle, at(key, i), e.Name.Raw)
		}
		e.Fields = append(e.Fields, field)
	}
}

// references reports entities that refer to each other in a circle: none of
// them could be the first to exist. It puts the others in an order in which
// each comes after those it refers to, as their tables must.
func (b *builder) references() {
	state := map[*Entity]int{} // 1: being visited, 2: done
	var sorted []*Entity
	index := map[*Entity]int{}
	for i, e := range b.c.Entities {
		index[e] = i
	}
	var visit func(e *Entity)
	visit = func(e *Entity) {
		state[e] = 1
		for j, f := range e.Fields {
			switch {
			case f.Reference == nil || f.Reference == e:
			case state[f.Reference] == 1:
				b.add(problem.ReferenceCycle, at(at("register", index[e])+".fields", j), f.Reference.Name.Raw)
			case state[f.Reference] == 0:
				visit(f.Reference)
			}
		}
		state[e] = 2
		sorted = append(sorted, e)
	}
	for _, e := range b.c.Entities {
		if state[e] == 0 {
			visit(e)
		}
	}
	b.c.Entities = sorted
}

// entity finds an entity by name.
func (b *builder) entity(raw string) *Entity { return find(b.c.Entities, entityName, raw) }

func entityName(e *Entity) Names { return e.Name }

func (b *builder) entityNames() []string { return raws(b.c.Entities, entityName) }

// fieldByName finds a field by any spelling of its name.
func fieldByName(fields []*Field, raw string) *Field { return find(fields, fieldName, raw) }

func fieldName(f *Field) Names { return f.Name }

func fieldNames(fields []*Field) []string { return raws(fields, fieldName) }

// activities are the verwerkingsactiviteiten.
func (b *builder) activities() {
	var scope naming.Scope
	for i, a := range b.a.Privacy.Activities {
		key := at("privacy.activities", i)
		activity := &Activity{
			Name:        b.name(&scope, key+".name", a.Name),
			Title:       b.logged(key+".title", or(b.line(key+".title", a.Title, 200), naming.Title(a.Name))),
			Purpose:     b.line(key+".purpose", a.Purpose, 500),
			Basis:       strings.ToLower(b.line(key+".basis", a.Basis, 100)),
			Explanation: b.block(key+".explanation", a.Explanation, 1000),
			Retention:   b.retentionOf(key+".retention", a.Retention),
		}
		if activity.Basis != "" {
			b.oneOf(key+".basis", activity.Basis, "gerechtvaardigd belang", "publieke taak", "toestemming betrokkene", "uitvoering overeenkomst", "wettelijke verplichting")
		}
		activity.URI = "urn:uuid:" + fieldtype.UUID("verwerkingsactiviteit/"+b.slug()+"/"+activity.Name.Path, 0)
		b.c.Activities = append(b.c.Activities, activity)
	}
}

func (b *builder) retentionOf(key, period string) Retention {
	period = b.duration(key, period)
	return Retention{Period: period, Text: durationText(period)}
}

func (b *builder) activity(raw string) *Activity {
	return find(b.c.Activities, activityName, raw)
}

func activityName(a *Activity) Names { return a.Name }

func (b *builder) activityNames() []string { return raws(b.c.Activities, activityName) }
