package outway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// Diensten is the client of our own layer 2. It goes through the outway too:
// another component may one day offer the register instead.
type Diensten struct {
	outway     *Outway
	dienst     string
	onderwerp  string // path of the collection that zaken are about: /v1/verhuizingen; "" for none
	activiteit logboek.Activiteit
	token      string
}

// NewDiensten makes the client. The token is that of the component; "" in
// development.
func NewDiensten(o *Outway, dienst, onderwerp string, a logboek.Activiteit, token string) *Diensten {
	return &Diensten{outway: o, dienst: dienst, onderwerp: onderwerp, activiteit: a, token: token}
}

// Zaak is one run of the process, as layer 2 keeps it.
type Zaak struct {
	ID            string    `json:"id"`
	Identificatie string    `json:"identificatie"`
	Omschrijving  string    `json:"omschrijving"`
	Zaaktype      string    `json:"zaaktype"`
	Startdatum    string    `json:"startdatum"`
	Einddatum     string    `json:"einddatum,omitempty"`
	HuidigeStap   string    `json:"huidigeStap"`
	Resultaat     string    `json:"resultaat,omitempty"`
	Onderwerp     string    `json:"onderwerp,omitempty"`
	Initiator     string    `json:"initiator,omitempty"`
	GewijzigdOp   time.Time `json:"gewijzigdOp"`
	Versie        string    `json:"-"` // ETag
}

// Open says whether the zaak still goes on.
func (z Zaak) Open() bool { return z.Resultaat == "" && z.Einddatum == "" }

// NieuweZaak is what a zaak begins with.
type NieuweZaak struct {
	Omschrijving string `json:"omschrijving"`
	Zaaktype     string `json:"zaaktype"`
	HuidigeStap  string `json:"huidigeStap"`
	Onderwerp    string `json:"onderwerp,omitempty"`
	Initiator    string `json:"initiator,omitempty"`
	GezetDoor    string `json:"gezetDoor,omitempty"`
}

// StatusRegel is one move of a zaak: to which step, and how the step before it ended.
type StatusRegel struct {
	ID                string    `json:"id,omitempty"`
	Statustype        string    `json:"statustype"`
	DatumStatusGezet  time.Time `json:"datumStatusGezet"`
	Uitkomst          string    `json:"uitkomst,omitempty"`
	Statustoelichting string    `json:"statustoelichting,omitempty"`
	GezetDoor         string    `json:"gezetDoor,omitempty"`
}

// NieuweStatus moves a zaak; with a Resultaat it ends.
type NieuweStatus struct {
	Statustype        string `json:"statustype"`
	Uitkomst          string `json:"uitkomst,omitempty"`
	Statustoelichting string `json:"statustoelichting,omitempty"`
	GezetDoor         string `json:"gezetDoor,omitempty"`
	Resultaat         string `json:"resultaat,omitempty"`
}

// Onderwerp is the record that a zaak is about.
type Onderwerp struct {
	ID       string
	Gegevens json.RawMessage
	Versie   string // ETag
}

// Filter chooses zaken.
type Filter struct {
	Zaaktype  string
	Initiator string   // "" for everybody's
	Stappen   []string // nil for every step
	Open      bool     // only zaken that go on
	Sort      string
	Pagina    int
	Grootte   int
}

// ZakenPagina is one page of zaken.
type ZakenPagina struct {
	Aantal int    `json:"count"`
	Zaken  []Zaak `json:"results"`
}

// MaakZaak registers a zaak; with the same key only once.
func (d *Diensten) MaakZaak(ctx context.Context, n NieuweZaak, key string) (Zaak, error) {
	var z Zaak
	h, err := d.send(ctx, call{name: "zaak aanmaken", method: http.MethodPost, path: "/v1/zaken", body: n, key: key}, &z)
	z.Versie = h.Get("ETag")
	return z, err
}

// Zaak reads one zaak.
func (d *Diensten) Zaak(ctx context.Context, id string) (Zaak, error) {
	var z Zaak
	h, err := d.send(ctx, call{name: "zaak lezen", method: http.MethodGet, path: "/v1/zaken/" + url.PathEscape(id)}, &z)
	z.Versie = h.Get("ETag")
	return z, err
}

// Zaken reads one page of zaken.
func (d *Diensten) Zaken(ctx context.Context, f Filter) (ZakenPagina, error) {
	q := url.Values{"zaaktype": {f.Zaaktype}, "page": {strconv.Itoa(max(f.Pagina, 1))}, "pageSize": {strconv.Itoa(f.Grootte)}}
	if f.Initiator != "" {
		q.Set("initiator", f.Initiator)
	}
	if len(f.Stappen) > 0 {
		q.Set("huidigeStap", strings.Join(f.Stappen, ","))
	}
	if f.Open {
		q.Set("open", "true")
	}
	if f.Sort != "" {
		q.Set("sort", f.Sort)
	}
	var p ZakenPagina
	_, err := d.send(ctx, call{name: "zaken lezen", method: http.MethodGet, path: "/v1/zaken", query: q}, &p)
	return p, err
}

// Statussen reads the history of a zaak, oldest first.
func (d *Diensten) Statussen(ctx context.Context, zaak string) ([]StatusRegel, error) {
	var list struct {
		Results []StatusRegel `json:"results"`
	}
	_, err := d.send(ctx, call{name: "statussen lezen", method: http.MethodGet, path: "/v1/zaken/" + url.PathEscape(zaak) + "/statussen"}, &list)
	return list.Results, err
}

// ZetStatus moves a zaak that still has the given version. It is the only way
// in which a zaak moves, and it is one transaction in layer 1.
func (d *Diensten) ZetStatus(ctx context.Context, zaak, versie string, n NieuweStatus, key string) (StatusRegel, error) {
	var s StatusRegel
	_, err := d.send(ctx, call{name: "status zetten", method: http.MethodPost, path: "/v1/zaken/" + url.PathEscape(zaak) + "/statussen", body: n, ifMatch: versie, key: key}, &s)
	return s, err
}

// MaakOnderwerp stores the record that a zaak is about.
func (d *Diensten) MaakOnderwerp(ctx context.Context, gegevens any, key string) (Onderwerp, error) {
	return d.subject(ctx, call{name: "onderwerp aanmaken", method: http.MethodPost, path: d.onderwerp, body: gegevens, key: key})
}

// Onderwerp reads the record.
func (d *Diensten) Onderwerp(ctx context.Context, id string) (Onderwerp, error) {
	return d.subject(ctx, call{name: "onderwerp lezen", method: http.MethodGet, path: d.onderwerp + "/" + url.PathEscape(id)})
}

// WijzigOnderwerp changes the fields that are given, when the record still has
// the version that the user saw.
func (d *Diensten) WijzigOnderwerp(ctx context.Context, id, versie string, patch any) (Onderwerp, error) {
	return d.subject(ctx, call{name: "onderwerp wijzigen", method: http.MethodPatch, path: d.onderwerp + "/" + url.PathEscape(id), body: patch, ifMatch: versie})
}

func (d *Diensten) subject(ctx context.Context, c call) (Onderwerp, error) {
	if d.onderwerp == "" {
		return Onderwerp{}, errors.New("dit proces bewaart niets over een onderwerp")
	}
	var raw json.RawMessage
	h, err := d.send(ctx, c, &raw)
	if err != nil {
		return Onderwerp{}, err
	}
	var id struct {
		ID string `json:"id"`
	}
	err = json.Unmarshal(raw, &id)
	return Onderwerp{ID: id.ID, Gegevens: raw, Versie: h.Get("ETag")}, err
}

// call is one call to layer 2.
type call struct {
	name, method, path string
	query              url.Values
	body               any
	ifMatch, key       string
}

func (d *Diensten) send(ctx context.Context, c call, to any) (http.Header, error) {
	v := Vraag{Dienst: d.dienst, Operatie: c.name, Methode: c.method, Pad: c.path, Query: c.query, Header: http.Header{},
		Herhaalbaar: c.method == http.MethodGet || c.key != ""}
	identity.SetToken(v.Header, d.token)
	zetSpoor(ctx, v.Header)
	if c.ifMatch != "" {
		v.Header.Set("If-Match", c.ifMatch)
	}
	if c.key != "" {
		v.Header.Set("Idempotency-Key", c.key)
	}
	if c.body != nil {
		body, err := json.Marshal(c.body)
		if err != nil {
			return http.Header{}, err
		}
		v.Body = body
	}
	if c.method == http.MethodPatch {
		v.Header.Set("Content-Type", "application/merge-patch+json")
	}
	reply, err := d.outway.Doe(ctx, d.activiteit, v)
	if err != nil {
		return http.Header{}, err
	}
	if err := json.NewDecoder(bytes.NewReader(reply.Body)).Decode(to); err != nil {
		// The text of err may quote what was stored.
		return http.Header{}, &Fout{Soort: FoutBron, Dienst: d.dienst, Operatie: c.name, Status: reply.Status,
			Transactie: reply.Transactie, reden: "het antwoord is geen geldige JSON"}
	}
	return reply.Header, nil
}
