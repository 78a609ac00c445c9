package bpmn

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Error says which element of the file is outside the profile, and why.
type Error struct {
	Element string // id, or the name of the element when it has none
	Line    int
	Reason  string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("4-proces/proces.bpmn: %s: %s", e.Element, e.Reason)
	}
	return fmt.Sprintf("4-proces/proces.bpmn regel %d: %s: %s", e.Line, e.Element, e.Reason)
}

// processPrefix keeps the id of the process apart from those of the steps.
const processPrefix = "Proces_"

var (
	condition = regexp.MustCompile(`^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$`)
	roleName  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
)

// Parse reads and checks a BPMN file.
func Parse(data []byte) (*Process, error) {
	root, err := readTree(data)
	if err != nil {
		return nil, fmt.Errorf("4-proces/proces.bpmn: %w", err)
	}
	r := &reader{nodes: map[string]*Node{}, flows: map[string]*Flow{}, lines: map[string]int{}, defaults: map[*Node]string{}}
	if err := r.definitions(root); err != nil {
		return nil, err
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return r.process, nil
}

// reader builds a Process from the tree.
type reader struct {
	process  *Process
	nodes    map[string]*Node
	flows    map[string]*Flow
	lines    map[string]int
	defaults map[*Node]string
}

func refuse(e *element, format string, args ...any) error {
	id := e.attr("id")
	if id == "" {
		id = e.name.Local
	}
	return &Error{Element: id, Line: e.line, Reason: fmt.Sprintf(format, args...)}
}

func (r *reader) definitions(root *element) error {
	if !root.is(nsBPMN, "definitions") {
		return refuse(root, "dit is geen BPMN 2.0-bestand; het moet beginnen met definitions")
	}
	var process, diagram *element
	for _, e := range root.children {
		switch {
		case e.is(nsBPMN, "process") && process != nil:
			return refuse(e, "er mag maar één proces in het bestand staan")
		case e.is(nsBPMN, "process"):
			process = e
		case e.is(nsDI, "BPMNDiagram") && diagram == nil:
			diagram = e
		case e.is(nsBPMN, "documentation"), e.is(nsBPMN, "extensionElements"):
		default:
			return refuse(e, "%s hoort niet bij wat dit component kan uitvoeren", e.name.Local)
		}
	}
	if process == nil {
		return refuse(root, "er staat geen proces in het bestand")
	}
	if diagram == nil {
		return refuse(root, "de tekening (BPMNDiagram) ontbreekt")
	}
	if err := r.readProcess(process); err != nil {
		return err
	}
	return r.readDiagram(diagram)
}

func (r *reader) readProcess(e *element) error {
	r.process = &Process{Name: strings.TrimPrefix(e.attr("id"), processPrefix), Title: e.attr("name"), steps: map[string]*Node{}}
	if r.process.Name == "" {
		return refuse(e, "het proces heeft geen id")
	}
	for _, c := range e.children {
		if c.name.Space == nsBPMN && c.name.Local == "sequenceFlow" {
			continue // after the nodes that it connects
		}
		if err := r.readNode(c); err != nil {
			return err
		}
	}
	for _, c := range e.children {
		if c.is(nsBPMN, "sequenceFlow") {
			if err := r.readFlow(c); err != nil {
				return err
			}
		}
	}
	for n, id := range r.defaults {
		n.Default = r.flows[id]
	}
	return nil
}

var kinds = map[string]Kind{"startEvent": Start, "userTask": User, "serviceTask": Service, "exclusiveGateway": Split, "endEvent": End}

func (r *reader) readNode(e *element) error {
	if e.name.Space != nsBPMN {
		return refuse(e, "onbekend element %s", e.name.Local)
	}
	switch e.name.Local {
	case "documentation", "extensionElements", "textAnnotation", "association":
		return nil // text for people, without effect on the run
	}
	kind, ok := kinds[e.name.Local]
	if !ok {
		return refuse(e, "%s kan dit component niet uitvoeren; gebruik startEvent, userTask, serviceTask, exclusiveGateway en endEvent", e.name.Local)
	}
	for _, c := range e.children {
		switch c.name.Local {
		case "incoming", "outgoing", "documentation", "extensionElements":
		default:
			return refuse(e, "%s bij een %s kan dit component niet uitvoeren", c.name.Local, e.name.Local)
		}
	}
	n := &Node{ID: e.attr("id"), Kind: kind, Title: strings.TrimSpace(e.attr("name"))}
	if n.ID == "" {
		return refuse(e, "het element heeft geen id")
	}
	if r.lines[n.ID] > 0 {
		return refuse(e, "dit id komt twee keer voor")
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
		return r.readStep(e, n)
	}
	return nil
}

// readStep reads what a step has and other nodes have not.
func (r *reader) readStep(e *element, n *Node) error {
	n.Step = n.ID
	if n.Title == "" {
		return refuse(e, "de stap heeft geen naam")
	}
	if e.attr("isForCompensation") == "true" {
		return refuse(e, "compensatie kan dit component niet uitvoeren")
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
		return r.readUserTask(e, n)
	case Service:
		if t := e.engineAttr("type"); t != "external" && t != "external-worker" {
			return refuse(e, "een serviceTask moet type external hebben")
		}
		if n.Topic = e.engineAttr("topic"); !strings.Contains(n.Topic, ".") {
			return refuse(e, "een serviceTask heeft een topic nodig in de vorm bron.operatie")
		}
		n.StepKind = "lookup"
	case End:
		n.StepKind = "end"
		if n.Result == "" {
			return refuse(e, "een endEvent heeft een property resultaat nodig")
		}
	}
	return nil
}

func (r *reader) readUserTask(e *element, n *Node) error {
	if n.Role = e.engineAttr("candidateGroups"); !roleName.MatchString(n.Role) {
		return refuse(e, "een userTask heeft precies één rol nodig in candidateGroups")
	}
	switch n.StepKind {
	case "form", "decide", "task":
	default:
		return refuse(e, "een userTask heeft een property soort nodig: form, decide of task")
	}
	if n.StepKind == "decide" && len(n.Outcomes) == 0 {
		return refuse(e, "een keuze heeft uitkomsten nodig")
	}
	if n.Term = e.engineAttr("dueDate"); n.Term != "" {
		if _, err := value.ParseTerm(n.Term); err != nil {
			return refuse(e, "de termijn klopt niet: %v", err)
		}
	}
	return nil
}

func (r *reader) readFlow(e *element) error {
	f := &Flow{ID: e.attr("id"), Title: strings.TrimSpace(e.attr("name")), Outcome: e.property("uitkomst"),
		From: r.nodes[e.attr("sourceRef")], To: r.nodes[e.attr("targetRef")]}
	switch {
	case f.ID == "":
		return refuse(e, "de pijl heeft geen id")
	case r.lines[f.ID] > 0:
		return refuse(e, "dit id komt twee keer voor")
	case f.From == nil:
		return refuse(e, "de pijl begint bij %q, en dat is er niet", e.attr("sourceRef"))
	case f.To == nil:
		return refuse(e, "de pijl wijst naar %q, en dat is er niet", e.attr("targetRef"))
	}
	if c := e.child(nsBPMN, "conditionExpression"); c != nil {
		m := condition.FindStringSubmatch(strings.TrimSpace(c.text.String()))
		if m == nil {
			return refuse(e, "een voorwaarde mag alleen ${naam} zijn")
		}
		f.Variable = m[1]
	}
	r.flows[f.ID], r.lines[f.ID] = f, e.line
	r.process.Flows = append(r.process.Flows, f)
	f.From.Out, f.To.In = append(f.From.Out, f), append(f.To.In, f)
	return nil
}

// readDiagram reads the places of shapes and lines.
func (r *reader) readDiagram(e *element) error {
	if e.name.Space == nsDI {
		ref := e.attr("bpmnElement")
		switch e.name.Local {
		case "BPMNShape":
			if n := r.nodes[ref]; n != nil {
				var err error
				if n.Shape, err = bounds(e); err != nil {
					return err
				}
				n.Label, err = labelBounds(e)
				return err
			}
		case "BPMNEdge":
			if f := r.flows[ref]; f != nil {
				return readEdge(e, f)
			}
		}
	}
	for _, c := range e.children {
		if err := r.readDiagram(c); err != nil {
			return err
		}
	}
	return nil
}

func readEdge(e *element, f *Flow) (err error) {
	for _, c := range e.children {
		if !c.is(nsDDI, "waypoint") {
			continue
		}
		var p Point
		if p.X, err = number(c, "x"); err != nil {
			return err
		}
		if p.Y, err = number(c, "y"); err != nil {
			return err
		}
		f.Points = append(f.Points, p)
	}
	f.Label, err = labelBounds(e)
	return err
}

func bounds(e *element) (b Box, err error) {
	c := e.child(nsDC, "Bounds")
	if c == nil {
		return b, refuse(e, "de vorm heeft geen plaats op de tekening")
	}
	for _, v := range []struct {
		name string
		to   *float64
	}{{"x", &b.X}, {"y", &b.Y}, {"width", &b.W}, {"height", &b.H}} {
		if *v.to, err = number(c, v.name); err != nil {
			return b, err
		}
	}
	return b, nil
}

func labelBounds(e *element) (Box, error) {
	label := e.child(nsDI, "BPMNLabel")
	if label == nil || label.child(nsDC, "Bounds") == nil {
		return Box{}, nil
	}
	return bounds(label)
}

// number reads a coordinate; the limit keeps a drawing from growing without end.
func number(e *element, name string) (float64, error) {
	v, err := strconv.ParseFloat(e.attr(name), 64)
	if err != nil || !(v > -1e6 && v < 1e6) {
		return 0, refuse(e, "%s=%q is geen bruikbaar getal", name, e.attr(name))
	}
	return v, nil
}
