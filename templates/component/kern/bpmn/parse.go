package bpmn

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// processPrefix keeps the id of the process apart from those of the steps.
const processPrefix = "Proces_"

var (
	condition = regexp.MustCompile(`^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$`)
	roleName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
)

// Parse reads and checks a BPMN file. The error names everything that is wrong
// with it, each an *Error, in the order of the lines.
func Parse(data []byte) (*Process, error) {
	r, err := readAll(data)
	if err != nil {
		return nil, err
	}
	return r.process, nil
}

// Outline is the process of a file as far as it can be read, also when Parse
// refuses it: to say what else does not fit its steps. Only the names, kinds,
// roles and outcomes of its steps count; nil when there is no process in it.
func Outline(data []byte) *Process {
	r, _ := readAll(data) // Parse says what is wrong
	return r.process
}

func readAll(data []byte) (*reader, error) {
	r := &reader{nodes: map[string]*Node{}, flows: map[string]*Flow{}, lines: map[string]int{}, defaults: map[*Node]string{}, broken: map[string]bool{}}
	root, err := readTree(data)
	if err != nil {
		return r, err
	}
	r.definitions(root)
	if r.process != nil {
		r.check()
	}
	return r, r.faults.err()
}

// reader builds a Process from the tree, and gathers what is wrong with it.
type reader struct {
	process  *Process
	nodes    map[string]*Node
	flows    map[string]*Flow
	lines    map[string]int
	defaults map[*Node]string
	faults   faults
	// broken are the ids of elements of which something was said already: what
	// follows from that is not said as well.
	broken  map[string]bool
	undrawn bool // there is no drawing at all
}

// refuse says what is wrong with an element.
func (r *reader) refuse(e *element, format string, args ...any) {
	id := e.attr("id")
	r.broken[id] = true
	if id == "" {
		id = e.name.Local
	}
	r.faults.add(Error{Element: id, Line: e.line, Reason: fmt.Sprintf(format, args...)})
}

func (r *reader) definitions(root *element) {
	if !root.is(nsBPMN, "definitions") {
		r.refuse(root, "dit is geen BPMN 2.0-bestand; het moet beginnen met definitions. Bewaar het in de modelleertool als BPMN 2.0")
		return
	}
	var process, diagram *element
	for _, e := range root.children {
		switch {
		case e.is(nsBPMN, "process") && process != nil:
			r.refuse(e, "er mag maar één proces in het bestand staan; haal dit proces weg")
		case e.is(nsBPMN, "process"):
			process = e
		case e.is(nsDI, "BPMNDiagram") && diagram == nil:
			diagram = e
		case e.is(nsBPMN, "documentation"), e.is(nsBPMN, "extensionElements"):
		default:
			r.refuse(e, "%s hoort niet bij wat dit component kan uitvoeren; haal het weg", e.name.Local)
		}
	}
	if process == nil {
		r.refuse(root, "er staat geen proces in het bestand")
		return
	}
	r.readProcess(process)
	if diagram == nil {
		r.refuse(root, "de tekening (BPMNDiagram) ontbreekt; open het bestand in een modelleertool en bewaar het met tekening")
		r.undrawn = true
		return
	}
	r.readDiagram(diagram)
}

func (r *reader) readProcess(e *element) {
	r.process = &Process{Name: strings.TrimPrefix(e.attr("id"), processPrefix), Title: e.attr("name"), Line: e.line, steps: map[string]*Node{}}
	if r.process.Name == "" {
		r.refuse(e, "het proces heeft geen id; geef het een id in de vorm %snaam-van-het-proces", processPrefix)
	}
	for _, c := range e.children {
		if c.name.Space == nsBPMN && c.name.Local == "sequenceFlow" {
			continue // after the nodes that it connects
		}
		r.readNode(c)
	}
	for _, c := range e.children {
		if c.is(nsBPMN, "sequenceFlow") {
			r.readFlow(c)
		}
	}
	for n, id := range r.defaults {
		n.Default = r.flows[id]
	}
}

// outside is the kind of an element that is outside the profile.
const outside Kind = -1

var kinds = map[string]Kind{"startEvent": Start, "userTask": User, "serviceTask": Service, "exclusiveGateway": Split, "endEvent": End}

func (r *reader) readNode(e *element) {
	if e.name.Space != nsBPMN {
		r.refuse(e, "onbekend element %s; haal het weg", e.name.Local)
		return
	}
	switch e.name.Local {
	case "documentation", "extensionElements", "textAnnotation", "association":
		return // text for people, without effect on the run
	}
	kind, ok := kinds[e.name.Local]
	if !ok {
		r.refuse(e, "%s kan dit component niet uitvoeren; gebruik startEvent, userTask, serviceTask, exclusiveGateway en endEvent", e.name.Local)
		if id := e.attr("id"); id != "" && r.nodes[id] == nil {
			r.nodes[id], r.lines[id] = &Node{ID: id, Kind: outside}, e.line // so that the arrows to it are not wrong too
		}
		return
	}
	for _, c := range e.children {
		switch c.name.Local {
		case "incoming", "outgoing", "documentation", "extensionElements":
		default:
			r.refuse(e, "%s bij een %s kan dit component niet uitvoeren; haal het weg", c.name.Local, e.name.Local)
		}
	}
	n := &Node{ID: e.attr("id"), Kind: kind, Title: strings.TrimSpace(e.attr("name")), Line: e.line}
	if n.ID == "" {
		r.refuse(e, "het element heeft geen id")
		return
	}
	if r.lines[n.ID] > 0 {
		r.refuse(e, "dit id komt twee keer voor, ook op regel %d; geef een van beide een ander id", r.lines[n.ID])
		return
	}
	if doc := e.child(nsBPMN, "documentation"); doc != nil {
		n.Help = strings.TrimSpace(doc.text.String())
	}
	r.nodes[n.ID], r.lines[n.ID] = n, e.line
	r.process.Nodes = append(r.process.Nodes, n)
	if id := e.attr("default"); id != "" {
		r.defaults[n] = id
	}
	if kind == User || kind == Service || kind == End {
		r.readStep(e, n)
	}
}

// readStep reads what a step has and other nodes have not.
func (r *reader) readStep(e *element, n *Node) {
	n.Step = n.ID
	if n.Title == "" {
		r.refuse(e, "de stap heeft geen naam; geef de stap in de tekening een naam")
	}
	if e.attr("isForCompensation") == "true" {
		r.refuse(e, "compensatie kan dit component niet uitvoeren; zet dat uit")
	}
	r.process.steps[n.Step] = n
	n.StepKind = e.property("soort")
	n.RoleTitle, n.Result = e.property("rol"), e.property("resultaat")
	for _, p := range e.properties() {
		if name, ok := strings.CutPrefix(p.name, "uitkomst."); ok {
			n.Outcomes = append(n.Outcomes, Outcome{name, p.value})
		}
	}
	switch n.Kind {
	case User:
		r.readUserTask(e, n)
	case Service:
		if t := e.engineAttr("type"); t != "external" && t != "external-worker" {
			r.refuse(e, "een serviceTask moet type external hebben; zet de implementatie op External")
		}
		if n.Topic = e.engineAttr("topic"); !strings.Contains(n.Topic, ".") {
			r.refuse(e, "een serviceTask heeft een topic nodig in de vorm bron.operatie")
		}
		n.StepKind = "lookup"
	case End:
		n.StepKind = "end"
		if n.Result == "" {
			r.refuse(e, "een endEvent heeft een property resultaat nodig")
		}
	}
}

func (r *reader) readUserTask(e *element, n *Node) {
	if n.Role = e.engineAttr("candidateGroups"); !roleName.MatchString(n.Role) {
		r.refuse(e, "een userTask heeft precies één rol nodig in candidateGroups, met de naam die in 4-proces/rollen.go staat")
	}
	switch n.StepKind {
	case "form", "decide", "task":
	default:
		r.refuse(e, "een userTask heeft een property soort nodig: form, decide of task")
	}
	if n.StepKind == "decide" && len(n.Outcomes) == 0 {
		r.refuse(e, "een keuze heeft uitkomsten nodig: een property uitkomst.naam voor elke uitkomst")
	}
	if n.Term = e.engineAttr("dueDate"); n.Term != "" {
		if _, err := value.ParseTerm(n.Term); err != nil {
			r.refuse(e, "de termijn in dueDate klopt niet: %v", err)
		}
	}
}

func (r *reader) readFlow(e *element) {
	from, to := e.attr("sourceRef"), e.attr("targetRef")
	f := &Flow{ID: e.attr("id"), Title: strings.TrimSpace(e.attr("name")), Outcome: e.property("uitkomst"), From: r.nodes[from], To: r.nodes[to]}
	switch {
	case f.ID == "":
		r.refuse(e, "de pijl heeft geen id")
	case r.lines[f.ID] > 0:
		r.refuse(e, "dit id komt twee keer voor, ook op regel %d; geef een van beide een ander id", r.lines[f.ID])
	case f.From == nil && !r.broken[from]:
		r.refuse(e, "de pijl begint bij %q, en dat is er niet; haal de pijl weg of laat hem bij een stap beginnen", from)
	case f.To == nil && !r.broken[to]:
		r.refuse(e, "de pijl wijst naar %q, en dat is er niet; haal de pijl weg of laat hem naar een stap wijzen", to)
	}
	if f.ID == "" || r.lines[f.ID] > 0 || f.From == nil || f.To == nil {
		r.broken[from], r.broken[to] = true, true // they miss this flow
		return
	}
	if c := e.child(nsBPMN, "conditionExpression"); c != nil {
		if m := condition.FindStringSubmatch(strings.TrimSpace(c.text.String())); m != nil {
			f.Variable = m[1]
		} else {
			r.refuse(e, "een voorwaarde mag alleen ${naam} zijn")
		}
	}
	r.flows[f.ID], r.lines[f.ID] = f, e.line
	r.process.Flows = append(r.process.Flows, f)
	f.From.Out, f.To.In = append(f.From.Out, f), append(f.To.In, f)
}

// readDiagram reads the places of shapes and lines.
func (r *reader) readDiagram(e *element) {
	if e.name.Space == nsDI {
		ref := e.attr("bpmnElement")
		switch e.name.Local {
		case "BPMNShape":
			if n := r.nodes[ref]; n != nil {
				n.Shape, n.Label = r.bounds(e), r.labelBounds(e)
				return
			}
		case "BPMNEdge":
			if f := r.flows[ref]; f != nil {
				r.readEdge(e, f)
				return
			}
		}
	}
	for _, c := range e.children {
		r.readDiagram(c)
	}
}

func (r *reader) readEdge(e *element, f *Flow) {
	for _, c := range e.children {
		if c.is(nsDDI, "waypoint") {
			f.Points = append(f.Points, Point{r.number(c, "x"), r.number(c, "y")})
		}
	}
	f.Label = r.labelBounds(e)
}

// bounds reads a place. That an element has none, check says.
func (r *reader) bounds(e *element) Box {
	c := e.child(nsDC, "Bounds")
	if c == nil {
		return Box{}
	}
	return Box{r.number(c, "x"), r.number(c, "y"), r.number(c, "width"), r.number(c, "height")}
}

func (r *reader) labelBounds(e *element) Box {
	if label := e.child(nsDI, "BPMNLabel"); label != nil {
		return r.bounds(label)
	}
	return Box{}
}

// number reads a coordinate; the limit keeps a drawing from growing without end.
func (r *reader) number(e *element, name string) float64 {
	v, err := strconv.ParseFloat(e.attr(name), 64)
	if err != nil || !(v > -1e6 && v < 1e6) {
		r.refuse(e, "%s=%q op de tekening is geen bruikbaar getal", name, e.attr(name))
		return 0
	}
	return v
}
