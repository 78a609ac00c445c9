package proces

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// store is layer 2 in memory, with its promises: one transaction per status,
// versions, and keys that make a repetition harmless.
type store struct {
	mu        sync.Mutex
	zaken     map[string]*outway.Zaak
	statuses  map[string][]outway.StatusRecord
	records   map[string]*outway.Subject
	keys      map[string]string
	prints    map[string]string // per key the fingerprint of what was asked with it
	sent      []string          // everything that was written, as JSON
	corrected map[string][]inzage.Correction
	recorder  *fakeRecorder
	approved  []outway.Approval
	calls     int
	slow      time.Duration // how long a change takes
	failAt    int           // the call at which it breaks off; 0 for never
	after     bool          // break off after doing what was asked: the answer gets lost
}

func newStore() *store {
	return &store{zaken: map[string]*outway.Zaak{}, statuses: map[string][]outway.StatusRecord{},
		records: map[string]*outway.Subject{}, keys: map[string]string{}, prints: map[string]string{}, corrected: map[string][]inzage.Correction{}}
}

// crash counts a call; at the chosen one the work is cut off.
func (s *store) crash(done bool) error {
	if !done {
		s.calls++
	}
	if s.failAt > 0 && s.calls >= s.failAt && (done == s.after || s.calls > s.failAt) {
		return &outway.Fault{Kind: outway.FaultConnection, Service: "diensten"}
	}
	return nil
}

func status(code int) error {
	return &outway.Fault{Kind: outway.FaultService, Service: "diensten", Status: code}
}

func next(version string) string {
	n, _ := strconv.Atoi(strings.Trim(version, `"`))
	return strconv.Quote(strconv.Itoa(n + 1))
}

func (s *store) write(v any) {
	raw, _ := json.Marshal(v)
	s.sent = append(s.sent, string(raw))
}

// claim takes a key for something new, and gives what came of it before.
func (s *store) claim(scope string, key outway.Key, id string) (earlier string, err error) {
	if key.ID == "" {
		return "", nil
	}
	earlier = s.keys[scope+key.ID]
	if earlier == "" {
		s.keys[scope+key.ID], s.prints[scope+key.ID] = id, key.Fingerprint
	} else if s.prints[scope+key.ID] != key.Fingerprint {
		return "", &outway.Fault{Kind: outway.FaultService, Service: "diensten", Status: http.StatusConflict, Reused: true, Made: earlier}
	}
	return earlier, nil
}

// written writes the lines of a series; without them nothing of it is done.
func (s *store) written(lines ...logboek.Verwerking) error {
	if s.recorder == nil || s.recorder.along(lines) == nil {
		return nil
	}
	return &outway.Fault{Kind: outway.FaultRecording, Service: "diensten"}
}

func (s *store) Opened(_ context.Context, key outway.Key, lines ...logboek.Verwerking) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.written(lines...); err != nil {
		return "", err
	}
	if err := s.crash(false); err != nil {
		return "", err
	}
	if s.keys["zaak"+key.ID] == "" {
		return "", status(http.StatusNotFound)
	}
	return s.claim("zaak", key, "")
}

func (s *store) createZaak(n outway.NewZaak, key outway.Key) (outway.Zaak, bool, error) {
	s.write(n)
	made := uuid.NewString()
	id, err := s.claim("zaak", key, made)
	if err != nil {
		return outway.Zaak{}, false, err
	}
	if id == "" {
		id = made
		s.zaken[id] = &outway.Zaak{ID: id, Identificatie: fmt.Sprintf("ZAAK-%d", len(s.zaken)+1), Omschrijving: n.Omschrijving, Zaaktype: n.Zaaktype,
			Startdatum: "2026-11-23", CurrentStep: n.CurrentStep, Subject: n.Subject, Initiator: n.Initiator, Representative: n.Representative, Began: n.Process, ChangedAt: time.Now(), Version: `"1"`}
		s.statuses[id] = []outway.StatusRecord{{Statustype: n.CurrentStep, DatumStatusGezet: time.Now(), SetBy: n.SetBy}}
	}
	return *s.zaken[id], id != made, nil
}

func (s *store) Zaak(_ context.Context, id string) (outway.Zaak, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.crash(false); err != nil {
		return outway.Zaak{}, err
	}
	if z, ok := s.zaken[id]; ok {
		return *z, s.crash(true)
	}
	return outway.Zaak{}, status(http.StatusNotFound)
}

func (s *store) Zaken(_ context.Context, f outway.Filter, lines ...logboek.Verwerking) (p outway.ZakenPage, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.written(lines...); err != nil {
		return p, err
	}
	if err := s.crash(false); err != nil {
		return p, err
	}
	for _, z := range s.zaken {
		if (f.Initiator == "" || f.Initiator == z.Initiator) && (f.Representative == "" || f.Representative == z.Representative) && (f.Steps == nil || slices.Contains(f.Steps, z.CurrentStep)) && (!f.Open || z.Open()) {
			p.Zaken = append(p.Zaken, *z)
		}
	}
	p.Count, p.Exact = len(p.Zaken), true
	return p, s.crash(true)
}

func (s *store) Statuses(_ context.Context, id string) ([]outway.StatusRecord, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.crash(false); err != nil {
		return nil, err
	}
	return slices.Clone(s.statuses[id]), s.crash(true)
}

func (s *store) setStatus(id, version string, n outway.NewStatus, key outway.Key) (row outway.StatusRecord, repeated bool, err error) {
	s.write(n)
	z := s.zaken[id]
	row = outway.StatusRecord{Statustype: n.Statustype, DatumStatusGezet: time.Now(), Outcome: n.Outcome,
		Statustoelichting: n.Statustoelichting, SetBy: n.SetBy}
	if s.keys[id+key.ID] != "" {
		_, err := s.claim(id, key, "")
		return row, true, err
	}
	switch {
	case !z.Open(), z.Stopped():
		return row, false, status(http.StatusConflict)
	case z.Version != version:
		return row, false, status(http.StatusPreconditionFailed)
	}
	z.Version, z.CurrentStep, z.ChangedAt = next(z.Version), n.Statustype, time.Now()
	if n.Resultaat != "" {
		z.Resultaat, z.Einddatum = n.Resultaat, "2026-11-23"
	}
	s.statuses[id] = append(s.statuses[id], row)
	_, _ = s.claim(id, key, "x")
	return row, false, nil
}

// SetStatus moves a zaak behind the back of layer 4.
func (s *store) SetStatus(_ context.Context, id, version string, n outway.NewStatus, key outway.Key) (outway.StatusRecord, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	row, _, err := s.setStatus(id, version, n, key)
	return row, err
}

func (s *store) createSubject(v any, key outway.Key) (outway.Subject, error) {
	s.write(v)
	made := uuid.NewString()
	id, err := s.claim("record", key, made)
	if err != nil {
		return outway.Subject{}, err
	}
	if id == "" {
		id = made
		s.records[id] = &outway.Subject{ID: id, Version: `"1"`, Data: merged(json.RawMessage(`{"id":"`+id+`"}`), v)}
	}
	return *s.records[id], nil
}

func (s *store) Subject(_ context.Context, id string) (outway.Subject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.crash(false); err != nil {
		return outway.Subject{}, err
	}
	return *s.records[id], s.crash(true)
}

func (s *store) updateSubject(id, version string, patch any) (outway.Subject, error) {
	s.write(patch)
	o := s.records[id]
	if o.Version != version {
		return outway.Subject{}, status(http.StatusPreconditionFailed)
	}
	o.Version, o.Data = next(o.Version), merged(o.Data, patch)
	return *o, nil
}

// UpdateSubject and CreateZaak do so behind the back of layer 4.
func (s *store) UpdateSubject(_ context.Context, id, version string, patch any) (outway.Subject, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.updateSubject(id, version, patch)
}

func (s *store) CreateZaak(_ context.Context, n outway.NewZaak, key outway.Key) (outway.Zaak, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	z, _, err := s.createZaak(n, key)
	return z, err
}

func (s *store) Verwerkingen(_ context.Context, zaak string, page, size int) (p outway.VerwerkingenPage, err error) {
	for _, l := range s.recorder.all() {
		if l.Zaak == zaak {
			p.Verwerkingen = append(p.Verwerkingen, l)
		}
	}
	p.Count = len(p.Verwerkingen)
	from := min((page-1)*size, p.Count)
	p.Verwerkingen = p.Verwerkingen[from:min(from+size, p.Count)]
	return p, nil
}

func merged(old json.RawMessage, patch any) json.RawMessage {
	var to, from map[string]any
	_ = json.Unmarshal(old, &to)
	raw, _ := json.Marshal(patch)
	_ = json.Unmarshal(raw, &from)
	for k, v := range from {
		if v == nil {
			delete(to, k)
		} else {
			to[k] = v
		}
	}
	raw, _ = json.Marshal(to)
	return raw
}
