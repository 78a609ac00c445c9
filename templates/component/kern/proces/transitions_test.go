package proces

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// TestMistakesInTheFileWithTransitions are all named, with their lines.
func TestMistakesInTheFileWithTransitions(t *testing.T) {
	h := newHarness(t, "aanvraag")
	contract, err := rest.NewContract(h.read("aanvraag.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	read := func(text string) string {
		_, _, err := Room{BPMN: h.read("aanvraag.bpmn"), Transitions: []byte(text), Contract: contract, Course: course("aanvraag", h.source)}.Read()
		return fmt.Sprint(err)
	}
	for _, good := range []string{"", "# niets\n", "oud: beoordelen\n", "\"oud\": 'beoordelen' # zo\n112: blijft\n", "ja: aanvullen\nnee: opzoeken\n", "---\noud: blijft\n", "{}"} {
		if got := read(good); got != "<nil>" {
			t.Errorf("%q: %s", good, got)
		}
	}
	for text, want := range map[string][]string{
		"a: b\nb: beoordelen\n":                       {"regel 1: stap b is er ook niet meer; schrijf meteen waar het eindigt: a: beoordelen"},
		"a: b\nb: c\nc: a\n":                          {"regel 1: a gaat via b rond", "regel 2: b gaat via c rond", "regel 3: c gaat via a rond"},
		"a: b\nb: blijft\n":                           {"regel 1: stap b is er ook niet meer, en zaken die daar staan blijven"},
		"a: b\nb: c\n":                                {"regel 1: stap b is er ook niet meer; kies een stap die er is", "regel 2: stap c staat niet in"},
		"a: a\n":                                      {"regel 1: a verwijst naar zichzelf"},
		"beoordelen: blijft\n":                        {"regel 1: stap beoordelen bestaat nog"},
		"a: toegekend\n":                              {"regel 1: toegekend is een einde"},
		"a: aanvragen\n":                              {"regel 1: aanvragen is het formulier waarmee een zaak begint"},
		"a: nergens\n":                                {"regel 1: stap nergens staat niet in 4-proces/proces.bpmn; kies uit: opzoeken, beoordelen, aanvullen, uitvoeren"},
		"a: blijft\n\na: aanvullen\n":                 {"regel 3: a staat er al, op regel 1"},
		"a:\n  - b\nc: {d: e}\nf:\n? [g]\n: h\n":      {"regel 1: bij a hoort één naam", "regel 3: bij c hoort één naam", "regel 4: bij f hoort één naam", "regel 5: links van de dubbele punt"},
		"- a\n- b\n":                                  {"regel 1: hier horen regels in de vorm"},
		"a: &x blijft\nb: *x\n<<: *x\n":               {"regel 1: bij a hoort één naam", "regel 2: bij b hoort één naam", "regel 3: links van de dubbele punt"},
		"a: !!str blijft\n":                           {"regel 1: bij a hoort één naam"},
		"!iets\na: blijft\n":                          {"regel 1: hier horen regels in de vorm"},
		"&x\na: blijft\n":                             {"regel 1: hier horen regels in de vorm"},
		"a: ~\nb: null\n~: blijft\n":                  {"regel 1: bij a hoort één naam", "regel 2: bij b hoort één naam", "regel 3: links van de dubbele punt"},
		"a: b: c\n":                                   {"geen geldige YAML"},
		"a: blijft\n---\nb: blijft\n":                 {"er staat een tweede document"},
		"a: blijft\n  b: \"\n":                        {"geen geldige YAML"},
		strings.Repeat("x", maxTransitionsFile) + "y": {"groter dan 1 MiB"},
	} {
		got := read(text)
		for _, w := range want {
			if !strings.Contains(got, w) || !strings.Contains(got, TransitionsFile) {
				t.Errorf("%.40q: %q is not in\n%s", text, w, got)
			}
		}
		if n := strings.Count(got, "\n") + 1; n != len(want) {
			t.Errorf("%.40q: %d mistakes, want %d:\n%s", text, n, len(want), got)
		}
	}
}

// TestNoZaakWaitsForAnAnswerThatIsNotStored: a question that takes what a form asked
// and nobody stored cannot be put again by a change of the process.
func TestNoZaakWaitsForAnAnswerThatIsNotStored(t *testing.T) {
	h := newHarness(t, "vraag")
	contract, err := rest.NewContract(h.read("vraag.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = Room{BPMN: h.read("vraag.bpmn"), Transitions: []byte("oud: adres-zoeken\n"), Contract: contract, Course: course("vraag", h.source)}.Read()
	if got := fmt.Sprint(err); !strings.Contains(got, "regel 1: adres-zoeken stelt een vraag met antwoorden die niet bewaard zijn") {
		t.Errorf("got %s", got)
	}
	_, _, err = Room{BPMN: h.read("vraag.bpmn"), Transitions: []byte("oud: nergens\n"), Contract: contract, Course: course("vraag", h.source)}.Read()
	if got := fmt.Sprint(err); !strings.Contains(got, "kies uit") || strings.Contains(got, "-zoeken") {
		t.Errorf("it is proposed: %s", got)
	}
}

func FuzzTransitions(f *testing.F) {
	for _, seed := range []string{"a: b\nb: beoordelen\n", "a: &x y\nb: *x\n", "? [a]\n: b\n", "---\n---\n", "a: |\n  x\n  y\n", "a: blijft #", "\xff\xfe"} {
		f.Add([]byte(seed))
	}
	raw, err := os.ReadFile("testdata/aanvraag.bpmn")
	if err != nil {
		f.Fatal(err)
	}
	model, err := bpmn.Parse(raw)
	if err != nil {
		f.Fatal(err)
	}
	c := checker{model: model, whole: true}
	f.Fuzz(func(t *testing.T, data []byte) {
		moves, faults := readTransitions(data)
		faults = append(faults, c.checkTransitions(moves)...)
		for _, fault := range faults {
			if !strings.Contains(fault.Error(), TransitionsFile) {
				t.Errorf("%v names no file", fault)
			}
		}
		for from, tr := range moves {
			if from == "" || tr.From != from || tr.Line < 1 {
				t.Errorf("%q: %+v", from, tr)
			}
			if again, faults := readTransitions([]byte(transitionLine(from, cmpStay(tr.To)))); len(faults) > 0 || again[from].To != tr.To {
				t.Errorf("the line for %q and %q is read as %+v (%v)", from, tr.To, again, faults)
			}
		}
	})
}

func cmpStay(to string) string {
	if to == "" {
		return stays
	}
	return to
}
