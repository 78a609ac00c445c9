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
func standIn(t *testing.T) (*Outway, *nabootsing.StandIn, *bytes.Buffer) {
	t.Helper()
	agreed, err := fsc.Read([]byte(group))
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	sources, err := bron.All(fstest.MapFS{"bron.json": {Data: []byte(answers)}}, slog.New(slog.DiscardHandler), bron.Files{Answers: "bron.json"})
	if err != nil {
		t.Fatal(err)
	}
	grants := agreed.Grants(func(string) string { return "" }, false)
	n, err := nabootsing.New(nabootsing.Options{FSC: agreed, Grants: grants, Bronnen: sources, Log: slog.New(slog.DiscardHandler)})
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

func (o *Outway) person(t *testing.T) (Answer, error) {
	t.Helper()
	q := NewQuestion("zoek", http.MethodGet, "/personen")
	q.InQuery("postcode", "1028BC")
	q.contract.NotFound = true
	return o.Ask(t.Context(), Bron{Title: "De bron", Service: "bron", Activity: activity, Fields: fields("naam")}, q)
}

// Every switch of the stand-in, as the client and the person behind it see it.
func TestTheSwitchesOfTheStandIn(t *testing.T) {
	o, n, log := standIn(t)
	o.pause = func(context.Context, time.Duration) error { return nil }
	if a, err := o.person(t); err != nil || a.Field("naam") != "Jansen" {
		t.Fatal(a, err)
	}
	for _, c := range []struct {
		behaviour nabootsing.Behaviour
		kind      FaultKind
		cause     Cause
		temporary bool
		code      bool // Fsc-Error-Code is in the failure
	}{
		{nabootsing.NotFound, 0, 0, false, false},
		{nabootsing.NotAuthorised, FaultService, CauseAccess, false, false},
		{nabootsing.TooOften, FaultService, CauseBusy, true, false},
		{nabootsing.Outage, FaultService, CauseAway, true, false}, // with Retry-After
		{nabootsing.Slow, FaultConnection, CauseAway, true, false},
		{nabootsing.Unreachable, FaultFSC, CauseAway, true, true},
		{nabootsing.ServiceAway, FaultFSC, CauseAway, true, true},
		{nabootsing.TokenExpired, FaultFSC, CauseAccess, true, true},
		{nabootsing.ContractRevoked, FaultFSC, CauseAccess, true, true},
		{nabootsing.LogBroken, FaultFSC, CauseAway, true, true},
	} {
		o.breakers, o.Timeout = perService[breaker]{}, DefaultTimeout
		if c.behaviour == nabootsing.Slow {
			o.Timeout = 100 * time.Millisecond
		}
		n.Set("bron", c.behaviour)
		log.Reset()
		a, err := o.person(t)
		if c.kind == 0 {
			if err != nil || a.Found {
				t.Errorf("%s: %+v, %v", c.behaviour, a, err)
			}
			continue
		}
		f, _ := errors.AsType[*Fault](err)
		switch {
		case f == nil, a.Found:
			t.Errorf("%s: %+v, %v", c.behaviour, a, err)
		case f.Kind != c.kind && (c.cause != CauseBusy || f.Kind != FaultResting), CauseOf(f) != c.cause, f.Temporary() != c.temporary, (f.Code != "") != c.code, f.Transaction == "":
			t.Errorf("%s: %+v, cause %d", c.behaviour, f, CauseOf(f))
		}
		for _, private := range []string{"GEHEIM", "999993653", "1028BC", "Jansen"} {
			if strings.Contains(err.Error()+log.String(), private) {
				t.Errorf("%s: %s is in %q or the log\n%s", c.behaviour, private, err, log)
			}
		}
	}
}

// A source that is away is left alone, and asked again when it is back.
func TestTheBreakerWithTheStandIn(t *testing.T) {
	o, n, _ := standIn(t)
	n.Set("bron", nabootsing.Unreachable)
	for range 3 {
		_, _ = o.person(t)
	}
	before := len(n.Recent())
	_, err := o.person(t)
	if f, ok := errors.AsType[*Fault](err); !ok || f.Kind != FaultResting || f.Bron != "De bron" || len(n.Recent()) != before {
		t.Errorf("%v, %d calls more", err, len(n.Recent())-before)
	}
	n.Set("bron", nabootsing.Normal)
	o.breakers.of("bron").until = time.Now() // the time has passed
	if a, err := o.person(t); err != nil || !a.Found {
		t.Errorf("the source is back: %+v, %v", a, err)
	}
}

// Who finds nothing on a laptop hears what can be found, all the way through
// outway and inway.
func TestTheHintOfTheStandIn(t *testing.T) {
	o, _, _ := standIn(t)
	for _, development := range []bool{true, false} {
		o.Development = development
		q := NewQuestion("zoek", http.MethodGet, "/personen")
		q.contract.NotFound = true
		q.InQuery("postcode", "1000AA")
		a, err := o.Ask(t.Context(), Bron{Title: "De bron", Service: "bron", Activity: activity}, q)
		if err != nil || a.Found || (a.Hint == "De nabootsing vindt iets bij postcode 1028BC.") != development {
			t.Errorf("development is %t: %q, %v", development, a.Hint, err)
		}
	}
}
