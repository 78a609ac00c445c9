package outway

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
)

const group = `
groep: proef
eigen: {oin: "00000099000000001000", naam: Eigen}
afgenomen:
  - {naam: bron, aanbieder: {oin: "00000099000000002000", naam: Ander}, grant: FSC_GRANT_HASH_BRON}
`

const answers = `{"dienst": "bron", "operaties": [{"naam": "zoek", "methode": "GET", "pad": "/personen", "vragen": ["postcode"],
	"antwoorden": [{"bij": {"postcode": "1028BC"}, "antwoord": {"naam": "Jansen"}}],
	"fouten": {"429": {"title": "GEHEIM", "detail": "GEHEIM 999993653", "instance": "/personen/GEHEIM", "status": 429},
		"401": {"title": "GEHEIM"}, "503": {"detail": "GEHEIM"}}}]}`

// standIn makes a client of the real stand-in: outway, token, mutual TLS, inway
// and source.
func standIn(t *testing.T) (*Outway, *nabootsing.Nabootsing, *bytes.Buffer) {
	t.Helper()
	agreed, err := fsc.Read([]byte(group))
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	sources, err := bron.Alle(fstest.MapFS{"bron.json": {Data: []byte(answers)}}, slog.New(slog.DiscardHandler), bron.Bestanden{Antwoorden: "bron.json"})
	if err != nil {
		t.Fatal(err)
	}
	grants := agreed.Grants(func(string) string { return "" }, false)
	n, err := nabootsing.New(nabootsing.Opties{FSC: agreed, Grants: grants, Bronnen: sources, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(n)
	t.Cleanup(func() {
		server.Close()
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	o, err := NewOutway(server.URL, grants, nil, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return o, n, log
}

func (o *Outway) persoon(t *testing.T) (Antwoord, error) {
	t.Helper()
	v := NieuweVraag("zoek", http.MethodGet, "/personen")
	v.InQuery("postcode", "1028BC")
	return o.Bevraag(t.Context(), Bron{Titel: "De bron", Dienst: "bron", Activiteit: activity, Velden: []string{"naam"}}, v)
}

// Every switch of the stand-in, as the client and the person behind it see it.
func TestTheSwitchesOfTheStandIn(t *testing.T) {
	o, n, log := standIn(t)
	o.pause = func(context.Context, time.Duration) error { return nil }
	if a, err := o.persoon(t); err != nil || a.Veld("naam") != "Jansen" {
		t.Fatal(a, err)
	}
	for _, c := range []struct {
		gedrag    nabootsing.Gedrag
		kind      Soort
		cause     Oorzaak
		temporary bool
		code      bool // Fsc-Error-Code is in the failure
	}{
		{nabootsing.NietGevonden, 0, 0, false, false},
		{nabootsing.NietBevoegd, FoutBron, OorzaakToegang, false, false},
		{nabootsing.TeVaak, FoutBron, OorzaakDruk, true, false},
		{nabootsing.Storing, FoutBron, OorzaakWeg, true, false}, // with Retry-After
		{nabootsing.Traag, FoutVerbinding, OorzaakWeg, true, false},
		{nabootsing.Onbereikbaar, FoutFSC, OorzaakWeg, true, true},
		{nabootsing.ServiceWeg, FoutFSC, OorzaakWeg, true, true},
		{nabootsing.TokenVerlopen, FoutFSC, OorzaakToegang, true, true},
		{nabootsing.ContractIngetrokken, FoutFSC, OorzaakToegang, true, true},
		{nabootsing.LogStuk, FoutFSC, OorzaakWeg, true, true},
	} {
		o.zekeringen, o.Tijd = perDienst[zekering]{}, StandaardTijd
		if c.gedrag == nabootsing.Traag {
			o.Tijd = 100 * time.Millisecond
		}
		n.Stel("bron", c.gedrag)
		log.Reset()
		a, err := o.persoon(t)
		if c.kind == 0 {
			if err != nil || a.Gevonden {
				t.Errorf("%s: %+v, %v", c.gedrag, a, err)
			}
			continue
		}
		f, _ := errors.AsType[*Fout](err)
		switch {
		case f == nil, a.Gevonden:
			t.Errorf("%s: %+v, %v", c.gedrag, a, err)
		case f.Soort != c.kind && (c.cause != OorzaakDruk || f.Soort != FoutRust), OorzaakVan(f) != c.cause, f.Tijdelijk() != c.temporary, (f.Code != "") != c.code, f.Transactie == "":
			t.Errorf("%s: %+v, cause %d", c.gedrag, f, OorzaakVan(f))
		}
		for _, private := range []string{"GEHEIM", "999993653", "1028BC", "Jansen"} {
			if strings.Contains(err.Error()+log.String(), private) {
				t.Errorf("%s: %s is in %q or the log\n%s", c.gedrag, private, err, log)
			}
		}
	}
}

// A source that is away is left alone, and asked again when it is back.
func TestTheFuseWithTheStandIn(t *testing.T) {
	o, n, _ := standIn(t)
	n.Stel("bron", nabootsing.Onbereikbaar)
	for range 3 {
		_, _ = o.persoon(t)
	}
	before := len(n.Recent())
	_, err := o.persoon(t)
	if f, ok := errors.AsType[*Fout](err); !ok || f.Soort != FoutRust || f.Bron != "De bron" || len(n.Recent()) != before {
		t.Errorf("%v, %d calls more", err, len(n.Recent())-before)
	}
	n.Stel("bron", nabootsing.Gewoon)
	o.zekeringen.van("bron").tot = time.Now() // the time has passed
	if a, err := o.persoon(t); err != nil || !a.Gevonden {
		t.Errorf("the source is back: %+v, %v", a, err)
	}
}
