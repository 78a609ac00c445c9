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

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

// HeaderStandIn is on every answer of a stand-in.
const HeaderStandIn = fsc.HeaderStandIn

// Files are the files of one source, as paths from the root of the
// component.
type Files struct {
	Answers       string // what it answers
	Specification string // its OpenAPI file, to judge questions by; "": the one that the answers name
}

// Find lists the sources that have an answers file in 3-integratie.
func Find(files fs.FS) ([]Files, error) {
	names, err := fs.Glob(files, "3-integratie/*.antwoorden.json")
	all := make([]Files, len(names))
	for i, name := range names {
		all[i] = Files{Answers: name}
	}
	return all, err
}

// Bron is the stand-in of one source.
type Bron struct {
	answers
	specification *specification // nil: questions are not judged
	log           *slog.Logger
}

// All makes the stand-ins of all sources, by the FSC name of their service. Sources
// that ask one service are one stand-in, with the answers of each.
// The error tells every mistake in the answers files (Faults) at once.
func All(files fs.FS, log *slog.Logger, all ...Files) (map[string]http.Handler, error) {
	sources := map[string]http.Handler{}
	var wrong Faults
	var errs []error
	for _, one := range all {
		b, err := New(files, log, one)
		mistakes, isWrong := errors.AsType[Faults](err)
		switch {
		case isWrong:
			wrong = append(wrong, mistakes...)
		case err != nil:
			errs = append(errs, err)
		case sources[b.service] != nil:
			sources[b.service] = sources[b.service].(*Bron).with(b)
		default:
			sources[b.service] = b
		}
	}
	if len(wrong) > 0 {
		errs = append(errs, wrong)
	}
	return sources, errors.Join(errs...)
}

// New makes the stand-in of one source. The error is of type Faults when its
// answers file is wrong.
func New(files fs.FS, log *slog.Logger, of Files) (*Bron, error) {
	a, err := readAnswers(files, of.Answers)
	if err != nil {
		return nil, err
	}
	for _, place := range a.real {
		log.Warn("dit burgerservicenummer kan van een echt mens zijn; gebruik een nummer dat met 9999 begint", "bestand", of.Answers, "plek", place)
	}
	spec := newSpecification(files, cmp.Or(of.Specification, a.specification), a.operations, log)
	return &Bron{*a, spec, log}, nil
}

// with is a stand-in that also has the operations of another file.
func (b *Bron) with(more *Bron) *Bron {
	both := *b
	both.operations = slices.Concat(b.operations, more.operations)
	both.specification = b.specification.with(more.specification)
	return &both
}

// ServeHTTP is the source.
func (b *Bron) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(HeaderStandIn, "bron")
	candidates, params, others := b.find(r)
	if status := ForcedStatus(r.Context()); status == http.StatusNotFound && len(candidates) > 0 {
		nothing(w, candidates[0], b.specification.of(candidates[0]), &question{r: r})
		return
	} else if status != 0 {
		forced(w, candidates, status)
		return
	}
	if len(candidates) == 0 {
		b.unknown(w, others)
		return
	}
	asked, err := readQuestion(r, params)
	switch {
	case errors.Is(err, errTooLarge):
		problem(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("De vraag is groter dan %d MB.", maxQuestion>>20))
		return
	case errors.Is(err, errNotJSON):
		problem(w, http.StatusBadRequest, "De vraag is geen geldige JSON.")
		return
	case err != nil:
		problem(w, http.StatusBadRequest, "De vraag kwam niet in zijn geheel aan.")
		return
	}
	rules := b.specification.of(candidates[0])
	if f := rules.judge(asked); f != nil {
		b.log.Warn("de vraag is niet zoals de bron haar beschrijft", "dienst", b.service, "operatie", candidates[0].name, "status", f.Status, "waarom", f.Detail)
		write(w, f.Status, rules.mediaType(f.Status), f)
		return
	}
	answer(w, candidates, rules, asked)
}

// find finds the operations on a path, those without parameters in the path
// first, with the parameters; and, when there are none, the methods that the
// path does have.
func (b *Bron) find(r *http.Request) (found []*operation, params map[string]string, others []string) {
	least := 0
	for _, op := range b.operations {
		values, ok := matchPath(op.segments, r.URL.EscapedPath())
		switch {
		case !ok:
		case op.method != r.Method:
			others = append(others, op.method)
		case len(found) > 0 && len(values) > least:
		case len(found) > 0 && len(values) == least:
			found = append(found, op)
		default:
			found, params, least = []*operation{op}, values, len(values)
		}
	}
	return found, params, others
}

// answer gives the first case that fits, of the operations on this path.
func answer(w http.ResponseWriter, candidates []*operation, rules *rules, asked *question) {
	for _, op := range candidates {
		for _, c := range op.cases {
			if c.past(asked) {
				op.give(w, c, rules, asked)
				return
			}
		}
	}
	op := candidates[0]
	if op.otherwise != nil {
		op.give(w, op.otherwise, rules, asked)
		return
	}
	op.hint(w, asked)
	nothing(w, op, rules, asked)
}

// nothing answers as a source that finds nothing: as the answers file says, with an
// empty list, or else with 404.
func nothing(w http.ResponseWriter, op *operation, rules *rules, asked *question) {
	if op.otherwise != nil && FindsNothing(op.otherwise.status) { // and does not refuse the question
		op.give(w, op.otherwise, rules, asked)
		return
	}
	var example any
	if len(op.cases) > 0 {
		example = op.cases[0].content
	}
	if empty, has := Nothing(strings.Join(op.segments, "/"), example); has {
		write(w, http.StatusOK, rules.mediaType(http.StatusOK), empty)
		return
	}
	if own, has := op.faults[http.StatusNotFound]; has {
		write(w, http.StatusNotFound, "", own)
		return
	}
	problem(w, http.StatusNotFound, "")
}

func (op *operation) give(w http.ResponseWriter, c *answerCase, rules *rules, asked *question) {
	if !c.finds() {
		op.hint(w, asked)
	}
	if c.empty {
		w.WriteHeader(c.status)
		return
	}
	write(w, c.status, rules.mediaType(c.status), op.choice.pick(c.content, asked))
}

// unknown says that the answers file has no such question.
func (b *Bron) unknown(w http.ResponseWriter, others []string) {
	if len(others) > 0 {
		slices.Sort(others)
		w.Header().Set("Allow", strings.Join(slices.Compact(others), ", "))
		problem(w, http.StatusMethodNotAllowed, "Dit pad kent deze methode niet.")
		return
	}
	problem(w, http.StatusNotFound, "De nabootsing kent dit pad niet: geen operatie in het antwoordenbestand heeft het.")
}

type statusKey struct{}

// WithStatus makes a source answer with a fault, whatever is asked: 401, 404,
// 429, 503 or another status from 400 on. 0 lets it answer as usual.
func WithStatus(ctx context.Context, status int) context.Context {
	return context.WithValue(ctx, statusKey{}, status)
}

// ForcedStatus is the status that WithStatus asked for, 0 for none.
func ForcedStatus(ctx context.Context) int {
	status, _ := ctx.Value(statusKey{}).(int)
	return status
}
