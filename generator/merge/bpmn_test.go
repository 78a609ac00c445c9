package merge

import (
	"os"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
)

func model(t testing.TB) string {
	t.Helper()
	body, err := os.ReadFile(golden + "4-proces/proces.bpmn")
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// replaced gives a text with each old in it replaced once; an old that is not there
// is a mistake of the test.
func replacedIn(t testing.TB, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%q is not in the text", pairs[i])
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

// withStep is the model with a step between verwerken and verwerkt, as fieldlab
// draws it: what comes after moves to the right.
func withStep(t testing.TB, body, id string) string {
	return replacedIn(t, body,
		`    <bpmn:endEvent id="verwerkt"`, `    <bpmn:userTask id="`+id+`" name="Nakijken" camunda:candidateGroups="burgerzaken" flowable:candidateGroups="burgerzaken">
      <bpmn:extensionElements>
        <camunda:properties>
          <camunda:property name="soort" value="task" />
          <camunda:property name="rol" value="Medewerker burgerzaken" />
        </camunda:properties>
      </bpmn:extensionElements>
      <bpmn:incoming>verwerken.verder</bpmn:incoming>
      <bpmn:outgoing>`+id+`.verder</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="verwerkt"`,
		"<bpmn:incoming>verwerken.verder</bpmn:incoming>\n    </bpmn:endEvent>", "<bpmn:incoming>"+id+".verder</bpmn:incoming>\n    </bpmn:endEvent>",
		`sourceRef="verwerken" targetRef="verwerkt" />`, `sourceRef="verwerken" targetRef="`+id+`" />
    <bpmn:sequenceFlow id="`+id+`.verder" sourceRef="`+id+`" targetRef="verwerkt" />`,
		`<dc:Bounds x="1110" y="81"`, `<dc:Bounds x="1280" y="81"`,
		`<dc:Bounds x="1100" y="123"`, `<dc:Bounds x="1270" y="123"`,
		`      <bpmndi:BPMNShape id="verwerkt.vorm"`, `      <bpmndi:BPMNShape id="`+id+`.vorm" bpmnElement="`+id+`">
        <dc:Bounds x="1100" y="59" width="130" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="verwerkt.vorm"`,
		`<di:waypoint x="1110" y="99" />
      </bpmndi:BPMNEdge>`, `<di:waypoint x="1100" y="99" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="`+id+`.verder.lijn" bpmnElement="`+id+`.verder">
        <di:waypoint x="1230" y="99" />
        <di:waypoint x="1280" y="99" />
      </bpmndi:BPMNEdge>`)
}

// bpmnCase is a merge with what is in the result and what is not.
type bpmnCase struct {
	ours, theirs string
	want, not    []string
	beside       bool
}

func bpmnCases(t *testing.T, base string) map[string]bpmnCase {
	moved := replacedIn(t, base, `<dc:Bounds x="910" y="59" width="130" height="80" />`, `<dc:Bounds x="910" y="459" width="130" height="80" />`,
		`<di:waypoint x="1040" y="99" />`, `<di:waypoint x="1040" y="499" />`)
	return map[string]bpmnCase{
		"moved and a step added": {moved, withStep(t, base, "nakijken"),
			[]string{`x="910" y="459"`, `x="1040" y="499"`, `id="nakijken"`, `<di:waypoint x="1100" y="99" />`, `bpmnElement="nakijken.verder"`}, []string{`x="1110" y="99"`}, false},
		"renamed and a step added": {replacedIn(t, base, `name="Verwerken in de BRP"`, `name="Verwerken (Key2)"`, `<bpmn:endEvent id="verwerkt" name="Verwerkt">`, `<bpmn:endEvent id="verwerkt" name="Klaar">`), withStep(t, base, "nakijken"),
			[]string{"Key2", `name="Klaar"`, `id="nakijken"`, "<bpmn:incoming>nakijken.verder</bpmn:incoming>"}, []string{"<bpmn:incoming>verwerken.verder</bpmn:incoming>\n    </bpmn:endEvent>"}, false},
		"both a step at one place": {withStep(t, base, "archiveren"), withStep(t, base, "nakijken"), nil, nil, true},
		"gone: a step that the team moved": {strings.Replace(withStep(t, base, "nakijken"), `<dc:Bounds x="1100" y="59"`, `<dc:Bounds x="1100" y="600"`, 1), base,
			[]string{`targetRef="verwerkt"`}, []string{"nakijken"}, false},
		"gone: a step that the team renamed": {strings.Replace(withStep(t, base, "nakijken"), `name="Nakijken"`, `name="Vier ogen"`, 1), base, nil, nil, true},
		"a note and a term": {replacedIn(t, base, `    <bpmn:sequenceFlow id="Start.verder"`, "    <!-- met Ria besproken -->\n    <bpmn:sequenceFlow id=\"Start.verder\"", `camunda:dueDate="P5D"`, `camunda:dueDate="P3D"`),
			replacedIn(t, base, `flowable:dueDate="P5D"`, `flowable:dueDate="P8D"`, `camunda:historyTimeToLive="P180D"`, `camunda:historyTimeToLive="P90D"`),
			[]string{"met Ria besproken", `camunda:dueDate="P3D"`, `flowable:dueDate="P8D"`, "P90D"}, nil, false},
		"the same attribute": {replacedIn(t, base, `name="Aangifte doen"`, `name="Aangeven"`), replacedIn(t, base, `name="Aangifte doen"`, `name="Melden"`), nil, nil, true},
		"a shape that moved, with a step after it": {replacedIn(t, base, `<dc:Bounds x="910" y="59" width="130" height="80" />`, `<dc:Bounds x="910" y="459" width="130" height="80" />`), withStep(t, base, "nakijken"),
			[]string{`x="910" y="459"`, "<di:waypoint x=\"1040\" y=\"499\" />\n        <di:waypoint x=\"1100\" y=\"99\" />"}, nil, false},
		"the end of an edge": {replacedIn(t, base, `<di:waypoint x="957" y="299" />`, `<di:waypoint x="957" y="305" />`), replacedIn(t, base, `<dc:Bounds x="957" y="281"`, `<dc:Bounds x="1057" y="381"`, `<di:waypoint x="957" y="299" />`, `<di:waypoint x="1057" y="399" />`),
			[]string{`<di:waypoint x="957" y="305" />`, `<dc:Bounds x="1057" y="381"`}, nil, false},
		"a flow to what is gone": {replacedIn(t, withStep(t, base, "nakijken"), `targetRef="adres-controleren.samen" />
    <bpmn:sequenceFlow id="verwerken`, `targetRef="nakijken" />
    <bpmn:sequenceFlow id="verwerken`), base, nil, nil, true},
		"taken out and changed": {strings.Replace(base, `<camunda:property name="uitkomst.niet-gevonden" value="Niet gevonden" />`, "", 1), replacedIn(t, base, `value="Niet gevonden"`, `value="Onbekend"`), nil, nil, true},
		"windows":               {strings.ReplaceAll(moved, "\n", "\r\n"), withStep(t, base, "nakijken"), []string{"y=\"459\" width=\"130\" height=\"80\" />\r\n", "id=\"nakijken\""}, nil, false},
		"broken by hand":        {base[:len(base)/2], withStep(t, base, "nakijken"), nil, nil, true},
	}
}

// TestBPMN: what a team does in a modeller and what fieldlab adds.
func TestBPMN(t *testing.T) {
	t.Parallel()
	base := model(t)
	for name, test := range bpmnCases(t, base) {
		t.Run(name, func(t *testing.T) {
			b := base
			if strings.HasPrefix(name, "gone: ") || name == "a flow to what is gone" {
				b = withStep(t, base, "nakijken")
			}
			got := Files("4-proces/proces.bpmn", []byte(b), []byte(test.ours), []byte(test.theirs), labels)
			if got.Beside != test.beside {
				t.Fatalf("beside: %v\n%s", got.Beside, got.Body)
			}
			if test.beside {
				if string(got.Body) != test.ours {
					t.Error("the file of the team changed")
				}
				return
			}
			for _, want := range test.want {
				if !strings.Contains(string(got.Body), want) {
					t.Errorf("%q is not in\n%s", want, got.Body)
				}
			}
			for _, not := range test.not {
				if strings.Contains(string(got.Body), not) {
					t.Errorf("%q is still in\n%s", not, got.Body)
				}
			}
			if _, err := bpmn.Parse(got.Body); err != nil {
				t.Error(err)
			}
		})
	}
}
