package outway

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// regelsPerKeer is how many lines layer 2 takes in one request.
const regelsPerKeer = 500

// NewLogboek is the log of processing that layer 2 keeps (POST
// /v1/verwerkingen). Its own calls are not processing of personal data and are
// not logged. A call that cannot be made is an error, a *Fout.
func NewLogboek(d *Diensten) logboek.Boek { return boek{d} }

type boek struct{ diensten *Diensten }

// Begin implements logboek.Boek.
func (b boek) Begin(ctx context.Context, lines ...logboek.Verwerking) error {
	return b.schrijf(ctx, lines)
}

// Einde implements logboek.Boek. What has been done is written down even when
// the caller has gone meanwhile.
func (b boek) Einde(ctx context.Context, lines ...logboek.Verwerking) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.diensten.outway.tijd())
	defer cancel()
	return b.schrijf(ctx, lines)
}

func (b boek) schrijf(ctx context.Context, lines []logboek.Verwerking) error {
	for len(lines) > 0 {
		n := min(len(lines), regelsPerKeer)
		body, err := json.Marshal(lines[:n])
		if err != nil {
			return err
		}
		// Asking twice does no harm: a line is known by its trace and span.
		v := Vraag{Dienst: b.diensten.dienst, Operatie: "verwerkingen vastleggen", Methode: http.MethodPost, Pad: "/v1/verwerkingen",
			Header: http.Header{}, Body: body, Herhaalbaar: true}
		identity.SetToken(v.Header, b.diensten.token)
		if _, err := b.diensten.outway.Doe(ctx, logboek.Activiteit{Naam: "logboek-dataverwerkingen", Titel: "Logboek dataverwerkingen"}, v); err != nil {
			return err
		}
		lines = lines[n:]
	}
	return nil
}

// zetSpoor passes the place in the trace on to layer 2. An outway of OpenFSC
// drops traceparent, so it also goes under a name of our own.
func zetSpoor(ctx context.Context, h http.Header) {
	s := logboek.SpoorVan(ctx)
	s.ZetHeader(h)
	if text := s.String(); text != "" {
		h.Set(logboek.HeaderSpoor, text)
	}
}

// Verwerkingen reads one page of the lines of a zaak, oldest first, and how
// many there are in all.
func (d *Diensten) Verwerkingen(ctx context.Context, zaak string, pagina, grootte int) (VerwerkingenPagina, error) {
	q := url.Values{"zaak": {zaak}, "page": {strconv.Itoa(max(pagina, 1))}, "pageSize": {strconv.Itoa(grootte)}}
	var p VerwerkingenPagina
	_, err := d.send(ctx, call{name: "verwerkingen lezen", method: http.MethodGet, path: "/v1/verwerkingen", query: q}, &p)
	return p, err
}

// VerwerkingenPagina is one page of lines.
type VerwerkingenPagina struct {
	Aantal       int                  `json:"count"`
	Verwerkingen []logboek.Verwerking `json:"results"`
}
