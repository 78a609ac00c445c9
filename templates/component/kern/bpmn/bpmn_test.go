package bpmn

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
)

func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func parse(t testing.TB, name string) *Process {
	t.Helper()
	p, err := Parse(read(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParseReadsTheProcess(t *testing.T) {
	p := parse(t, "proces.bpmn")
	if p.Name != "aanvraag-behandelen" || p.Title != "Aanvraag behandelen" || p.First().Step != "aanvragen" {
		t.Errorf("name %q, title %q, first %q", p.Name, p.Title, p.First().Step)
	}
	decide := p.Step("beoordelen")
	if decide.StepKind != "decide" || decide.Role != "behandelaar" || decide.RoleTitle != "Behandelaar" || decide.Term != "P5D" || decide.Help == "" {
		t.Errorf("the decision is %+v", decide)
	}
	if lookup := p.Step("opzoeken"); lookup.Kind != Service || lookup.Topic != "adressen.zoekAdres" || len(lookup.Outcomes) != 2 {
		t.Errorf("the lookup is %+v", lookup)
	}
	if end := p.Step("afgewezen"); end.Kind != End || end.Result != "afgewezen" {
		t.Errorf("the end is %+v", end)
	}
}

func TestNextFollowsTheOutcome(t *testing.T) {
	p := parse(t, "proces.bpmn")
	for _, c := range []struct{ step, outcome, next string }{
		{"aanvragen", "", "opzoeken"},
		{"opzoeken", "gevonden", "beoordelen"},
		{"opzoeken", "niet-gevonden", "beoordelen"},
		{"beoordelen", "akkoord", "uitvoeren"},
		{"beoordelen", "aanvullen", "aanvullen"},
		{"beoordelen", "afwijzen", "afgewezen"},
		{"aanvullen", "", "opzoeken"},
		{"uitvoeren", "", "toegekend"},
	} {
		if next := p.Step(c.step).Next(c.outcome); next.Step != c.next {
			t.Errorf("%s, %q leads to %s, want %s", c.step, c.outcome, next.Step, c.next)
		}
	}
	if p.Step("toegekend").Next("") != nil {
		t.Error("something follows an end")
	}
	if p := parse(t, "lus.bpmn"); p.Step("n70-procent-klaar") == nil || p.Step("b").Next("niet-gevonden").Step != "a" {
		t.Error("a loop is lost")
	}
}

// Each mutation makes the model something that we cannot run.
func TestParseRefusesWhatItCannotRun(t *testing.T) {
	good := string(read(t, "proces.bpmn"))
	cut := func(from, to string) func(string) string {
		return func(s string) string {
			i := strings.Index(s, from)
			j := strings.Index(s[i:], to)
			return s[:i] + s[i+j+len(to):]
		}
	}
	replace := func(old, new string) func(string) string {
		return func(s string) string { return strings.ReplaceAll(s, old, new) }
	}
	extra := func(x string) func(string) string { return replace("</bpmn:process>", x+"</bpmn:process>") }
	for name, c := range map[string]struct {
		mutate func(string) string
		about  string // the id in the error
	}{
		"parallel gateway":      {replace("exclusiveGateway", "parallelGateway"), "opzoeken.samen"},
		"timer":                 {replace(`name="Start">`, `name="Start"><bpmn:timerEventDefinition />`), "Start"},
		"subprocess":            {extra(`<bpmn:subProcess id="deel" />`), "deel"},
		"boundary event":        {extra(`<bpmn:boundaryEvent id="grens" attachedToRef="beoordelen" />`), "grens"},
		"script task":           {extra(`<bpmn:scriptTask id="script" />`), "script"},
		"second process":        {replace("<bpmndi:BPMNDiagram", `<bpmn:process id="nog-een" /><bpmndi:BPMNDiagram`), "nog-een"},
		"message":               {replace("<bpmndi:BPMNDiagram", `<bpmn:message id="bericht" /><bpmndi:BPMNDiagram`), "bericht"},
		"condition":             {replace("${akkoord}", "${akkoord == true}"), "beoordelen.keuze.akkoord"},
		"no condition":          {cut("<bpmn:conditionExpression", "</bpmn:conditionExpression>"), "beoordelen.keuze.akkoord"},
		"no default":            {replace(` default="beoordelen.keuze.afwijzen"`, ""), "beoordelen.keuze"},
		"foreign default":       {replace(` default="beoordelen.keuze.afwijzen"`, ` default="Start.verder"`), "beoordelen.keuze"},
		"dead end":              {cut(`<bpmn:sequenceFlow id="uitvoeren.verder"`, "/>"), "uitvoeren"},
		"unreachable":           {replace(`sourceRef="Start" targetRef="aanvragen"`, `sourceRef="Start" targetRef="opzoeken.samen"`), "aanvragen"},
		"no start":              {cut("<bpmn:startEvent", "</bpmn:startEvent>"), "Start.verder"},
		"two starts":            {extra(`<bpmn:startEvent id="tweede" />`), "tweede"},
		"two flows into a step": {replace(`sourceRef="aanvullen" targetRef="opzoeken.samen"`, `sourceRef="aanvullen" targetRef="uitvoeren"`), "opzoeken.samen"},
		"double id":             {replace(`id="uitvoeren"`, `id="aanvullen"`), "aanvullen"},
		"broken reference":      {replace(`targetRef="toegekend"`, `targetRef="nergens"`), "uitvoeren.verder"},
		"no role":               {replace(`candidateGroups="behandelaar"`, `candidateGroups=""`), "beoordelen"},
		"two roles":             {replace(`candidateGroups="behandelaar"`, `candidateGroups="a,b"`), "beoordelen"},
		"wrong term":            {replace("P5D", "vijf dagen"), "beoordelen"},
		"not external":          {replace(`type="external`, `type="java`), "opzoeken"},
		"no result":             {replace(`name="resultaat"`, `name="iets"`), "toegekend"},
		"unknown soort":         {replace(`name="soort" value="decide"`, `name="soort" value="raden"`), "beoordelen"},
		"no outcomes":           {replace(`name="uitkomst.`, `name="keuze.`), "beoordelen"},
		"outcome of no step":    {replace(`name="uitkomst" value="akkoord"`, `name="uitkomst" value="anders"`), "beoordelen.keuze.akkoord"},
		"not on the drawing":    {cut(`<bpmndi:BPMNShape id="uitvoeren.vorm"`, "</bpmndi:BPMNShape>"), "uitvoeren"},
		"no line":               {cut(`<bpmndi:BPMNEdge id="uitvoeren.verder.lijn"`, "</bpmndi:BPMNEdge>"), "uitvoeren.verder"},
		"no drawing":            {cut("<bpmndi:BPMNDiagram", "</bpmndi:BPMNDiagram>"), "Definities"},
		"no number":             {replace(`<dc:Bounds x="`, `<dc:Bounds x="NaN`), "Bounds"},
		"multi-instance":        {replace("</bpmn:userTask>", "<bpmn:multiInstanceLoopCharacteristics /></bpmn:userTask>"), "aanvragen"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := c.mutate(good)
			if bad == good {
				t.Fatal("the mutation changes nothing")
			}
			_, err := Parse([]byte(bad))
			if !slices.ContainsFunc(faultsOf(err), func(f *Error) bool { return f.Element == c.about && f.Line > 0 }) {
				t.Errorf("error is %v, want one about %s", err, c.about)
			}
		})
	}
}

// faultsOf takes an error of Parse apart.
func faultsOf(err error) (all []*Error) {
	several, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	for _, one := range several.Unwrap() {
		if f, ok := errors.AsType[*Error](one); ok {
			all = append(all, f)
		}
	}
	return all
}

// TestParseNamesEveryFaultOnce: what a modeller did to the file is said in one
// go, each with its line, and what follows from it is not said as well.
func TestParseNamesEveryFaultOnce(t *testing.T) {
	s := string(read(t, "proces.bpmn"))
	for _, edit := range [][2]string{
		{`<bpmn:userTask id="uitvoeren"`, "<bpmn:parallelGateway\n  id=\"uitvoeren\""}, // a step became something else
		{`candidateGroups="behandelaar"`, `candidateGroups=""`},                        // the lane is gone
		{`name="uitkomst" value="akkoord"`, `name="uitkomst" value="goed"`},
		{`P5D`, `vijf dagen`},
	} {
		if !strings.Contains(s, edit[0]) {
			t.Fatalf("%s is not in the file", edit[0])
		}
		s = strings.ReplaceAll(s, edit[0], edit[1])
	}
	i := strings.Index(s, `<bpmn:parallelGateway`)
	s = s[:i] + strings.Replace(s[i:], "</bpmn:userTask>", "</bpmn:parallelGateway>", 1)
	_, err := Parse([]byte(s))
	var got []string
	lines := strings.Split(s, "\n")
	last := 0
	for _, f := range faultsOf(err) {
		got = append(got, f.Element)
		if f.Line < last || f.Line > len(lines) || !strings.Contains(lines[f.Line-1]+lines[f.Line], `id="`+f.Element+`"`) {
			t.Errorf("%v is not about line %d: %s", f, f.Line, lines[f.Line-1])
		}
		last = f.Line
	}
	want := "beoordelen beoordelen uitvoeren beoordelen.keuze.akkoord"
	if strings.Join(got, " ") != want {
		t.Errorf("named are %q, want %s:\n%v", got, want, err)
	}
	outline := Outline([]byte(s))
	if outline == nil || outline.Step("uitvoeren") != nil || outline.Step("beoordelen") == nil {
		t.Errorf("the outline is %+v", outline)
	}
}

// TestParseSaysNoMoreThanPeopleRead also keeps a hostile file from taking long.
func TestParseSaysNoMoreThanPeopleRead(t *testing.T) {
	s := strings.Replace(string(read(t, "proces.bpmn")), "</bpmn:process>", strings.Repeat("<bpmn:task/>", 20000)+strings.Repeat("\n<bpmn:task/>", 20000)+"</bpmn:process>", 1)
	_, err := Parse([]byte(s))
	if n := strings.Count(err.Error(), "\n"); n != mostFaults {
		t.Errorf("%d lines", n)
	}
}

// TestSumIsOfWhatTheProcessDoes: what a zaak does not notice is no other process.
func TestSumIsOfWhatTheProcessDoes(t *testing.T) {
	good := string(read(t, "proces.bpmn"))
	sum := func(s string) string {
		t.Helper()
		p, err := Parse([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return p.Sum()
	}
	all := func(old, new string) string {
		t.Helper()
		changed := strings.ReplaceAll(good, old, new)
		if changed == good {
			t.Fatalf("%s is not in the file", old)
		}
		return changed
	}
	for name, same := range map[string]string{
		"a moved shape": all(`<dc:Bounds x="`, `<dc:Bounds x="1`), "a title": all(`name="Uitvoeren"`, `name="Doen"`), "a term": all("P5D", "P6D"),
		"the id of a gateway": all("beoordelen.keuze", "kies"), "a variable": all("${akkoord}", "${goed}"), "a title of a role": all(`value="Behandelaar"`, `value="Wie het doet"`),
	} {
		if sum(same) != sum(good) {
			t.Errorf("%s makes another process", name)
		}
	}
	seen := map[string]string{sum(good): "the file itself"}
	for name, other := range map[string]string{
		"a role": all(`candidateGroups="aanvrager"`, `candidateGroups="inwoner"`), "a step": all(`"uitvoeren"`, `"doen"`), "a result": all(`value="toegekend"`, `value="verleend"`),
		"an outcome": all("akkoord", "goed"), "a source": all("adressen.zoekAdres", "bag.zoek"), "a kind": all(`name="soort" value="task"`, `name="soort" value="form"`),
		"the name": all("aanvraag-behandelen", "anders"), "an arrow": strings.Replace(good, `targetRef="afgewezen"`, `targetRef="toegekend"`, 1),
	} {
		if name == "an arrow" {
			other = strings.Replace(strings.Replace(strings.Replace(good, `targetRef="afgewezen"`, `targetRef="WEG"`, 1), `targetRef="toegekend"`, `targetRef="afgewezen"`, 1), `targetRef="WEG"`, `targetRef="toegekend"`, 1)
		}
		if earlier := seen[sum(other)]; earlier != "" {
			t.Errorf("%s makes no other process than %s", name, earlier)
		}
		seen[sum(other)] = name
	}
}

func TestParseRefusesALoopWithoutAPerson(t *testing.T) {
	bad := strings.ReplaceAll(string(read(t, "lus.bpmn")), `<bpmn:userTask id="a" `, `<bpmn:serviceTask camunda:type="external" camunda:topic="x.y" id="a" `)
	i := strings.Index(bad, `id="a" `)
	bad = bad[:i] + strings.Replace(bad[i:], "</bpmn:userTask>", "</bpmn:serviceTask>", 1)
	if _, err := Parse([]byte(bad)); err == nil || !strings.Contains(err.Error(), "mens") {
		t.Errorf("error is %v", err)
	}
}

func TestParseSurvivesAnything(t *testing.T) {
	for name, data := range map[string]string{
		"empty": "", "no xml": "hallo", "html": "<html/>", "cut off": string(read(t, "proces.bpmn")[:2000]),
		"entity": `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, "deep": strings.Repeat("<a>", 100), "large": strings.Repeat(" ", maxBytes+1),
		"many": "<a>" + strings.Repeat("<b/>", maxElements+1) + "</a>",
	} {
		if _, err := Parse([]byte(data)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(read(f, "proces.bpmn"))
	f.Add(read(f, "lus.bpmn"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data)
		if err != nil {
			Outline(data)
			if strings.TrimSpace(err.Error()) == "" || strings.Count(err.Error(), "proces.bpmn") > mostFaults+1 && !bytes.Contains(data, []byte("proces.bpmn")) {
				t.Errorf("the error is %v", err)
			}
			return
		}
		if err := SVG(io.Discard, p, Marking{Current: p.First().Step}); err != nil {
			t.Error(err)
		}
		Words(p)
		if len(p.Sum()) != 64 {
			t.Error("no sum")
		}
		for _, s := range p.Steps() {
			for _, o := range s.Outcomes {
				if s.Kind != End && s.Next(o.Name) == nil {
					t.Errorf("nothing follows %s, %s", s.Step, o.Name)
				}
			}
		}
	})
}

func TestSVGShowsWhereTheZaakIs(t *testing.T) {
	p := parse(t, "proces.bpmn")
	var b bytes.Buffer
	if err := SVG(&b, p, Marking{Current: "beoordelen", Visited: []string{"aanvragen", "opzoeken"}}); err != nil {
		t.Fatal(err)
	}
	svg := b.String()
	for _, want := range []string{`role="img"`, "<title", "<desc", "De zaak is nu bij: Beoordelen", "Nu hier", "bpmn-user bpmn-current", "bpmn-service bpmn-visited"} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s is not in the drawing", want)
		}
	}
	if strings.Contains(svg, "style=") {
		t.Error("a style attribute does not pass the Content-Security-Policy")
	}
	if n := strings.Count(svg, `polyline class="bpmn-flow bpmn-visited"`); n != 4 {
		t.Errorf("%d lines are on the way that was gone, want 4", n)
	}
	if d := xml.NewDecoder(&b); true {
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestSVGEscapes(t *testing.T) {
	p := parse(t, "lus.bpmn")
	p.Step("a").Title = `<script>alert("x")</script>`
	var b bytes.Buffer
	if err := SVG(&b, p, Marking{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "<script") {
		t.Error("a title is not escaped")
	}
}

func TestWords(t *testing.T) {
	words := Words(parse(t, "proces.bpmn"))
	for _, want := range []string{
		"Het proces begint met: Aanvragen.",
		"Aanvragen: Aanvrager vult een formulier in. Daarna: Opzoeken.",
		"Opzoeken: het component bevraagt de bron. Daarna: Beoordelen.",
		"Beoordelen: Behandelaar maakt een keuze, binnen 5 dagen. Bij “Akkoord” volgt: Uitvoeren. Bij “Aanvullen” volgt: Aanvullen. Bij “Afwijzen” volgt: Afgewezen.",
		"Toegekend: de zaak is klaar, met als resultaat toegekend.",
	} {
		if !slices.Contains(words, want) {
			t.Errorf("%q is not in\n%s", want, strings.Join(words, "\n"))
		}
	}
}
