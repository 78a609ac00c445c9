package openapi

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// Answer is what an operation answers: a status and a JSON document.
type Answer struct {
	Status int
	Body   string
}

// maxExamples is how many answers of one operation are of use.
const maxExamples = 10

// success is the response of an operation when all is well: 200 or else the
// first of the two hundreds that has a JSON body.
func (o *Operation) success() (status int, response *yaml.Node) {
	each(get(o.node, "responses"), func(code string, value *yaml.Node) {
		if !strings.HasPrefix(code, "2") || len(code) != 3 || !o.w.spend(1) {
			return
		}
		found := o.w.follow(value)
		if n, err := strconv.Atoi(code); err == nil && jsonContent(found) != nil && (response == nil || n == 200) {
			status, response = n, found
		} else if err != nil && response == nil && jsonContent(found) != nil {
			status, response = 200, found // 2XX
		}
	})
	return status, response
}

// answerSchema is the schema of the answer that goes with the constants of the
// question; nil when it is not described.
func (o *Operation) answerSchema(constants map[string]string) *yaml.Node {
	_, response := o.success()
	schema := get(jsonContent(response), "schema")
	if schema == nil {
		return nil
	}
	e, _ := o.w.choose(just(schema), constants)
	if len(e.made) == 0 {
		return schema
	}
	parts := make([]*yaml.Node, len(e.parts))
	for i, part := range e.parts {
		parts[i] = without(o.w.follow(part), e.made)
	}
	return allOf(parts)
}

// Described says whether the specification has a schema of the answer.
func (o *Operation) Described() bool { return o.answerSchema(nil) != nil }

// without is a schema without the lists from which a choice was made.
func without(n *yaml.Node, made []*yaml.Node) *yaml.Node {
	if n == nil || !slices.ContainsFunc(n.Content, func(value *yaml.Node) bool { return slices.Contains(made, plain(value)) }) {
		return n
	}
	rest := &yaml.Node{Kind: n.Kind, Tag: n.Tag}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !slices.Contains(made, plain(n.Content[i+1])) {
			rest.Content = append(rest.Content, n.Content[i], n.Content[i+1])
		}
	}
	return rest
}

// Answers are what the operation answers when it finds something: the examples
// of the specification that are valid by it and hold every field, then one that
// is made along its schema, by which sources answer each other; without those
// the examples that hold any of the fields. It is empty when the specification
// gives nothing to go by.
//
// Numbers that identify a citizen come from the published test range, whatever
// an example says.
func (o *Operation) Answers(fields []string, constants map[string]string) []Answer {
	shape, _ := o.Shape(fields, constants)
	return o.AnswersOf(shape, fields, constants)
}

// AnswersOf is as Answers, when what the fields keep is known.
func (o *Operation) AnswersOf(shape *Shape, fields []string, constants map[string]string) []Answer {
	status, response := o.success()
	media := jsonContent(response)
	if media == nil {
		return nil
	}
	schema := o.answerSchema(constants)
	var all, some []Answer
	for _, candidate := range o.examples(media, schema) {
		if schema != nil && !o.w.valid(schema, candidate) {
			continue
		}
		candidate = o.w.anonymous(candidate, "", 0)
		body := encode(candidate)
		switch n := holds(body, fields); {
		case body == "" || !legible(candidate) || len(fields) > 0 && n == 0:
		case n == len(fields):
			all = append(all, Answer{status, body})
		default:
			some = append(some, Answer{status, body})
		}
	}
	all = all[:min(len(all), maxExamples)]
	if made := o.made(shape, fields, constants, 0); made != "" {
		all = append(all, Answer{status, made})
		// Another one, so that there is more than one thing to find.
		if other := o.made(shape, fields, constants, 1); other != "" && other != made {
			all = append(all, Answer{status, other})
		}
		return all
	}
	if len(all) > 0 {
		return all
	}
	return some[:min(len(some), maxExamples)]
}

// Made is an answer made along the schema, with what it requires, the fields
// and properties by the names of the parameters; "" when there is no schema or
// nothing of use can be made of it.
func (o *Operation) Made(fields []string, constants map[string]string) string {
	shape, _ := o.Shape(fields, constants)
	return o.made(shape, fields, constants, 0)
}

// made is the nth answer that is made.
func (o *Operation) made(shape *Shape, fields []string, constants map[string]string, nth int) string {
	schema := o.answerSchema(constants)
	if schema == nil || len(fields) > 0 && shape == nil {
		return ""
	}
	if len(fields) == 0 {
		shape = nil
	}
	s := &sampler{w: o.w, research: strings.Contains(strings.ToLower(strings.Join(fields, ".")), "inonderzoek")}
	if q, err := o.Question(constants); err == nil {
		for _, p := range q.Parameters {
			if !slices.Contains(unasked, p.Name) {
				s.asked = append(s.asked, p.Name)
			}
		}
	}
	e, _ := o.w.choose(just(schema), constants)
	for property, value := range constants {
		if o.w.familyOf(schema).parts[property] != nil {
			e.fixed = append(e.fixed, fixed{property, value})
		}
	}
	slices.SortFunc(e.fixed, func(a, b fixed) int { return strings.Compare(a.property, b.property) })
	value := counted(s.value(e, shape, "", nth, 0))
	if value == nil || value.Kind == yaml.ScalarNode || !o.w.valid(schema, value) || o.Exhausted() {
		return ""
	}
	return encode(value)
}

// counted is an answer of which what counts the things in it is right.
func counted(answer *yaml.Node) *yaml.Node {
	if answer == nil || answer.Kind != yaml.MappingNode {
		return answer
	}
	lists, number := 0, 0
	each(answer, func(_ string, value *yaml.Node) {
		if value.Kind == yaml.SequenceNode {
			lists, number = lists+1, len(value.Content)
		}
	})
	for i := 0; i+1 < len(answer.Content) && lists == 1; i += 2 {
		name, value := bare(answer.Content[i].Value), answer.Content[i+1]
		if kindOf(value) == integer && (name == "count" || strings.HasPrefix(name, "total") || strings.HasPrefix(name, "totaal") || strings.HasPrefix(name, "aantal") || name == "numbermatched" || name == "numberreturned") {
			answer.Content[i+1] = numberNode(float64(number))
		}
	}
	return answer
}

// unasked are parameters that most questions leave out: a house has a number,
// and seldom more.
var unasked = []string{"huisletter", "huisnummertoevoeging"}

// examples are the examples of a media type and of its schema that are no
// plain values.
func (o *Operation) examples(media, schema *yaml.Node) []*yaml.Node {
	candidates := []*yaml.Node{get(media, "example")}
	each(get(media, "examples"), func(_ string, example *yaml.Node) {
		if o.w.spend(1) {
			candidates = append(candidates, get(o.w.follow(example), "value"))
		}
	})
	if schema != nil {
		for _, n := range o.w.flatten(just(schema)).nodes {
			candidates = append(candidates, get(n, "example"))
			candidates = append(candidates, items(get(n, "examples"))...)
		}
	}
	return slices.DeleteFunc(candidates, func(n *yaml.Node) bool {
		n = plain(n)
		return n == nil || n.Kind == yaml.ScalarNode || !o.w.spend(1)
	})
}

// legible says whether the texts of a value have no characters that people
// cannot see but machines act on: those are no example of anything.
func legible(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode {
		return !strings.ContainsFunc(n.Value, func(r rune) bool {
			return r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || strings.ContainsRune("\u2028\u2029\ufeff\ufffd", r)
		})
	}
	return !slices.ContainsFunc(n.Content, func(sub *yaml.Node) bool { return !legible(sub) })
}

// holds counts the fields that a JSON document has a value for.
func holds(body string, fields []string) int {
	n := 0
	paths := ShapeOf(body, fields).Paths()
	for _, field := range fields {
		if slices.ContainsFunc(paths, func(path string) bool {
			return path == field || strings.HasSuffix(path, "."+field) || strings.Contains("."+path+".", "."+field+".")
		}) {
			n++
		}
	}
	return n
}

// anonymous is a value in which every burgerservicenummer that is not of the
// test range is replaced by one that is.
func (w *work) anonymous(n *yaml.Node, name string, depth int) *yaml.Node {
	n = plain(n)
	if n == nil || depth > maxDepth || !w.spend(1) {
		return n
	}
	switch kindOf(n) {
	case object, list:
		changed := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Content: slices.Clone(n.Content)}
		for i := range changed.Content {
			key := name
			if n.Kind == yaml.MappingNode {
				if i%2 == 0 {
					continue
				}
				key = changed.Content[i-1].Value
			}
			changed.Content[i] = w.anonymous(changed.Content[i], key, depth+1)
		}
		return changed
	case str, integer:
		if isSubject(name) && len(n.Value) == 9 && !strings.HasPrefix(n.Value, "9999") {
			test := testBSNs[int(n.Value[8]-'0')%len(testBSNs)]
			return &yaml.Node{Kind: yaml.ScalarNode, Tag: n.Tag, Value: test, Style: n.Style}
		}
	}
	return n
}

// forced are the statuses that a tester can make a stand-in answer with.
var forced = []int{400, 401, 403, 404, 406, 429, 500, 503}

// Errors are the examples that the specification gives of what it answers when
// something is wrong, by status.
func (o *Operation) Errors() map[int]string {
	out := map[int]string{}
	responses := get(o.node, "responses")
	for _, status := range forced {
		code := strconv.Itoa(status)
		response := get(responses, code)
		if response == nil {
			response = get(responses, code[:1]+"XX")
		}
		media := jsonContent(o.w.follow(response))
		if media == nil {
			continue
		}
		for _, example := range o.examples(media, get(media, "schema")) {
			if body := encode(o.w.anonymous(example, "", 0)); body != "" {
				out[status] = body
				break
			}
		}
	}
	return out
}

// ByID says whether the operation asks for one thing by its identification in
// the path, and so answers 404 when there is none, and not an empty list.
func (o *Operation) ByID() bool { return strings.HasSuffix(strings.TrimSuffix(o.Path, "/"), "}") }

// Check says whether a JSON document is valid by the schema of the answer that
// goes with the constants.
func (o *Operation) Check(document string, constants map[string]string) bool {
	value, schema := parseJSON([]byte(document)), o.answerSchema(constants)
	return value != nil && (schema == nil || o.w.valid(schema, value))
}
