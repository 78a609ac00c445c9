package bron

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
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

// specificatie is the OpenAPI file of a source, 3.0 or 3.1, read at the first
// question: a component must start fast, and many never ask.
type specificatie struct {
	regels func() map[*operatie]*regels
}

// regels are what the specification asks of one operation.
type regels struct {
	pad        []string // segments
	parameters []*openapi3.Parameter
	query      map[string]bool // names; nil when the query is free
	body       []vorm
	verplicht  bool           // there must be a body
	soorten    map[int]string // media type by status of the answer
	kiest      *keuze
	onveilig   bool                   // a part of it judges nothing, for the library cannot
	kent       func(veld string) bool // whether an answer can have it; nil: unknown
}

// vorm is what a body of a media type must look like.
type vorm struct {
	soort  string
	schema *openapi3.Schema
	keuze  string                      // property that chooses among kinds; "" for none
	kinds  map[string]*openapi3.Schema // by the value of that property
}

// nieuweSpecificatie prepares to read a specification. When it cannot be read
// the log says so once, and questions are not judged.
func nieuweSpecificatie(files fs.FS, naam string, operaties []*operatie, log *slog.Logger) *specificatie {
	if naam == "" {
		return nil
	}
	return &specificatie{regels: sync.OnceValue(func() map[*operatie]*regels {
		all, err := leesSpecificatie(files, naam, operaties)
		for op, r := range all {
			if r.onveilig {
				log.Warn("een schema in de specificatie van een bron bestaat uit zichzelf; de nabootsing keurt dat deel van de vraag niet", "bestand", naam, "operatie", op.naam)
			}
		}
		if err != nil {
			log.Warn("de specificatie van een bron is niet te lezen; de nabootsing keurt de vragen niet", "bestand", naam, "fout", err)
		}
		return all
	})}
}

func leesSpecificatie(files fs.FS, naam string, operaties []*operatie) (all map[*operatie]*regels, err error) {
	defer func() { // a file of somebody else, read by a library
		if r := recover(); r != nil {
			all, err = nil, fmt.Errorf("de lezer liep vast: %v", r)
		}
	}()
	raw, err := fs.ReadFile(files, naam)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, err
	}
	all = map[*operatie]*regels{}
	for pattern, item := range doc.Paths.Map() {
		segments := strings.Split(pattern, "/")
		for _, op := range operaties {
			if spec := item.GetOperation(op.methode); spec != nil && zelfdePad(segments, op.segmenten) {
				all[op] = nieuweRegels(doc, item, spec, segments, op.kiest)
			}
		}
	}
	return all, nil
}

func nieuweRegels(doc *openapi3.T, item *openapi3.PathItem, op *openapi3.Operation, segments []string, kiest *keuze) *regels {
	r := &regels{pad: segments, kiest: kiest, query: map[string]bool{}, soorten: map[int]string{}}
	for _, ref := range slices.Concat(op.Parameters, item.Parameters) {
		p := ref.Value
		if p == nil || slices.ContainsFunc(r.parameters, func(known *openapi3.Parameter) bool { return known.In == p.In && known.Name == p.Name }) {
			continue
		}
		// These are not parameters, says OpenAPI.
		if p.In == openapi3.ParameterInHeader && slices.Contains([]string{"accept", "content-type", "authorization"}, strings.ToLower(p.Name)) {
			continue
		}
		if p.Schema == nil || veilig(p.Schema) {
			r.parameters = append(r.parameters, getypeerd(p))
		} else {
			r.onveilig = true
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
		r.verplicht = op.RequestBody.Value.Required
		for soort, media := range op.RequestBody.Value.Content {
			r.body = append(r.body, nieuweVorm(doc, soort, media))
			r.onveilig = r.onveilig || media != nil && media.Schema != nil && !veilig(media.Schema)
		}
	}
	for status, ref := range op.Responses.Map() {
		code, err := strconv.Atoi(status)
		if err != nil || ref.Value == nil {
			continue
		}
		r.soorten[code] = jsonSoort(ref.Value.Content)
		if kiest != nil && code == http.StatusOK && r.soorten[code] != "" {
			r.kent = kentVelden(doc, ref.Value.Content[r.soorten[code]].Schema, kiest.onder)
		}
	}
	return r
}

// jsonSoort is the media type of content that is JSON, "" when none is.
func jsonSoort(content openapi3.Content) string {
	var found []string
	for soort := range content {
		if strings.Contains(strings.ToLower(soort), "json") {
			found = append(found, soort)
		}
	}
	if len(found) == 0 {
		return ""
	}
	return slices.Min(found)
}

func nieuweVorm(doc *openapi3.T, soort string, media *openapi3.MediaType) vorm {
	v := vorm{soort: kaal(soort)}
	if media == nil || media.Schema == nil || media.Schema.Value == nil || !veilig(media.Schema) {
		return v
	}
	v.schema = media.Schema.Value
	// With oneOf the library chooses itself; BRP has the discriminator alone.
	d := v.schema.Discriminator
	if d == nil || len(v.schema.OneOf)+len(v.schema.AnyOf) > 0 || len(d.Mapping) == 0 {
		return v
	}
	v.keuze, v.kinds = d.PropertyName, map[string]*openapi3.Schema{}
	for value, ref := range d.Mapping {
		v.kinds[value] = nil // a kind that judges nothing
		if kind := schemaVan(doc, ref); kind != nil && veilig(&openapi3.SchemaRef{Value: kind}) {
			v.kinds[value] = kind
		}
	}
	return v
}

// van gives the rules of an operation, nil when the specification has none.
func (s *specificatie) van(op *operatie) *regels {
	if s == nil {
		return nil
	}
	return s.regels()[op]
}

// soort is the media type of an answer, "" when the specification does not say.
func (r *regels) soort(status int) string {
	if r == nil {
		return ""
	}
	return r.soorten[status]
}

// keur judges a question as the source itself would: nil when it may be put.
func (r *regels) keur(v *vraag) *fout {
	if r == nil {
		return nil
	}
	if f := r.keurVorm(v); f != nil {
		return f
	}
	inPath, _ := inPad(r.pad, v.r.URL.EscapedPath())
	input := &openapi3filter.RequestValidationInput{
		Request: v.r, PathParams: inPath, QueryParams: v.query,
		Options: &openapi3filter.Options{MultiError: true, SkipSettingDefaults: true, SchemaValidationOptions: []openapi3.SchemaValidationOption{patronen}},
	}
	var wrong, headers []foutieveld
	for _, p := range r.parameters {
		err := openapi3filter.ValidateParameter(v.r.Context(), input, p)
		switch {
		case err == nil:
		case p.In == openapi3.ParameterInHeader:
			headers = verkeerd(headers, p.Name, err)
		default:
			wrong = verkeerd(wrong, p.Name, err)
		}
	}
	if len(headers) > 0 {
		return r.header(headers)
	}
	for naam := range v.query {
		plain, _, _ := strings.Cut(naam, "[")
		if r.query != nil && !r.query[naam] && !r.query[plain] {
			wrong = append(wrong, foutieveld{sleutel(naam), "unknownParam", "De bron kent deze parameter niet."})
		}
	}
	wrong = append(append(wrong, r.keurBody(v)...), r.keurVelden(v)...)
	if len(wrong) == 0 {
		return nil
	}
	return nieuweKeuring(http.StatusBadRequest, "paramsValidation", wrong)
}

func (r *regels) keurBody(v *vraag) []foutieveld {
	if !v.heeft {
		if r.verplicht {
			return []foutieveld{{"body", "required", redenen["required"]}}
		}
		return nil
	}
	f := r.vorm(v)
	if f == nil || f.schema == nil {
		return nil
	}
	schema := f.schema
	if object, is := v.body.(map[string]any); is && f.keuze != "" {
		if value, has := object[f.keuze].(string); has {
			kind, known := f.kinds[value]
			if !known {
				return []foutieveld{{f.keuze, "value", "De bron kent deze soort vraag niet."}}
			}
			if kind != nil {
				schema = kind
			}
		}
	}
	var wrong []foutieveld
	if err := schema.VisitJSON(v.body, openapi3.MultiErrors(), openapi3.VisitAsRequest(), patronen); err != nil {
		wrong = verkeerd(nil, "", err)
	}
	return wrong
}

// patronen lets pass what Go cannot judge: patterns in specifications follow
// the regular expressions of JavaScript, which can do more.
var patronen = openapi3.SetSchemaRegexCompiler(func(expr string) (openapi3.RegexMatcher, error) {
	compiled, err := regexp.Compile(codepoint.ReplaceAllString(expr, `\x{$1}`))
	if err != nil {
		return alles{}, nil
	}
	return compiled, nil
})

// verkeerd flattens an error of the library. Its texts may hold the value, so
// only the place and the keyword of the schema that failed are used.
func verkeerd(all []foutieveld, naam string, err error) []foutieveld {
	if many, ok := errors.AsType[openapi3.MultiError](err); ok {
		if _, single := err.(*openapi3.SchemaError); !single { //nolint:errorlint // a single error may hold several
			for _, e := range many {
				all = verkeerd(all, naam, e)
			}
			return all
		}
	}
	se, isSchema := errors.AsType[*openapi3.SchemaError](err)
	switch {
	case errors.Is(err, openapi3filter.ErrInvalidRequired):
		return meld(all, naam, "required")
	case !isSchema:
		return meld(all, naam, "type")
	}
	if se.SchemaField == "allOf" && se.Origin != nil {
		if inner, ok := errors.AsType[openapi3.MultiError](se.Origin); ok {
			return verkeerd(all, naam, inner)
		}
	}
	for _, segment := range se.JSONPointer() {
		if _, err := strconv.Atoi(segment); err == nil {
			naam += "[" + segment + "]"
			continue
		}
		naam = strings.TrimPrefix(naam+"."+sleutel(segment), ".")
	}
	if se.SchemaField == "properties" { // the reason quotes the unknown name
		_, rest, _ := strings.Cut(se.Reason, `"`)
		unknown, _, _ := strings.Cut(rest, `"`)
		return meld(all, strings.TrimPrefix(naam+"."+sleutel(unknown), "."), "unknownParam")
	}
	return meld(all, naam, se.SchemaField)
}
