package model

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// field derives one field of owner, which is nil for a field that is not
// stored. It always returns one, so that names that refer to it do not become
// problems of their own.
func (b *builder) field(scope *naming.Scope, key string, a answers.Field, owner *Entity) *Field {
	f := &Field{
		Name:     b.name(scope, key+".name", a.Name),
		Type:     strings.TrimSpace(a.Type),
		Title:    or(b.line(key+".title", a.Title, 200), naming.Title(a.Name)),
		Help:     b.block(key+".help", a.Help, 500),
		Required: a.Required,
	}
	t, known := fieldtype.Of(f.Type)
	if !known {
		if b.required(key+".type", f.Type) {
			b.oneOf(key+".type", f.Type, fieldtype.Names()...)
		}
		return f
	}
	b.dateName(key, f)
	b.bounds(key, f, t, a)
	b.values(key, f, a)
	b.reference(key, f, a)
	b.person(key, f, a)
	spec := specification(f, owner)
	spec.Variant = b.variant()
	f.Default = b.value(key+".default", t, spec, a.Default, t.Default)
	spec.Example = b.value(key+".example", t, spec, a.Example, true)
	f.exemplary = spec.Example != ""
	f.shape(t, spec)
	b.offers(key, f, t, a, owner)
	return f
}

// specification is what package fieldtype needs to know of a field.
func specification(f *Field, owner *Entity) *fieldtype.Field {
	spec := &fieldtype.Field{
		Name: f.Name.JSON, Title: f.Title, Help: f.Help, Required: f.Required,
		Min: f.Min, Max: f.Max, MaxLength: f.MaxLength,
	}
	for _, v := range f.Values {
		spec.Values = append(spec.Values, v.Raw)
	}
	switch f.Reference {
	case nil:
	case owner: // a record refers to the one before it, which exists already
		spec.Records = append(owner.RecordIDs[:1:1], owner.RecordIDs[:fieldtype.Count-1]...)
	default:
		spec.Records = f.Reference.RecordIDs
	}
	return spec
}

// shape fills what follows from the type.
func (f *Field) shape(t fieldtype.Type, spec *fieldtype.Field) {
	if t.Name == "enum" && len(f.Values) == 0 || t.Name == "reference" && f.Reference == nil {
		return // a problem already; there are no examples
	}
	f.BaseType, f.GoType = t.Go, t.GoType(f.Required)
	f.SQLite, f.Postgres = t.SQLite, t.Postgres
	f.MaxLength = t.MaxLength(spec)
	f.Personal = t.IsPersonal(f.Name.JSON)
	for _, e := range t.Examples(spec) {
		if f.Pointer() {
			e.Go = t.New(e)
		}
		f.Examples = append(f.Examples, Example(e))
	}
	f.OpenAPI = t.OpenAPI(spec, f.Examples[0].JSON)
	spec.Nullable = !f.Required
	f.Change = t.OpenAPI(spec, f.Examples[0].JSON)
}

// offers decides whether the list of the API can be filtered and sorted by a field:
// as the answers say, or else as its type does.
func (b *builder) offers(key string, f *Field, t fieldtype.Type, a answers.Field, owner *Entity) {
	short := f.MaxLength <= fieldtype.Prose
	free := !slices.Contains(listParameters, f.Name.JSON)
	f.Filter = t.Filter == fieldtype.FromTheStart && !f.Personal && free
	f.Sort = t.Sort == fieldtype.FromTheStart && !f.Personal && short
	if owner == nil { // in no list
		b.unoffered(key+".filter", a.Filter)
		b.unoffered(key+".sort", a.Sort)
		return
	}
	if a.Filter != nil {
		f.Filter = *a.Filter
	}
	if a.Sort != nil {
		f.Sort = *a.Sort
	}
	if a.Filter != nil && *a.Filter {
		switch {
		case t.Personal:
			b.add(problem.FilterPersonal, key+".filter", f.Name.Raw)
		case t.IsPersonal(f.Name.JSON):
			b.add(problem.FilterNamed, key+".filter", f.Name.Raw)
		case t.Filter == fieldtype.Never:
			b.add(problem.NotForType, key+".filter", "filter", t.Name)
		case !free:
			b.add(problem.FilterParameter, key+".filter", f.Name.Raw)
		case !short:
			b.add(problem.FilterLong, key+".filter", f.MaxLength, fieldtype.Prose)
		}
	}
	if a.Sort != nil && *a.Sort && t.Sort == fieldtype.Never {
		b.add(problem.NotForType, key+".sort", "sort", t.Name)
	}
}

// unoffered refuses what is said of a field that is not stored.
func (b *builder) unoffered(key string, said *bool) {
	if said != nil {
		b.add(problem.NotStored, key, key[strings.LastIndexByte(key, '.')+1:])
	}
}

// The linter of the API Design Rules takes every property with such a name for
// a date (/core/date-time/date-omit-time-portion).
var regexDateName = regexp.MustCompile(`^(date|datum)$|(\w+D|_[dD])(ate|atum)`)

func (b *builder) dateName(key string, f *Field) {
	if f.Type == "date" || f.Type == "onvolledige-datum" || !regexDateName.MatchString(f.Name.JSON) {
		return
	}
	instead := "gegeven"
	if f.Type == "datetime" {
		instead = "tijdstip"
	}
	candidate := strings.NewReplacer("datum", instead, "Datum", naming.Title(instead), "date", instead, "Date", naming.Title(instead)).Replace(f.Name.JSON)
	b.suggest(candidate, problem.DateName, key+".name", f.Name.Raw)
}

// bounds are min, max and maxLength.
func (b *builder) bounds(key string, f *Field, t fieldtype.Type, a answers.Field) {
	f.Min = b.bound(key+".min", t, a.Min)
	f.Max = b.bound(key+".max", t, a.Max)
	if f.Min != nil && f.Max != nil && *f.Min > *f.Max {
		b.add(problem.MinAboveMax, key+".min", number(*f.Min), number(*f.Max))
		f.Min, f.Max = nil, nil
	}
	if a.MaxLength == nil {
		return
	}
	switch {
	case t.Longest == 0:
		b.add(problem.NotForType, key+".maxLength", "maxLength", t.Name)
	case *a.MaxLength < 1 || *a.MaxLength > t.Longest:
		b.add(problem.OutOfRange, key+".maxLength", *a.MaxLength, 1, t.Longest)
	default:
		f.MaxLength = *a.MaxLength
	}
}

func number(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// maxBound keeps numbers exact in JSON and amounts in an int64 of cents.
const maxBound = 1e13

func (b *builder) bound(key string, t fieldtype.Type, n *float64) *float64 {
	if n == nil {
		return nil
	}
	name := key[strings.LastIndexByte(key, '.')+1:]
	scaled := *n
	if t.Name == "money" {
		scaled *= 100
	}
	switch {
	case !t.Number:
		b.add(problem.NotForType, key, name, t.Name)
	case math.IsNaN(*n) || math.Abs(*n) > maxBound:
		b.add(problem.OutOfRange, key, number(*n), number(-maxBound), number(maxBound))
	case t.Name == "integer" && *n != math.Trunc(*n):
		b.add(problem.ValueInvalid, key, problem.TermWhole)
	case t.Name == "money" && math.Abs(scaled-math.Round(scaled)) > 1e-6*max(1, math.Abs(*n)):
		b.add(problem.ValueInvalid, key, problem.TermDecimals)
	default:
		value := *n
		return &value
	}
	return nil
}

// values are the choices of an enum.
func (b *builder) values(key string, f *Field, a answers.Field) {
	key += ".values"
	if f.Type != "enum" {
		if len(a.Values) > 0 {
			b.add(problem.NotForType, key, "values", f.Type)
		}
		return
	}
	seen, constants := map[string]string{}, map[string]bool{}
	for i, raw := range a.Values {
		before := len(b.problems)
		if raw = b.line(at(key, i), raw, 100); len(b.problems) > before || !b.required(at(key, i), raw) {
			continue
		}
		folded := strings.ToLower(raw)
		if other, twice := seen[folded]; twice {
			b.add(problem.EnumSame, at(key, i), raw, other)
			continue
		}
		seen[folded] = raw
		f.Values = append(f.Values, Value{Raw: raw, Go: constant(raw, constants)})
	}
	if len(a.Values) < 2 {
		b.add(problem.EnumTooFew, key)
	}
}

// spoken are signs as people say them.
var spoken = strings.NewReplacer("+", " plus ", "<", " kleiner dan ", ">", " groter dan ", "=", " is ")

// constant is the end of the name of a constant for a value. Values such as A+
// and A++ differ in nothing that a name may hold, so signs are written out and
// what is still the same gets a number.
func constant(raw string, taken map[string]bool) string {
	words := spoken.Replace(raw)
	base := "Value"
	if names, err := naming.Of(words); err == nil {
		base = names.Go
	}
	name := base
	for n := 2; taken[name]; n++ {
		name = base + "X" + strconv.Itoa(n)
	}
	taken[name] = true
	return name
}

func (b *builder) reference(key string, f *Field, a answers.Field) {
	given := strings.TrimSpace(a.Entity)
	switch {
	case f.Type != "reference":
		if given != "" {
			b.add(problem.NotForType, key+".entity", "entity", f.Type)
		}
		return
	case given == "":
		b.add(problem.KeyMissing, key, "entity")
		return
	}
	if f.Reference = b.entity(given); f.Reference == nil {
		b.suggest(closest(given, b.entityNames()), problem.EntityUnknown, key+".entity", given)
	}
}

// value checks a default or an example and returns it in form notation.
func (b *builder) value(key string, t fieldtype.Type, spec *fieldtype.Field, s string, sensible bool) string {
	if s == "" {
		return ""
	}
	if !sensible {
		b.add(problem.NotForType, key, key[strings.LastIndexByte(key, '.')+1:], t.Name)
		return ""
	}
	value, fault := t.Check(spec, norm.NFC.String(s))
	switch fault {
	case "":
		return value
	case fieldtype.NotHere:
		b.add(problem.NotForType, key, key[strings.LastIndexByte(key, '.')+1:], t.Name)
	case fieldtype.Choice:
		b.oneOf(key, s, spec.Values...)
	default:
		why := Misfit(t, spec.Values, s, fault)
		b.add(why.Code, key, why.Args...)
	}
	return ""
}

// Misfit says why a value cannot be one of a type, without a place.
func Misfit(t fieldtype.Type, values []string, s string, fault fieldtype.Fault) problem.Problem {
	switch fault {
	case fieldtype.Choice:
		return problem.Problem{Code: problem.ValueUnknown, Args: []any{s, values}}
	case fieldtype.RealPerson:
		return problem.Problem{Code: problem.BSNReal}
	}
	if term, ok := terms[fault]; ok {
		return problem.Problem{Code: problem.ValueInvalid, Args: []any{term}}
	}
	return problem.Problem{Code: problem.ValueInvalid, Args: []any{t.Expected}}
}

// terms say what was expected of a value, whatever its type; the rest the type
// says. They never repeat the value: it might be somebody's.
var terms = map[fieldtype.Fault]problem.Term{
	fieldtype.Empty:      problem.TermNotEmpty,
	fieldtype.Whole:      problem.TermWhole,
	fieldtype.Number:     problem.TermNumber,
	fieldtype.Decimals:   problem.TermDecimals,
	fieldtype.TooSmall:   problem.TermAtLeastMin,
	fieldtype.TooLarge:   problem.TermAtMostMax,
	fieldtype.TooLong:    problem.TermShorter,
	fieldtype.Characters: problem.TermPrintable,
	fieldtype.Checksum:   problem.TermChecksum,
}
