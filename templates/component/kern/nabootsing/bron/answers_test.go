package bron

import (
	"errors"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func op(rest string) string {
	return "{\"dienst\":\"d\",\"operaties\":[{\n\"naam\":\"n\",\"methode\":\"GET\",\"pad\":\"/p\"," + rest + "\n}]}"
}

// wrong are answers files as a hurried team may leave them, with the line, the
// place and a part of each mistake.
var wrong = map[string]struct {
	file string
	want []string
}{
	"empty":               {"", []string{"regel 1: het bestand houdt te vroeg op"}},
	"not closed":          {"{\n\"dienst\": \"d\"", []string{"regel 2: het bestand houdt te vroeg op"}},
	"comma too many":      {"{\n\"dienst\": \"d\",\n}", []string{"regel 2: dit is geen geldige JSON: na het laatste onderdeel"}},
	"comma too few":       {"{\"dienst\": \"d\"\n\"operaties\": []}", []string{"regel 1: dit is geen geldige JSON: mist hier een komma"}},
	"single quotes":       {"{\n'dienst': 'd'}", []string{"regel 2: dit is geen geldige JSON: gebruik dubbele"}},
	"comment":             {"{\n// uitleg\n\"dienst\": \"d\"}", []string{"regel 2: dit is geen geldige JSON: commentaar"}},
	"not JSON":            {"{\n\"dienst\": ja}", []string{"regel 2: dit is geen geldige JSON"}},
	"two documents":       {"{}\n{}", []string{"dit is geen geldige JSON"}},
	"not UTF-8":           {"{\"dienst\": \"caf\xe9\"}", []string{"regel 1: dit bestand is geen UTF-8"}},
	"a list":              {"[]", []string{"regel 1: hier hoort een object"}},
	"nothing in it":       {"{}", []string{`hier ontbreekt "dienst"`, `hier ontbreekt "operaties"`}},
	"twice the same":      {"{\"dienst\":\"d\",\n\"dienst\":\"e\",\"operaties\":[]}", []string{"regel 2, dienst: deze sleutel staat hier twee keer"}},
	"unknown key":         {"{\"dienst\":\"d\",\"operaties\":[],\n\"bron\":1}", []string{"regel 2, bron: deze sleutel bestaat hier niet; kies uit: dienst, specificatie, uitleg, operaties"}},
	"key in capitals":     {"{\"Dienst\":\"d\",\"operaties\":[]}", []string{"Dienst: deze sleutel bestaat hier niet", `ontbreekt "dienst"`}},
	"empty name":          {`{"dienst":" ","operaties":{}}`, []string{"dienst: dit mag niet leeg", "operaties: hier hoort een lijst"}},
	"text for an object":  {`{"dienst":"d","operaties":["x",null]}`, []string{"operaties[0]: hier hoort een object", "operaties[1]: hier hoort een object"}},
	"an empty operation":  {`{"dienst":"d","operaties":[{}]}`, []string{`"naam"`, `"methode"`, `"pad"`}},
	"method and path":     {`{"dienst":"d","operaties":[{"naam":"n","methode":"get","pad":"p?a=1"}]}`, []string{"operaties[0].methode: kies een van GET, POST", "operaties[0].pad: een pad begint met /"}},
	"braces":              {`{"dienst":"d","operaties":[{"naam":"n","methode":"GET","pad":"/a/{id"}]}`, []string{"operaties[0].pad"}},
	"a number for a text": {op(`"vragen":["a",1],"antwoorden":{}`), []string{"regel 2, operaties[0].vragen[1]: hier hoort een tekst", "operaties[0].antwoorden: hier hoort een lijst"}},
	"unknown question":    {op("\"vragen\":[\"postcode\"],\"antwoorden\":[\n{\"bij\":{\"postcod\":\"x\"},\"antwoord\":{}}]"), []string{"regel 3, operaties[0].antwoorden[0].bij.postcod: \"vragen\" van deze operatie noemt dit niet; daar staat: postcode"}},
	"object in bij":       {op(`"vragen":["a"],"antwoorden":[{"bij":{"a":{"b":1}},"antwoord":{}},{"bij":[],"antwoord":{}}]`), []string{"antwoorden[0].bij.a: hier hoort een tekst, een getal", "antwoorden[1].bij: hier hoort een object"}},
	"no answer":           {op(`"antwoorden":[{},{"antwoord":{},"bestand":"x"},{"antwoord":"tekst"}]`), []string{"antwoorden[0]: geef hier", "antwoorden[1]: geef hier", "antwoorden[2].antwoord: een antwoord is een object of een lijst"}},
	"status":              {op(`"antwoorden":[{"status":"200","antwoord":{}},{"status":99,"antwoord":{}},{"status":200.5,"antwoord":{}},{"status":204,"antwoord":{}}]`), []string{"antwoorden[0].status", "antwoorden[1].status", "antwoorden[2].status", "antwoorden[3]: bij status 204 hoort geen antwoord"}},
	"bij in anders":       {op(`"anders":{"bij":{},"antwoord":{}}`), []string{"anders.bij: deze sleutel bestaat hier niet; kies uit: status, antwoord, bestand"}},
	"fouten":              {op(`"fouten":{"200":{},"x":{},"429":[],"600":{}}`), []string{"fouten.200: ", "fouten.x: ", "fouten.429: hier hoort een object", "fouten.600: "}},
	"kiest":               {op(`"kiest":{"velden":"x"}`), []string{"kiest.velden: deze sleutel", `kiest: hier ontbreekt "veld"`}},
	"no such file":        {op(`"antwoorden":[{"bestand":"bronnen/weg.json"},{"bestand":"../geheim"},{"bestand":7}]`), []string{"antwoorden[0].bestand: dit bestand is er niet", "antwoorden[1].bestand: dit bestand is er niet", "antwoorden[2].bestand: hier hoort een tekst"}},
	"wrong in a file":     {op(`"antwoorden":[{"bestand":"stuk.json"},{"bestand":"tekst.json"}]`), []string{"stuk.json, regel 2: dit is geen geldige JSON", "tekst.json, regel 1: een antwoord is een object"}},
	"too deep":            {op(`"antwoorden":[{"antwoord":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}]`), []string{"niveaus diep"}},
	"far too deep":        {strings.Repeat("[", 100_000), []string{"dit is geen geldige JSON"}},
	"strange key":         {"{\"dienst\":\"d\",\"operaties\":[],\"a\\nb" + strings.Repeat("c", 100) + "\":1}", []string{"a bccc", "…: deze sleutel"}},
}

func TestWrongAnswersFiles(t *testing.T) {
	for name, c := range wrong {
		files := fstest.MapFS{"a.json": {Data: []byte(c.file)}, "stuk.json": {Data: []byte("{\n\"a\":}")}, "tekst.json": {Data: []byte(`"x"`)}}
		_, err := readAnswers(files, "a.json")
		mistakes, all := errors.AsType[Faults](err)
		if !all {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(mistakes) != len(c.want) && name != "strange key" {
			t.Errorf("%s: %d mistakes, not %d:\n%v", name, len(mistakes), len(c.want), err)
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: the error does not say %q:\n%v", name, want, err)
			}
		}
		for line := range strings.Lines(err.Error()) {
			if !strings.Contains(line, ", regel ") {
				t.Errorf("%s: a line without a place: %q", name, line)
			}
		}
	}
	if _, err := readAnswers(fstest.MapFS{}, "weg.json"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestNotMoreMistakesThanOneCanRead(t *testing.T) {
	many := Faults(make([]Fault, maxFaults+7))
	if text := many.Error(); strings.Count(text, "\n") != maxFaults || !strings.HasSuffix(text, "… en nog 7 fouten") {
		t.Errorf("%d mistakes give\n%s", len(many), text)
	}
}

func TestAMistakeDoesNotQuoteAnAnswer(t *testing.T) {
	const secret = "Noor van Toetsen"
	for _, file := range []string{
		op(`"antwoorden":[{"antwoord":"` + secret + `"}]`), op(`"vragen":"` + secret + `"`), op(`"methode":"` + secret + `"`),
		`{"dienst":"` + secret + `"`, `{"dienst":{"x":"` + secret + `"}}`,
	} {
		if _, err := readAnswers(fstest.MapFS{"a.json": {Data: []byte(file)}}, "a.json"); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s gives %v", file, err)
		}
	}
}

// FuzzAnswers: whatever stands in the file, the reader says what is wrong
// with it or a source comes of it that answers.
func FuzzAnswers(f *testing.F) {
	for _, c := range wrong {
		if len(c.file) < 1000 {
			f.Add([]byte(c.file))
		}
	}
	f.Add([]byte(holding))
	f.Add([]byte(cases))
	f.Add([]byte("\ufeff" + holding))
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	f.Fuzz(func(t *testing.T, file []byte) {
		files := fstest.MapFS{"a.json": {Data: file}, "bronnen/eigen.json": {Data: []byte("{}")}}
		b, err := New(files, log, Files{Answers: "a.json"})
		if err != nil {
			mistakes, all := errors.AsType[Faults](err)
			if !all || len(mistakes) == 0 {
				t.Errorf("%v", err)
			}
			for _, m := range mistakes {
				if m.Line < 1 || m.Line > 1+strings.Count(string(file), "\n") || strings.ContainsAny(m.Place, "\n\r") {
					t.Errorf("%+v", m)
				}
			}
			return
		}
		for _, op := range b.operations {
			path := strings.NewReplacer("{", "", "}", "").Replace(strings.Join(op.segments, "/"))
			r := httptest.NewRequest(op.method, "/", strings.NewReader(`{"bsn":"999993653"}`))
			r.URL.Path, r.URL.RawPath = path, ""
			w := httptest.NewRecorder()
			b.ServeHTTP(w, r)
			if w.Code < 200 || w.Code > 599 {
				t.Errorf("status %d", w.Code)
			}
		}
	})
}

// FuzzQuestion: whatever is asked, a source answers, and no fault of the question
// is a fault of the source.
func FuzzQuestion(f *testing.F) {
	f.Add("POST", "/personen?x=1", []byte(`{"type":"RaadpleegMetNummer","nummer":["999993653"],"fields":["naam"]}`))
	f.Add("POST", "/personen", []byte(`{"type":7,"fields":{"a":[null]}}`))
	f.Add("GET", "/adressen/0363?jaar=x&jaar=&filter[a]=%00", []byte{})
	f.Add("POST", "/personen", []byte(strings.Repeat("[", 100)))
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	b, err := New(fstest.MapFS{"a.json": {Data: []byte(specAnswers)}, "s.yaml": {Data: []byte(spec)}}, log, Files{Answers: "a.json", Specification: "s.yaml"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, path string, body []byte) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(string(body)))
		u, err := r.URL.Parse(path)
		if err != nil {
			return
		}
		r.URL, r.Method = u, method
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		b.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code < 200 {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
	})
}
