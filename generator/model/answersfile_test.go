package model

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

const person = `{"type":"Raadpleeg","personen":[{"burgerservicenummer":"999993653","naam":{"volledigeNaam":"Noor <b>"},"geheim":true,"partner":{"burgerservicenummer":"999990408"}}]}`

func persons() *Source {
	return &Source{Service: "brp", Fields: []string{"naam.volledigeNaam", "geheim", "bestaatNiet"}, Operations: []*Operation{{
		Name: Names{Raw: "Personen", JSON: "personen"}, Method: "POST", Path: "/personen",
		Parameters: []Parameter{{Name: "burgerservicenummer", In: "body"}, {Name: "letter", In: "body"}, {Name: "dag", In: "body", Required: true}},
		Constants:  []Constant{{Name: "type", Value: "Raadpleeg"}, {Name: "fields", Values: []string{"naam"}}},
		Chooses:    &Chooses{Field: "fields", Under: "personen", Always: []string{"geheim"}},
		Answers: []Answer{
			{When: []Constant{{Name: "type", Value: "Raadpleeg"}, {Name: "burgerservicenummer", Value: "999993653"}, {Name: "letter", Values: []string{}}}, Body: person},
			{When: []Constant{{Name: "type", Value: "Zoek"}, {Name: "postcode", Value: "1028BC"}}, Body: person},
			{When: []Constant{{Name: "straat", Value: "Dorpsstraat"}}, Body: person}, // for a team that will ask by street
			{Body: person},
			{Always: true, Status: 204},
		},
		Otherwise: &Answer{Always: true, Status: 404, Body: `{"title":"niemand"}`},
		Errors:    map[int]string{503: `{}`, 429: `{"title":"druk"}`},
	}}}
}

func TestAnswersFile(t *testing.T) {
	got := (&builder{}).answersFile(persons(), "")
	var file any
	if err := json.Unmarshal([]byte(got), &file); err != nil {
		t.Fatal(err)
	}
	want := `{"dienst":"brp","operaties":[{"naam":"personen","methode":"POST","pad":"/personen",
		"vragen":["burgerservicenummer","letter","dag","type","straat"],
		"kiest":{"veld":"fields","onder":"personen","altijd":["geheim"]},
		"antwoorden":[
			{"bij":{"type":"Raadpleeg","burgerservicenummer":"999993653","letter":[]},"antwoord":` + person + `},
			{"bij":{"straat":"Dorpsstraat"},"antwoord":` + person + `},
			{"antwoord":` + person + `},
			{"bij":{},"status":204}],
		"anders":{"status":404,"antwoord":{"title":"niemand"}},
		"fouten":{"429":{"title":"druk"},"503":{}}}]}`
	var expected any
	if err := json.Unmarshal([]byte(want), &expected); err != nil {
		t.Fatal(err)
	}
	delete(file.(map[string]any), "uitleg")
	if !reflect.DeepEqual(file, expected) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !strings.Contains(got, "Noor <b>") || strings.HasSuffix(got, "\n") {
		t.Errorf("got %s", got)
	}
}

// TestOwnExample: what a team gave stays in its own file and comes first.
func TestOwnExample(t *testing.T) {
	s := persons()
	op := s.Operations[0]
	op.Example, op.ExampleFile = `{"burgerservicenummer":"999995492"}`, "bronnen/eigen.json"
	got := (&builder{}).answersFile(s, "")
	if first, _, _ := strings.Cut(got[strings.Index(got, `"antwoorden"`):], "}"); !strings.Contains(first, `"bestand": "bronnen/eigen.json"`) {
		t.Errorf("first comes %s", first)
	}
	if finds := op.Finds(nil); finds[0].Asked[0].Value != "999995492" || len(finds) != 3 {
		t.Errorf("%+v", finds)
	}
	op.Answers = nil
	if got := (&builder{}).answersFile(s, ""); strings.Count(got, `"bestand"`) != 1 || strings.Contains(got, `"antwoord":`) && strings.Contains(got, "999995492") {
		t.Errorf("got %s", got)
	}
}

// TestFindable: an answer that holds nothing of the question gets a question
// that suits the names, unless the question itself is a guess.
func TestFindable(t *testing.T) {
	op := &Operation{Example: `{"naam":"Noor"}`, Parameters: []Parameter{
		{Name: "postcode", In: "query", Required: true}, {Name: "huisnummer", In: "query", Required: true}, {Name: "woonplaats", In: "query"}, {Name: "iets", Required: true},
	}}
	want := []Constant{{Name: "postcode", In: "query", Value: "1028BC"}, {Name: "huisnummer", In: "query", Value: "34"}}
	if got := op.Finds(nil); len(got) != 1 || !reflect.DeepEqual(got[0].Asked, want) || !reflect.DeepEqual(got[0].Free, []string{"iets"}) {
		t.Errorf("%+v", got)
	}
	op.Guessed = true
	if got := op.Finds(nil); len(got) != 1 || got[0].Asked != nil {
		t.Errorf("a guess is found by %+v", got)
	}
}

func TestFinds(t *testing.T) {
	s := persons()
	got := s.Operations[0].Finds(s.Fields)
	shows := []string{"Noor <b>", "ja"}
	want := []Find{
		// The answer without a question of its own is to the same one: it is the
		// person's number that counts, not the partner's.
		{Asked: []Constant{{Name: "burgerservicenummer", Value: "999993653"}}, Free: []string{"dag"}, Status: 200, Shows: shows},
		{Status: 204},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got\n%+v\nwant\n%+v", got, want)
	}
	for _, body := range []string{"", "7", "null", "[]", `[[{"a":[1,2]}]]`, strings.Repeat("[", 5000)} {
		op := &Operation{Example: body, Parameters: []Parameter{{Name: "a"}}}
		if finds := op.Finds([]string{"a", "a.b", ""}); body != "" && len(finds) != 1 {
			t.Errorf("%.20q: %+v", body, finds)
		}
	}
}
