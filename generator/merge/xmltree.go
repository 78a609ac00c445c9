package merge

import (
	"encoding/xml"
	"strings"
)

// element is an element of XML as it stands in the text.
type element struct {
	name    xml.Name
	tag     string // with its prefix, as it is written
	attrs   []attr
	slash   string // what follows the last attribute, up to and with >
	lead    string // what stands between it and the one before: space, comments
	kids    []*element
	content string // all between the tags
	tail    string // what follows the last kid
	text    string // the whole element
	single  bool   // <a/>
}

// attr is an attribute, with the space before it.
type attr struct{ lead, name, text string }

func (a attr) value() string {
	_, value, _ := strings.Cut(a.text, "=")
	return unquoted(strings.TrimSpace(value))
}

// attr gives the value of an attribute, by its name without prefix.
func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.name == name {
			return a.value()
		}
	}
	return ""
}

// readXML gives the root of a document and what stands around it. What declares
// entities is refused: it is no BPMN, and an old way to do harm.
func readXML(body string) (root *element, before, after string, ok bool) {
	d := xml.NewDecoder(strings.NewReader(body))
	var open []*element
	var starts, inner, last []int
	end := 0
	for {
		from := int(d.InputOffset())
		token, err := d.Token()
		if err != nil {
			break
		}
		to := int(d.InputOffset())
		switch t := token.(type) {
		case xml.Directive:
			return nil, "", "", false
		case xml.StartElement:
			if len(open) > deepest || root != nil && len(open) == 0 {
				return nil, "", "", false
			}
			e := &element{name: t.Name}
			if !e.readTag(body[from:to]) {
				return nil, "", "", false
			}
			if n := len(open); n > 0 {
				e.lead = body[last[n-1]:from]
				open[n-1].kids = append(open[n-1].kids, e)
			} else {
				root, before = e, body[:from]
			}
			open, starts, inner, last = append(open, e), append(starts, from), append(inner, to), append(last, to)
		case xml.EndElement:
			n := len(open) - 1
			e := open[n]
			e.text, e.content, e.tail = body[starts[n]:to], body[inner[n]:max(inner[n], from)], body[last[n]:max(last[n], from)]
			open, starts, inner, last = open[:n], starts[:n], inner[:n], last[:n]
			if end = to; n > 0 {
				last[n-1] = to
			}
		}
	}
	if root == nil || len(open) > 0 || strings.TrimSpace(body[d.InputOffset():]) != "" {
		return nil, "", "", false
	}
	return root, before, body[end:], true
}

// readTag reads a start tag, which the decoder has found to be right.
func (e *element) readTag(tag string) bool {
	rest := strings.TrimPrefix(tag, "<")
	end := strings.IndexAny(rest, " \t\n/>")
	if end < 0 {
		return false
	}
	e.tag, rest = rest[:end], rest[end:]
	for {
		words := strings.TrimLeft(rest, " \t\n")
		lead := rest[:len(rest)-len(words)]
		if words == "/>" || words == ">" {
			e.single = words == "/>"
			e.slash = lead + words
			return true
		}
		equals := strings.IndexByte(words, '=')
		if equals < 0 {
			return false
		}
		value := strings.TrimLeft(words[equals+1:], " \t\n")
		if value == "" || value[0] != '"' && value[0] != '\'' {
			return false
		}
		closed := strings.IndexByte(value[1:], value[0])
		if closed < 0 {
			return false
		}
		size := len(words) - len(value) + closed + 2
		e.attrs = append(e.attrs, attr{lead, strings.TrimSpace(words[:equals]), words[:size]})
		rest = words[size:]
	}
}

// mixed says that text stands among the elements: then it is merged as a whole.
func (e *element) mixed() bool {
	if len(e.kids) == 0 {
		return false
	}
	if words(e.tail) != "" {
		return true
	}
	for _, kid := range e.kids {
		if words(kid.lead) != "" {
			return true
		}
	}
	return false
}

// words are what is left of a text without comments and space.
func words(text string) string {
	for {
		before, rest, found := strings.Cut(text, "<!--")
		if !found {
			return strings.TrimSpace(text)
		}
		_, after, _ := strings.Cut(rest, "-->")
		text = before + after
	}
}

// write puts the element together again from its parts.
func (e *element) write() {
	var text strings.Builder
	text.WriteString("<" + e.tag)
	for _, a := range e.attrs {
		text.WriteString(a.lead + a.text)
	}
	if e.single && (len(e.kids) > 0 || e.content != "") {
		e.single, e.slash = false, ">"
	}
	text.WriteString(e.slash)
	if e.single {
		e.text = text.String()
		return
	}
	if len(e.kids) > 0 {
		var inner strings.Builder
		for _, kid := range e.kids {
			inner.WriteString(kid.lead + kid.text)
		}
		e.content = inner.String() + e.tail
	}
	text.WriteString(e.content + "</" + e.tag + ">")
	e.text = text.String()
}
