package proces

import (
	"bytes"
	"encoding/json"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// Gegevens is what a lookup step can draw on. It lives as long as the request.
type Gegevens struct {
	onderwerp  map[string]any // what is stored with the zaak
	invoer     map[string]any // what was just filled in and is not stored
	antwoorden map[string]outway.Antwoord
}

// newGegevens combines what is stored with what was just filled in, which for
// a stored field is the newer of the two.
func newGegevens(stored json.RawMessage, filled map[string]json.RawMessage) Gegevens {
	g := Gegevens{onderwerp: map[string]any{}, invoer: map[string]any{}, antwoorden: map[string]outway.Antwoord{}}
	if v, ok := decode(stored).(map[string]any); ok {
		g.onderwerp = v
	}
	for name, raw := range filled {
		g.invoer[name] = decode(raw)
	}
	return g
}

func decode(raw json.RawMessage) any {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// Veld is a field of the record that the zaak is about, as text; with part a
// part of an address. It is "" when it is not filled in.
func (g Gegevens) Veld(name string, part ...string) string {
	if v, ok := g.invoer[name]; ok {
		return text(v, part)
	}
	return text(g.onderwerp[name], part)
}

// Invoer is a form field that is not stored, as text.
func (g Gegevens) Invoer(name string, part ...string) string { return text(g.invoer[name], part) }

// Antwoord is a field of what an earlier lookup step found, as text.
func (g Gegevens) Antwoord(step, path string) string { return g.antwoorden[step].Veld(path) }

// Aaneen writes a postcode without the space, as every register takes it.
func Aaneen(postcode string) string { return strings.ReplaceAll(postcode, " ", "") }

func text(v any, part []string) string {
	for _, p := range part {
		object, _ := v.(map[string]any)
		v = object[p]
	}
	switch v := v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return ""
}
