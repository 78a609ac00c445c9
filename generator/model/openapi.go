package model

import (
	"errors"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// readOpenAPI reads the specification called name; nil when it cannot.
func (b *builder) readOpenAPI(key, name string) *openapi.Document {
	body, ok := b.read(key, name, openapi.MaxBytes, ".yaml", ".yml", ".json")
	if !ok {
		return nil
	}
	d, err := openapi.Read(body)
	switch {
	case errors.Is(err, openapi.ErrTooLarge):
		b.add(problem.OpenAPITooMuch, key, name) // not in bytes: read has counted those
	case errors.Is(err, openapi.ErrSwagger):
		b.add(problem.OpenAPISwagger, key, name)
	case errors.Is(err, openapi.ErrEmpty):
		b.add(problem.OpenAPIEmpty, key, name)
	case err != nil:
		b.add(problem.OpenAPIForm, key, name)
	}
	return d
}

// fromOpenAPI fills op from the specification and says whether it could.
func (b *builder) fromOpenAPI(s *source, op *Operation, key string, a answers.Operation) bool {
	found := s.openapi.Operation(a.Name)
	if found == nil {
		if outside := s.openapi.Outside(); outside != "" {
			b.add(problem.OpenAPIReference, key+".name", a.Name, outside)
			return false
		}
		var names []string
		for _, o := range s.openapi.Operations() {
			names = append(names, o.ID)
		}
		s.unknown = true
		b.suggest(closest(a.Name, names), problem.OperationUnknown, key+".name", a.Name, s.given.Name, few(names))
		return false
	}
	if found.Method != "GET" && found.Method != "POST" {
		b.add(problem.OperationMethod, key+".name", a.Name, found.Method)
		return false
	}
	if !pathOK(found.Path) {
		b.add(problem.PathForm, key+".name", found.Path)
		return false
	}
	if s.entry == nil && found.Effect(a.Constants) == openapi.Creates {
		b.creates(key+".name", a.Name, found)
		return false
	}
	op.Method, op.Path = found.Method, found.Path
	// A summary that does not fit in the log is not the team's to change.
	if found.Title != "" && len(found.Title) <= 150 && !fieldtype.HoldsBSN(found.Title) {
		op.Title = or(b.line(key+".name", found.Title, 200), op.Title)
	}
	if !b.question(s, op, key, a, found) {
		return false
	}
	b.answer(s, op, a, found)
	if !b.fieldsConstant(s, op, key, a, found) {
		return false
	}
	switch broken := found.Broken(); {
	case broken != "":
		b.add(problem.OpenAPIReference, key+".name", a.Name, broken)
	case found.Exhausted():
		b.add(problem.OpenAPITooMuch, key+".name", a.Name)
		s.tooMuch = true
	default:
		return true
	}
	delete(s.forms, op) // it is not whole
	return false
}

// question fills how the operation is asked. A specification that offers a
// choice by a discriminator needs a constant to choose with.
func (b *builder) question(s *source, op *Operation, key string, a answers.Operation, found *openapi.Operation) bool {
	q, err := found.Question(a.Constants)
	var choice *openapi.ChoiceError
	if errors.As(err, &choice) {
		b.suggest(closest(a.Constants[choice.Property], choice.Values), problem.Discriminator, key+".constants", a.Name, choice.Property, few(choice.Values))
		return false
	}
	for _, p := range q.Parameters {
		if !regexParameter.MatchString(p.Name) {
			if p.Required {
				b.add(problem.ParameterForm, key+".name", p.Name)
				return false
			}
			continue
		}
		op.Parameters = append(op.Parameters, Parameter{
			Name: p.Name, In: p.In, Type: p.Type, Required: p.Required, List: p.List && !p.Joined, Subject: p.Subject,
		})
	}
	if s.Auth == nil && s.given.Authentication.Type == "" {
		s.Auth = authOf(s.Name, found.Security())
	}
	missing := q.Unfilled
	for _, h := range q.Headers {
		if !b.header(s, h) {
			missing = append(missing, h.Name)
		}
	}
	if len(missing) > 0 {
		b.add(problem.QuestionUnfilled, key+".name", a.Name, missing)
		return false
	}
	slices.SortFunc(s.Headers, func(a, b Constant) int { return strings.Compare(a.Name, b.Name) })
	return true
}

// header gives a source a header that its specification wants, and says whether
// the source has what it requires. What the answers say of it stays; a key is a
// setting, whatever value the specification gives for it.
func (b *builder) header(s *source, h openapi.Header) bool {
	same := func(name string) bool { return strings.EqualFold(name, h.Name) }
	switch {
	case slices.ContainsFunc(s.Headers, func(c Constant) bool { return same(c.Name) }), s.Auth != nil && same(s.Auth.Header):
		return true
	case !regexHeader.MatchString(h.Name), isOwnHeader(h.Name):
		return !h.Required
	case secretHeaders.MatchString(h.Name):
		if s.Auth == nil && s.given.Authentication.Type == "" {
			s.Auth = NewAuth(s.Name, authKey, h.Name)
			return true
		}
		return !h.Required
	case !regexHeaderValue.MatchString(h.Value):
		return !h.Required
	}
	s.Headers = append(s.Headers, Constant{Name: h.Name, In: "header", Value: h.Value})
	return true
}

// authOf is how a component proves to a source who it is. A bearer token comes
// from an authorisation server, unless the caller signs it itself.
func authOf(name Names, security *openapi.Security) *Auth {
	if security == nil {
		return nil
	}
	switch {
	case security.Kind == "apikey" && (!regexHeader.MatchString(security.Header) || isOwnHeader(security.Header)):
		return nil
	case security.Kind == "apikey":
		return NewAuth(name, authKey, security.Header)
	case security.Kind == "bearer" && security.JWT:
		return NewAuth(name, authZGW, "")
	case security.Kind == "bearer", security.Kind == "oauth2":
		return NewAuth(name, authOAuth2, "")
	}
	return nil
}

// answer fills what the operation answers: what is kept of it and what the
// stand-in says.
func (b *builder) answer(s *source, op *Operation, a answers.Operation, found *openapi.Operation) {
	if found.Described() {
		f := s.form(op, found.Full(a.Constants))
		f.found, f.constants = found, a.Constants
		op.Shape = found.Keep(f.full, f.roots())
	}
	roots := s.Fields
	if f := s.forms[op]; f != nil {
		roots = f.roots()
	}
	for _, made := range found.AnswersOf(op.Shape, roots, a.Constants) {
		if made.Status == 200 {
			made.Status = 0
		}
		op.Answers = append(op.Answers, Answer{Status: made.Status, Body: made.Body})
	}
	if len(op.Answers) > 0 {
		op.Example = op.Answers[0].Body
	}
	if !found.Described() {
		s.exampleForm(op, op.Example)
	}
	op.Errors = found.Errors()
	if f := s.forms[op]; found.ByID() || f != nil && f.list == "" && f.full.Kind == "object" {
		op.Otherwise = &Answer{Status: 404, Body: or(op.Errors[404], nothingFound)}
	}
}

// nothingFound is what the stand-in says when the specification has no words
// for it (RFC 9457).
const nothingFound = `{"title": "Not Found", "status": 404, "detail": "Niets gevonden."}`

// purposeInSpecification reports purpose fields that no answer of the source can
// have by its specification, and operations of which nothing would be left.
func (b *builder) purposeInSpecification(s *source) {
	if len(s.Operations) == 0 || len(s.Fields) == 0 {
		return
	}
	described := true // every answer
	for _, op := range s.Operations {
		names = append(names, s.judged[op].found.Places(s.judged[op].constants)...)
	}
	unknown := 0
	for i, field := range s.given.Purpose.Fields {
		if slices.Contains(unknown, field) {
			s.unclear = true
			b.suggest(s.fromFound(closest(field, names)), problem.SourceFieldUnknown, at(s.key+".purpose.fields", i), field, s.given.Name)
		}
	}
}

// fromFound is a place in an answer of the source, from what the answer finds:
// without the list around it.
func (s *source) fromFound(place string) string {
	for _, op := range s.Operations {
		shape, _ := s.judged[op].found.Shape([]string{place}, s.judged[op].constants)
		if list := shape.List(); list != "" && strings.HasPrefix(place, list+".") {
			return strings.TrimPrefix(place, list+".")
		}
	}
	return place
}

// automatic are the groups that BRP Personen always returns; asking for them
// is an error there.
var automatic = []string{"inOnderzoek", "geheimhoudingPersoonsgegevens", "opschortingBijhouding", "rni", "verificatie"}

// fieldsConstant fills the parameter "fields", by which a source returns no
// more than was asked, with the purpose fields.
func fieldsConstant(s *source, op *Operation) {
	i := slices.IndexFunc(op.Parameters, func(p Parameter) bool { return p.Name == "fields" && p.In != "path" })
	if i < 0 || len(s.Fields) == 0 {
		return
	}
	p, shape := op.Parameters[i], op.Shape
	under := shape.List()
	chooses := &Chooses{Field: "fields", Under: under}
	for _, name := range automatic {
		if p.In == "body" && len(shape.Below(under).Places(name)) > 0 {
			chooses.Always = append(chooses.Always, name)
		}
	}
	paths := s.Fields // as good as any when the answer is not described
	if shape != nil {
		paths = wantedPaths(shape.Below(under), s.Fields, p.In == "body")
	}
	if len(paths) == 0 {
		return
	}
	constant := Constant{Name: "fields", In: p.In, Value: strings.Join(paths, ",")}
	if p.List {
		constant.Value, constant.Values = "", paths
	}
	op.Constants = append(op.Constants, constant)
	op.Chooses = chooses
}

// wantedPaths are the full paths of the fields in an answer, each once and of
// each the nearest: the rest are of relatives. A date is asked as a whole, for
// it may be a year alone. With brp, what the BRP always returns is left out:
// asking for it is an error there.
func wantedPaths(shape *openapi.Shape, fields []string, brp bool) []string {
	var out []string
	for _, field := range fields {
		places := shape.Places(field)
		if len(places) == 0 {
			continue
		}
		for _, place := range f.places[field] {
			if len(place.Tied) > 0 {
				b.suggest(place.Tied[0], problem.SourceFieldTwice, key, field, s.given.Name, few(place.Tied))
				return false
			}
			known = known || place.Path != ""
			free = append(free, place.Free...)
		}
	}
	if known || !described {
		return true
	}
	if len(free) > 0 {
		b.suggest(free[0]+"."+field, problem.SourceFieldFree, key, field, s.given.Name, few(free))
		return false
	}
	for _, op := range s.Operations {
		names = append(names, s.forms[op].found.Names(s.forms[op].constants)...)
	}
	_, last, _ := cutLast(field)
	b.suggest(closest(last, names), problem.SourceFieldUnknown, key, field, s.given.Name)
	return false
}
