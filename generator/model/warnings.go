package model

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// warned is a property that changes the meaning of what stands beside it, by the
// name that the standards of the government give it.
type warned struct {
	names []string // in lower case, without signs
	below string   // a property in it that says it; "" for all of it
	title string   // before its value, when the specification has none of several words
	text  string
}

// alwaysWarned are the warnings that are known by name.
var alwaysWarned = []warned{
	{names: []string{"geheimhoudingpersoonsgegevens", "indicatiegeheim", "geheimhouding", "indgeheim", "indicatiegeheimhouding"}, title: "Geheimhouding", text: "Deze persoon heeft om geheimhouding gevraagd"},
	{names: []string{"inonderzoek", "aanduidinginonderzoek", "indicatieinonderzoek"}, title: "In onderzoek", text: "Dit gegeven is in onderzoek"},
	{names: []string{"overlijden"}, below: "indicatieOverleden", title: "Overleden", text: "Deze persoon is overleden"},
	{names: []string{"overlijden"}, text: "Deze persoon is overleden"},
	{names: []string{"indicatieoverleden", "isoverleden"}, title: "Overleden", text: "Deze persoon is overleden"},
	{names: []string{"overlijdensdatum", "datumoverlijden"}, title: "Overleden op", text: "Deze persoon is overleden"},
	{names: []string{"opschortingbijhouding"}, title: "Bijhouding gestopt", text: "De bijhouding van deze persoon is opgeschort"},
	{names: []string{"opschorting"}, text: "Dit is opgeschort"},
	{names: []string{"indnonmailing", "nonmailing", "indicatienonmailing"}, title: "Geen reclame", text: "Wil geen ongevraagde post of bezoek"},
	{names: []string{"indafgeschermd", "indicatieafgeschermd"}, title: "Afgeschermd", text: "Dit adres is afgeschermd"},
	{names: []string{"vertrouwelijkheidaanduiding"}, title: "Vertrouwelijkheid", text: "Dit is niet openbaar"},
	{names: []string{"vertrouwelijk", "indicatievertrouwelijk"}, title: "Vertrouwelijk", text: "Dit is vertrouwelijk"},
	{names: []string{"geconstateerd"}, text: "Geconstateerd door de bronhouder, zonder brondocument"},
	{names: []string{"rni"}, title: "Niet-ingezetene (RNI)", text: "Deze persoon is een niet-ingezetene (RNI)"},
	{names: []string{"verificatie"}, text: "De gegevens van deze persoon zijn geverifieerd"},
	{names: []string{"indicatievastgesteldverblijftnietopadres"}, title: "Verblijft niet op dit adres", text: "Vastgesteld is dat deze persoon niet op dit adres verblijft"},
	{names: []string{"indicatiecurateleregister"}, title: "Onder curatele", text: "Deze persoon staat onder curatele"},
}

// confidential are the values of a vertrouwelijkheidaanduiding with which
// something is not for everybody.
var confidential = []string{"beperkt_openbaar", "intern", "zaakvertrouwelijk", "vertrouwelijk", "confidentieel", "geheim", "zeer_geheim"}

var signs = strings.NewReplacer("_", "", "-", "")

func bare(name string) string { return signs.Replace(strings.ToLower(name)) }

// warnings derives what a source sends along unasked and changes the meaning of
// the rest: of the catalogue, or by name in the specification, and what the
// answers add. The typed answers have it too.
func (b *builder) warnings(s *source) {
	if s.entry != nil {
		for _, w := range s.entry.Warnings {
			// One field may warn of several things, each by other values.
			warning := Warning{Field: w.Field, Title: s.titleOfWarning(w.Field, "", ""), Text: w.Text, Values: w.Values}
			if s.sends(w.Field) {
				s.Warnings = append(s.Warnings, warning)
			}
		}
	}
	for _, op := range s.Operations {
		if f := s.forms[op]; f != nil && s.entry == nil {
			for _, object := range f.beside() {
				s.recognise(object)
			}
		}
	}
	b.givenWarnings(s)
	for i := range s.Kept {
		for _, w := range s.Warnings {
			if w.Field == s.Kept[i].Name {
				s.Kept[i].Warns = append(s.Kept[i].Warns, w.Text)
			}
		}
	}
	if len(s.Fields)+len(s.Warnings) > maxFields { // the log has no room for more
		b.add(problem.ListTooLong, s.key+".purpose.fields", maxFields)
	}
	for _, op := range s.Operations {
		if f := s.forms[op]; f != nil && op.Shape != nil {
			s.typeWarnings(f, op)
		}
	}
}

// sends says whether an answer to a question that is put can have a warning: beside
// something that is kept, or within it. Of what is not described anything can come.
func (s *source) sends(warning string) bool {
	for _, op := range s.Operations {
		f := s.forms[op]
		if f == nil || op.Shape == nil || len(f.warningRoots([]Warning{{Field: warning}})) > 0 {
			return true
		}
		within := func(path string) bool { return strings.Contains("."+path+".", "."+warning+".") }
		if slices.ContainsFunc(op.Shape.Paths(), within) {
			return true
		}
	}
	return false
}

// typeWarnings adds the warnings to the typed answer, each as a whole.
func (s *source) typeWarnings(f *form, op *Operation) {
	fields := f.roots()
	warnings := f.warningRoots(s.Warnings)
	if f.found != nil {
		op.Shape = f.found.Keep(f.full, append(fields, warnings...))
	} else {
		op.Shape = f.full.Keep(append(fields, warnings...))
	}
	for _, w := range warnings {
		within := func(field string) bool {
			return field == w || strings.HasPrefix(field, w+".") || strings.HasPrefix(w, field+".")
		}
		if !slices.ContainsFunc(fields, within) {
			op.Shape.Loosen(w)
		}
	}
}

// titleOfWarning is what people read before the value of a warning: as of a field,
// which the catalogue may name by where it stands in an answer.
func (s *source) titleOfWarning(field, title, otherwise string) string {
	note := FieldNote{Name: field, Title: title}
	if s.entry != nil {
		named := func(path string) bool { return path == field || strings.HasSuffix(path, "."+field) }
		paths := slices.DeleteFunc(slices.SortedFunc(maps.Keys(s.entry.Titles), shortest), func(path string) bool { return !named(path) })
		if len(paths) > 1 && strings.Count(paths[0], ".") == strings.Count(paths[1], ".") { // it stands in several things, and the title is of one
			i := slices.IndexFunc(alwaysWarned, func(w warned) bool { return w.title != "" && slices.Contains(w.names, bare(field)) })
			if i >= 0 {
				return alwaysWarned[i].title
			}
		}
		if len(paths) > 0 {
			return s.entry.Titles[paths[0]]
		}
	}
	if otherwise != "" && !strings.Contains(strings.TrimSpace(title), " ") {
		return otherwise
	}
	return s.titleOf(note)
}

// shortest orders paths, those of the thing itself first.
func shortest(a, b string) int {
	return cmp.Or(strings.Count(a, ".")-strings.Count(b, "."), strings.Compare(a, b))
}

func (s *source) warn(w Warning) {
	if !slices.ContainsFunc(s.Warnings, func(known Warning) bool { return known.Field == w.Field }) {
		s.Warnings = append(s.Warnings, w)
	}
}

// object is an object of which something is kept, at a place in the answer.
type object struct {
	path  string
	shape *openapi.Shape
}

// beside are the thing that is found and the objects on the way to each field of
// it that is kept.
func (f *form) beside() []object {
	objects := []object{{f.list, f.full.Below(f.list)}}
	for _, root := range f.roots() {
		parts := strings.Split(root, ".")
		for n := 1; n < len(parts); n++ {
			path := strings.Join(parts[:n], ".")
			known := slices.ContainsFunc(objects, func(o object) bool { return o.path == path })
			if shape := f.full.Below(path); shape != nil && !known && !strings.HasPrefix(f.list+".", path+".") {
				objects = append(objects, object{path, shape})
			}
		}
	}
	return objects
}

// recognise adds the warnings that stand in an object by name.
func (s *source) recognise(o object) {
	if o.shape == nil {
		return
	}
	for _, field := range o.shape.Fields {
		for _, known := range alwaysWarned {
			if !slices.Contains(known.names, bare(field.JSON)) || known.below != "" && field.Shape.Below(known.below) == nil {
				continue
			}
			w := Warning{Field: field.JSON, Title: s.titleOfWarning(field.JSON, field.Title, known.title), Text: known.text}
			if known.below != "" {
				w.Field += "." + known.below
			}
			if bare(field.JSON) == "vertrouwelijkheidaanduiding" {
				w.Values = confidential
			}
			s.warn(w)
			break
		}
	}
}

// warningRoots are the places of the warnings in an answer, from the answer.
func (f *form) warningRoots(warnings []Warning) []string {
	var roots []string
	for _, o := range f.beside() {
		for _, w := range warnings {
			path := strings.TrimPrefix(o.path+"."+w.Field, ".")
			if f.full.Below(path) != nil {
				roots = append(roots, path)
			}
		}
	}
	return roots
}

// givenWarnings adds those of the answers. What they name must be there: a
// warning that is misspelled would never be seen.
func (b *builder) givenWarnings(s *source) {
	key := s.key + ".purpose.warnings"
	for i, given := range s.given.Purpose.Warnings {
		where := at(key, i)
		if !regexDotted.MatchString(given) || len(given) > 200 {
			b.add(problem.SourceFieldForm, where, given)
			continue
		}
		if slices.Contains(s.Fields, given) || slices.Contains(s.given.Purpose.Warnings[:i], given) {
			b.add(problem.WarningTwice, where, given)
			continue
		}
		described, there, title, names := len(s.Operations) > 0, false, "", []string{}
		for _, op := range s.Operations {
			f := s.forms[op]
			if f == nil || f.found == nil {
				described = false
				continue
			}
			for _, o := range f.beside() {
				there = there || o.shape.Below(given) != nil
				title = or(title, theirs(o.shape.TitleOf(given), 150))
				names = append(names, o.shape.Properties()...)
			}
		}
		if described && !there {
			b.suggest(closest(given, names), problem.WarningUnknown, where, given, s.given.Name)
			continue
		}
		_, last, _ := cutLast(given)
		s.warn(Warning{Field: given, Title: s.titleOfWarning(given, title, ""), Text: or(title, naming.Title(last))})
	}
}
