package proces

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// state is a zaak as a user finds it.
type state struct {
	zaak outway.Zaak
	place
	subject     *outway.Subject
	statuses    []outway.StatusRecord
	corrections []inzage.Correction
	seen        sight

	// done says that a step was done with the key of this attempt before, and reused
	// that the key came with something else. Only layer 2 knows: it keeps the key
	// with the status.
	done, reused bool
}

// etag covers the zaak and the record that it is about: who completes a form
// must have seen the latest of both.
func (s state) etag() string {
	tag := strings.Trim(s.zaak.Version, `"`)
	if s.subject != nil {
		tag += "." + strings.Trim(s.subject.Version, `"`)
	}
	return `"` + tag + `"`
}

// find reads a zaak and the record that it is about for a user, and looks whether a
// step was done with a key. Whoever may not see it hears that it is not there.
func (p *Process) find(ctx context.Context, u identity.User, id string, key ...outway.Key) (state, error) {
	if !u.Known() && !p.startRole().Anonymous {
		return state{}, unauthorized()
	}
	k := outway.Look{Zaak: id, Zaaktype: p.model.Name, WithSubject: p.Course.Subject != ""}
	if p.roles[u.Role].Outside() && !p.startRole().Anonymous {
		// Of the zaak of another the record is read only once it is clear who may see it.
		k.Initiator = u.Applicant().ID
		if u.Represents.Known() {
			k.Representative = u.ID
		}
	}
	for _, key := range key {
		k.Key = key
	}
	f, err := p.lookAt(ctx, k)
	if err != nil {
		return state{}, storeFault(err)
	}
	s := state{zaak: f.Zaak, subject: f.Subject, statuses: f.Statuses, corrections: f.Corrections, done: f.Done, reused: f.Reused}
	if err := p.judgeSight(ctx, u, &s); err != nil || f.Asked || s.zaak.Subject == "" || p.Course.Subject == "" {
		return s, err
	}
	o, err := p.Subjects.Subject(ctx, s.zaak.Subject)
	switch {
	case err == nil:
		s.subject = &o
	case outway.Status(err) != http.StatusNotFound: // removed after its retention period
		return s, storeFault(err)
	}
	return s, nil
}

// look is find without the record: what nobody needs nobody reads.
func (p *Process) look(ctx context.Context, u identity.User, id string) (s state, err error) {
	if !u.Known() && !p.startRole().Anonymous {
		return s, unauthorized()
	}
	if s.zaak, err = p.Zaken.Zaak(ctx, id); err != nil {
		return s, storeFault(err)
	}
	return s, p.judgeSight(ctx, u, &s)
}

// judgeSight says how much of a zaak the user sees; a 404 for nothing of it.
func (p *Process) judgeSight(ctx context.Context, u identity.User, s *state) error {
	if s.zaak.Zaaktype != p.model.Name {
		return rest.NotFound()
	}
	s.place = p.at(ctx, s.zaak)
	p.about(ctx, s.zaak)
	if s.seen = p.sees(u, s.zaak, s.at); s.seen == nothing {
		return rest.NotFound()
	}
	return p.onlyGuest(ctx, u, s.zaak, s.statuses)
}

// after is a zaak as a user finds it who just did something with it, by what layer 2
// said of that. What was done before and only repeated is read anew: others may have
// gone on since.
func (p *Process) after(ctx context.Context, u identity.User, before state, d outway.Done) (state, error) {
	if d.Repeated {
		return p.find(ctx, u, d.Zaak.ID)
	}
	s := state{zaak: d.Zaak, subject: before.subject, corrections: before.corrections, statuses: slices.Concat(before.statuses, d.Set)}
	if d.Subject != nil {
		s.subject = d.Subject
	}
	return s, p.judgeSight(ctx, u, &s)
}

// show answers with a zaak as it is now.
func (p *Process) show(ctx context.Context, w http.ResponseWriter, status int, u identity.User, s state, answers []asked) error {
	d := zaakDetail{zaakView: p.showZaak(s.zaak, s.place), Drawing: s.drawing(p.version()), History: p.history(ctx, s.zaak, s.statuses, s.seen == everything), MaySee: s.seen == everything}
	if s.seen != everything {
		d.parties = parties{}
	}
	if role := p.roles[u.Role]; !u.Known() || role.Outside() {
		p.discreet(d.History)
	}
	d.Marks = p.marks(u, s.zaak)
	d.History = p.corrected(s.corrections, d.History, d.MaySee)
	if s.subject != nil && s.seen == everything {
		d.Data = s.subject.Data
	}
	// What a source said is for whoever goes on with it, not for whoever came
	// before: a citizen does not get to see what was found about the person
	// whose number she typed.
	if len(answers) > 0 && (s.at.Role == u.Role && u.Known() || !s.zaak.Open()) {
		d.Answers = showAnswers(answers)
	}
	w.Header().Set("ETag", s.etag())
	return rest.Write(w, status, d)
}
