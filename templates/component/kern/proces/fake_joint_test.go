package proces

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

func (s *store) Look(_ context.Context, k outway.Look) (f outway.Found, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	z, there := s.zaken[k.Zaak]
	if there {
		if err := s.written(k.Lines...); err != nil {
			return f, err
		}
	}
	if err := s.crash(false); err != nil {
		return f, err
	}
	if !there {
		return f, status(http.StatusNotFound)
	}
	f.Zaak, f.Statuses, f.Corrections = *z, slices.Clone(s.statuses[k.Zaak]), slices.Clone(s.corrected[k.Zaak])
	of := func(want, is string) bool { return want == "" || want == is }
	if f.Asked = k.WithSubject && z.Subject != "" && of(k.Zaaktype, z.Zaaktype) && of(k.Initiator, z.Initiator) && of(k.Representative, z.Representative); f.Asked {
		o := *s.records[z.Subject]
		f.Subject = &o
	}
	if s.keys[k.Zaak+k.Key.ID] != "" && k.Key.ID != "" {
		_, err := s.claim(k.Zaak, k.Key, "")
		f.Done, f.Reused = err == nil, err != nil
	}
	return f, s.crash(true)
}

// Do does all of it or nothing.
func (s *store) Do(_ context.Context, w outway.Work) (d outway.Done, err error) {
	time.Sleep(s.slow)
	s.mu.Lock()
	defer s.mu.Unlock()
	undo := s.copied()
	if err = s.crash(false); err != nil {
		return d, err
	}
	if d, err = s.work(w); err != nil {
		undo()
		if outway.CauseOf(err) == outway.CauseRecording {
			s.calls-- // nothing was done
		}
		return outway.Done{}, err
	}
	return d, s.crash(true)
}

func (s *store) work(w outway.Work) (d outway.Done, err error) {
	id, version, repeated := w.Zaak, w.Version, false
	if w.Record != nil {
		o, err := s.createSubject(w.Record, w.RecordKey)
		if err != nil {
			return d, err
		}
		d.Subject, w.Open.Subject = &o, o.ID
	}
	if w.Open != nil {
		z, before, err := s.createZaak(*w.Open, w.OpenKey)
		if err != nil {
			return d, err
		}
		id, version, repeated, d.All = z.ID, `"1"`, before, true
		d.Set = []outway.StatusRecord{s.statuses[id][0]}
	}
	if w.Move != nil {
		row, before, err := s.setStatus(id, version, *w.Move, w.MoveKey)
		if err != nil {
			return d, err
		}
		repeated, d.Set = before, append(d.Set, row)
	}
	if w.Change != nil && !repeated {
		o, err := s.updateSubject(w.Subject, w.SubjectTag, w.Change)
		if err != nil {
			return d, err
		}
		d.Subject = &o
	}
	if d.Zaak, d.Repeated = *s.zaken[id], repeated; repeated {
		d.Set, d.All = slices.Clone(s.statuses[id]), true
	}
	ends := slices.Clone(w.Ends)
	for i := range ends {
		ends[i].Zaak = id
	}
	return d, s.written(append(slices.Clone(w.Lines), ends...)...)
}

// copied remembers how the store is, for when a transaction does not end.
func (s *store) copied() (undo func()) {
	zaken, records := map[string]outway.Zaak{}, map[string]outway.Subject{}
	for id, z := range s.zaken {
		zaken[id] = *z
	}
	for id, o := range s.records {
		records[id] = *o
	}
	statuses, keys, prints, lines := maps.Clone(s.statuses), maps.Clone(s.keys), maps.Clone(s.prints), s.recorder.all()
	sent := len(s.sent)
	return func() {
		s.zaken, s.records = map[string]*outway.Zaak{}, map[string]*outway.Subject{}
		for id, z := range zaken {
			s.zaken[id] = &z
		}
		for id, o := range records {
			s.records[id] = &o
		}
		s.statuses, s.keys, s.prints = statuses, keys, prints
		s.sent = s.sent[:sent]
		s.recorder.restore(lines)
	}
}
