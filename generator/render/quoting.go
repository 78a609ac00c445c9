package render

import (
	"fmt"
	"path"
	"reflect"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
)

// quoting walks the parse tree with the types of the data, and gives every place
// that prints what a team wrote without a quoter, or with the quoter of another
// language. In a strange pack, a kind of file that has no quoter holds no words
// of a team.
func quoting(parsed *template.Template, strange bool) []*Error {
	w := &walk{template: parsed, tree: parsed.Tree, seen: map[string]bool{}, strange: strange}
	w.extension = path.Ext(strings.TrimSuffix(parsed.Name(), Suffix))
	root := value{kind: reflect.TypeFor[Data](), from: "the component"}
	w.list(parsed.Root, root, &scope{names: map[string]value{"$": root}})
	return w.faults
}

// value is what the walk knows of a value: its type (nil when unknown), and
// where the words of the team in it come from ("" when there are none).
type value struct {
	kind reflect.Type
	from string
	keys map[string]value // of a dict with constant keys
	held int              // how many it holds, with those in it
}

// printable says whether a value may be printed as it is.
func (v value) printable() bool {
	if v.from == "" && v.keys == nil {
		return true
	}
	if v.kind == nil {
		return false
	}
	switch deref(v.kind).Kind() {
	case reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		return true
	}
	return false
}

type scope struct {
	names map[string]value
	outer *scope
}

func (s *scope) inner() *scope { return &scope{names: map[string]value{}, outer: s} }

func (s *scope) find(name string) (*scope, bool) {
	for ; s != nil; s = s.outer {
		if _, found := s.names[name]; found {
			return s, true
		}
	}
	return nil, false
}

type walk struct {
	template  *template.Template
	tree      *parse.Tree
	extension string
	strange   bool
	seen      map[string]bool
	steps     int // nodes that were walked
	calls     int // templates that are being walked
	tainted   int // variables that got words of the team after they were declared
	faults    []*Error
}

// maxSteps is how far the walk goes, and maxFaults how much it says. A template
// that takes more is refused.
const (
	maxSteps  = 200_000
	maxFaults = 100
)

func (w *walk) fault(node parse.Node, kind Kind, what string, args ...any) {
	_, context := w.tree.ErrorContext(node)
	if runes := []rune(context); len(runes) > 80 {
		context = string(runes[:80]) + "…"
	}
	found := &Error{Name: w.template.Name(), Line: lineOf(w.tree, node), Kind: kind, Args: append(args, context), What: context + ": " + what}
	said := func(other *Error) bool { return other.Line == found.Line && other.What == found.What }
	if len(w.faults) < maxFaults && !slices.ContainsFunc(w.faults, said) {
		w.faults = append(w.faults, found)
	}
}

// step says whether the walk goes on.
func (w *walk) step(node parse.Node) bool {
	if w.steps++; w.steps == maxSteps {
		w.fault(node, TooMuch, "the template is too complicated to judge")
	}
	return w.steps < maxSteps
}

func (w *walk) list(list *parse.ListNode, dot value, s *scope) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		w.node(node, dot, s)
	}
}

func (w *walk) node(node parse.Node, dot value, s *scope) {
	if !w.step(node) {
		return
	}
	switch node := node.(type) {
	case *parse.ActionNode:
		printed := w.pipe(node.Pipe, dot, s)
		if len(node.Pipe.Decl) == 0 && !printed.printable() {
			w.fault(node, Unquoted, "prints "+printed.from+" without a quoter", printed.from)
		}
	case *parse.IfNode:
		inner := s.inner()
		w.pipe(node.Pipe, dot, inner)
		w.list(node.List, dot, inner.inner())
		w.list(node.ElseList, dot, inner.inner())
	case *parse.WithNode:
		inner := s.inner()
		with := w.pipe(node.Pipe, dot, inner)
		w.list(node.List, with, inner.inner())
		w.list(node.ElseList, dot, inner.inner())
	case *parse.RangeNode:
		w.loop(node, dot, s.inner())
	case *parse.TemplateNode:
		w.call(node, dot, s)
	}
}

func (w *walk) loop(node *parse.RangeNode, dot value, s *scope) {
	over := w.value(node.Pipe, dot, s)
	item := value{from: over.from}
	if over.kind != nil {
		switch kind := deref(over.kind); kind.Kind() {
		case reflect.Slice, reflect.Array, reflect.Map:
			item.kind = kind.Elem()
		case reflect.Int:
			item.kind = kind
		}
	}
	switch names := node.Pipe.Decl; len(names) {
	case 1:
		s.names[names[0].Ident[0]] = item
	case 2:
		s.names[names[0].Ident[0]] = value{kind: reflect.TypeFor[int]()}
		s.names[names[1].Ident[0]] = item
	}
	// What a variable gets at the end of a round, it has at the begin of the next.
	for tainted := w.tainted - 1; tainted != w.tainted && w.steps < maxSteps; {
		tainted = w.tainted
		w.list(node.List, item, s.inner())
	}
	w.list(node.ElseList, dot, s.inner())
}

func (w *walk) call(node *parse.TemplateNode, dot value, s *scope) {
	argument := value{}
	if node.Pipe != nil {
		argument = w.pipe(node.Pipe, dot, s)
	}
	key := fmt.Sprint(node.Name, argument)
	called := w.template.Lookup(node.Name)
	if w.seen[key] || called == nil {
		return
	}
	w.seen[key] = true
	if w.calls > maxCalls {
		w.fault(node, TooMuch, "the template is too complicated to judge")
		return
	}
	outer := w.tree
	w.tree = called.Tree
	w.calls++
	defer func() { w.calls-- }()
	w.list(called.Root, argument, &scope{names: map[string]value{"$": argument}})
	w.tree = outer
}

// pipe evaluates a pipeline and declares or changes its variables.
func (w *walk) pipe(pipe *parse.PipeNode, dot value, s *scope) value {
	result := w.value(pipe, dot, s)
	for _, variable := range pipe.Decl {
		name := variable.Ident[0]
		if owner, found := s.find(name); pipe.IsAssign && found {
			if was := owner.names[name]; was.from == "" {
				owner.names[name] = result
				if result.from != "" {
					w.tainted++
				}
			}
			continue
		}
		s.names[name] = result
	}
	return result
}

func (w *walk) value(pipe *parse.PipeNode, dot value, s *scope) value {
	result := &value{}
	for i, command := range pipe.Cmds {
		piped := result
		if i == 0 {
			piped = nil
		}
		next := w.command(command, piped, dot, s)
		result = &next
	}
	return *result
}

func (w *walk) command(command *parse.CommandNode, piped *value, dot value, s *scope) value {
	if name, ok := command.Args[0].(*parse.IdentifierNode); ok {
		var arguments []value
		for _, argument := range command.Args[1:] {
			arguments = append(arguments, w.argument(argument, dot, s))
		}
		if piped != nil {
			arguments = append(arguments, *piped)
		}
		if name.Ident == "dict" {
			return dictionary(command.Args[1:], arguments)
		}
		return w.function(name, arguments)
	}
	return w.argument(command.Args[0], dot, s)
}

func (w *walk) argument(node parse.Node, dot value, s *scope) value {
	switch node := node.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return w.fields(node, dot, node.Ident)
	case *parse.VariableNode:
		owner, found := s.find(node.Ident[0])
		if !found {
			w.fault(node, NoField, "unknown variable", "", node.Ident[0])
			return value{}
		}
		return w.fields(node, owner.names[node.Ident[0]], node.Ident[1:])
	case *parse.ChainNode:
		return w.fields(node, w.argument(node.Node, dot, s), node.Field)
	case *parse.PipeNode:
		return w.pipe(node, dot, s)
	case *parse.IdentifierNode:
		return w.function(node, nil)
	}
	return value{} // a constant
}

// maxKeys is how many values a dict holds, with those in dicts in it.
const maxKeys = 50

// dictionary is a dict, of which the keys must be constants.
func dictionary(nodes []parse.Node, arguments []value) value {
	keys := map[string]value{}
	held := 0
	for i := 0; i+1 < len(arguments); i += 2 {
		key, ok := nodes[i].(*parse.StringNode)
		if !ok {
			return value{from: "a dict with a computed key"}
		}
		keys[key.Text] = arguments[i+1]
		if held += 1 + arguments[i+1].held; held > maxKeys {
			return value{from: "a dict that holds too much"}
		}
	}
	return value{from: "a dict", keys: keys, held: held}
}

// function says what a function makes of its arguments.
func (w *walk) function(node *parse.IdentifierNode, arguments []value) value {
	name := node.Ident
	if _, quotes := quoters()[name]; quotes {
		switch fitting, known := quotersFor[w.extension]; {
		case known && !slices.Contains(fitting, name):
			w.fault(node, WrongQuoter, name+" does not fit in a file "+w.extension, name, w.extension)
		case !known && w.strange:
			w.fault(node, NoQuoter, "a file "+w.extension+" has no quoter, so it holds no words of a team", name, w.extension)
		}
		return value{}
	}
	if len(arguments) == 0 && name != "list" && name != "print" && name != "println" {
		w.fault(node, NotOffered, name+" has no arguments", name)
		return value{}
	}
	switch name {
	case "len", "add", "sub", "mul", "until", "eq", "ne", "lt", "le", "gt", "ge", "not", "contains", "hasPrefix", "hasSuffix":
		if name == "until" {
			return value{kind: reflect.TypeFor[[]int]()}
		}
		return value{kind: reflect.TypeFor[int]()}
	case "js", "urlquery", "call":
		w.fault(node, NotOffered, name+" is not for templates of a component", name)
		return value{}
	case "index", "first", "last":
		result := value{from: arguments[0].from}
		if kind := arguments[0].kind; kind != nil && deref(kind).Kind() == reflect.Slice {
			result.kind = deref(kind).Elem()
		}
		return result
	case "ternary":
		arguments = arguments[:min(2, len(arguments))]
	}
	result := value{}
	for _, argument := range arguments {
		if !argument.printable() {
			result.from = argument.from
		}
	}
	if name == "and" || name == "or" || name == "default" || name == "ternary" {
		result.kind = arguments[len(arguments)-1].kind
	}
	return result
}

// fields follows .A.B.C from a value.
func (w *walk) fields(node parse.Node, v value, names []string) value {
	for _, name := range names {
		if of, found := v.keys[name]; found {
			v = of
			continue
		}
		if v.kind == nil {
			return value{from: "an unknown value"}
		}
		next, ok := member(v.kind, name)
		if !ok {
			w.fault(node, NoField, fmt.Sprintf("%s has no field or method %s", v.kind, name), v.kind.String(), name)
			return value{}
		}
		v = next
	}
	return v
}

// member finds a field or method and says whether it holds words of the team.
func member(kind reflect.Type, name string) (value, bool) {
	if method, ok := kind.MethodByName(name); ok && method.Type.NumOut() > 0 {
		return from(method.Type.Out(0), kind, name), true
	}
	kind = deref(kind)
	if method, ok := reflect.PointerTo(kind).MethodByName(name); ok && method.Type.NumOut() > 0 {
		return from(method.Type.Out(0), kind, name), true
	}
	if kind.Kind() != reflect.Struct {
		return value{}, false
	}
	field, ok := kind.FieldByName(name)
	if !ok || !field.IsExported() {
		return value{}, false
	}
	owner := kind
	for _, i := range field.Index[:len(field.Index)-1] {
		owner = deref(owner.Field(i).Type)
	}
	return from(field.Type, owner, name), true
}

func from(kind, owner reflect.Type, name string) value {
	key := deref(owner).String() + "." + name
	if plain[key] || deref(owner).String() == "naming.Names" && name != "Raw" {
		return value{kind: kind}
	}
	return value{kind: kind, from: key}
}

func deref(kind reflect.Type) reflect.Type {
	for kind.Kind() == reflect.Pointer {
		kind = kind.Elem()
	}
	return kind
}
