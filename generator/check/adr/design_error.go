package adr

import (
	"context"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// designError are about answers that say what went wrong.
func designError() []rule {
	return []rule{
		{
			Rule: core("problem-content", check.Error, "error-handling/problem-details", both("use-problem-schema")...),
			run:  problemContent,
		},
		{
			Rule:     core("problem-members", check.Error, "error-handling/problem-details", "nlgov:problem-schema-members"),
			official: map[string]string{"composed": ""}, // the linter looks at properties that stand there
			run:      problemMembers,
		},
		{
			Rule: core("problem-types", check.Warning, "error-handling/problem-details"),
			run:  problemTypes,
		},
		{
			Rule: core("error-content", check.Warning, "error-handling/problem-details"),
			run:  errorContent,
		},
		{
			Rule:     core("invalid-input", check.Error, "error-handling/invalid-input", "nlgov:problem-invalid-input"),
			official: map[string]string{"path": ""}, // nor into parameters of a path
			run:      invalidInput,
		},
		{
			Rule: core("no-422", check.Error, "error-handling/invalid-input"),
			run:  no422,
		},
	}
}

var problemTypesOfMedia = []string{"application/problem+json", "application/problem+xml"}

func problemContent(_ context.Context, d *Document, found finder) {
	found = once(found)
	for _, r := range d.facts().responses {
		if !wrong().MatchString(r.key) {
			continue
		}
		content, ok := d.child(r, "content")
		if !ok || !content.node.is(isObject) || slices.ContainsFunc(problemTypesOfMedia, func(t string) bool { return content.node.get(t) != nil }) {
			continue
		}
		var types []string
		for c := range content.node.all() {
			types = append(types, c.key)
		}
		found(content.at, "", r.key, strings.Join(types, ", "))
	}
}

// problems gives what stands under the media types of problems, in every error.
func (d *Document) problems() []used {
	var all []used
	seen := map[*node]bool{}
	for _, r := range d.facts().responses {
		if !wrong().MatchString(r.key) {
			continue
		}
		content, ok := d.child(r, "content")
		if !ok {
			continue
		}
		for _, t := range problemTypesOfMedia {
			if media, ok := d.child(content, t); ok && !seen[media.node] {
				seen[media.node] = true
				all = append(all, media)
			}
		}
	}
	return all
}

func problemMembers(ctx context.Context, d *Document, found finder) {
	media := d.problems()
	top := map[*node]bool{} // what is the schema of the problem itself
	for _, m := range media {
		top[d.at(m.node, "schema")] = true
	}
	for _, schema := range d.allBelow(ctx, media, "schema") {
		properties, ok := d.child(schema.used, "properties")
		switch {
		case !schema.node.is(isObject):
			found(schema.at, "none")
		case !ok && top[schema.node]:
			d.composedProblem(schema.used, found)
		case !ok:
		case !properties.node.is(isObject):
			found(properties.at, "none")
		default:
			if missing := missingMembers(func(name string) bool { return properties.node.get(name) != nil }); missing != "" {
				found(properties.at, "", missing)
			}
		}
	}
}

func missingMembers(has func(string) bool) string {
	var missing []string
	for _, name := range []string{"status", "title", "detail"} {
		if !has(name) {
			missing = append(missing, name)
		}
	}
	return strings.Join(missing, ", ")
}

// composedProblem looks at a schema that is put together by allOf.
func (d *Document) composedProblem(schema used, found finder) {
	if !schema.node.get("allOf").is(isArray) {
		return
	}
	names, known := map[string]bool{}, true
	for _, part := range d.composed(schema.node) {
		if part == nil || part.get("oneOf") != nil || part.get("anyOf") != nil || part.get("$ref") != nil {
			known = false
		}
		for _, p := range d.members(d.at(part, "properties")) {
			names[p.key] = true
		}
	}
	if missing := missingMembers(func(name string) bool { return names[name] }); known && missing != "" {
		found(schema.at, "composed", missing)
	}
}

// composed gives a schema and all it is composed of by allOf, each once; nil for what
// cannot be found.
func (d *Document) composed(schema *node) []*node {
	all, seen := []*node{schema}, map[*node]bool{schema: true}
	for i := 0; i < len(all); i++ {
		for raw := range d.at(all[i], "allOf").all() {
			if part := d.at(raw); !seen[part] {
				seen[part] = true
				all = append(all, part)
			}
		}
	}
	return all
}

func problemTypes(_ context.Context, d *Document, found finder) {
	seen := map[*node]bool{}
	for _, media := range d.problems() {
		for _, part := range d.composed(d.at(media.node, "schema")) {
			if seen[part] {
				continue
			}
			seen[part] = true
			for _, p := range d.members(d.at(part, "properties")) {
				want := ""
				switch p.key {
				case "status":
					want = "integer"
				case "title", "detail", "type", "instance":
					want = "string"
				}
				if is := typesOf(p.node); want != "" && len(is) > 0 && !slices.Contains(is, want) && (want != "integer" || !slices.Contains(is, "number")) {
					found(p.at, "", p.key, strings.Join(is, ", "), want)
				}
			}
		}
	}
}

// typesOf are the types that a schema names.
func typesOf(schema *node) []string {
	t := schema.get("type")
	if t.is(isText) {
		return []string{t.text}
	}
	var all []string
	if t.is(isArray) {
		for item := range t.all() {
			all = append(all, item.str())
		}
	}
	return all
}

func errorContent(ctx context.Context, d *Document, found finder) {
	found = once(found)
	for _, r := range d.each(ctx).answers {
		o := r.operation
		if o.method != "head" && isErrorCode(r.key) && r.node.is(isObject) && r.node.get("$ref") == nil && d.at(r.node, "content").size() == 0 {
			found(r.at, "", r.key)
		}
	}
}

// reads says whether the official ruleset holds a value for an operation that reads or
// takes away and has parameters; writes that it holds it for one that writes.
func (d *Document) reads(u used) bool {
	if !readsByName(u.key) {
		return false
	}
	parameters := d.at(u.node, "parameters")
	return parameters.is(isArray) && parameters.size() > 0 || parameters.is(isText) && parameters.text != ""
}

// lacks400 gives the place where the official ruleset misses a response 400; ok when it
// finds one, or asks nothing of the value.
func (d *Document) lacks400(u used) (at *node, lacks bool) {
	if !d.reads(u) && !writesByName(u.key) {
		return nil, false
	}
	if !u.node.is(isObject) {
		return u.at, true
	}
	responses, ok := d.child(u, "responses")
	if !ok || responses.node.is(isObject) && responses.node.get("400") != nil {
		return nil, false
	}
	return responses.at, true
}

func invalidInput(ctx context.Context, d *Document, found finder) {
	for _, u := range d.facts().callable {
		if at, lacks := d.lacks400(u); lacks && isOperationNode(u) {
			found(at, "", u.key)
		}
	}
	for _, o := range d.each(ctx).operations {
		queries := slices.ContainsFunc(d.someParameters(operation{item: o.item}), func(p used) bool { return p.node.get("in").str() == "query" })
		responses, ok := d.child(used{node: o.node}, "responses")
		if !queries || !ok || !responses.node.is(isObject) || responses.node.get("400") != nil {
			continue
		}
		if _, lacks := d.lacks400(used{key: o.method, node: o.node, at: o.node}); !lacks {
			found(responses.at, "path", o.method)
		}
	}
}

// isOperationNode says whether a value is an operation, and not just has such a name.
func isOperationNode(u used) bool {
	return slices.Contains(methods, u.key) && u.node.is(isObject) && u.node.get("responses").is(isObject)
}

// no422 leaves alone a 422 beside a 400 that does not say that it is of invalid input: a
// file with a virus is refused, and not invalid.
func no422(ctx context.Context, d *Document, found finder) {
	for _, o := range d.each(ctx).operations {
		responses := d.at(o.node, "responses")
		at := responses.get("422")
		switch {
		case at == nil:
		case responses.get("400") == nil:
			found(at, "", o.method, o.path)
		case invalidWords().MatchString(d.at(at).get("description").str()):
			found(at, "beside", o.method, o.path)
		}
	}
}

var invalidWords = pattern(`(?i)validat|valideer|ongeldig|invalid|unprocessable`)
