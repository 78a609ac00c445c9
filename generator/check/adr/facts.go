package adr

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// used is a value of the document as Spectral sees it, with every $ref replaced by what
// it leads to, and the place that Spectral names for it.
type used struct {
	key  string // under which it is used
	node *node  // the value, past its $ref
	at   *node  // where it stands: past a $ref that stands alone
}

// use takes a value as it is used.
func (d *Document) use(raw *node) used {
	to, ok := d.resolve(raw)
	u := used{raw.key, to, to}
	if !ok {
		u.node, u.at = raw, d.nearest(raw) // what cannot be followed stays as it is
	}
	// Beside a $ref may stand a description (3.1): the place stays there then.
	if raw.is(isObject) && raw.size() > 1 && raw.get("$ref") != nil {
		u.at = raw
	}
	return u
}

// nearest is the last value on the way to where a $ref leads, when that is not there.
func (d *Document) nearest(raw *node) *node {
	pointer, ok := strings.CutPrefix(raw.get("$ref").str(), "#/")
	if !ok {
		return raw
	}
	at := d.root
	for part := range strings.SplitSeq(pointer, "/") {
		next := at.get(strings.NewReplacer("~1", "/", "~0", "~").Replace(part))
		if next == nil {
			break
		}
		at = next
	}
	return at
}

// child is what is used under a key; false when there is nothing.
func (d *Document) child(u used, key string) (used, bool) {
	raw := u.node.get(key)
	if raw == nil {
		return used{}, false
	}
	return d.use(raw), true
}

// members are the values in an object or array, as they are used.
func (d *Document) members(n *node) []used {
	all := make([]used, 0, n.size())
	for raw := range n.all() {
		all = append(all, d.use(raw))
	}
	return all
}

// facts is what the rules on the design ask of a document, found in one walk over all of
// it. They find it wherever it stands, also in an example, as the JSONPaths ($..x) of the
// official rulesets do.
type facts struct {
	responses  []used // what stands in something called responses
	properties []used // what stands in something called properties
	openapi    []*node
	callable   []used // below paths, with a name that holds the name of a method
	servers    []used // below paths, in something called servers
}

// facts makes them at the first call.
func (d *Document) facts() *facts {
	if d.noted == nil {
		f := collector{Document: d, done: map[*node]as{}, facts: &facts{}}
		f.walk(used{node: d.root, at: d.root}, 0)
		d.noted = f.facts
	}
	return d.noted
}

// as is how a value is used, as far as that matters for what stands in it.
type as uint8

const (
	asSeen as = 1 << iota
	asResponses
	asProperties
	asServers
	belowPaths
)

type collector struct {
	*Document
	done  map[*node]as
	facts *facts
}

// walk goes into a value once for each way it is used: a schema that many operations
// lead to costs no more than one.
func (f *collector) walk(u used, how as) {
	type step struct {
		u   used
		how as
	}
	stack := []step{{u, how}}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		fresh := (s.how | asSeen) &^ f.done[s.u.node]
		if fresh == 0 {
			continue
		}
		f.done[s.u.node] |= fresh
		from := len(stack)
		for raw := range s.u.node.all() {
			c := f.use(raw)
			f.note(c, raw, fresh)
			if c.node.kind < isArray {
				continue
			}
			stack = append(stack, step{c, f.how(c.key, s.how)})
		}
		slices.Reverse(stack[from:])
	}
}

func (f *collector) how(key string, parent as) as {
	how := parent & belowPaths
	switch key {
	case "responses":
		how |= asResponses
	case "properties":
		how |= asProperties
	case "servers":
		if parent&belowPaths != 0 {
			how |= asServers
		}
	case "paths":
		if parent&asSeen == 0 { // the root only
			how |= belowPaths
		}
	}
	return how | asSeen
}

func (f *collector) note(c used, raw *node, fresh as) {
	if fresh&asSeen != 0 && c.key == "openapi" {
		f.facts.openapi = append(f.facts.openapi, raw)
	}
	if fresh&asResponses != 0 {
		f.facts.responses = append(f.facts.responses, c)
	}
	if fresh&asProperties != 0 {
		f.facts.properties = append(f.facts.properties, c)
	}
	if fresh&asServers != 0 {
		f.facts.servers = append(f.facts.servers, c)
	}
	if fresh&belowPaths != 0 && namesMethod(c.key) {
		f.facts.callable = append(f.facts.callable, c)
	}
}

// namesMethod says whether the name of a method is part of a name, as the official
// ruleset looks for operations: also in "postcode" and "budget".
func namesMethod(name string) bool {
	return readsByName(name) || writesByName(name)
}

func readsByName(name string) bool {
	return strings.Contains(name, "get") || strings.Contains(name, "delete")
}

func writesByName(name string) bool {
	return strings.Contains(name, "put") || strings.Contains(name, "post") || strings.Contains(name, "patch")
}

// below is a value that stands somewhere in another one.
type below struct {
	used
	source used // one of those that it is in
}

// allBelow gives all values with a key in some others and in what these lead to, each
// once, in one walk.
func (d *Document) allBelow(ctx context.Context, sources []used, key string) []below {
	var all []below
	done := map[*node]bool{}
	type step struct {
		n      *node
		source int
	}
	var stack []step
	for i, s := range slices.Backward(sources) {
		stack = append(stack, step{s.node, i})
	}
	for n := 0; len(stack) > 0; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			break
		}
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if done[s.n] {
			continue
		}
		done[s.n] = true
		for raw := range s.n.all() {
			c := d.use(raw)
			if c.key == key {
				all = append(all, below{c, sources[s.source]})
			}
			if c.node.kind >= isArray && !done[c.node] {
				stack = append(stack, step{c.node, s.source})
			}
		}
	}
	return all
}

// each is what the rules go through again and again, made at its first use.
type each struct {
	items      []used // in paths
	operations []operation
	answers    []answer
}

// answer is a response of an operation.
type answer struct {
	operation operation
	used
}

// each makes it: of what many paths or operations lead to, one. It costs no more than the
// document is large.
func (d *Document) each(ctx context.Context) *each {
	if d.gone != nil {
		return d.gone
	}
	all := &each{}
	paths, operations, responses := map[*node]bool{}, map[*node]bool{}, map[*node]bool{}
	for _, p := range d.members(d.at(d.root, "paths")) {
		if paths[p.node] || ctx.Err() != nil {
			continue
		}
		paths[p.node] = true
		all.items = append(all.items, p)
		for _, method := range methods {
			raw := p.node.get(method)
			if raw == nil {
				continue
			}
			o := operation{p.key, method, p.node, d.use(raw).node}
			if operations[o.node] {
				continue
			}
			operations[o.node] = true
			all.operations = append(all.operations, o)
			if r := d.at(o.node, "responses"); r != nil && !responses[r] {
				responses[r] = true
				all.answer(d, o, r)
			}
		}
	}
	all.answers = firstOfCode(all.answers)
	if ctx.Err() == nil {
		d.gone = all
	}
	return all
}

func (e *each) answer(d *Document, o operation, responses *node) {
	for raw := range responses.all() {
		e.answers = append(e.answers, answer{o, d.use(raw)})
	}
}

// firstOfCode leaves of answers that lead to the same the first with each code.
func firstOfCode(answers []answer) []answer {
	type same struct {
		n    *node
		code string
	}
	seen := map[same]bool{}
	return slices.DeleteFunc(answers, func(a answer) bool {
		key := same{a.node, a.key}
		again := seen[key]
		seen[key] = true
		return again
	})
}

// pattern compiles a regular expression at its first use: a command that checks nothing
// does not pay for it.
func pattern(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
