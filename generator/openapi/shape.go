package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// Shape is the form of a JSON value, as far as it is of use.
type Shape struct {
	Kind   string       // object, list, string, integer, number, boolean or any
	Fields []ShapeField // of an object, sorted by JSON
	Item   *Shape       // of a list

	free  bool  // it may hold what is not named; only known of a Full shape
	index *tree // of its places, when somebody looked for one
}

// ShapeField is a property of an object. Go is an exported identifier, unique
// within the object. Title and Doc are what the document says of it, on one line.
type ShapeField struct {
	JSON, Go, Title, Doc string
	Shape                *Shape

	parts []*yaml.Node // schemas; only known of a Full shape
	loose bool         // nobody described it: it is below an object that may hold anything
}

// family is all that may apply to a value: a schema, what it refers to, its
// parts and every alternative. It answers what a value can look like, not
// whether one is valid.
type family struct {
	nodes    []*yaml.Node
	kinds    []string
	names    []string // of the properties, in the order of the document
	parts    map[string][]*yaml.Node
	items    []*yaml.Node
	open     bool // may hold properties that are not named
	nullable bool
}

// familyOf gathers the family of schemas.
func (w *work) familyOf(schemas ...*yaml.Node) *family {
	var key *yaml.Node
	if len(schemas) == 1 {
		if key = plain(schemas[0]); w.d.families[key] != nil {
			w.spend(1)
			return w.d.families[key]
		}
	}
	f := &family{parts: map[string][]*yaml.Node{}}
	seen := map[*yaml.Node]bool{}
	for _, schema := range schemas {
		w.gather(f, schema, seen, 0)
	}
	if key != nil && w.left >= 0 {
		w.d.families[key] = f
	}
	return f
}

func (w *work) gather(f *family, n *yaml.Node, seen map[*yaml.Node]bool, depth int) {
	if n = plain(n); n == nil || n.Kind != yaml.MappingNode || seen[n] || depth > maxDepth || !w.spend(1) {
		return
	}
	seen[n] = true
	f.nodes = append(f.nodes, n)
	if ref := text(get(n, "$ref")); ref != "" {
		w.gather(f, w.target(ref), seen, depth+1)
	}
	kinds, nullable := typesOf(n)
	f.nullable = f.nullable || nullable
	for _, kind := range kinds {
		if !slices.Contains(f.kinds, kind) {
			f.kinds = append(f.kinds, kind)
		}
	}
	for _, word := range []string{"allOf", "oneOf", "anyOf"} {
		for _, part := range items(get(n, word)) {
			w.gather(f, part, seen, depth+1)
		}
	}
	for _, word := range []string{"then", "else"} {
		w.gather(f, get(n, word), seen, depth+1)
	}
	w.gatherHeirs(f, n, seen, depth)
	each(get(n, "properties"), func(name string, schema *yaml.Node) {
		if w.spend(1) {
			if f.parts[name] == nil {
				f.names = append(f.names, name)
			}
			f.parts[name] = append(f.parts[name], schema)
		}
	})
	if node := get(n, "items"); node != nil {
		f.items = append(f.items, node)
	}
	if extra := get(n, "additionalProperties"); extra != nil && text(extra) != "false" || get(n, "patternProperties") != nil {
		f.open = true
	}
}

// gatherHeirs adds the schemas of a discriminator, unless one of them is where
// we come from: then it is that one and not its sisters.
func (w *work) gatherHeirs(f *family, n *yaml.Node, seen map[*yaml.Node]bool, depth int) {
	discriminator := get(n, "discriminator")
	if text(get(discriminator, "propertyName")) == "" || get(n, "oneOf") != nil || get(n, "anyOf") != nil {
		return
	}
	heirs := w.heirs(n, discriminator)
	if slices.ContainsFunc(heirs, func(a alternative) bool { return seen[w.follow(a.node)] }) {
		return
	}
	for _, heir := range heirs {
		target := w.follow(heir.node)
		w.gather(f, target, seen, depth+1)
	}
}

// kind is the type of a value of the schemas; "" when it may be several or any.
func (w *work) kind(schemas ...*yaml.Node) (string, *family) {
	f := w.familyOf(schemas...)
	switch {
	case len(f.kinds) == 1:
		return f.kinds[0], f
	case len(f.kinds) == 2 && slices.Contains(f.kinds, integer) && slices.Contains(f.kinds, decimal):
		return decimal, f
	case len(f.kinds) > 0:
		return "", f
	case len(f.names) > 0:
		return object, f
	case len(f.items) > 0:
		return list, f
	}
	return "", f
}

// maxShape is the largest number of fields of a typed answer. All of a person
// in the BRP is some seven hundred.
const maxShape = 3000

// shaper walks through schemas along the places in a document.
type shaper struct {
	w       *work
	count   int // fields up to now
	fields  [][]string
	matched []bool
	open    bool // met a place where anything may stand
	names   map[string]bool
	on      map[*yaml.Node]bool // schemas that are being walked
}

// Shape is the form of the answer that goes with the constants, pruned to the
// fields: dotted paths that match at the end of a place in the document, lists
// not counted. Missing are the fields that the answer cannot have; it is empty
// when some place of the answer is not described. The shape is nil when
// nothing is left.
func (o *Operation) Shape(fields []string, constants map[string]string) (shape *Shape, missing []string) {
	s := o.shaper(fields)
	schema := o.answerSchema(constants)
	if schema == nil {
		return nil, nil
	}
	shape = s.walk([]*yaml.Node{schema}, nil, false, 0)
	for i, field := range fields {
		if !s.matched[i] && !s.open && !o.Exhausted() {
			missing = append(missing, field)
		}
	}
	return shape, missing
}

// maxSuggested is of how many places a suggestion is chosen.
const maxSuggested = 2000

// Places are the dotted paths of the fields that the answer can have, sorted;
// of a very large answer those that come first.
func (o *Operation) Places(constants map[string]string) []string {
	s := o.shaper(nil)
	s.names = map[string]bool{}
	if schema := o.answerSchema(constants); schema != nil {
		s.walk([]*yaml.Node{schema}, nil, false, 0)
	}
	return slices.Sorted(maps.Keys(s.names))
}

func (o *Operation) shaper(fields []string) *shaper {
	return &shaper{w: o.w, fields: splitFields(fields), matched: make([]bool, len(fields)), on: map[*yaml.Node]bool{}}
}

func splitFields(fields []string) [][]string {
	var out [][]string
	for _, field := range fields {
		out = append(out, strings.Split(field, "."))
	}
	return out
}

// walk gives the shape of the schemas at a place; nil when nothing of it is
// wanted. Under a wanted name everything is.
func (s *shaper) walk(schemas []*yaml.Node, path []string, whole bool, depth int) *Shape {
	var entered []*yaml.Node
	defer func() {
		for _, n := range entered {
			delete(s.on, n)
		}
	}()
	nothing := &Shape{Kind: "any"}
	if !whole {
		nothing = nil
	}
	for _, schema := range schemas {
		n := s.w.follow(schema)
		if n == nil {
			continue
		}
		if s.on[n] || depth > maxDepth || !s.w.spend(1) {
			return nothing // in a circle
		}
		if !slices.Contains(entered, n) {
			entered = append(entered, n)
		}
	}
	for _, n := range entered {
		s.on[n] = true
	}
	kind, f := s.w.kind(schemas...)
	switch kind {
	case object:
		return s.object(f, path, whole, depth)
	case list:
		item := s.walk(f.items, path, whole, depth+1)
		if item == nil {
			return nil
		}
		return &Shape{Kind: "list", Item: item}
	case "":
		s.open = s.open || len(f.kinds) == 0 || slices.Contains(f.kinds, object)
		return nothing
	}
	if whole {
		return &Shape{Kind: kind}
	}
	return nil
}

func (s *shaper) object(f *family, path []string, whole bool, depth int) *Shape {
	if f.open || len(f.names) == 0 {
		s.open = true
		if whole {
			return &Shape{Kind: "any"}
		}
	}
	shape := &Shape{Kind: object}
	for _, name := range f.names {
		below := append(slices.Clip(path), name)
		if s.names != nil && len(s.names) < maxSuggested {
			s.names[strings.Join(below, ".")] = true
		}
		sub := s.walk(f.parts[name], below, whole || s.wanted(below), depth+1)
		if s.count > maxShape {
			s.w.left = min(s.w.left, -1)
			break
		}
		if sub != nil && jsonTag(name) {
			s.count++
			shape.Fields = append(shape.Fields, ShapeField{JSON: name, Doc: s.w.doc(f.parts[name]), Shape: sub})
		}
	}
	return objectShape(shape, whole)
}

// endsWith says whether a field, a dotted path, names a place.
func endsWith(place, field []string) bool {
	return len(field) <= len(place) && slices.Equal(field, place[len(place)-len(field):])
}

// objectShape is the shape of an object whose fields are gathered: nil without
// any, unless all of it is wanted.
func objectShape(shape *Shape, whole bool) *Shape {
	if len(shape.Fields) > 0 {
		identify(shape.Fields)
		return shape
	}
	if whole {
		return &Shape{Kind: "any"}
	}
	return nil
}

// wanted says whether a place is one that a field names.
func (s *shaper) wanted(path []string) bool {
	found := false
	for i, field := range s.fields {
		if endsWith(path, field) {
			s.matched[i], found = true, true
		}
	}
	return found
}

// maxDoc is how long a description in the code of a client may be.
const maxDoc = 200

// doc is the first description of a schema, on one line.
func (w *work) doc(parts []*yaml.Node) string {
	for _, part := range parts {
		for _, n := range []*yaml.Node{plain(part), w.follow(part)} {
			for _, word := range []string{"description", "title"} {
				if words := line(get(n, word)); words != "" {
					runes := []rune(strings.ToValidUTF8(words, ""))
					if len(runes) > maxDoc {
						return string(runes[:maxDoc-1]) + "…"
					}
					return string(runes)
				}
			}
		}
	}
	return ""
}

// jsonTag says whether a name can stand in the json tag of a Go struct: the
// characters that encoding/json allows there. A property with another name is
// left out of the typed answer.
func jsonTag(name string) bool {
	if name == "" || name == "-" || len(name) > 200 {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return false
		}
		return !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r)
	})
}

// identify sorts the fields of an object and gives each an identifier of its own.
func identify(fields []ShapeField) {
	slices.SortFunc(fields, func(a, b ShapeField) int { return strings.Compare(a.JSON, b.JSON) })
	taken := map[string]bool{}
	for i := range fields {
		names, err := naming.Of(fields[i].JSON)
		identifier := names.Go
		if err != nil {
			identifier = "Veld"
		}
		unique := identifier
		for n := 2; taken[unique]; n++ {
			unique = fmt.Sprintf("%s%d", identifier, n)
		}
		taken[unique] = true
		fields[i].Go = unique
	}
}
