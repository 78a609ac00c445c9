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
	spoor []logboek.Spoor // of what each question was part
}

func (s *source) ask(ctx context.Context, name, question string) (outway.Antwoord, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := outway.Antwoord{Bron: name, Titel: "Bron " + name, Activiteit: logboek.Activiteit{Naam: "a", Titel: "Activiteit"}}
	s.asked, s.spoor = append(s.asked, question), append(s.spoor, logboek.SpoorVan(ctx))
	if s.while != nil {
		s.while()
	}
	if s.err != nil {
		return a, s.err
	}
	if a.Gevonden = s.found; s.found {
		a.Gegevens = map[string]any{"adresnummer": "0363", "naam": secret}
	}
	return a, nil
}

func (s *source) set(found bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.found, s.err = found, err
}

var errDown = &outway.Fout{Soort: outway.FoutVerbinding, Dienst: "adressen"}

// verloop is the wiring of each of the three processes in testdata.
func verloop(name string, s *source) Verloop {
	v := verloopVan(name, s)
	v.Activiteit = logboek.Activiteit{Naam: "behandelen", Titel: "Zaken behandelen", URI: "urn:uuid:0198f7a0-0000-7000-8000-0000000000aa",
		Doel: "Bijhouden", Grondslag: "publieke taak", Toelichting: "Een wet"}
	v.Activiteiten = []logboek.Activiteit{v.Activiteit}
	return v
}

func verloopVan(name string, s *source) Verloop {
	switch name {
	case "aanvraag":
		return Verloop{
			Onderwerp: "dossiers",
			Rollen:    []identity.Role{{Naam: "aanvrager", Titel: "Aanvrager", Burger: true}, {Naam: "behandelaar", Titel: "Behandelaar"}},
			Vragen: map[string]Vraag{"opzoeken": {Stel: func(ctx context.Context, g Gegevens) (outway.Antwoord, error) {
				return s.ask(ctx, "adressen", g.Veld("adres", "postcode")+g.Veld("adres", "huisnummer"))
			}}},
		}
	case "vraag":
		return Verloop{
			Rollen: []identity.Role{{Naam: "onderzoeker", Titel: "Onderzoeker"}},
			Vragen: map[string]Vraag{
				"adres-zoeken": {Invoer: []string{"postcode", "letter"}, Verplicht: []string{"postcode"}, Stel: func(ctx context.Context, g Gegevens) (outway.Antwoord, error) {
					return s.ask(ctx, "adressen", g.Invoer("postcode"))
				}},
				"bewoners-zoeken": {Invoer: []string{"dag"}, Verplicht: []string{"dag"}, Antwoorden: []string{"adres-zoeken"}, Stel: func(ctx context.Context, g Gegevens) (outway.Antwoord, error) {
					return s.ask(ctx, "bewoners", g.Antwoord("adres-zoeken", "adresnummer")+" "+g.Invoer("dag"))
				}},
			},
		}
	}
	return Verloop{
		Onderwerp: "meldingen",
		Rollen:    []identity.Role{{Naam: "melder", Titel: "Melder", Burger: true, Anoniem: true}},
	}
}
