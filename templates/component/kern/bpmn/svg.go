package bpmn

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Marking says where a zaak is and which steps it has had, in order. The zero
// Marking draws the bare process.
type Marking struct {
	Current string
	Visited []string
}

// SVG draws the process from its diagram. The drawing has a title and a
// description for who does not see it, and classes instead of style
// attributes, which a strict Content-Security-Policy forbids:
//
//	bpmn            the drawing
//	bpmn-wide       the drawing, when it is too wide to fit a page
//	bpmn-shape      a shape; with bpmn-visited or bpmn-current
//	bpmn-flow       a line; with bpmn-visited
//	bpmn-arrow      the head of a line; with bpmn-visited
//	bpmn-icon       the mark in a task or gateway
//	bpmn-text       text; with bpmn-label outside a shape
//	bpmn-flag       the "Nu hier" flag, with bpmn-flag-text
//
// The attributes on the shapes make it readable without any stylesheet, and
// thickness and the flag say what colour alone may not.
func SVG(w io.Writer, p *Process, m Marking) error {
	d := &drawing{w: w, marking: m, nodes: map[*Node]bool{}, flows: map[*Flow]bool{}}
	d.follow(p)
	width, height := size(p)
	class := "bpmn"
	if width > wide {
		class = "bpmn bpmn-wide"
	}
	d.f(`<svg xmlns="http://www.w3.org/2000/svg" class="%s" role="img" aria-labelledby="bpmn-title bpmn-desc" viewBox="0 0 %s %s" width="%s" height="%s" font-size="12" font-family="sans-serif">`,
		class, num(width), num(height), num(width), num(height))
	d.f("<title id=\"bpmn-title\">%s</title>", text("Het proces "+p.Title))
	d.f("<desc id=\"bpmn-desc\">%s</desc>", text(description(p, m)))
	for _, f := range p.Flows {
		if !d.flows[f] {
			d.flow(f)
		}
	}
	for _, f := range p.Flows { // the way that was gone lies on top
		if d.flows[f] {
			d.flow(f)
		}
	}
	for _, n := range p.Nodes {
		d.node(n)
	}
	d.f("</svg>\n")
	return d.err
}

// wide is the width from which a drawing that is made to fit a page can no
// longer be read; a page lets it scroll instead.
const wide = 1300

// description is what the drawing says, in words.
func description(p *Process, m Marking) string {
	words := strings.Join(Words(p), " ")
	if n := p.Step(m.Current); n != nil {
		words = "De zaak is nu bij: " + n.Title + ". " + words
	}
	return words
}

type drawing struct {
	w       io.Writer
	err     error
	marking Marking
	nodes   map[*Node]bool // on the way that was gone
	flows   map[*Flow]bool
}

func (d *drawing) f(format string, args ...any) {
	if d.err == nil {
		_, d.err = fmt.Fprintf(d.w, format, args...)
	}
}

// follow marks the nodes and flows between the steps that the zaak has had.
func (d *drawing) follow(p *Process) {
	way := append([]string{}, d.marking.Visited...)
	if d.marking.Current != "" {
		way = append(way, d.marking.Current)
	}
	if len(way) == 0 {
		return
	}
	from := p.Start
	for _, name := range way {
		to := p.Step(name)
		if to == nil {
			continue
		}
		if d.walk(from, to) {
			d.nodes[from] = true
		}
		d.nodes[to] = true
		from = to
	}
}

// walk marks the flows from one node to the next, through gateways only.
func (d *drawing) walk(from, to *Node) bool {
	for _, f := range from.Out {
		if f.To == to {
			d.flows[f] = true
			return true
		}
		if (f.To.Kind == Split || f.To.Kind == Merge) && d.walk(f.To, to) {
			d.flows[f], d.nodes[f.To] = true, true
			return true
		}
	}
	return false
}

func (d *drawing) flow(f *Flow) {
	var points []string
	for _, p := range f.Points {
		points = append(points, num(p.X)+","+num(p.Y))
	}
	class, width := "", "1.5"
	if d.flows[f] {
		class, width = " bpmn-visited", "4"
	}
	d.f(`<polyline class="bpmn-flow%s" points="%s" fill="none" stroke="currentColor" stroke-width="%s"/>`, class, strings.Join(points, " "), width)
	a, b := f.Points[len(f.Points)-2], f.Points[len(f.Points)-1]
	if length := math.Hypot(b.X-a.X, b.Y-a.Y); length > 0 {
		ux, uy := (b.X-a.X)/length, (b.Y-a.Y)/length
		d.f(`<polygon class="bpmn-arrow%s" points="%s,%s %s,%s %s,%s" fill="currentColor"/>`, class,
			num(b.X), num(b.Y), num(b.X-10*ux-5*uy), num(b.Y-10*uy+5*ux), num(b.X-10*ux+5*uy), num(b.Y-10*uy-5*ux))
	}
	if f.Title != "" && f.Label.W > 0 {
		d.label(f.Label, f.Title, "start")
	}
}

func (d *drawing) node(n *Node) {
	class, width := "", "1.5"
	if n.Kind == End {
		width = "4"
	}
	switch {
	case n.Step != "" && n.Step == d.marking.Current:
		class, width = " bpmn-current", "5"
	case d.nodes[n]:
		class, width = " bpmn-visited", "3"
	}
	attrs := fmt.Sprintf(`class="bpmn-shape bpmn-%s%s" fill="none" stroke="currentColor" stroke-width="%s"`, kindClass[n.Kind], class, width)
	b := n.Shape
	cx, cy := b.X+b.W/2, b.Y+b.H/2
	switch n.Kind {
	case Start, End:
		d.f(`<circle %s cx="%s" cy="%s" r="%s"/>`, attrs, num(cx), num(cy), num(b.W/2))
	case Split, Merge:
		d.f(`<polygon %s points="%s,%s %s,%s %s,%s %s,%s"/>`, attrs,
			num(cx), num(b.Y), num(b.X+b.W), num(cy), num(cx), num(b.Y+b.H), num(b.X), num(cy))
		d.f(`<path class="bpmn-icon" d="M%s %sl14 14m0 -14l-14 14" fill="none" stroke="currentColor" stroke-width="3"/>`, num(cx-7), num(cy-7))
	default:
		d.f(`<rect %s x="%s" y="%s" width="%s" height="%s" rx="10"/>`, attrs, num(b.X), num(b.Y), num(b.W), num(b.H))
		d.icon(n)
		d.lines(wrap(n.Title, int((b.W-10)/7)), cx, cy+6, "middle", "bpmn-text")
	}
	if n.Step == "" || n.Kind == End {
		if n.Title != "" && n.Label.W > 0 {
			d.label(n.Label, n.Title, "middle")
		}
	}
	if n.Step != "" && n.Step == d.marking.Current {
		d.flag(b)
	}
}

var kindClass = map[Kind]string{Start: "start", User: "user", Service: "service", Split: "gateway", Merge: "gateway", End: "end"}

// icon draws a person or a cog in the corner of a task.
func (d *drawing) icon(n *Node) {
	x, y := n.Shape.X+8, n.Shape.Y+7
	path := fmt.Sprintf("M%s %sa3.5 3.5 0 1 0 0.1 0zm-7 15v-3q0 -4 7 -4q7 0 7 4v3z", num(x+7), num(y))
	if n.Kind == Service {
		path = fmt.Sprintf("M%s %sa4 4 0 1 0 0.1 0zm0 -3v3m0 8v3m-7 -7h3m8 0h3m-12 -5l2 2m6 6l2 2m0 -10l-2 2m-6 6l-2 2", num(x+7), num(y+4))
	}
	d.f(`<path class="bpmn-icon" d="%s" fill="none" stroke="currentColor" stroke-width="1.2"/>`, path)
}

// flag marks the current step with words, at its top right corner.
func (d *drawing) flag(b Box) {
	const w, h = 58, 20
	x, y := b.X+b.W-w+8, b.Y-h+4
	d.f(`<rect class="bpmn-flag" x="%s" y="%s" width="%d" height="%d" rx="3" fill="black"/>`, num(x), num(y), w, h)
	d.f(`<text class="bpmn-flag-text" x="%s" y="%s" text-anchor="middle" font-weight="bold" fill="white">Nu hier</text>`, num(x+w/2), num(y+14))
}

// label writes text outside a shape, in its box.
func (d *drawing) label(b Box, s, anchor string) {
	x := b.X
	if anchor == "middle" {
		x += b.W / 2
	}
	d.lines(wrap(s, max(int(b.W/7), 18)), x, b.Y+b.H/2, anchor, "bpmn-text bpmn-label")
}

const lineHeight = 14

// lines writes wrapped text around the height y.
func (d *drawing) lines(lines []string, x, y float64, anchor, class string) {
	y -= float64(len(lines)-1)*lineHeight/2 - 4
	d.f(`<text class="%s" text-anchor="%s" fill="currentColor">`, class, anchor)
	for i, l := range lines {
		d.f(`<tspan x="%s" y="%s">%s</tspan>`, num(x), num(y+float64(i)*lineHeight), text(l))
	}
	d.f("</text>")
}

// size is the room that everything on the drawing takes.
func size(p *Process) (w, h float64) {
	grow := func(x, y float64) { w, h = max(w, x), max(h, y) }
	for _, n := range p.Nodes {
		grow(n.Shape.X+n.Shape.W, n.Shape.Y+n.Shape.H)
		grow(n.Label.X+n.Label.W, n.Label.Y+n.Label.H)
	}
	for _, f := range p.Flows {
		grow(f.Label.X+f.Label.W, f.Label.Y+f.Label.H)
		for _, pt := range f.Points {
			grow(pt.X, pt.Y)
		}
	}
	return w + 20, h + 20
}

// wrap breaks a text at spaces into lines of about this many characters.
func wrap(s string, width int) []string {
	var lines []string
	for _, word := range strings.Fields(s) {
		last := len(lines) - 1
		if last >= 0 && utf8.RuneCountInString(lines[last])+1+utf8.RuneCountInString(word) <= width {
			lines[last] += " " + word
			continue
		}
		lines = append(lines, word)
	}
	return lines
}

// num writes a coordinate without superfluous digits.
func num(f float64) string { return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64) }

func text(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}
