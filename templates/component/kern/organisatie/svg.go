package organisatie

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

const svgSpace = "http://www.w3.org/2000/svg"

// Limits of a drawing: a deep one or one with very many parts keeps a browser busy.
const (
	maxDepth    = 50
	maxElements = 5000
)

// drawn are the elements of SVG that draw and do nothing else. Not among them are
// script, foreignObject, a, animation, image and use, with which a few lines draw a
// thousand million things: a logo does without, and a list of what may be there
// forgets nothing that somebody invents.
var drawn = strings.Fields(`svg g defs symbol title desc metadata style path rect circle ellipse line polyline polygon
	text tspan textPath linearGradient radialGradient stop clipPath mask pattern marker filter switch view
	feBlend feColorMatrix feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feMerge feMergeNode feMorphology feOffset feTile feTurbulence`)

// fetches is what in a style fetches something: only what is in the drawing itself
// may be pointed at.
var fetches = regexp.MustCompile(`(?i)@import|@charset|expression\s*\(|javascript:|\\|(?:image-set|image|cross-fade|src)\(|url\(\s*['"]?\s*[^#'"\s)]`)

// checkSVG refuses a file that is not an SVG, or that does more than draw.
func checkSVG(raw []byte) error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	d.Strict = true
	depth, count := 0, 0
	var said []byte // all text: a comment, CDATA or element in between takes nothing apart
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errors.New("dit is geen PNG, en geen SVG die te lezen is")
		}
		switch t := token.(type) {
		case xml.Directive:
			return errors.New("deze SVG heeft een DOCTYPE, dat iets van buiten kan halen; sla hem op zonder")
		case xml.ProcInst:
			if t.Target != "xml" {
				return fmt.Errorf("deze SVG heeft een opdracht (<?%s), dat hoort niet in een logo", shorten(t.Target))
			}
		case xml.StartElement:
			depth, count = depth+1, count+1
			if err := checkElement(t, depth, count); err != nil {
				return err
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			said = append(said, t...)
		}
	}
	if fetches.Match(said) && count > 0 {
		return errors.New("deze SVG haalt iets van buiten of heeft tekst die op code lijkt; sla hem op zonder")
	}
	if count == 0 {
		return errors.New("dit is geen PNG en geen SVG")
	}
	return nil
}

func checkElement(t xml.StartElement, depth, count int) error {
	switch own := t.Name.Space == svgSpace; {
	case depth == 1 && (!own || t.Name.Local != "svg"):
		return errors.New("dit is geen PNG en geen SVG (een SVG begint met <svg xmlns=\"" + svgSpace + "\">)")
	case depth == 1 && count > 1:
		return errors.New("deze SVG heeft meer dan één tekening")
	case depth > maxDepth || count > maxElements:
		return errors.New("deze SVG is te ingewikkeld voor een logo")
	case own && !slices.Contains(drawn, t.Name.Local):
		return fmt.Errorf("deze SVG heeft een <%s>, dat doet meer dan tekenen", shorten(t.Name.Local))
	case !own && !inert(t.Name.Space):
		return errors.New("deze SVG heeft iets van een andere taal dan SVG (zoals HTML)")
	}
	for _, a := range t.Attr {
		name := strings.ToLower(a.Name.Local)
		switch {
		case strings.HasPrefix(name, "on"):
			return fmt.Errorf("deze SVG heeft %s, dat voert code uit", shorten(a.Name.Local))
		case (name == "href" || name == "src") && !strings.HasPrefix(strings.TrimSpace(a.Value), "#"):
			return errors.New("deze SVG verwijst naar iets buiten de tekening")
		case name == "base" && a.Name.Space != "":
			return errors.New("deze SVG verwijst naar iets buiten de tekening")
		case name == "xmlns" || a.Name.Space == "xmlns":
		case fetches.MatchString(a.Value):
			return errors.New("deze SVG haalt iets van buiten")
		}
	}
	return nil
}

// inert says whether a browser does nothing with elements of a language: what
// drawing programs leave behind.
func inert(space string) bool {
	return space != "" && !strings.Contains(space, "xhtml") && !strings.Contains(space, "/MathML") && !strings.Contains(space, "xlink") &&
		!strings.Contains(space, "xml-events") && !strings.Contains(space, "/2001/XInclude") && !strings.Contains(space, "XSL")
}
