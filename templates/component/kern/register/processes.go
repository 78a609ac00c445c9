package register

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// Processes makes the internal routes of the processes under which zaken run and
// ran. What a change of the process means for a zaak, layer 4 judges. Citizens
// says that people from outside begin zaken, so that who began one is the data
// subject of what happens with it.
func Processes(z *opslag.Zaken, log Log, citizens bool) []rest.Route {
	h := processes{z, log, citizens}
	const one = "/processen/{zaaktype}"
	return []rest.Route{
		{Method: http.MethodGet, Pattern: one, Handler: ownOnly(soon(z, h.read))},
		{Method: http.MethodGet, Pattern: one + "/{versie}", Handler: ownOnly(soon(z, h.definition))},
		{Method: http.MethodPost, Pattern: one, Handler: ownOnly(h.define)},
		{Method: http.MethodPost, Pattern: one + "/overgang", Handler: ownOnly(h.carry)},
	}
}

type processes struct {
	*opslag.Zaken
	log      Log
	citizens bool
}

// known is what layer 1 knows of the processes of a zaaktype.
type known struct {
	Definitions []opslag.Definition `json:"definities"`
	Open        []opslag.OpenAt     `json:"open"`
	Others      []opslag.OtherType  `json:"andere"`
}

func (h processes) read(w http.ResponseWriter, r *http.Request) (err error) {
	var k known
	zaaktype := r.PathValue("zaaktype")
	if k.Definitions, err = h.Definitions(r.Context(), zaaktype); err != nil {
		return problem(err)
	}
	if k.Open, err = h.OpenSteps(r.Context(), zaaktype); err != nil {
		return problem(err)
	}
	if k.Others, err = h.OtherTypes(r.Context(), zaaktype); err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, k)
}

func (h processes) definition(w http.ResponseWriter, r *http.Request) error {
	version, err := strconv.ParseInt(r.PathValue("versie"), 10, 64)
	if err != nil {
		return rest.NotFound()
	}
	d, err := h.Definition(r.Context(), r.PathValue("zaaktype"), version)
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, d)
}

const (
	maxDefinition = 9 << 20 // bytes of JSON: a BPMN file of 4 MiB, of which each sign may take two
	maxTransition = 64 << 10
	maxText       = 4000 // characters, as of what somebody writes with a step
	maxCarried    = 500  // zaken in one transaction
)

func (h processes) define(w http.ResponseWriter, r *http.Request) error {
	var d struct {
		Sum   string   `json:"kenmerk"`
		BPMN  string   `json:"bpmn"`
		Steps []string `json:"stappen"`
	}
	if err := rest.DecodeInternal(w, r, maxDefinition, &d); err != nil {
		return err
	}
	if d.Sum == "" || d.BPMN == "" {
		return rest.Invalid(rest.InBody("", "required", "Geef kenmerk en bpmn."))
	}
	// It goes on when the caller has gone: the first time it may take long, and then
	// the caller comes again.
	version, err := h.Define(context.WithoutCancel(r.Context()), r.PathValue("zaaktype"), opslag.Definition{Sum: d.Sum, BPMN: d.BPMN}, d.Steps)
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, map[string]int64{"versie": version})
}

// transition is what layer 4 says of the zaken at a step.
type transition struct {
	From  string `json:"van"`
	To    string `json:"naar"`
	Text  string `json:"toelichting"`
	Stays int64  `json:"blijft"`
	Began int64  `json:"begonnen"`
	Most  int    `json:"hoogstens"`
}

// carry applies it to some zaken, with a line in the log for each, and says to how
// many. The caller asks again until there are none.
func (h processes) carry(w http.ResponseWriter, r *http.Request) error {
	var t transition
	if err := rest.DecodeInternal(w, r, maxTransition, &t); err != nil {
		return err
	}
	t.Text = strings.TrimSpace(t.Text)
	if t.From == "" || t.Stays < 0 || t.Began < 0 || t.Stays == 0 && (t.To == "" || t.To == t.From || t.Text == "" || utf8.RuneCountInString(t.Text) > maxText) {
		return rest.Invalid(rest.InBody("", "required", "Geef de stap, en waar de zaken verder gaan of op welke versie zij blijven."))
	}
	name := "Zaak overzetten naar een gewijzigd proces"
	if t.Stays > 0 {
		name = "Zaak op het oude proces laten"
	}
	under, _ := logboek.FromHeader(r.Header)
	begin := time.Now()
	line := func(m opslag.Moved) logboek.Verwerking {
		own := under.Child()
		l := logboek.Verwerking{TraceID: own.TraceID, SpanID: own.SpanID, ParentID: under.SpanID, Name: name, Kind: logboek.Register, Status: logboek.Ok,
			Begin: begin, End: time.Now(), Activity: h.log.Activity.Title, ActivityURI: h.log.Activity.URI, Zaak: m.ID}
		if h.citizens && m.Initiator != "" {
			l.DataSubject, l.DataSubjectKind = m.Initiator, logboek.User
		}
		return l
	}
	moved, err := h.Carry(r.Context(), opslag.Transition{Zaaktype: r.PathValue("zaaktype"), From: t.From, To: t.To, Text: t.Text, Stays: t.Stays, Began: t.Began},
		min(max(t.Most, 1), maxCarried), line)
	if err != nil {
		return problem(err)
	}
	return rest.Write(w, http.StatusOK, map[string]int{"aantal": len(moved)})
}

// headerProcess says under which version of the process a new zaak begins. It
// stands in the specification as something that may be left out.
const headerProcess = "Procesversie"
