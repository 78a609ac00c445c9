package bron

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	// kern/rest judges our own API by this library, this package the
	// questions to somebody else's.
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
)

// specification is the OpenAPI file of a source, 3.0 or 3.1, read at the first
// question: a component must start fast, and many never ask.
type specification struct {
	rules func() map[*operation]*rules
}

// rules are what the specification asks of one operation.
type rules struct {
	path       []string // segments
	parameters []*openapi3.Parameter
	query      map[string]bool // names; nil when the query is free
	body       []bodyShape
	required   bool           // there must be a body
	mediaTypes map[int]string // media type by status of the answer
	choice     *fieldChoice
	partly     bool                    // a part of it judges nothing, for the library cannot
	knows      func(field string) bool // whether an answer can have it; nil: unknown
}

// bodyShape is what a body of a media type must look like.
type bodyShape struct {
	mediaType     string
	schema        *openapi3.Schema
	discriminator string                      // property that chooses among kinds; "" for none
	kinds         map[string]*openapi3.Schema // by the value of that property
}

// newSpecification prepares to read a specification. When it cannot be read
// the log says so once, and questions are not judged.
func newSpecification(files fs.FS, name string, operations []*operation, log *slog.Logger) *specification {
	if name == "" {
		return nil
	}
	return &specification{rules: sync.OnceValue(func() map[*operation]*rules {
		all, err := readSpecification(files, name, operations)
		for op, r := range all {
			if r.partly {
				log.Warn("een schema in de specificatie van een bron bestaat uit zichzelf; de nabootsing keurt dat deel van de vraag niet", "bestand", name, "operatie", op.name)
			}
		}
		if err != nil {
			log.Warn("de specificatie van een bron is niet te lezen; de nabootsing keurt de vragen niet", "bestand", name, "fout", err)
		}
		return all
	})}
}

func readSpecification(files fs.FS, name string, operations []*operation) (all map[*operation]*rules, err error) {
	defer func() { // a file of somebody else, read by a library
		if r := recover(); r != nil {
			all, err = nil, fmt.Errorf("de lezer liep vast: %v", r)
		}
	}()
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, err
	}
	all = map[*operation]*rules{}
	for pattern, item := range doc.Paths.Map() {
		segments := strings.Split(pattern, "/")
		for _, op := range operations {
			if spec := item.GetOperation(op.method); spec != nil && samePath(segments, op.segments) {
				all[op] = newRules(doc, item, spec, segments, op.choice)
			}
		}
	}
	return all, nil
}

func newRules(doc *openapi3.T, item *openapi3.PathItem, op *openapi3.Operation, segments []string, choice *fieldChoice) *rules {
	r := &rules{path: segments, choice: choice, query: map[string]bool{}, mediaTypes: map[int]string{}}
	for _, ref := range slices.Concat(op.Parameters, item.Parameters) {
		p := ref.Value
		if p == nil || slices.ContainsFunc(r.parameters, func(known *openapi3.Parameter) bool { return known.In == p.In && known.Name == p.Name }) {
			continue
		}
		// These are not parameters, says OpenAPI.
		if p.In == openapi3.ParameterInHeader && slices.Contains([]string{"accept", "content-type", "authorization"}, strings.ToLower(p.Name)) {
			continue
		}
		if p.Schema == nil || safe(p.Schema) {
			r.parameters = append(r.parameters, typed(p))
		} else {
			r.partly = true
		}
		if p.In != openapi3.ParameterInQuery || r.query == nil {
			continue
		}
		r.query[p.Name] = true
		if p.Schema == nil || p.Schema.Value == nil || p.Schema.Value.Type.Includes(openapi3.TypeObject) {
			r.query = nil // its properties are parameters of their own
		}
	}
	if op.RequestBody != nil && op.RequestBody.Value != nil {
		r.required = op.RequestBody.Value.Required
		for mediaType, media := range op.RequestBody.Value.Content {
			r.body = append(r.body, newBodyShape(doc, mediaType, media))
			r.partly = r.partly || media != nil && media.Schema != nil && !safe(media.Schema)
		}
	}
	for status, ref := range op.Responses.Map() {
		code, err := strconv.Atoi(status)
		if err != nil || ref.Value == nil {
			continue
		}
		r.mediaTypes[code] = jsonMediaType(ref.Value.Content)
		if choice != nil && code == http.StatusOK && r.mediaTypes[code] != "" {
			r.knows = knownFields(doc, ref.Value.Content[r.mediaTypes[code]].Schema, choice.below)
		}
	}
	return r
}

// jsonMediaType is the media type of content that is JSON, "" when none is.
func jsonMediaType(content openapi3.Content) string {
	var found []string
	for mediaType := range content {
		if strings.Contains(strings.ToLower(mediaType), "json") {
			found = append(found, mediaType)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}

func newBodyShape(doc *openapi3.T, mediaType string, media *openapi3.MediaType) bodyShape {
	v := bodyShape{mediaType: bare(mediaType)}
	if media == nil || media.Schema == nil || media.Schema.Value == nil || !safe(media.Schema) {
		return v
	}
	v.schema = media.Schema.Value
	// With oneOf the library chooses itself; BRP has the discriminator alone.
	d := v.schema.Discriminator
	if d == nil || len(v.schema.OneOf)+len(v.schema.AnyOf) > 0 || len(d.Mapping) == 0 {
		return v
	}
	v.discriminator, v.kinds = d.PropertyName, map[string]*openapi3.Schema{}
	for value, ref := range d.Mapping {
		v.kinds[value] = nil // a kind that judges nothing
		if kind := schemaOf(doc, ref); kind != nil && safe(&openapi3.SchemaRef{Value: kind}) {
			v.kinds[value] = kind
		}
	}
	return v
}

// of gives the rules of an operation, nil when the specification has none.
// with knows the operations of two answers files.
func (s *specification) with(more *specification) *specification {
	if s == nil || more == nil {
		return cmp.Or(s, more)
	}
	return &specification{rules: sync.OnceValue(func() map[*operation]*rules {
		all := maps.Clone(s.rules())
		if all == nil {
			return more.rules()
		}
		maps.Copy(all, more.rules())
		return all
	})}
}

func (s *specification) of(op *operation) *rules {
	if s == nil {
		return nil
	}
	return s.rules()[op]
}

// mediaType is the media type of an answer, "" when the specification does not say.
func (r *rules) mediaType(status int) string {
	if r == nil {
		return ""
	}
	return r.mediaTypes[status]
}

// judge judges a question as the source itself would: nil when it may be put.
func (r *rules) judge(q *question) *fault {
	if r == nil {
		return nil
	}
	if f := r.judgeShape(q); f != nil {
		return f
	}
	inPath, _ := matchPath(r.path, q.r.URL.EscapedPath())
	input := &openapi3filter.RequestValidationInput{
		Request: q.r, PathParams: inPath, QueryParams: q.query,
		Options: &openapi3filter.Options{MultiError: true, SkipSettingDefaults: true, SchemaValidationOptions: []openapi3.SchemaValidationOption{patterns}},
	}
	var wrong, headers []invalidParam
	for _, p := range r.parameters {
		err := openapi3filter.ValidateParameter(q.r.Context(), input, p)
		switch {
		case err == nil:
		case p.In == openapi3.ParameterInHeader:
			headers = flatten(headers, p.Name, err)
		default:
			wrong = flatten(wrong, p.Name, err)
		}
	}
	if len(headers) > 0 {
		return r.header(headers)
	}
	for name := range q.query {
		plain, _, _ := strings.Cut(name, "[")
		if r.query != nil && !r.query[name] && !r.query[plain] {
			wrong = append(wrong, invalidParam{quoteKey(name), "unknownParam", "De bron kent deze parameter niet."})
		}
	}
	wrong = append(append(wrong, r.judgeBody(q)...), r.judgeFields(q)...)
	if len(wrong) == 0 {
		return nil
	}
	return newJudgement(http.StatusBadRequest, "paramsValidation", wrong)
}

func (r *rules) judgeBody(q *question) []invalidParam {
	if !q.hasBody {
		if r.required {
			return []invalidParam{{"body", "required", reasons["required"]}}
		}
		return nil
	}
	f := r.bodyShape(q)
	if f == nil || f.schema == nil {
		return nil
	}
	schema := f.schema
	if object, is := q.body.(map[string]any); is && f.discriminator != "" {
		if value, has := object[f.discriminator].(string); has {
			kind, known := f.kinds[value]
			if !known {
				return []invalidParam{{f.discriminator, "value", "De bron kent deze soort vraag niet."}}
			}
			if kind != nil {
				schema = kind
			}
		}
	}
	var wrong []invalidParam
	if err := schema.VisitJSON(q.body, openapi3.MultiErrors(), openapi3.VisitAsRequest(), patterns); err != nil {
		wrong = flatten(nil, "", err)
	}
	return wrong
}

// patterns lets pass what Go cannot judge: patterns in specifications follow
// the regular expressions of JavaScript, which can do more.
var patterns = openapi3.SetSchemaRegexCompiler(func(expr string) (openapi3.RegexMatcher, error) {
	compiled, err := regexp.Compile(codepoint.ReplaceAllString(expr, `\x{$1}`))
	if err != nil {
		return anything{}, nil
	}
	return compiled, nil
})

// flatten flattens an error of the library. Its texts may hold the value, so
// only the place and the keyword of the schema that failed are used.
func flatten(all []invalidParam, name string, err error) []invalidParam {
	if many, ok := errors.AsType[openapi3.MultiError](err); ok {
		if _, single := err.(*openapi3.SchemaError); !single { //nolint:errorlint // a single error may hold several
			for _, e := range many {
				all = flatten(all, name, e)
			}
			return all
		}
	}
	se, isSchema := errors.AsType[*openapi3.SchemaError](err)
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidRequired):
		return report(all, name, "required")
	case !isSchema:
		return report(all, name, "type")
	}
	if se.SchemaField == "allOf" && se.Origin != nil {
		if inner, ok := errors.AsType[openapi3.MultiError](se.Origin); ok {
			return flatten(all, name, inner)
		}
	}
	for _, segment := range se.JSONPointer() {
		if _, err := strconv.Atoi(segment); err == nil {
			name += "[" + segment + "]"
			continue
		}
		name = strings.TrimPrefix(name+"."+quoteKey(segment), ".")
	}
	if se.SchemaField == "properties" { // the reason quotes the unknown name
		_, rest, _ := strings.Cut(se.Reason, `"`)
		unknown, _, _ := strings.Cut(rest, `"`)
		return report(all, strings.TrimPrefix(name+"."+quoteKey(unknown), "."), "unknownParam")
	}
	return report(all, name, se.SchemaField)
}
