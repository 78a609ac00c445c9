// Package openapi reads the OpenAPI specification of somebody else's API: which
// questions it takes, what they are answered with, and what such an answer
// looks like when nobody gave one. It knows OpenAPI 3.0 and 3.1, in YAML and
// JSON, and nothing of components: package model decides what to do with it.
//
// A specification comes from outside and is read as hostile. Its size is
// limited before it is parsed, references are followed within the document
// only, and every walk through it is paid from a budget per operation, so that
// references in a circle, aliases of aliases and schemas that unfold without
// end cost no more than a file of honest size. Whoever uses a name or a text
// of it quotes that for the place where it lands.
//
// The reading is our own, on the nodes of the YAML library. kin-openapi and
// libopenapi read every OpenAPI file too, but resolve a whole document before
// they give any of it and know no budget for what it unfolds into; and the
// command would link either of them for this alone. The tests hold what is made
// here against an independent validator.
package openapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Limits of a document. The specification of the ZGW Zaken API, one of the
// larger ones, is half a megabyte with some forty thousand marks.
const (
	// MaxBytes is the largest document that Read takes.
	MaxBytes = 5 << 20
	// maxMarks is the largest number of characters that can begin a value: each
	// value becomes a node of some two hundred bytes.
	maxMarks = 500_000
	// maxDepth is deeper than any value that people can follow.
	maxDepth = 100
)

// What can be wrong with a document as a whole.
var (
	// ErrForm is a document that is not OpenAPI 3.
	ErrForm = errors.New("openapi: not an OpenAPI 3 document")
	// ErrSwagger is a document in the format before OpenAPI 3.
	ErrSwagger = errors.New("openapi: a Swagger 2.0 document")
	// ErrTooLarge is a document of more than MaxBytes, or with more values than
	// a specification can have.
	ErrTooLarge = errors.New("openapi: the document is too large")
	// ErrEmpty is a document without operations.
	ErrEmpty = errors.New("openapi: the document has no operations")
)

// Document is a specification. It is read-only, but not for use by several
// goroutines at once: it remembers what it worked out.
type Document struct {
	root       *yaml.Node
	operations []*Operation
	left       int // budget for all operations together
	flats      map[*yaml.Node]*flat
	families   map[*yaml.Node]*family
	patterns   map[string]*pattern
	targets    map[string]*yaml.Node                // what a reference leads to
	indexes    map[*yaml.Node]map[string]*yaml.Node // of large mappings
	outside    string                               // first reference of a path to another file
}

// Read reads a document in YAML or JSON. Its errors are ErrForm, ErrSwagger,
// ErrTooLarge and ErrEmpty.
func Read(data []byte) (*Document, error) {
	if len(data) > MaxBytes || marks(data) > maxMarks {
		return nil, ErrTooLarge
	}
	root := parse(data)
	if root == nil || root.Kind != yaml.MappingNode {
		return nil, ErrForm
	}
	d := &Document{
		root: root, left: maxTotal, flats: map[*yaml.Node]*flat{}, families: map[*yaml.Node]*family{}, patterns: map[string]*pattern{},
		targets: map[string]*yaml.Node{}, indexes: map[*yaml.Node]map[string]*yaml.Node{},
	}
	switch {
	case strings.HasPrefix(text(get(root, "swagger")), "2"):
		return nil, ErrSwagger
	case !strings.HasPrefix(text(get(root, "openapi")), "3."):
		return nil, ErrForm
	}
	d.find()
	if len(d.operations) == 0 && d.outside == "" {
		return nil, ErrEmpty
	}
	return d, nil
}

// marks counts the characters that can begin a value in YAML or JSON.
func marks(data []byte) int {
	n := 0
	for _, c := range data {
		switch c {
		case ',', ':', '\n', '[', '{', '-', '?':
			n++
		}
	}
	return n
}

// parse reads JSON as JSON and the rest as YAML; nil when it is neither. JSON
// is not quite a part of YAML: it has other escapes, and may hold tabs.
func parse(data []byte) *yaml.Node {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if trimmed := bytes.TrimSpace(data); len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		if node := parseJSON(trimmed); node != nil {
			return node
		}
	}
	var document yaml.Node
	if yaml.Unmarshal(data, &document) != nil || len(document.Content) == 0 {
		return nil
	}
	return plain(document.Content[0])
}

// parseJSON reads one JSON document as nodes; nil when it is none, or is too deep.
func parseJSON(data []byte) *yaml.Node {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	node := jsonNode(d, 0)
	if _, err := d.Token(); node == nil || !errors.Is(err, io.EOF) {
		return nil
	}
	return node
}

func jsonNode(d *json.Decoder, depth int) *yaml.Node {
	token, err := d.Token()
	if err != nil || depth > maxDepth {
		return nil
	}
	switch token := token.(type) {
	case json.Delim:
		return jsonList(d, token, depth)
	case string:
		return stringNode(token)
	case json.Number:
		if strings.ContainsAny(token.String(), ".eE") {
			return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!float", Value: token.String()}
		}
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: token.String()}
	case bool:
		return boolNode(token)
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
}

// jsonList reads the rest of an object or a list.
func jsonList(d *json.Decoder, open json.Delim, depth int) *yaml.Node {
	node := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	if open == '{' {
		node = &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	}
	for d.More() {
		if open == '{' {
			key, err := d.Token()
			if err != nil {
				return nil
			}
			node.Content = append(node.Content, stringNode(key.(string)))
		}
		value := jsonNode(d, depth+1)
		if value == nil {
			return nil
		}
		node.Content = append(node.Content, value)
	}
	if _, err := d.Token(); err != nil {
		return nil
	}
	return node
}

func stringNode(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
}

func boolNode(b bool) *yaml.Node {
	value := "false"
	if b {
		value = "true"
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: value}
}
