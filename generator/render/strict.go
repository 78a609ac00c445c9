package render

import (
	"bytes"
	"fmt"
	"strings"
	"text/template"
	"text/template/parse"
	"unicode/utf8"
)

// Limits on a template of somebody else. The largest of ours is a fifth of the
// first, and none comes near the others.
const (
	maxSource  = 256 << 10 // bytes of a template
	maxNesting = 50        // if, range, with and brackets in each other
	maxValue   = 64 << 10  // bytes that one function makes
	maxCalls   = 200       // templates that call each other
	// MaxWork is how much the execution of one template may take: a unit is a node,
	// or 64 bytes that a function reads or writes.
	MaxWork = 500_000
	// MaxTotal is the same for all templates of a pack in one component.
	MaxTotal = 5_000_000
	// perField is what comes on top of it for each field of the register: a
	// specification of a hundred entities takes more than one of three.
	perField = 400
)

// Kind is what is wrong with a template of somebody else.
type Kind string

// The kinds of Error; "" is what text/template or the form of the output says.
const (
	Unquoted    Kind = "unquoted"     // words of the team without a quoter: Args has what
	WrongQuoter Kind = "wrong-quoter" // Args: the quoter, the kind of file
	NoQuoter    Kind = "no-quoter"    // the kind of file has none; Args: the quoter, the kind of file
	NotOffered  Kind = "not-offered"  // a function of text/template that is not for components; Args: its name
	NoField     Kind = "no-field"     // Args: the type, the name
	Recursion   Kind = "recursion"    // templates that call each other too often; Args: the limit
	TooDeep     Kind = "too-deep"     // Args: the limit
	TooLarge    Kind = "too-large"    // of source, a value or the output; Args: the limit
	TooMuch     Kind = "too-much"     // work; no Args
	NotText     Kind = "not-text"     // no UTF-8
)

// Check judges a template of somebody else, without executing it: its form, its
// size, and that every word of the team goes through the quoter of the file. It
// gives all that is wrong.
func Check(name string, source []byte) []*Error {
	_, faults := strictly(name, source, functions())
	return faults
}

// strictly parses and judges a template, and puts a count in it: each step of
// its execution is paid for.
func strictly(name string, source []byte, funcs template.FuncMap) (*template.Template, []*Error) {
	if len(source) > maxSource {
		return nil, []*Error{{Name: name, Kind: TooLarge, Args: []any{maxSource}, What: fmt.Sprintf("the template is larger than %d bytes", maxSource)}}
	}
	if !utf8.Valid(source) {
		line := 1 + bytes.Count(source[:invalidAt(source)], []byte("\n"))
		return nil, []*Error{{Name: name, Line: line, Kind: NotText, What: "not valid UTF-8"}}
	}
	with := template.FuncMap{countName: func(int, int) string { return "" }}
	for key, function := range funcs {
		with[key] = function
	}
	parsed, err := template.New(name).Option("missingkey=error").Funcs(with).Parse(string(source))
	if err != nil {
		return nil, []*Error{templateError(name, err)}
	}
	if faults := structure(name, parsed); len(faults) > 0 {
		return nil, faults
	}
	if faults := quoting(parsed, true); len(faults) > 0 {
		return nil, faults
	}
	for _, one := range parsed.Templates() {
		if one.Tree != nil {
			c := counter{text: string(source)}
			c.list(one.Root)
			c.line = 0
			one.Root.Nodes = append(append([]parse.Node{c.count(enter, int(one.Root.Pos))}, one.Root.Nodes...), c.count(leave, int(one.Root.Pos)))
		}
	}
	return parsed, nil
}

func invalidAt(source []byte) int {
	for at := 0; at < len(source); {
		r, size := utf8.DecodeRune(source[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return len(source)
}

// structure refuses what nests too deep.
func structure(name string, parsed *template.Template) []*Error {
	s := &shape{name: name}
	for _, one := range parsed.Templates() {
		if one.Tree == nil || one.Root == nil {
			continue
		}
		s.tree = one.Tree
		s.node(one.Root, 0)
	}
	return s.faults
}

// shape is what a walk over the parse tree finds.
type shape struct {
	name   string
	tree   *parse.Tree
	faults []*Error
}

func (s *shape) node(node parse.Node, depth int) {
	if depth > maxNesting {
		if len(s.faults) == 0 {
			s.faults = append(s.faults, &Error{Name: s.name, Line: lineOf(s.tree, node), Kind: TooDeep, Args: []any{maxNesting}, What: fmt.Sprintf("nested deeper than %d", maxNesting)})
		}
		return
	}
	branch := func(b *parse.BranchNode) {
		s.node(b.Pipe, depth+1)
		s.list(b.List, depth+1)
		s.list(b.ElseList, depth+1)
	}
	switch node := node.(type) {
	case *parse.ListNode:
		s.list(node, depth)
	case *parse.ActionNode:
		s.node(node.Pipe, depth+1)
	case *parse.IfNode:
		branch(&node.BranchNode)
	case *parse.WithNode:
		branch(&node.BranchNode)
	case *parse.RangeNode:
		branch(&node.BranchNode)
	case *parse.TemplateNode:
		if node.Pipe != nil {
			s.node(node.Pipe, depth+1)
		}
	case *parse.PipeNode:
		for _, command := range node.Cmds {
			for _, argument := range command.Args {
				s.node(argument, depth+1)
			}
		}
	case *parse.ChainNode:
		s.node(node.Node, depth+1)
	}
}

func (s *shape) list(list *parse.ListNode, depth int) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		s.node(node, depth)
	}
}

// lineOf is the line of a node.
func lineOf(tree *parse.Tree, node parse.Node) int {
	location, _ := tree.ErrorContext(node)
	parts := strings.Split(location, ":")
	line := 0
	if len(parts) >= 3 {
		_, _ = fmt.Sscan(parts[len(parts)-2], &line)
	}
	return line
}

// countName is the function that counts. No template can be written with it: the
// name is no identifier of the language, only of the parse tree.
const countName = "fieldlabCount"

// prototype is a call of it, to copy.
var prototype = func() *parse.ActionNode {
	trees, err := parse.Parse("", "{{"+countName+" 1 1}}", "", "", map[string]any{countName: true})
	if err != nil {
		panic(err) // a constant text
	}
	return trees[""].Root.Nodes[0].(*parse.ActionNode)
}()

// counter puts a count before every node of a template.
type counter struct {
	text string
	at   int // offset of which the line is known
	line int
}

// lineAt counts lines on from where it was.
func (c *counter) lineAt(at int) int {
	if at < c.at || c.line == 0 {
		c.at, c.line = 0, 1
	}
	at = min(at, len(c.text))
	c.line += strings.Count(c.text[c.at:at], "\n")
	c.at = at
	return c.line
}

func (c *counter) list(list *parse.ListNode) {
	if list == nil {
		return
	}
	nodes := make([]parse.Node, 0, 2*len(list.Nodes)+1)
	if len(list.Nodes) == 0 {
		nodes = append(nodes, c.count(1, int(list.Pos)))
	}
	for _, node := range list.Nodes {
		nodes = append(nodes, c.count(cost(node), int(node.Position())), node)
		switch node := node.(type) {
		case *parse.IfNode:
			c.list(node.List)
			c.list(node.ElseList)
		case *parse.WithNode:
			c.list(node.List)
			c.list(node.ElseList)
		case *parse.RangeNode:
			c.list(node.List)
			c.list(node.ElseList)
		}
	}
	list.Nodes = nodes
}

// Instead of a cost: a template begins, or ends.
const (
	enter = 0
	leave = -1
)

// count is a call that costs n, at an offset in the text.
func (c *counter) count(n, at int) parse.Node {
	call := prototype.Copy().(*parse.ActionNode)
	arguments := call.Pipe.Cmds[0].Args
	for i, value := range []int{n, c.lineAt(at)} {
		number := arguments[i+1].(*parse.NumberNode)
		number.Int64, number.Uint64, number.Float64, number.Text = int64(value), uint64(value), float64(value), fmt.Sprint(value) // #nosec G115 -- A place in a template.
	}
	return call
}

// cost is how much a node takes by itself: one, and one for each part of what it
// evaluates; a method of the model is a small program.
func cost(node parse.Node) int {
	pipe := func(p *parse.PipeNode) int {
		if p == nil {
			return 1
		}
		return 1 + pipeCost(p)
	}
	switch node := node.(type) {
	case *parse.ActionNode:
		return pipe(node.Pipe)
	case *parse.IfNode:
		return pipe(node.Pipe)
	case *parse.WithNode:
		return pipe(node.Pipe)
	case *parse.RangeNode:
		return pipe(node.Pipe)
	case *parse.TemplateNode:
		return 5 + pipe(node.Pipe)
	case *parse.TextNode:
		return 1 + len(node.Text)/64
	}
	return 1
}

func pipeCost(pipe *parse.PipeNode) (n int) {
	for _, command := range pipe.Cmds {
		for _, argument := range command.Args {
			n += argumentCost(argument)
		}
	}
	return n
}

func argumentCost(node parse.Node) int {
	switch node := node.(type) {
	case *parse.PipeNode:
		return pipeCost(node)
	case *parse.FieldNode:
		return namesCost(node.Ident)
	case *parse.VariableNode:
		return namesCost(node.Ident)
	case *parse.ChainNode:
		return argumentCost(node.Node) + namesCost(node.Field)
	}
	return 1
}

func namesCost(names []string) (n int) {
	for _, name := range names {
		if n++; methods()[name] {
			n += methodCost
		}
	}
	return n
}
