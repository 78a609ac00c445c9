// Package bron stands in for a source: somebody else's API. What it answers
// stands in a file that a team can edit. It shows that by a header, and it
// never runs in production: the stand-in of the outway sees to that.
package bron

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strings"
)

// HeaderNabootsing is on every answer of a stand-in.
const HeaderNabootsing = "Nabootsing"

// Bestanden are the files of one source, as paths from the root of the
// component.
type Bestanden struct {
	Antwoorden   string // what it answers
	Specificatie string // its OpenAPI file, to judge questions by; "": the one that the answers name
}

// Zoek lists the sources that have an answers file in 3-integratie.
func Zoek(files fs.FS) ([]Bestanden, error) {
	names, err := fs.Glob(files, "3-integratie/*.antwoorden.json")
	all := make([]Bestanden, len(names))
	for i, name := range names {
		all[i] = Bestanden{Antwoorden: name}
	}
	return all, err
}

// Bron is the stand-in of one source.
type Bron struct {
	antwoorden
	specificatie *specificatie // nil: questions are not judged
	log          *slog.Logger
}

// Alle makes the stand-ins of all sources, by the FSC name of their service.
// The error tells every mistake in the answers files (Fouten) at once.
func Alle(files fs.FS, log *slog.Logger, all ...Bestanden) (map[string]http.Handler, error) {
	sources := map[string]http.Handler{}
	var wrong Fouten
	var errs []error
	for _, one := range all {
		b, err := New(files, log, one)
		mistakes, isWrong := errors.AsType[Fouten](err)
		switch {
		case isWrong:
			wrong = append(wrong, mistakes...)
		case err != nil:
			errs = append(errs, err)
		case sources[b.dienst] != nil:
			wrong = append(wrong, Fout{Bestand: one.Antwoorden, Regel: 1, Plek: "dienst", Tekst: "een ander antwoordenbestand is al van dienst " + b.dienst})
		default:
			sources[b.dienst] = b
		}
	}
	if len(wrong) > 0 {
		errs = append(errs, wrong)
	}
	return sources, errors.Join(errs...)
}

// New makes the stand-in of one source. The error is of type Fouten when its
// answers file is wrong.
func New(files fs.FS, log *slog.Logger, of Bestanden) (*Bron, error) {
	a, err := leesAntwoorden(files, of.Antwoorden)
	if err != nil {
		return nil, err
	}
	for _, place := range a.echt {
		log.Warn("dit burgerservicenummer kan van een echt mens zijn; gebruik een nummer dat met 9999 begint", "bestand", of.Antwoorden, "plek", place)
	}
	spec := nieuweSpecificatie(files, cmp.Or(of.Specificatie, a.specificatie), a.operaties, log)
	return &Bron{*a, spec, log}, nil
}

// ServeHTTP is the source.
func (b *Bron) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(HeaderNabootsing, "bron")
	candidates, params, others := b.zoek(r)
	if status := Gedwongen(r.Context()); status != 0 {
		gedwongen(w, candidates, status)
		return
	}
	if len(candidates) == 0 {
		b.onbekend(w, others)
		return
	}
	asked, err := leesVraag(r, params)
	switch {
	case errors.Is(err, errTeGroot):
		probleem(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("De vraag is groter dan %d MB.", maxVraag>>20))
		return
	case errors.Is(err, errGeenJSON):
		probleem(w, http.StatusBadRequest, "De vraag is geen geldige JSON.")
		return
	case err != nil:
		probleem(w, http.StatusBadRequest, "De vraag kwam niet in zijn geheel aan.")
		return
	}
	rules := b.specificatie.van(candidates[0])
	if f := rules.keur(asked); f != nil {
		b.log.Warn("de vraag is niet zoals de bron haar beschrijft", "dienst", b.dienst, "operatie", candidates[0].naam, "status", f.Status, "waarom", f.Detail)
		schrijf(w, f.Status, rules.soort(f.Status), f)
		return
	}
	antwoord(w, candidates, rules, asked)
}

// zoek finds the operations on a path, those without parameters in the path
// first, with the parameters; and, when there are none, the methods that the
// path does have.
func (b *Bron) zoek(r *http.Request) (found []*operatie, params map[string]string, others []string) {
	least := 0
	for _, op := range b.operaties {
		values, ok := inPad(op.segmenten, r.URL.EscapedPath())
		switch {
		case !ok:
		case op.methode != r.Method:
			others = append(others, op.methode)
		case len(found) > 0 && len(values) > least:
		case len(found) > 0 && len(values) == least:
			found = append(found, op)
		default:
			found, params, least = []*operatie{op}, values, len(values)
		}
	}
	return found, params, others
}

// antwoord gives the first case that fits, of the operations on this path.
func antwoord(w http.ResponseWriter, candidates []*operatie, rules *regels, asked *vraag) {
	for _, op := range candidates {
		for _, g := range op.gevallen {
			if g.past(asked) {
				op.geef(w, g, rules, asked)
				return
			}
		}
	}
	op := candidates[0]
	if op.anders != nil {
		op.geef(w, op.anders, rules, asked)
		return
	}
	// A real source says in one of two ways that there is nothing: an empty
	// list, or 404.
	if len(op.gevallen) > 0 {
		if empty, has := leeg(op.gevallen[0].inhoud); has {
			schrijf(w, http.StatusOK, rules.soort(http.StatusOK), empty)
			return
		}
	}
	probleem(w, http.StatusNotFound, "")
}

func (op *operatie) geef(w http.ResponseWriter, g *geval, rules *regels, asked *vraag) {
	if g.zonder {
		w.WriteHeader(g.status)
		return
	}
	schrijf(w, g.status, rules.soort(g.status), op.kiest.kies(g.inhoud, asked))
}

// onbekend says that the answers file has no such question.
func (b *Bron) onbekend(w http.ResponseWriter, others []string) {
	if len(others) > 0 {
		slices.Sort(others)
		w.Header().Set("Allow", strings.Join(slices.Compact(others), ", "))
		probleem(w, http.StatusMethodNotAllowed, "Dit pad kent deze methode niet.")
		return
	}
	probleem(w, http.StatusNotFound, "De nabootsing kent dit pad niet: geen operatie in het antwoordenbestand heeft het.")
}

// leeg is an answer without the contents of its lists; it reports whether
// there was a list to empty.
func leeg(v any) (any, bool) {
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for key, value := range v {
			if sub, ok := leeg(value); ok {
				kept[key] = sub
			}
		}
		return kept, len(kept) > 0
	case []any:
		return []any{}, true
	}
	return nil, false
}

type sleutelStatus struct{}

// MetStatus makes a source answer with a fault, whatever is asked: 401, 404,
// 429, 503 or another status from 400 on. 0 lets it answer as usual.
func MetStatus(ctx context.Context, status int) context.Context {
	return context.WithValue(ctx, sleutelStatus{}, status)
}

// Gedwongen is the status that MetStatus asked for, 0 for none.
func Gedwongen(ctx context.Context) int {
	status, _ := ctx.Value(sleutelStatus{}).(int)
	return status
}
