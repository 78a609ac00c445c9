package model

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Sizes in diagram units; a task of 100 by 80 is what BPMN tools draw.
const (
	margin       = 40
	eventSize    = 36
	gatewaySize  = 50
	taskWidth    = 130
	taskHeight   = 80
	charWidth    = 7  // of a letter in a label, on the safe side
	lineHeight   = 14 // of a line of a label
	lineChars    = 18 // where a label is wrapped
	trackWidth   = 14 // between vertical lines beside each other
	channelStart = 16
	channelEnd   = 24 // room for the arrowhead
	rowGap       = 30
	laneGap      = 24
)

// canvas turns columns and rows into coordinates.
type canvas struct {
	*graph
	leave, arrive  map[*gflow]string // how a flow leaves and arrives: straight, bottom (or top) or track
	colX, colW     []int
	rowY           []int
	fromTrack      map[*gnode]int // x of the vertical line that flows from a node share
	toTrack        map[*gnode]int // x of the vertical line that flows to a node share
	zoneX, zoneW   []int          // per channel: where the labels of flows stand
	lane           map[*gflow]int // y of a back flow
	width, bottomY int
}

// draw gives every shape, label and line its coordinates.
func (g *graph) draw() Diagram {
	c := &canvas{graph: g, leave: map[*gflow]string{}, arrive: map[*gflow]string{}, fromTrack: map[*gnode]int{},
		toTrack: map[*gnode]int{}, lane: map[*gflow]int{}}
	for _, n := range g.nodes {
		n.W, n.H = shapeSize(n)
	}
	for _, f := range g.flows {
		c.leave[f], c.arrive[f] = c.sides(f)
		if f.Name != "" {
			w, h := textSize(f.Name)
			f.Label = &Box{W: w, H: h}
		}
	}
	c.setX()
	c.setY()
	for _, n := range g.nodes {
		c.placeShape(n)
	}
	c.setLanes()
	d := Diagram{Width: c.width, Height: c.bottomY + margin}
	for _, n := range g.nodes {
		d.Nodes = append(d.Nodes, n.Node)
	}
	for _, f := range g.flows {
		c.drawFlow(f)
		d.Flows = append(d.Flows, f.Flow)
	}
	return d
}

// sides chooses where a flow leaves its source and arrives at its target.
func (c *canvas) sides(f *gflow) (leave, arrive string) {
	leave, arrive = "track", "track"
	row := f.row
	if f.back {
		row = c.rows // below everything
	} else {
		if row == f.from.row {
			leave = "straight"
		}
		if row == f.to.row {
			arrive = "straight"
		}
	}
	// A split has its question above it, so only downwards; a task has one way out.
	down := (f.from.Kind == "split" && !f.back) || (f.from.Kind != "split" && f.back)
	if leave == "track" && down && row > f.from.row && c.clear(f.from.col, f.from.row, row) {
		leave = "bottom"
	}
	if arrive == "track" && f.to.Kind == "merge" && c.clear(f.to.col, f.to.row, row) {
		arrive = "bottom"
	}
	return leave, arrive
}

// clear says whether a column holds no shape from row a to row b, a excluded.
func (c *canvas) clear(col, a, b int) bool {
	step := 1
	if b < a {
		step = -1
	}
	for r := a + step; r != b+step; r += step {
		if c.shapes[cell{r, col}] {
			return false
		}
	}
	return true
}

// setX fixes the columns and the channels between them. A channel holds, from
// left to right, the vertical lines of flows that leave, the labels, and the
// vertical lines of flows that arrive.
func (c *canvas) setX() {
	cols := 0
	for _, n := range c.nodes {
		cols = max(cols, n.col+1)
	}
	c.colX, c.colW = make([]int, cols), make([]int, cols)
	c.zoneX, c.zoneW = make([]int, cols+1), make([]int, cols+1)
	leaving, arriving := make([][]*gnode, cols+1), make([][]*gnode, cols+1)
	for _, n := range c.nodes {
		c.colW[n.col] = max(c.colW[n.col], n.W)
		if n.Label != nil {
			c.colW[n.col] = max(c.colW[n.col], n.Label.W)
		}
	}
	add := func(list [][]*gnode, channel int, n *gnode) {
		if !slices.Contains(list[channel], n) {
			list[channel] = append(list[channel], n)
		}
	}
	for _, f := range c.flows {
		if c.leave[f] == "track" {
			add(leaving, f.from.col+1, f.from)
		}
		if c.arrive[f] == "track" {
			add(arriving, f.to.col, f.to)
		}
		if f.Label != nil {
			c.zoneW[f.from.col+1] = max(c.zoneW[f.from.col+1], f.Label.W)
		}
	}
	x := margin
	for i := range cols + 1 {
		if i > 0 || len(arriving[i]) > 0 {
			x += channelStart
		}
		for _, n := range leaving[i] {
			c.fromTrack[n] = x
			x += trackWidth
		}
		c.zoneX[i] = x
		x += c.zoneW[i]
		for _, n := range arriving[i] {
			x += trackWidth
			c.toTrack[n] = x
		}
		if i < cols {
			if i > 0 || len(arriving[i]) > 0 {
				x += channelEnd
			}
			c.colX[i] = x
			x += c.colW[i]
		}
	}
	c.width = x + margin
}

// setY makes each row as high as what stands on it.
func (c *canvas) setY() {
	above, below := make([]int, c.rows), make([]int, c.rows)
	for _, n := range c.nodes {
		up, down := n.H/2, n.H/2
		if n.Label != nil && n.Kind == "split" {
			up += n.Label.H + 6
		} else if n.Label != nil {
			down += n.Label.H + 6
		}
		above[n.row], below[n.row] = max(above[n.row], up), max(below[n.row], down)
	}
	for _, f := range c.flows {
		if f.Label != nil && !f.back {
			above[f.row] = max(above[f.row], f.Label.H+6)
		}
	}
	y := margin
	for r := range c.rows {
		c.rowY = append(c.rowY, y+above[r])
		y += above[r] + below[r] + rowGap
	}
	c.bottomY = y - rowGap
}

// setLanes puts the back flows under each other, beneath everything else.
func (c *canvas) setLanes() {
	for _, f := range c.flows {
		if !f.back {
			continue
		}
		c.bottomY += laneGap
		if f.Label != nil {
			c.bottomY += f.Label.H
		}
		c.lane[f] = c.bottomY
	}
}

func (c *canvas) placeShape(n *gnode) {
	n.X = c.colX[n.col] + (c.colW[n.col]-n.W)/2
	n.Y = c.rowY[n.row] - n.H/2
	if n.Label == nil {
		return
	}
	n.Label.X = n.X + n.W/2 - n.Label.W/2
	n.Label.Y = n.Y + n.H + 6
	if n.Kind == "split" {
		n.Label.Y = n.Y - 6 - n.Label.H
	}
}

// drawFlow sets the waypoints and the label of a flow.
func (c *canvas) drawFlow(f *gflow) {
	from, to := &f.from.Node, &f.to.Node
	yf, yt := from.Y+from.H/2, to.Y+to.H/2
	y, isBack := c.lane[f]
	if !isBack {
		y = c.rowY[f.row]
	}
	switch c.leave[f] {
	case "straight":
		f.point(from.X+from.W, yf)
	case "bottom":
		f.point(from.X+from.W/2, from.Y+from.H)
		f.point(from.X+from.W/2, y)
	default:
		f.point(from.X+from.W, yf)
		f.point(c.fromTrack[f.from], yf)
		f.point(c.fromTrack[f.from], y)
	}
	switch c.arrive[f] {
	case "straight":
		f.point(to.X, yt)
	case "bottom":
		f.point(to.X+to.W/2, y)
		if y > yt {
			f.point(to.X+to.W/2, to.Y+to.H)
		} else {
			f.point(to.X+to.W/2, to.Y)
		}
	default:
		f.point(c.toTrack[f.to], y)
		f.point(c.toTrack[f.to], yt)
		f.point(to.X, yt)
	}
	if f.Label != nil {
		f.Label.X, f.Label.Y = c.zoneX[f.from.col+1], y-4-f.Label.H
	}
}

// point adds a waypoint.
func (f *gflow) point(x, y int) { f.Points = append(f.Points, Point{x, y}) }

// shapeSize gives the size of a shape and, for events and gateways, makes room
// for the label beside it. The text of a task stands inside.
func shapeSize(n *gnode) (w, h int) {
	switch n.Kind {
	case "start", "end":
		lw, lh := textSize(n.Name)
		n.Label = &Box{W: lw, H: lh}
		return eventSize, eventSize
	case "split":
		lw, lh := textSize(n.Name)
		n.Label = &Box{W: lw, H: lh}
		return gatewaySize, gatewaySize
	case "merge":
		return gatewaySize, gatewaySize
	}
	tw, th := textSize(n.Name)
	return even(max(taskWidth, tw+16)), even(max(taskHeight, th+44))
}

func even(n int) int { return n + n%2 }

// textSize estimates the room that a wrapped text takes.
func textSize(s string) (w, h int) {
	lines := wrap(s, lineChars)
	for _, l := range lines {
		w = max(w, utf8.RuneCountInString(l)*charWidth)
	}
	return even(max(w, 2*charWidth)), even(max(len(lines), 1) * lineHeight)
}

// wrap breaks a text at spaces. A word longer than a line stays whole: Dutch
// compounds broken at random are harder to read than a wide label.
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
