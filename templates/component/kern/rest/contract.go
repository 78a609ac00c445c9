package rest

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	// The only file that knows this library: it is v0 and changes often.
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Contract is an OpenAPI specification, ready to judge requests.
type Contract struct {
	Version string // info.version, for the header API-Version
	Title   string
	Base    string // path of the server: /v1
	JSON    []byte // the specification as JSON, as it is published
	Sum     string // of the specification: see package identity

	paths map[string]map[string]*operation // path, method
}

// schema is one of the library, for the other files of this package.
type schema = openapi3.Schema

// operation is what the specification says of one method on one path.
type operation struct {
	id       string // operationId
	params   []param
	query    map[string]bool // names of the query parameters
	required bool            // a body must be there
	body     map[string]check
	shapes   map[string]*shape // by media type, as body
	produces []string          // media types of a good answer
	open     bool              // no token needed
	stream   bool              // the body is bytes that the handler reads itself
	answers  map[string]answer
	fields   map[string]property // of the body or, without a body, of a good answer
}

// property is a field of an object.
type property struct {
	schema   *schema
	required bool
}

// BodyFields lists the fields of the body that an operation takes, sorted. There
// are none when the specification does not have the operation.
func (c *Contract) BodyFields(method, pattern string) []string {
	if op := c.paths[pattern][method]; op != nil && len(op.body) > 0 {
		return keys(op.fields)
	}
	return nil
}

// AnswerFields lists the names within one field of a good answer, sorted.
func (c *Contract) AnswerFields(method, pattern, field string) []string {
	if op := c.paths[pattern][method]; op != nil && len(op.body) == 0 {
		if p, there := op.fields[field]; there {
			return keys(p.schema.Properties)
		}
	}
	return nil
}

// check judges a value and says everything that is wrong with it. In gives the
// place: the pointer within the value ("" for the value itself).
type check func(v any) []violation

// violation is a fault of which the outer place is not known yet.
type violation struct{ pointer, code, detail string }

// answer is what a response must look like.
type answer struct {
	headers []string
	content map[string]check
}

// NewContract reads a specification in YAML or JSON. It refuses one that is not
// valid OpenAPI 3.0 or that uses something that this package cannot judge.
func NewContract(spec []byte) (*Contract, error) {
	doc, err := openapi3.NewLoader().LoadFromData(spec)
	if err != nil {
		return nil, fmt.Errorf("de specificatie is niet te lezen: %w", err)
	}
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("de specificatie is geen geldige OpenAPI: %w", err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.0.") || len(doc.Servers) == 0 {
		return nil, errors.New("de specificatie moet OpenAPI 3.0 zijn en een server noemen")
	}
	server, err := url.Parse(doc.Servers[0].URL)
	if err != nil {
		return nil, fmt.Errorf("het adres van de server in de specificatie: %w", err)
	}
	c := &Contract{
		Version: doc.Info.Version, Title: doc.Info.Title,
		Base:  "/" + path.Base(server.Path),
		Sum:   identity.SumOf(spec),
		paths: map[string]map[string]*operation{},
	}
	if c.JSON, err = doc.MarshalJSON(); err != nil {
		return nil, fmt.Errorf("de specificatie als JSON: %w", err)
	}
	for pattern, item := range doc.Paths.Map() {
		c.paths[pattern] = map[string]*operation{}
		for method, op := range item.Operations() {
			if c.paths[pattern][method], err = newOperation(doc, item, op); err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, pattern, err)
			}
		}
	}
	return c, nil
}

func newOperation(doc *openapi3.T, item *openapi3.PathItem, op *openapi3.Operation) (*operation, error) {
	o := &operation{id: op.OperationID, query: map[string]bool{}, body: map[string]check{}, shapes: map[string]*shape{}, answers: map[string]answer{},
		fields: map[string]property{}}
	security := &doc.Security
	if op.Security != nil {
		security = op.Security
	}
	o.open = len(*security) == 0
	for _, ref := range slices.Concat(item.Parameters, op.Parameters) {
		p, err := newParam(ref.Value)
		if err != nil {
			return nil, err
		}
		o.params = append(o.params, p)
		if p.in == "query" {
			o.query[p.name] = true
		}
	}
	if op.RequestBody != nil {
		o.required = op.RequestBody.Value.Required
		for mediatype, content := range op.RequestBody.Value.Content {
			o.body[mediatype] = newCheck(content.Schema, openapi3.VisitAsRequest())
			o.stream = o.stream || content.Schema != nil && content.Schema.Value.Format == "binary"
			if content.Schema != nil {
				o.shapes[mediatype] = shapeOf(content.Schema.Value, false, 0)
			}
			o.addFields(content.Schema)
		}
	}
	for status, ref := range op.Responses.Map() {
		a := answer{content: map[string]check{}}
		for name, header := range ref.Value.Headers {
			if header.Value.Required {
				a.headers = append(a.headers, name)
			}
		}
		for mediatype, content := range ref.Value.Content {
			a.content[mediatype] = newCheck(content.Schema, openapi3.VisitAsResponse())
			if status < "400" {
				o.produces = append(o.produces, mediatype)
				if op.RequestBody == nil {
					o.addFields(content.Schema)
				}
			}
		}
		o.answers[status] = a
	}
	slices.Sort(o.produces)
	o.produces = slices.Compact(o.produces)
	return o, nil
}

func (op *operation) addFields(ref *openapi3.SchemaRef) {
	if ref == nil || ref.Value == nil {
		return
	}
	for name, p := range ref.Value.Properties {
		op.fields[name] = property{p.Value, slices.Contains(ref.Value.Required, name)}
	}
}

func newParam(p *openapi3.Parameter) (param, error) {
	if p.Schema == nil || p.In == "cookie" || p.Style != "" && p.Style != "form" && p.Style != "simple" {
		return param{}, fmt.Errorf("parameter %s: alleen gewone parameters in query, pad en header kunnen hier", p.Name)
	}
	types := p.Schema.Value.Type.Slice()
	if len(types) != 1 || types[0] == "object" {
		return param{}, fmt.Errorf("parameter %s: het schema moet één gewoon type hebben", p.Name)
	}
	q := param{
		in: p.In, name: p.Name, kind: types[0], required: p.Required,
		repeated: p.Explode == nil && p.In == "query" || p.Explode != nil && *p.Explode,
		check:    newCheck(p.Schema, openapi3.VisitAsRequest()),
	}
	s := p.Schema.Value
	if s.Format == "uuid" && len(s.Enum) == 0 {
		q.uuid = true // judged without the library: it is in nearly every request
	}
	if p.In == "header" && strings.EqualFold(p.Name, "If-Match") {
		// The handler says what is wrong with it: one that is not there is a 428.
		q.required, q.lines = false, true
	}
	return q, nil
}

// formats are the string formats that are checked, those of the library
// included: without an entry it accepts whatever is called uuid.
var formats = stringFormats()

func stringFormats() openapi3.SchemaValidationOption {
	all := map[string]openapi3.StringFormatValidator{}
	for name, good := range value.Formats {
		all[name] = openapi3.NewCallbackValidator(func(s string) error {
			if good(s) {
				return nil
			}
			return errors.New(name)
		})
	}
	all["byte"] = openapi3.NewCallbackValidator(func(s string) error {
		if _, err := base64.StdEncoding.DecodeString(s); err != nil {
			return errors.New("byte")
		}
		return nil
	})
	return openapi3.WithStringFormatValidators(all)
}

func newCheck(ref *openapi3.SchemaRef, direction openapi3.SchemaValidationOption) check {
	if ref == nil || ref.Value == nil {
		return func(any) []violation { return nil }
	}
	schema := ref.Value
	return func(v any) []violation {
		if err := schema.VisitJSON(v, openapi3.MultiErrors(), direction, formats); err != nil {
			return violations(nil, "", err)
		}
		return nil
	}
}

// violations flattens the error of the library. Its texts may hold the value,
// so only the keyword of the schema that failed is used.
func violations(all []violation, at string, err error) []violation {
	se, single := err.(*openapi3.SchemaError) //nolint:errorlint // what it holds is looked at below
	if !single {
		if many, ok := errors.AsType[openapi3.MultiError](err); ok {
			for _, e := range many {
				all = violations(all, at, e)
			}
			return all
		}
		return append(all, violation{at, "schema", "Dit heeft niet de juiste vorm."})
	}
	if se.SchemaField == "allOf" && se.Origin != nil {
		if inner, ok := errors.AsType[openapi3.MultiError](se.Origin); ok {
			return violations(all, at, inner)
		}
	}
	pointer := at
	for _, segment := range se.JSONPointer() {
		pointer += "/" + pointerSegment(segment)
	}
	if se.SchemaField == "properties" { // the reason quotes the unknown name
		_, rest, _ := strings.Cut(se.Reason, `"`)
		name, _, _ := strings.Cut(rest, `"`)
		return append(all, violation{pointer + "/" + pointerSegment(name), "unknown", "Dit veld bestaat niet."})
	}
	return append(all, violation{pointer, se.SchemaField, explain(se)})
}

// explain says in Dutch what a keyword of the schema asks for.
func explain(se *openapi3.SchemaError) string {
	s := se.Schema
	switch se.SchemaField {
	case "required":
		return "Dit veld is verplicht."
	case "type":
		return "Dit moet " + typeName(s.Type) + " zijn."
	case "nullable":
		return noNull
	case "enum":
		var choices []string
		for _, v := range s.Enum {
			if v != nil {
				choices = append(choices, fmt.Sprint(v))
			}
		}
		return "Kies een van: " + strings.Join(choices, ", ") + "."
	case "format":
		if s.Format == "byte" {
			return "Dit moet base64 zijn."
		}
		if notation := value.Notation(s.Format); notation != "" {
			return "Dit moet " + notation + " zijn."
		}
		if err := value.Check(s.Format, ""); err != nil {
			return err.Error() + "."
		}
	case "minLength":
		if s.MinLength == 1 {
			return value.Missing + "."
		}
		return fmt.Sprintf("Dit moet minstens %d tekens hebben.", s.MinLength)
	case "maxLength":
		return fmt.Sprintf("Dit mag hoogstens %d tekens hebben.", *s.MaxLength)
	case "minimum":
		return fmt.Sprintf("Dit moet minstens %s zijn.", number(*s.Min))
	case "maximum":
		return fmt.Sprintf("Dit mag hoogstens %s zijn.", number(*s.Max))
	case "minItems":
		return fmt.Sprintf("Hier horen minstens %d waarden.", s.MinItems)
	case "maxItems":
		return fmt.Sprintf("Hier horen hoogstens %d waarden.", *s.MaxItems)
	case "uniqueItems":
		return "Hier staat een waarde twee keer."
	case "minProperties":
		return "Noem minstens één veld."
	case "readOnly":
		return "Dit veld bepaalt het component zelf."
	}
	return "Dit heeft niet de juiste vorm."
}

const noNull = "Dit mag niet leeg (null) zijn."

func typeName(t *openapi3.Types) string {
	names := map[string]string{
		"string": "tekst", "integer": "een geheel getal", "number": "een getal",
		"boolean": "true of false", "array": "een lijst", "object": "een object",
	}
	for _, name := range t.Slice() {
		if names[name] != "" {
			return names[name]
		}
	}
	return "iets anders"
}

// CheckResponse says what in an answer is not as the specification promises.
// It is for tests: a running component does not check itself. The body is left
// to be read again.
func CheckResponse(c *Contract, r *http.Request, resp *http.Response) error {
	op := c.find(r.Method, r.URL.Path)
	if op == nil {
		return fmt.Errorf("%s %s staat niet in de specificatie", r.Method, r.URL.Path)
	}
	want, ok := op.answers[fmt.Sprint(resp.StatusCode)]
	if !ok {
		return fmt.Errorf("%s %s: status %d staat niet in de specificatie", r.Method, r.URL.Path, resp.StatusCode)
	}
	for _, name := range want.headers {
		if resp.Header.Get(name) == "" {
			return fmt.Errorf("%s %s: header %s ontbreekt", r.Method, r.URL.Path, name)
		}
	}
	raw, err := rereadable(resp)
	if err != nil || len(want.content) == 0 && len(raw) == 0 {
		return err
	}
	mediatype, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	judge := want.content[mediatype]
	if judge == nil {
		return fmt.Errorf("%s %s: mediatype %q staat niet in de specificatie", r.Method, r.URL.Path, mediatype)
	}
	if !strings.HasSuffix(mediatype, "json") {
		return nil
	}
	v, fault := parseJSON(raw)
	if fault != nil {
		return errors.New(fault.Detail)
	}
	if wrong := judge(v); len(wrong) > 0 {
		return fmt.Errorf("%s %s: status %d: de inhoud is anders dan de specificatie zegt: %+v", r.Method, r.URL.Path, resp.StatusCode, wrong)
	}
	return nil
}
