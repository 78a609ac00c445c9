package proces

import (
	"context"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// secret is what only a source knows.
const secret = "geheim-van-de-bron"

// source answers questions, until it is made to fail.
type source struct {
	mu    sync.Mutex
	err   error
	found bool
	asked []string
	while func()          // happens while a question is being answered
	trace []logboek.Trace // of what each question was part
	says  outway.Answer   // besides what is found
}

func (s *source) ask(ctx context.Context, name, question string) (outway.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if outway.Foreseeing(ctx) {
		return outway.Answer{}, errDown
	}
	a := outway.Answer{Bron: name, Title: "Bron " + name, Activity: logboek.Activity{Name: "a", Title: "Activiteit"}}
	s.asked, s.trace = append(s.asked, question), append(s.trace, logboek.TraceFrom(ctx))
	if s.while != nil {
		s.while()
	}
	if s.err != nil {
		return a, s.err
	}
	a.Fields, a.Warnings, a.List, a.Notes, a.Hint, a.Unasked = s.says.Fields, s.says.Warnings, s.says.List, s.says.Notes, s.says.Hint, s.says.Unasked
	if a.Found = s.found; s.found {
		a.Count, a.Data = max(s.says.Count, 1), map[string]any{"adresnummer": "0363", "naam": secret}
		if s.says.Data != nil {
			a.Data = s.says.Data
		}
	}
	return a, nil
}

func (s *source) set(found bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found, s.err = found, err
}

var errDown = &outway.Fault{Kind: outway.FaultConnection, Service: "adressen"}

// course is the wiring of each of the three processes in testdata.
func course(name string, s *source) Course {
	c := courseOf(name, s)
	c.Activity = logboek.Activity{Name: "behandelen", Title: "Zaken behandelen", URI: "urn:uuid:0198f7a0-0000-7000-8000-0000000000aa",
		Purpose: "Bijhouden", Grondslag: "publieke taak", Explanation: "Een wet"}
	c.Activities = []logboek.Activity{c.Activity}
	return c
}

func courseOf(name string, s *source) Course {
	switch name {
	case "aanvraag":
		return Course{
			Subject: "dossiers",
			Roles:   []identity.Role{{Name: "aanvrager", Title: "Aanvrager", Citizen: true}, {Name: "behandelaar", Title: "Behandelaar", Rights: []string{identity.RightInzage, identity.RightArchief}}},
			Questions: map[string]Question{"opzoeken": {Ask: func(ctx context.Context, d Data) (outway.Answer, error) {
				return s.ask(ctx, "adressen", d.Field("adres", "postcode")+d.Field("adres", "huisnummer"))
			}}},
		}
	case "vraag":
		return Course{
			Roles: []identity.Role{{Name: "onderzoeker", Title: "Onderzoeker"}},
			Questions: map[string]Question{
				"adres-zoeken": {Input: []string{"postcode", "letter"}, Required: []string{"postcode"}, Ask: func(ctx context.Context, d Data) (outway.Answer, error) {
					return s.ask(ctx, "adressen", d.Input("postcode"))
				}},
				"bewoners-zoeken": {Input: []string{"dag"}, Required: []string{"dag"}, Answers: []string{"adres-zoeken"}, Ask: func(ctx context.Context, d Data) (outway.Answer, error) {
					return s.ask(ctx, "bewoners", d.Answer("adres-zoeken", "adresnummer")+" "+d.Input("dag"))
				}},
			},
		}
	}
	return Course{
		Subject: "meldingen",
		Roles:   []identity.Role{{Name: "melder", Title: "Melder", Citizen: true, Anonymous: true}},
	}
}
