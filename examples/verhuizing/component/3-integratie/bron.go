package integratie

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Bron is somebody else's API, the activity for which we ask it, and the only
// fields of an answer that the activity needs.
type Bron struct {
	Naam       string
	Titel      string
	Dienst     string // FSC service name
	Activiteit Activiteit
	Velden     []string
}

// Antwoord is what a source said, pruned to the purpose. It is for the moment
// of use: no layer stores it.
type Antwoord struct {
	Bron       string
	Titel      string
	Activiteit Activiteit
	Gevonden   bool
	Gegevens   any
}

// Bevraag asks a source. Not found is an answer, not an error.
func (o *Outway) Bevraag(ctx context.Context, b Bron, v Vraag) (Antwoord, error) {
	a := Antwoord{Bron: b.Naam, Titel: b.Titel, Activiteit: b.Activiteit}
	v.Dienst, v.Herhaalbaar = b.Dienst, true // a question changes nothing at the source
	if v.Methode != http.MethodGet {
		var err error
		if v.Body, err = json.Marshal(v.object); err != nil {
			return a, err
		}
	}
	reply, err := o.Doe(ctx, b.Activiteit, v)
	switch {
	case Status(err) == http.StatusNotFound:
		return a, nil
	case err != nil:
		return a, err
	case len(bytes.TrimSpace(reply.Body)) == 0:
		return a, nil
	}
	d := json.NewDecoder(bytes.NewReader(reply.Body))
	d.UseNumber() // an identification of twenty digits is not a float
	var answer any
	if err := d.Decode(&answer); err != nil {
		return a, unreadable(b, v, reply)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return a, unreadable(b, v, reply)
	}
	if kept, ok := Prune(answer, b.Velden); ok {
		a.Gevonden, a.Gegevens = true, kept
	}
	return a, nil
}

func unreadable(b Bron, v Vraag, reply *Reply) error {
	return &Fout{Soort: FoutBron, Dienst: b.Dienst, Operatie: v.Operatie, Status: reply.Status, Transactie: reply.Transactie,
		reden: "het antwoord is geen geldige JSON"}
}

// Ontbreekt says whether one of these values, which a question needs, is not
// there. Then there is nothing to ask.
func Ontbreekt(required ...string) bool { return slices.Contains(required, "") }

// NietGevraagd is the answer when a question could not be put because what it
// needs is not there.
func (b Bron) NietGevraagd() Antwoord {
	return Antwoord{Bron: b.Naam, Titel: b.Titel, Activiteit: b.Activiteit}
}

// NieuweVraag begins a question to a source.
func NieuweVraag(operatie, methode, pad string) Vraag {
	return Vraag{Operatie: operatie, Methode: methode, Pad: pad, Query: url.Values{}, object: map[string]any{}}
}

// InPad fills {name} in the path.
func (v *Vraag) InPad(name, value string) {
	value = url.PathEscape(value)
	if value == "." || value == ".." { // or it would be another path
		value = strings.ReplaceAll(value, ".", "%2E")
	}
	v.Pad = strings.ReplaceAll(v.Pad, "{"+name+"}", value)
}

// InQuery adds a query parameter, unless there is no value.
func (v *Vraag) InQuery(name string, values ...string) {
	for _, value := range values {
		if value != "" {
			v.Query.Add(name, value)
		}
	}
}

// InBody adds a value to the JSON body, unless there is none.
func (v *Vraag) InBody(name string, value any) {
	if value != nil {
		v.object[name] = value
	}
}

// Lijst is a value as a JSON array of one; nil when there is none.
func Lijst(value any) any {
	if value == nil {
		return nil
	}
	return []any{value}
}

// Tekst is a value as a JSON string; nil when there is none.
func Tekst(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Getal is a value as a JSON number; nil when it is not one.
func Getal(s string) any {
	if n := json.Number(s); s != "" && json.Valid([]byte(s)) {
		if _, err := n.Float64(); err == nil {
			return n
		}
	}
	return nil
}

// JaNee is a value as a JSON boolean; nil when there is none.
func JaNee(s string) any {
	if s == "" {
		return nil
	}
	return s == "true"
}
