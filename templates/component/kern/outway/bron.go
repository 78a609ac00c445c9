package outway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// Bron is somebody else's API, the activity for which we ask it, and the only
// fields of an answer that the activity needs.
type Bron struct {
	Naam       string
	Titel      string
	Dienst     string // FSC service name
	Activiteit logboek.Activiteit
	Velden     []string
	Adressen   []string          // under which the source knows itself; the first is how we write it
	Headers    map[string]string // that go along with each question, such as Accept-Crs
	Toegang    Toegang           // what the source itself asks, besides FSC
	Bewaard    []string          // fields that the component stores after all; 3-integratie says why
}

// Antwoord is what a source said, pruned to the purpose. It is for the moment
// of use: no layer stores it.
type Antwoord struct {
	Bron       string
	Titel      string
	Activiteit logboek.Activiteit
	Gevonden   bool
	Gegevens   any
}

// Bevraag asks a source. Not found is an answer, not an error. The question is
// written down in the log of data processing before it is put, and how it
// ended before the answer is given; when that fails there is no answer.
func (o *Outway) Bevraag(ctx context.Context, b Bron, v Vraag) (Antwoord, error) {
	a, err := o.bevraag(ctx, b, v)
	if f, ok := errors.AsType[*Fout](err); ok {
		f.Bron = b.Titel
	}
	return a, err
}

func (o *Outway) bevraag(ctx context.Context, b Bron, v Vraag) (Antwoord, error) {
	a := b.NietGevraagd()
	ctx, cancel := context.WithTimeout(ctx, o.tijd())
	defer cancel()
	if fault := o.prepare(ctx, b, &v); fault != nil {
		return a, fault
	}
	log, fault := o.begin(ctx, b, v)
	if fault != nil {
		return a, fault
	}
	answer, transactie, err := o.answer(logboek.MetSpoor(ctx, log.spoor()), b, v)
	if err == nil {
		kept, ok := Prune(b.canoniekIn(answer, o.base), b.Velden)
		if a.Gevonden = ok; ok {
			a.Gegevens = kept
		}
	}
	if fault := o.einde(ctx, b, v, log, answer, a.Gevonden, transactie, err); fault != nil {
		return b.NietGevraagd(), fault
	}
	switch Status(err) {
	case http.StatusNotFound:
		return a, nil
	case http.StatusUnauthorized:
		o.tokens.van(b.Dienst).weg() // the next question asks for another
	}
	return a, err
}

// prepare completes a question with what the source wants on each: its headers,
// a proof of who asks, and its own form of its own URLs.
func (o *Outway) prepare(ctx context.Context, b Bron, v *Vraag) *Fout {
	if v.fout != nil {
		return &Fout{Soort: FoutVraag, Dienst: b.Dienst, Operatie: v.Operatie, oorzaak: v.fout}
	}
	v.Dienst, v.Herhaalbaar = b.Dienst, true // a question changes nothing at the source
	for _, values := range v.Query {
		for i := range values {
			values[i] = b.canoniek(values[i], o.base)
		}
	}
	if v.Methode != http.MethodGet {
		var err error
		if v.Body, err = json.Marshal(b.canoniekIn(v.object, o.base)); err != nil {
			return &Fout{Soort: FoutVraag, Dienst: b.Dienst, Operatie: v.Operatie, reden: "zij is niet als JSON te schrijven"}
		}
	}
	v.Header = http.Header{}
	for name, value := range b.Headers {
		v.Header.Set(name, value)
	}
	fault := o.bewijs(ctx, b, v.Header)
	if fault != nil {
		fault.Operatie = v.Operatie
	}
	return fault
}

// answer puts the question and reads the answer; nil when the source says
// nothing.
func (o *Outway) answer(ctx context.Context, b Bron, v Vraag) (answer any, transactie string, err error) {
	reply, err := o.Doe(ctx, b.Activiteit, v)
	if err != nil {
		if f, ok := errors.AsType[*Fout](err); ok {
			transactie = f.Transactie
		}
		return nil, transactie, err
	}
	if len(bytes.TrimSpace(reply.Body)) == 0 {
		return nil, reply.Transactie, nil
	}
	d := json.NewDecoder(bytes.NewReader(reply.Body))
	d.UseNumber() // an identification of twenty digits is not a float
	if err := d.Decode(&answer); err != nil {
		return nil, reply.Transactie, unreadable(b, v, reply)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, reply.Transactie, unreadable(b, v, reply)
	}
	return answer, reply.Transactie, nil
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

// NieuweVraag begins a question to the source.
func (b Bron) NieuweVraag(operatie, methode, pad string) Vraag {
	v := NieuweVraag(operatie, methode, pad)
	v.bron, v.sjabloon = b, pad
	return v
}

// NieuweVraag begins a question to a source.
func NieuweVraag(operatie, methode, pad string) Vraag {
	return Vraag{Operatie: operatie, Methode: methode, Pad: pad, Query: url.Values{}, object: map[string]any{}}
}

// InPad fills {name} in the path. The value may be a URL that the source gave
// for the same path: then what stands there is taken. A URL of somebody else
// makes the question one that cannot be put.
func (v *Vraag) InPad(name, value string) {
	if len(v.bron.Adressen) > 0 && absolute(value) {
		segment, err := v.bron.segment(v.sjabloon, name, value)
		if err != nil {
			v.fout = err
		}
		value = segment
	}
	value = url.PathEscape(value)
	if value == "." || value == ".." { // or it would be another path
		value = strings.ReplaceAll(value, ".", "%2E")
	}
	v.Pad = strings.ReplaceAll(v.Pad, "{"+name+"}", value)
}

// Over says whose data is asked for, by burgerservicenummer: for the log of data
// processing, where a pseudonym of it comes.
func (v *Vraag) Over(burgerservicenummers ...string) {
	v.Betrokkene = append(v.Betrokkene, burgerservicenummers...)
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

// Client puts questions to one source.
type Client struct {
	Bron
	outway *Outway
}

// Client makes the client of a source, and remembers the source: what it asks of
// us has to be in the settings before the component starts.
func (o *Outway) Client(b Bron) Client {
	if !slices.ContainsFunc(o.sources, func(known Bron) bool { return known.Naam == b.Naam }) {
		o.sources = append(o.sources, b)
	}
	return Client{b, o}
}

// Sources are the sources of which a client was made.
func (o *Outway) Sources() []Bron { return o.sources }

// Settings lists the settings without which a source does not let us in.
func (t Toegang) Settings() []string {
	var names []string
	for _, name := range []string{t.Sleutel, t.ClientID, t.Geheim, t.TokenURL} {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// Question begins a question to the source; title is what is asked, as people
// read it.
func (c Client) Question(operatie, methode, pad, title string) Vraag {
	v := c.NieuweVraag(operatie, methode, pad)
	v.Titel = title
	return v
}

// Ask puts the question. Not found is an answer, not an error.
func (c Client) Ask(ctx context.Context, v Vraag) (Antwoord, error) {
	return c.outway.Bevraag(ctx, c.Bron, v)
}

// Decode puts what is kept of an answer in a type. A number is exact: an integer
// is an int64 and any other number its own text, so that an amount is what the
// source wrote. An answer of which something does not fit is not put there at
// all, because half of it would be misread: the log says which field, and
// Gegevens still has it, so that one odd value does not hold up a process.
func (c Client) Decode(v Vraag, a Antwoord, to any) {
	if a.Gegevens == nil {
		return
	}
	raw, err := json.Marshal(a.Gegevens)
	if err == nil {
		err = json.Unmarshal(raw, to)
	}
	if err != nil {
		field := ""
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			field = wrong.Field // the text of err may quote a value
		}
		c.outway.log.Warn("een antwoord past niet bij de beschrijving van de bron", "bron", a.Bron, "operatie", v.Operatie, "veld", field)
		reflect.ValueOf(to).Elem().SetZero()
	}
}
