package answers

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// decoder fills the types of this package from a tree. It goes on after a
// mistake, so that all of them come at once.
type decoder struct {
	positions Positions
	problems  problem.List
}

func (d *decoder) answers(top *yaml.Node) Answers {
	var a Answers
	d.positions[""] = Position{max(top.Line, 1), max(top.Column, 1)}
	d.decode(top, key{shape: root}, "", reflect.ValueOf(&a).Elem())
	return a
}

// decode reads n into target. The key k says what is expected at path.
func (d *decoder) decode(n *yaml.Node, k key, path string, target reflect.Value) {
	if n.Kind == yaml.AliasNode {
		return // the inspector said so
	}
	switch k.shape.kind {
	case text, integer, number, boolean:
		d.scalar(n, k, path, target)
	case list:
		d.list(n, k, path, target)
	case mapping:
		d.mapping(n, k.shape, path, target)
	case texts:
		d.texts(n, path, target)
	case outcomes:
		d.outcomes(n, path, target)
	case operation:
		if n.Kind == yaml.ScalarNode {
			d.bare(n, k.shape, path, target.Field(0))
			return
		}
		d.mapping(n, k.shape, path, target)
	case stepField:
		d.stepField(n, k.shape, path, target)
	}
}

func (d *decoder) stepField(n *yaml.Node, s *shape, path string, target reflect.Value) {
	out := target.Addr().Interface().(*StepField)
	if n.Kind == yaml.ScalarNode {
		d.bare(n, s.elem, path, reflect.ValueOf(&out.Name).Elem())
		return
	}
	if n.Kind == yaml.MappingNode {
		out.Inline = new(Field)
		d.mapping(n, s.elem, path, reflect.ValueOf(out.Inline).Elem())
		out.Name = out.Inline.Name
		return
	}
	d.wrong(n, problem.WantText, path)
}

// bare reads the short form of a mapping: its name.
func (d *decoder) bare(n *yaml.Node, s *shape, path string, target reflect.Value) {
	k, _ := s.find("name")
	d.scalar(n, k, path, target)
}

func (d *decoder) list(n *yaml.Node, k key, path string, target reflect.Value) {
	if n.Kind != yaml.SequenceNode && !absent(n) {
		d.wrong(n, problem.WantList, path)
		return
	}
	if len(n.Content) == 0 { // an empty list is no list
		if k.required {
			d.wrong(n, problem.ValueEmpty, path)
		}
		return
	}
	out := reflect.MakeSlice(target.Type(), len(n.Content), len(n.Content))
	item := key{shape: k.shape.elem, enum: k.enum, required: k.shape.elem.kind == text}
	for i, child := range n.Content {
		at := index(path, i)
		d.place(at, child)
		d.decode(child, item, at, out.Index(i))
	}
	target.Set(out)
}

func (d *decoder) mapping(n *yaml.Node, s *shape, path string, target reflect.Value) {
	switch {
	case n.Kind == yaml.MappingNode:
	case absent(n):
		n = &yaml.Node{Kind: yaml.MappingNode, Line: n.Line, Column: n.Column}
	default:
		d.wrong(n, problem.WantMapping, path)
		return
	}
	seen := make([]bool, len(s.keys))
	d.pairs(n, path, func(name string, keyNode, value *yaml.Node) {
		i, known := s.byID[name]
		if !known {
			unknown := problem.New(problem.KeyUnknown, join(path, name), name, s.names())
			d.add(keyNode, unknown.Suggest(suggest(name, s.names())))
			return
		}
		seen[i] = true
		k, at := s.keys[i], join(path, name)
		if value.Kind == yaml.ScalarNode && !(value.Value == "" && value.Style == 0) {
			d.place(at, value)
		} else {
			d.place(at, keyNode)
		}
		if colour := regexColour.FindString(keyNode.LineComment); k.form == "colour" && colour != "" && absent(value) {
			d.add(keyNode, problem.New(problem.ValueIsComment, at, colour))
			return
		}
		field := target.Field(k.field)
		if k.pointer {
			if absent(value) {
				return
			}
			field.Set(reflect.New(field.Type().Elem()))
			field = field.Elem()
		}
		d.decode(value, k, at, field)
	})
	for i, k := range s.keys {
		if k.required && !seen[i] {
			d.problems = append(d.problems, d.missing(n, path, k.name))
		}
	}
}

// missing is placed at the key that should hold name.
func (d *decoder) missing(n *yaml.Node, path, name string) problem.Problem {
	p := problem.New(problem.KeyMissing, join(path, name), name)
	if at, ok := d.positions.Of(path); ok {
		return p.At("", at.Line, at.Column)
	}
	return p.At("", n.Line, n.Column)
}

func (d *decoder) texts(n *yaml.Node, path string, target reflect.Value) {
	if absent(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.wrong(n, problem.WantMapping, path)
		return
	}
	out := map[string]string{}
	d.pairs(n, path, func(name string, _, value *yaml.Node) {
		at := join(path, name)
		d.place(at, value)
		var s string
		d.decode(value, key{shape: &shape{kind: text}, required: true}, at, reflect.ValueOf(&s).Elem())
		out[name] = s
	})
	if len(out) > 0 {
		target.Set(reflect.ValueOf(out))
	}
}

func (d *decoder) outcomes(n *yaml.Node, path string, target reflect.Value) {
	if absent(n) {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.wrong(n, problem.WantMapping, path)
		return
	}
	var out []Outcome
	d.pairs(n, path, func(name string, _, value *yaml.Node) {
		at := join(path, name)
		d.place(at, value)
		o := Outcome{Name: name}
		d.decode(value, key{shape: &shape{kind: text}, required: true}, at, reflect.ValueOf(&o.Next).Elem())
		out = append(out, o)
	})
	target.Set(reflect.ValueOf(out))
}

// pairs calls yield for every key of n, the first time it comes.
func (d *decoder) pairs(n *yaml.Node, path string, yield func(name string, keyNode, value *yaml.Node)) {
	lines := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		keyNode, value := n.Content[i], n.Content[i+1]
		if keyNode.Kind != yaml.ScalarNode || keyNode.Tag == "!!merge" {
			continue // the inspector said so
		}
		name := keyNode.Value
		if first, twice := lines[name]; twice {
			d.add(keyNode, problem.New(problem.KeyDuplicate, join(path, name), name, first))
			continue
		}
		lines[name] = keyNode.Line
		yield(name, keyNode, value)
	}
}

func (d *decoder) scalar(n *yaml.Node, k key, path string, target reflect.Value) {
	if n.Kind != yaml.ScalarNode {
		d.wrong(n, wanted[k.shape.kind], path)
		return
	}
	if absent(n) {
		if k.required {
			d.wrong(n, problem.ValueEmpty, path)
		}
		return
	}
	plain := n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
	ok := false
	switch k.shape.kind {
	case text:
		d.text(n, k, path, target)
		return
	case integer:
		var value int
		if value, ok = integerOf(n.Value); ok && plain {
			target.SetInt(int64(value))
		}
	case number:
		var value float64
		if value, ok = numberOf(n.Value); ok && plain {
			target.SetFloat(value)
		}
	case boolean:
		ok = n.Value == "true" || n.Value == "false"
		target.SetBool(n.Value == "true" && plain)
	}
	if !ok || !plain {
		d.wrong(n, wanted[k.shape.kind], path)
	}
}

var wanted = map[kind]problem.Code{
	text: problem.WantText, integer: problem.WantInteger, number: problem.WantNumber, boolean: problem.WantBoolean,
}

// text takes the characters as they stand, so that an unquoted OIN keeps its
// zeros and nee stays nee.
func (d *decoder) text(n *yaml.Node, k key, path string, target reflect.Value) {
	value := n.Value
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		value = strings.TrimRight(value, "\n") // the line end belongs to the notation
	}
	if k.required && strings.TrimSpace(value) == "" {
		d.wrong(n, problem.ValueEmpty, path)
		return
	}
	if len(k.enum) > 0 && value != "" && !contains(k.enum, value) {
		d.add(n, problem.New(problem.ValueUnknown, path, value, k.enum).Suggest(suggest(value, k.enum)))
		return
	}
	target.SetString(value)
}

func contains(values []string, value string) bool {
	for _, v := range values {
		if v == value {
			return true
		}
	}
	return false
}

// regexColour finds a colour that YAML took for a comment.
var regexColour = regexp.MustCompile(`^#[0-9A-Fa-f]{6}\b`)

// absent says whether n is a key without a value. The word null is text when
// text is expected, and nothing elsewhere.
func absent(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && (n.Value == "" || n.Value == "~")
}

// integerOf accepts decimal notation only: 010 and 0x10 mean different things
// to different readers.
func integerOf(s string) (int, bool) {
	value, err := strconv.Atoi(s)
	return value, err == nil && strconv.Itoa(value) == s
}

// regexThousands is 1.250, which is 1.25 for YAML and 1250 for whoever wrote it.
var regexThousands = regexp.MustCompile(`^-?[1-9][0-9]{0,2}(\.[0-9]{3})+$`)

func numberOf(s string) (float64, bool) {
	if regexThousands.MatchString(s) {
		return 0, false
	}
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || strings.Trim(digits, "0123456789.eE+-") != "" || digits[0] < '0' || digits[0] > '9' {
		return 0, false
	}
	if len(digits) > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9' {
		return 0, false
	}
	value, err := strconv.ParseFloat(s, 64)
	return value, err == nil
}

// place remembers where path is; nodes that Set made have no place.
func (d *decoder) place(path string, n *yaml.Node) {
	if n.Line > 0 {
		d.positions[path] = Position{n.Line, n.Column}
	}
}

func (d *decoder) add(n *yaml.Node, p problem.Problem) {
	d.problems = append(d.problems, p.At("", n.Line, n.Column))
}

// wrong adds the problem that something else than code stands at path.
func (d *decoder) wrong(n *yaml.Node, code problem.Code, path string) {
	if code == problem.ValueEmpty {
		p := problem.New(code, path)
		if at, ok := d.positions.Of(path); ok {
			p = p.At("", at.Line, at.Column)
		}
		d.problems = append(d.problems, p)
		return
	}
	d.add(n, problem.New(code, path, found(n)))
}

// found says what n is.
func found(n *yaml.Node) any {
	switch {
	case n.Kind == yaml.SequenceNode:
		return problem.TermList
	case n.Kind == yaml.MappingNode:
		return problem.TermMapping
	case absent(n):
		return problem.TermNothing
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return problem.TermText
	}
	return `"` + n.Value + `"`
}
