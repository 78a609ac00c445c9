package adr

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// yamlReader makes nodes of those of a library for YAML: aliases become what they stand
// for, up to the limit on nodes, and merge keys are worked out.
type yamlReader struct {
	builder
	open map[*yaml.Node]bool // anchors that are being unfolded
}

func (d *Document) readYAML(body []byte) (err error) {
	defer func() {
		// The library panics on some broken input.
		if recover() != nil {
			err = &syntaxError{1, 1, "not YAML"}
		}
	}()
	// The library keeps all of its own nodes, and unwinds brackets one by one.
	if bytes.Count(body, []byte("\n"))+bytes.Count(body, []byte(","))+bytes.Count(body, []byte(": ")) > 2*maxNodes {
		return errTooLarge
	}
	if tooDeep(body) {
		return errTooDeep
	}
	decoder := yaml.NewDecoder(bytes.NewReader(body))
	var doc, more yaml.Node
	if err := decoder.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil
		}
		return yamlError(err)
	}
	r := &yamlReader{builder: builder{d: d}, open: map[*yaml.Node]bool{}}
	if len(doc.Content) == 0 {
		return nil
	}
	if d.root, err = r.value(nil, doc.Content[0]); err != nil {
		return err
	}
	if err := decoder.Decode(&more); err == nil && len(more.Content) > 0 && more.Content[0].Tag != "!!null" {
		return errSeveral
	} else if err != nil && !errors.Is(err, io.EOF) {
		return yamlError(err)
	}
	return nil
}

// tooDeep says of lines of brackets that they go too deep, before the library unwinds
// them one by one.
func tooDeep(body []byte) bool {
	run := 0
	for _, c := range body {
		switch c {
		case '[', '{':
			if run++; run > maxDepth {
				return true
			}
		case ' ', '\t', '\r', '\n', '-', '?', ':':
		default:
			run = 0
		}
	}
	return false
}

var yamlLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`) })

func yamlError(err error) error {
	message, line := err.Error(), 1
	if strings.Contains(message, "exceeded max depth") {
		return errTooDeep
	}
	if m := yamlLine().FindStringSubmatch(message); m != nil {
		message = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	return &syntaxError{line, 0, message}
}

func (r *yamlReader) value(parent *node, y *yaml.Node) (*node, error) {
	if y.Kind == yaml.AliasNode {
		return r.alias(parent, y)
	}
	n, err := r.node()
	if err != nil {
		return nil, err
	}
	n.parent = parent
	n.line, n.column = int32(y.Line), int32(y.Column) // #nosec G115 -- A file is smaller than that.
	if r.depth++; r.depth > maxDepth {
		return nil, errTooDeep
	}
	defer func() { r.depth-- }()
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = isObject
		err = r.members(n, y)
		r.tidy(n)
	case yaml.SequenceNode:
		n.kind = isArray
		n.children = make([]*node, 0, len(y.Content))
		for i, item := range y.Content {
			var c *node
			if c, err = r.value(n, item); err != nil {
				break
			}
			c.key = strconv.Itoa(i)
			c.keyLine, c.keyColumn = int32(item.Line), int32(item.Column) // #nosec G115 -- A file is smaller than that.
			n.children = append(n.children, c)
		}
	default:
		r.scalar(n, y)
	}
	return n, err
}

// alias unfolds an alias: a copy of what it stands for, that stands where it is used.
func (r *yamlReader) alias(parent *node, y *yaml.Node) (*node, error) {
	to := y.Alias
	if to == nil || r.open[to] {
		return nil, errCyclic
	}
	r.open[to] = true
	defer delete(r.open, to)
	return r.value(parent, to)
}

func (r *yamlReader) members(n *node, y *yaml.Node) error {
	n.children = make([]*node, 0, len(y.Content)/2)
	var merged []*node
	for i := 0; i+1 < len(y.Content); i += 2 {
		key, value := y.Content[i], y.Content[i+1]
		if key.Kind == yaml.AliasNode && key.Alias != nil {
			key = key.Alias
		}
		if key.Kind != yaml.ScalarNode {
			return &syntaxError{key.Line, key.Column, "a key that is no text"}
		}
		c, err := r.value(n, value)
		if err != nil {
			return err
		}
		if key.ShortTag() == "!!merge" {
			if c.kind == isArray {
				for _, one := range c.children {
					merged = append(merged, one.children...)
				}
			} else {
				merged = append(merged, c.children...)
			}
			continue
		}
		c.key = key.Value
		c.keyLine, c.keyColumn = int32(y.Content[i].Line), int32(y.Content[i].Column) // #nosec G115 -- A file is smaller than that.
		switch key.ShortTag() {
		case "!!int", "!!float", "!!bool", "!!null":
			r.d.bare = append(r.d.bare, c)
		}
		n.children = append(n.children, c)
	}
	return r.merge(n, merged)
}

// merge takes in what merge keys bring: what stands there itself goes before it.
func (r *yamlReader) merge(n *node, merged []*node) error {
	if len(merged) == 0 {
		return nil
	}
	have := make(map[string]bool, len(n.children)+len(merged))
	for _, c := range n.children {
		have[c.key] = true
	}
	for _, c := range merged {
		if !have[c.key] {
			have[c.key] = true
			c.parent = n
			n.children = append(n.children, c)
		}
	}
	return nil
}

func (r *yamlReader) scalar(n *node, y *yaml.Node) {
	n.text = y.Value
	switch y.ShortTag() {
	case "!!null":
		n.kind, n.text = isNull, "null"
	case "!!bool":
		n.kind, n.text = isBool, strings.ToLower(y.Value)
	case "!!int", "!!float":
		n.kind = isNumber
	default:
		n.kind = isText
	}
}

func isJSONName(name string) bool { return strings.HasSuffix(strings.ToLower(name), ".json") }
