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
	if title := theirs(found.Title, 150); title != "" && !fieldtype.HoldsBSN(title) {
		op.Title = title
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
		described = described && s.forms[op] != nil && s.forms[op].found != nil
	}
	unknown := 0
	for i, field := range s.given.Purpose.Fields {
		if slices.Contains(s.Fields, field) && !b.fieldInSpecification(s, at(s.key+".purpose.fields", i), field, described) {
			unknown++
		}
	}
	for _, op := range s.Operations {
		if unknown == 0 && described && len(s.forms[op].roots()) == 0 {
			b.add(problem.PurposeNothing, s.key+".purpose.fields", s.given.Name, op.Name.Raw)
		}
	}
}

// fieldInSpecification reports a field that may be in two places, and one that no
// answer has when all are described.
func (b *builder) fieldInSpecification(s *source, key, field string, described bool) bool {
	var free, names []string
	known := false
	for _, op := range s.Operations {
		f := s.forms[op]
		if f == nil || f.found == nil {
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
	for _, op := range s.Operations {
		f := s.forms[op]
		for _, place := range f.found.Places(f.constants) {
			if f.list != "" { // as people write it: from what is found
				place = strings.TrimPrefix(place, f.list+".")
			}
			names = append(names, place)
		}
	}
	s.unclear = true
	meant := or(s.longer(field), closest(field, names))
	if len(free) > 0 {
		b.suggest(or(meant, free[0]+"."+field), problem.SourceFieldFree, key, field, s.given.Name, few(free))
		return false
	}
	b.suggest(meant, problem.SourceFieldUnknown, key, field, s.given.Name)
	return false
}

// longer is a place that an answer does have, of which somebody wrote some parts
// only: partner.adres.postcode for partner.postcode; "" when there is none.
func (s *source) longer(field string) string {
	parts := strings.Split(field, ".")
	for _, op := range s.Operations {
		f := s.forms[op]
		for _, place := range f.full.Below(f.list).Places(parts[len(parts)-1]) {
			left := parts
			for part := range strings.SplitSeq(place, ".") {
				if len(left) > 0 && part == left[0] {
					left = left[1:]
				}
			}
			if len(left) == 0 {
				return place
			}
		}
	}
	return ""
}
