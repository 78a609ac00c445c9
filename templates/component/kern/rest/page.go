package rest

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the template and the style of the page
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"slices"
	"sort"
	"strings"
)

//go:embed page.gohtml
var pageHTML string

//go:embed page.css
var pageCSS string

// The page shows the specification to people. It reads the published JSON, so
// that the page can say nothing else than the specification does.
type (
	pageDoc struct {
		Title, Version, Description string
		Spec                        string // address of the specification
		Contact, License            map[string]any
		Style                       template.CSS
		Groups                      []pageGroup
	}
	pageGroup struct {
		Name, Description, Anchor string
		Operations                []pageOperation
	}
	pageOperation struct {
		Anchor, Method, Path, Summary, Description string
		Params, Body                               []pageField
		BodyTypes                                  []string
		Answers                                    []pageAnswer
	}
	pageField struct {
		Name, In, Type, Description string
		Required                    bool
	}
	pageAnswer struct{ Status, Description, Example string }
)

// object is a JSON object of the specification.
type object = map[string]any

// renderPage makes the page once, at the start, and the policy that allows its
// style and nothing else. Addresses on it are relative: a gateway may serve the
// API under another path.
func renderPage(spec []byte, base string) (page []byte, csp []string, err error) {
	var doc object
	if err := json.Unmarshal(spec, &doc); err != nil {
		return nil, nil, fmt.Errorf("de pagina van de API: %w", err)
	}
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return nil, nil, fmt.Errorf("de pagina van de API: %w", err)
	}
	info := at(doc, "info")
	d := pageDoc{
		Title: text(info, "title"), Version: text(info, "version"), Description: text(info, "description"),
		Spec:    base + "/openapi.json",
		Contact: at(info, "contact"), License: at(info, "license"),
		Style:  template.CSS(pageCSS), // #nosec G203 -- Our own file.
		Groups: pageGroups(doc),
	}
	var b bytes.Buffer
	if err := t.Execute(&b, d); err != nil {
		return nil, nil, fmt.Errorf("de pagina van de API: %w", err)
	}
	sum := sha256.Sum256([]byte(pageCSS))
	return b.Bytes(), []string{"default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"}, nil
}

var pageMethods = []string{"get", "post", "put", "patch", "delete"}

func pageGroups(doc object) []pageGroup {
	var groups []pageGroup
	tags, _ := doc["tags"].([]any)
	for _, tag := range tags {
		tag, _ := tag.(object)
		g := pageGroup{Name: text(tag, "name"), Description: text(tag, "description"), Anchor: "groep-" + anchor(text(tag, "name"))}
		for _, path := range keys(at(doc, "paths")) {
			item := at(doc, "paths", path)
			for _, method := range pageMethods {
				op := at(item, method)
				if names, _ := op["tags"].([]any); slices.Contains(names, any(g.Name)) {
					g.Operations = append(g.Operations, newPageOperation(doc, item, op, method, path))
				}
			}
		}
		if len(g.Operations) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

func newPageOperation(doc, item, op object, method, path string) pageOperation {
	p := pageOperation{
		Anchor: anchor(text(op, "operationId")), Method: strings.ToUpper(method), Path: path,
		Summary: text(op, "summary"), Description: text(op, "description"),
	}
	for _, owner := range []object{item, op} {
		params, _ := owner["parameters"].([]any)
		for _, param := range params {
			param := deref(doc, param)
			required, _ := param["required"].(bool)
			p.Params = append(p.Params, pageField{
				Name: text(param, "name"), In: places[text(param, "in")], Required: required,
				Type: typeOf(doc, at(param, "schema")), Description: text(param, "description"),
			})
		}
	}
	content := at(deref(doc, op["requestBody"]), "content")
	p.BodyTypes = keys(content)
	if len(p.BodyTypes) > 0 {
		p.Body = fields(doc, at(content, p.BodyTypes[0], "schema"))
	}
	for _, status := range keys(at(op, "responses")) {
		answer := deref(doc, at(op, "responses")[status])
		a := pageAnswer{Status: status, Description: text(answer, "description")}
		for _, mediatype := range keys(at(answer, "content")) {
			if example, ok := at(answer, "content", mediatype)["example"]; ok {
				pretty, _ := json.MarshalIndent(example, "", "  ")
				a.Example = string(pretty)
			}
		}
		p.Answers = append(p.Answers, a)
	}
	return p
}

var places = map[string]string{"query": "in de query", "path": "in het pad", "header": "in een header"}

// fields lists the properties of a schema, the required ones first.
func fields(doc object, schema object) []pageField {
	schema = deref(doc, schema)
	var all []pageField
	required, _ := schema["required"].([]any)
	for _, name := range keys(at(schema, "properties")) {
		property := at(schema, "properties", name)
		all = append(all, pageField{
			Name: name, Type: typeOf(doc, property), Description: text(property, "description"),
			Required: slices.Contains(required, any(name)),
		})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].Required && !all[j].Required })
	return all
}

// typeOf says in words what a schema takes.
func typeOf(doc object, schema object) string {
	if ref := text(schema, "$ref"); ref != "" {
		return ref[strings.LastIndexByte(ref, '/')+1:]
	}
	if parts, _ := schema["allOf"].([]any); len(parts) > 0 {
		part, _ := parts[0].(object)
		return typeOf(doc, part)
	}
	kind := map[string]string{"string": "tekst", "integer": "geheel getal", "number": "getal", "boolean": "ja of nee (true, false)", "array": "lijst", "object": "object"}[text(schema, "type")]
	if format := text(schema, "format"); format != "" {
		kind += " (" + format + ")"
	}
	if choices, _ := schema["enum"].([]any); len(choices) > 0 {
		var words []string
		for _, c := range choices {
			words = append(words, fmt.Sprint(c))
		}
		kind += ": " + strings.Join(words, ", ")
	}
	return kind
}

// at walks down objects; a missing one is empty.
func at(o object, path ...string) object {
	for _, key := range path {
		o, _ = o[key].(object)
	}
	return o
}

// text is a string of the specification. Texts there are Markdown, in which a
// less-than sign is written as an entity.
func text(o object, key string) string {
	s, _ := o[key].(string)
	return html.UnescapeString(strings.TrimSpace(s))
}

// deref follows a reference within the document.
func deref(doc object, v any) object {
	o, _ := v.(object)
	for range 8 { // deeper is a circle
		ref := text(o, "$ref")
		if ref == "" {
			break
		}
		o = at(doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	}
	return o
}

// anchor makes an id for a link on the page.
func anchor(s string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, s), "-")
}
