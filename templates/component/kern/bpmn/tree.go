package bpmn

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of a file: far above any process a person can read, far below what
// would harm.
const (
	maxBytes    = 4 << 20
	maxDepth    = 32
	maxElements = 50_000
)

// Namespaces of BPMN, its drawing and the two engines whose attributes we read.
const (
	nsBPMN     = "http://www.omg.org/spec/BPMN/20100524/MODEL"
	nsDI       = "http://www.omg.org/spec/BPMN/20100524/DI"
	nsDC       = "http://www.omg.org/spec/DD/20100524/DC"
	nsDDI      = "http://www.omg.org/spec/DD/20100524/DI"
	nsCamunda  = "http://camunda.org/schema/1.0/bpmn"
	nsOperaton = "http://operaton.org/schema/1.0/bpmn"
	nsFlowable = "http://flowable.org/bpmn"
)

// element is an XML element with the line on which it begins.
type element struct {
	name     xml.Name
	attrs    []xml.Attr
	children []*element
	text     strings.Builder
	line     int
}

// attr is a plain attribute.
func (e *element) attr(name string) string { return e.attrNS("", name) }

func (e *element) attrNS(space, name string) string {
	for _, a := range e.attrs {
		if a.Name.Space == space && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// engineAttr is an attribute of an engine, in whichever namespace it stands.
func (e *element) engineAttr(name string) string {
	for _, space := range []string{nsCamunda, nsOperaton, nsFlowable} {
		if v := e.attrNS(space, name); v != "" {
			return v
		}
	}
	return ""
}

func (e *element) is(space, local string) bool { return e.name.Space == space && e.name.Local == local }

// child is the first child with this name; nil when there is none.
func (e *element) child(space, local string) *element {
	for _, c := range e.children {
		if c.is(space, local) {
			return c
		}
	}
	return nil
}

// property is a name and value from camunda:properties.
type property struct{ name, value string }

// properties reads the engine properties of an element, in order.
func (e *element) properties() []property {
	var all []property
	ext := e.child(nsBPMN, "extensionElements")
	if ext == nil {
		return nil
	}
	for _, list := range ext.children {
		if list.name.Local != "properties" {
			continue
		}
		for _, p := range list.children {
			if p.name.Local == "property" {
				all = append(all, property{p.attr("name"), p.attr("value")})
			}
		}
	}
	return all
}

func (e *element) property(name string) string {
	for _, p := range e.properties() {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// readTree reads XML into a tree, within the limits.
func readTree(data []byte) (*element, error) {
	if len(data) > maxBytes {
		return nil, &Error{Reason: fmt.Sprintf("het bestand is groter dan %d MiB", maxBytes>>20)}
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	var root *element
	var open []*element
	count := 0
	for {
		line, _ := d.InputPos() // what stands before an element is a token of its own
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			line, _ = d.InputPos()
			return nil, &Error{Line: line, Reason: "geen geldige XML: " + strings.TrimPrefix(err.Error(), fmt.Sprintf("XML syntax error on line %d: ", line))}
		}
		switch t := token.(type) {
		case xml.StartElement:
			e := &element{name: t.Name, attrs: t.Attr, line: line}
			if count++; count > maxElements || len(open) >= maxDepth {
				return nil, &Error{Line: line, Reason: "te veel of te diep geneste elementen"}
			}
			if len(open) > 0 {
				parent := open[len(open)-1]
				parent.children = append(parent.children, e)
			} else {
				root = e
			}
			open = append(open, e)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				open[len(open)-1].text.Write(t)
			}
		case xml.Directive:
			return nil, &Error{Line: line, Reason: "een DOCTYPE mag niet in een BPMN-bestand staan"}
		}
	}
	if root == nil {
		return nil, &Error{Reason: "het bestand is leeg"}
	}
	return root, nil
}
