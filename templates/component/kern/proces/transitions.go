package proces

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
)

// TransitionsFile says where zaken go on whose step is in the process no more.
// A component that needs it not does not have it.
const TransitionsFile = "4-proces/overgang.yaml"

// stays is what stands there for zaken that stay on the process under which they
// began.
const stays = "blijft"

// Transitions is what TransitionsFile says: per step that was, where its zaken
// go on.
type Transitions map[string]Transition

// Transition is one line of it.
type Transition struct {
	From string
	To   string // a step of the process; "" when the zaken stay on the old process
	Line int
}

// Stays says whether the zaken at a step stay on the old process.
func (t Transitions) Stays(step string) bool {
	tr, there := t[step]
	return there && tr.To == ""
}

// sorted gives them in the order of the file.
func (t Transitions) sorted() []Transition {
	var all []Transition
	for _, tr := range t {
		all = append(all, tr)
	}
	slices.SortFunc(all, func(a, b Transition) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.From, b.From))
	})
	return all
}

const maxTransitionsFile = 1 << 20 // bytes

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// lineFault is a fault of TransitionsFile.
func lineFault(line int, format string, args ...any) error {
	return fmt.Errorf("%s regel %d: %s", TransitionsFile, line, fmt.Sprintf(format, args...))
}

// readTransitions reads the file strictly: a mapping of names and nothing else.
// What it says of the process, checkTransitions judges.
func readTransitions(data []byte) (Transitions, []error) {
	t := Transitions{}
	if len(data) > maxTransitionsFile {
		return t, []error{fmt.Errorf("%s is groter dan 1 MiB", TransitionsFile)}
	}
	d := yaml.NewDecoder(bytes.NewReader(data))
	var root, more yaml.Node
	switch err := d.Decode(&root); {
	case errors.Is(err, io.EOF):
		return t, nil // nothing but comments
	case err != nil:
		return t, []error{yamlFault(err)}
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		if err != nil {
			return t, []error{yamlFault(err)}
		}
		return t, []error{lineFault(more.Line, "er staat een tweede document in het bestand; zet alles onder elkaar, zonder ---")}
	}
	top := root.Content[0]
	if top.Kind == yaml.ScalarNode && top.Tag == "!!null" {
		return t, nil
	}
	if top.Kind != yaml.MappingNode || top.Anchor != "" || top.Style&yaml.TaggedStyle != 0 {
		return t, []error{lineFault(top.Line, "hier horen regels in de vorm oude-stap: nieuwe-stap of oude-stap: %s", stays)}
	}
	var faults []error
	for i := 0; i+1 < len(top.Content); i += 2 {
		from, to := top.Content[i], top.Content[i+1]
		if !plainText(from) {
			faults = append(faults, lineFault(from.Line, "links van de dubbele punt hoort de naam van een stap"))
			continue
		}
		if !plainText(to) {
			faults = append(faults, lineFault(from.Line, "bij %s hoort één naam van een stap, of %s", from.Value, stays))
			continue
		}
		if earlier, twice := t[from.Value]; twice {
			faults = append(faults, lineFault(from.Line, "%s staat er al, op regel %d; haal een van beide weg", from.Value, earlier.Line))
			continue
		}
		t[from.Value] = Transition{From: from.Value, To: to.Value, Line: from.Line}
		if to.Value == stays {
			t[from.Value] = Transition{From: from.Value, Line: from.Line}
		}
	}
	return t, faults
}

// plainText says whether a node is a text that stands there as it is: a step may
// be called 112 or ja, but no anchor, alias or tag makes it something else.
func plainText(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Anchor == "" && n.Alias == nil && n.Style&yaml.TaggedStyle == 0 && n.Tag != "!!null" && n.Tag != "!!merge" &&
		strings.TrimSpace(n.Value) != "" && !strings.ContainsAny(n.Value, "\n\r")
}

// yamlFault gives an error of the library its file and line.
func yamlFault(err error) error {
	text := err.Error()
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1])
		return lineFault(line, "geen geldige YAML: %s", strings.TrimPrefix(text, m[0]))
	}
	return fmt.Errorf("%s: geen geldige YAML: %s", TransitionsFile, strings.TrimPrefix(text, "yaml: "))
}

// checkTransitions holds the file against the process.
func (c checker) checkTransitions(t Transitions) (faults []error) {
	for _, tr := range t.sorted() {
		if c.model.Step(tr.From) != nil {
			faults = append(faults, lineFault(tr.Line, "stap %s bestaat nog in 4-proces/proces.bpmn; haal deze regel weg", tr.From))
		}
		if tr.To == "" {
			continue
		}
		if why := c.noTarget(t, tr); why != "" {
			faults = append(faults, lineFault(tr.Line, "%s", why))
		}
	}
	return faults
}

// noTarget says why the zaken of a step cannot go on where the file says; "" when
// they can.
func (c checker) noTarget(t Transitions, tr Transition) string {
	to := c.model.Step(tr.To)
	if to == nil {
		return c.unknownTarget(t, tr)
	}
	switch {
	case to.Kind == bpmn.End:
		return fmt.Sprintf("%s is een einde. Een wijziging van het proces sluit geen zaken af: dat beslist iemand. Kies de stap waarin dat gebeurt", tr.To)
	case !c.whole:
		return ""
	case c.startsOnly(to):
		return fmt.Sprintf("%s is het formulier waarmee een zaak begint; daar kan een lopende zaak niet heen. Kies een stap die daarna komt", tr.To)
	case to.Kind == bpmn.Service && c.needsInput(to):
		return fmt.Sprintf("%s stelt een vraag met antwoorden die niet bewaard zijn; zo'n vraag kan alleen iemand opnieuw stellen. Kies de stap waarin iemand die invult", tr.To)
	}
	return ""
}

func (c checker) unknownTarget(t Transitions, tr Transition) string {
	next, chained := t[tr.To]
	switch {
	case tr.To == tr.From:
		return fmt.Sprintf("%s verwijst naar zichzelf; kies een stap die er is", tr.From)
	case !chained:
		return fmt.Sprintf("stap %s staat niet in 4-proces/proces.bpmn; kies uit: %s", tr.To, strings.Join(c.targets(), ", "))
	}
	seen := map[string]bool{tr.From: true, tr.To: true}
	for end := next; ; end = t[end.To] {
		switch {
		case end.To == "":
			return fmt.Sprintf("stap %s is er ook niet meer, en zaken die daar staan blijven op het oude proces; schrijf hier %s: %s of kies een stap die er is", tr.To, tr.From, stays)
		case c.model.Step(end.To) != nil:
			return fmt.Sprintf("stap %s is er ook niet meer; schrijf meteen waar het eindigt: %s: %s", tr.To, tr.From, end.To)
		case seen[end.To]:
			return fmt.Sprintf("%s gaat via %s rond en komt nergens uit; kies een stap die er is: %s", tr.From, tr.To, strings.Join(c.targets(), ", "))
		case t[end.To].From == "":
			return fmt.Sprintf("stap %s is er ook niet meer; kies een stap die er is: %s", tr.To, strings.Join(c.targets(), ", "))
		}
		seen[end.To] = true
	}
}

// targets are the names of the steps where zaken can go on.
func (c checker) targets() (names []string) {
	for _, n := range c.model.Steps() {
		if n.Kind == bpmn.End || c.whole && (c.startsOnly(n) || n.Kind == bpmn.Service && c.needsInput(n)) {
			continue
		}
		names = append(names, n.Step)
	}
	return names
}
