package catalogue_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
)

// elsewhere is a reference to another file: ZGW has them for what comes along
// only when it is asked (expand), which our specifications leave out.
var elsewhere = regexp.MustCompile(`\$ref:\s*['"]?\.\./\S+`)

// slip is a name that a provider requires and describes nowhere: the BAG one of
// an address, ZGW one of a zaaktype.
var slip = regexp.MustCompile(`(?m)^\s*- (kortNaam|resultaattypeOmschrijving)$\n`)

// public are the specifications that the provider of an entry publishes:
// <entry>.yaml, or several <entry>-<part>.yaml, in the folder that
// FIELDLAB_SPECIFICATIONS names. Nothing of them is in this project; where they
// come from is in bron.yaml under feiten.
func public(t *testing.T, e catalogue.Entry) (raw [][]byte, all []*document) {
	t.Helper()
	folder := os.Getenv("FIELDLAB_SPECIFICATIONS")
	if folder == "" {
		t.Skip("FIELDLAB_SPECIFICATIONS does not name a folder with the specifications that the providers publish")
	}
	var files []string
	for _, pattern := range []string{e.Name + ".yaml", e.Name + "-*.yaml"} {
		found, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Skipf("FIELDLAB_SPECIFICATIONS has no %s.yaml", e.Name)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		data = slip.ReplaceAll(data, nil)
		data = elsewhere.ReplaceAll(data, []byte("type: object"))
		doc, err := openapi3.NewLoader().LoadFromData(data)
		if err != nil {
			t.Fatalf("%s: %v", filepath.Base(file), err)
		}
		raw, all = append(raw, data), append(all, operationsOf(doc))
	}
	return raw, all
}

// TestEntriesAgainstThePublic: whatever our specification says of a source, the
// one that its provider publishes says too.
func TestEntriesAgainstThePublic(t *testing.T) {
	for _, e := range catalogue.Entries() {
		t.Run(e.Name, func(t *testing.T) {
			_, theirs := public(t, e)
			ours := specification(t, e)
			for _, op := range ours.operations {
				t.Run(op.OperationID, func(t *testing.T) {
					for _, doc := range theirs {
						if found := doc.find(op.OperationID); found != nil {
							compare(t, ours, doc, &op, found)
							return
						}
					}
					t.Errorf("nothing public has %s", op.OperationID)
				})
			}
		})
	}
}

func compare(t *testing.T, ourDoc, theirDoc *document, ours, theirs *specified) {
	if ours.method != theirs.method || !theirDoc.offers(theirs.path, ours.path) {
		t.Errorf("is %s %s, ours %s %s", theirs.method, theirs.path, ours.method, ours.path)
	}
	for _, ref := range ours.Parameters {
		p := ref.Value
		other := theirs.parameter(p.Name, p.In)
		if other == nil {
			t.Errorf("has no parameter %s in %s", p.Name, p.In)
			continue
		}
		if p.Required != other.Required {
			t.Errorf("parameter %s: required is %v", p.Name, other.Required)
		}
		compareSchemas(t, "parameter "+p.Name, ourDoc.tree(p.Schema), theirDoc.tree(other.Schema))
	}
	for _, ref := range theirs.Parameters {
		if p := ref.Value; p.Required && ours.parameter(p.Name, p.In) == nil && p.In != openapi3.ParameterInHeader {
			t.Errorf("needs the parameter %s, which ours does not know", p.Name)
		}
	}
	if ours.RequestBody != nil {
		asked := jsonBody(ours.RequestBody.Value.Content)
		if asked.Value.Discriminator == nil {
			compareSchemas(t, "question", ourDoc.tree(asked), theirDoc.tree(jsonBody(theirs.RequestBody.Value.Content)))
		} else {
			for name := range asked.Value.Discriminator.Mapping {
				compareSchemas(t, "question "+name, ourDoc.chosen(ours, name), theirDoc.chosen(theirs, name))
			}
		}
	}
	compareSchemas(t, "answer", ourDoc.tree(answerOf(ours)), theirDoc.tree(answerOf(theirs)))
	// The other faults any gateway gives. By 404 something is not found.
	if (ours.Responses.Value("404") != nil) != (theirs.Responses.Value("404") != nil) && theirs.Responses.Default() == nil {
		t.Errorf("that it answers 404 is %v", theirs.Responses.Value("404") != nil)
	}
	if said := theirs.security(theirDoc); said != "" && said != ours.security(ourDoc) {
		t.Errorf("is secured by %s, ours %s", theirs.security(theirDoc), ours.security(ourDoc))
	}
}

// plainPath is a path without a slash at the end and the names in it.
func plainPath(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}

// offers says whether path, with what the servers have in common before it, is
// the path that is asked.
func (d *document) offers(path, asked string) bool {
	if plainPath(path) == plainPath(asked) {
		return true
	}
	before, ok := strings.CutSuffix(asked, path)
	return ok && slices.ContainsFunc(d.Servers, func(s *openapi3.Server) bool { return strings.HasSuffix(s.URL, before) })
}

func (s *specified) parameter(name, in string) *openapi3.Parameter {
	for _, ref := range s.Parameters {
		if ref.Value.Name == name && ref.Value.In == in {
			return ref.Value
		}
	}
	return nil
}

// security names how an operation wants to know who asks.
func (s *specified) security(doc *document) string {
	needs := doc.Security
	if s.Security != nil {
		needs = *s.Security
	}
	var kinds []string
	for _, need := range needs {
		for name := range need {
			scheme := doc.Components.SecuritySchemes[name].Value
			kinds = append(kinds, strings.ToLower(strings.Join([]string{scheme.Type, scheme.Scheme, scheme.In, scheme.Name}, " ")))
		}
	}
	slices.Sort(kinds)
	return strings.Join(slices.Compact(kinds), ", ")
}

func jsonBody(content openapi3.Content) *openapi3.SchemaRef {
	for _, kind := range []string{"application/json", "application/hal+json", "application/json; charset=utf-8"} {
		if media := content[kind]; media != nil {
			return media.Schema
		}
	}
	return nil
}

// answerOf is the schema of what an operation answers when all is well.
func answerOf(s *specified) *openapi3.SchemaRef {
	response := s.Responses.Value("200")
	if response == nil {
		response = s.Responses.Default()
	}
	return jsonBody(response.Value.Content)
}

// chosen is the tree of the question of which type is name.
func (d *document) chosen(s *specified, name string) map[string]*place {
	mapped, ok := jsonBody(s.RequestBody.Value.Content).Value.Discriminator.Mapping[name]
	if !ok {
		return nil
	}
	return d.tree(d.named(mapped))
}

// named is the schema that a discriminator means; what it holds itself is not
// resolved.
func (d *document) named(mapped openapi3.MappingRef) *openapi3.SchemaRef {
	return d.Components.Schemas[strings.TrimPrefix(mapped.Ref, "#/components/schemas/")]
}

// place is what a specification says of a value. Lists leave no trace in its path.
type place struct {
	types, enum, required []string
	things                bool // it is a list of objects
}

// tree is all that a schema describes, by path.
func (d *document) tree(ref *openapi3.SchemaRef) map[string]*place {
	all := map[string]*place{}
	d.grow(all, "", ref, nil, true)
	return all
}

func (d *document) grow(all map[string]*place, at string, ref *openapi3.SchemaRef, on []*openapi3.Schema, sure bool) {
	if ref == nil || ref.Value == nil || slices.Contains(on, ref.Value) {
		return
	}
	s := ref.Value
	on = append(slices.Clone(on), s)
	if all[at] == nil {
		all[at] = &place{}
	}
	here := all[at]
	if s.Type != nil {
		here.types = append(here.types, s.Type.Slice()...)
	}
	for _, value := range s.Enum {
		here.enum = append(here.enum, fmt.Sprint(value))
	}
	if sure {
		here.required = append(here.required, s.Required...)
	}
	for _, part := range s.AllOf {
		d.grow(all, at, part, on, sure)
	}
	for _, part := range slices.Concat(s.OneOf, s.AnyOf) {
		d.grow(all, at, part, on, false)
	}
	if s.Items != nil {
		here.things = here.things || s.Items.Value.Type.Is("object") || len(s.Items.Value.AllOf) > 0
		d.grow(all, at, s.Items, on, sure)
	}
	for name, property := range s.Properties {
		d.grow(all, strings.TrimPrefix(at+"."+name, "."), property, on, true)
	}
	if s.Discriminator != nil && len(s.OneOf) == 0 {
		for _, heir := range s.Discriminator.Mapping {
			d.grow(all, at, d.named(heir), on, false)
		}
	}
}

// compareSchemas says what ours has that theirs has not.
func compareSchemas(t *testing.T, what string, ours, theirs map[string]*place) {
	t.Helper()
	for _, path := range slices.Sorted(maps.Keys(ours)) {
		our, their := ours[path], theirs[path]
		if their == nil {
			t.Errorf("%s: has no %s", what, path)
			continue
		}
		for _, kind := range our.types {
			if !slices.Contains(their.types, kind) && len(their.types) > 0 {
				t.Errorf("%s: %s is %v, ours %v", what, path, their.types, our.types)
			}
		}
		for _, value := range our.enum {
			if len(their.enum) > 0 && !slices.Contains(their.enum, value) {
				t.Errorf("%s: %s is never %s", what, path, value)
			}
		}
		for _, value := range their.enum {
			if len(our.enum) > 0 && !slices.Contains(our.enum, value) {
				t.Errorf("%s: %s can be %s, which ours refuses", what, path, value)
			}
		}
		for _, name := range our.required {
			if !slices.Contains(their.required, name) {
				t.Errorf("%s: %s is not required in %q", what, name, path)
			}
		}
		for _, name := range their.required {
			if ours[strings.TrimPrefix(path+"."+name, ".")] != nil && !slices.Contains(our.required, name) {
				t.Errorf("%s: %s is required in %q", what, name, path)
			}
		}
	}
}

// TestAnswersAgainstThePublic: what a stand-in answers, the source itself may
// answer by the specification that its provider publishes.
func TestAnswersAgainstThePublic(t *testing.T) {
	for _, e := range catalogue.Entries() {
		t.Run(e.Name, func(t *testing.T) {
			raw, docs := public(t, e)
			for _, op := range parseAnswers(t, e).Operations {
				for i := range docs {
					theirs := docs[i].find(op.Name)
					read, err := openapi.Read(raw[i])
					if err != nil {
						t.Fatal(err)
					}
					if theirs == nil {
						continue
					}
					for n, g := range append(slices.Clone(op.Answers), op.Otherwise) {
						answerFits(t, docs[i], theirs, read.Operation(op.Name), g, fmt.Sprintf("%s answer %d", op.Name, n+1))
					}
				}
			}
		})
	}
}

func answerFits(t *testing.T, doc *document, theirs *specified, op *openapi.Operation, g answerCase, what string) {
	t.Helper()
	document, err := json.Marshal(g.Answer)
	if err != nil {
		t.Fatal(err)
	}
	status, schema := g.Status, answerOf(theirs)
	constants := map[string]string{}
	if kind, is := g.With["type"].(string); is {
		constants["type"] = kind
	}
	switch {
	case status >= 300:
		response := theirs.Responses.Value(strconv.Itoa(status))
		if response == nil {
			return // TestEntriesAgainstThePublic says so, or it is the default
		}
		for _, media := range response.Value.Content {
			schema = media.Schema
		}
	case !op.Check(string(document), constants):
		t.Errorf("%s is not valid", what)
	}
	described := doc.tree(schema)
	paths(g.Answer, "", func(path string) {
		if described[path] == nil {
			t.Errorf("%s holds %s, which is not described", what, path)
		}
	})
}

// paths calls f for every path of a property in a value.
func paths(value any, at string, f func(string)) {
	switch value := value.(type) {
	case map[string]any:
		for key, below := range value {
			path := strings.TrimPrefix(at+"."+key, ".")
			f(path)
			paths(below, path, f)
		}
	case []any:
		for _, item := range value {
			paths(item, at, f)
		}
	}
}
