package proces

import (
	"context"
	"net/http"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// While a new version is rolled out, its process and the one of before work on the
// same zaken. A zaak at a step that only a later process has is not ours to do or to
// move, and nobody has to decide anything about it. The same goes for a version that
// comes back after a later one.

// unsure is how long the processes are not read again for a step that nobody knows.
const unsure = 5 * time.Second

// relearn reads which processes there are, when that was not done just now: another
// replica may have brought one since the start.
func (p *Process) relearn(ctx context.Context) bool {
	if p.Processes == nil || p.version() == 0 {
		return false
	}
	v := &p.versions
	v.mu.Lock()
	soon := p.now().Before(v.relearned.Add(unsure))
	if !soon {
		v.relearned = p.now()
	}
	v.mu.Unlock()
	if soon {
		return false
	}
	_, read := p.readKnown(ctx)
	return read
}

// readKnown reads again which processes there are, while the component runs: when that
// cannot be, what is known holds.
func (p *Process) readKnown(ctx context.Context) (known outway.Processes, read bool) {
	known, err := p.Processes.Processes(ctx, p.model.Name)
	if err != nil {
		p.Log.DebugContext(ctx, "de processen van zaken zijn niet te lezen", "fout", err)
		return known, false
	}
	p.learn(known)
	return known, true
}

// laterHas says whether a process that came after ours has a step. One of which ours
// was not there before is no later one: then the step is gone.
func (p *Process) laterHas(ctx context.Context, known outway.Processes, step string) bool {
	own := p.ownVersion(known)
	if own == 0 {
		return false
	}
	for _, d := range known.Definitions {
		if d.Version <= own {
			continue
		}
		if model := p.stored(ctx, d.Version); model != nil && model.Step(step) != nil {
			return true
		}
	}
	return false
}

// elsewhere says what somebody hears who wants to do a step that is not in the
// process of here: when it goes on by itself soon, that it can be tried again.
func (p *Process) elsewhere(ctx context.Context, s state) error {
	again := func(text string) error {
		return rest.NewProblem(http.StatusServiceUnavailable, text+" Er is niets verloren; probeer het zo nog eens.").With("Retry-After", "5")
	}
	own := p.version()
	switch t, said := p.moves[s.zaak.CurrentStep]; {
	case said && !p.newerHas(ctx, s.zaak.CurrentStep):
		p.versions.hurry.Store(true)
		if t.To == "" {
			return again("Deze zaak maakt zo het oude proces af.")
		}
		return again("Deze zaak gaat zo verder bij een andere stap.")
	case own != 0 && s.version > own:
		return again("Deze zaak is verder in een nieuwere versie van dit component, die nu wordt uitgerold.")
	}
	return rest.NewProblem(http.StatusConflict, "De stap "+s.at.Title+" bestaat niet meer. De zaak gaat verder als de beheerder heeft gezegd waar.")
}

// another tells people where a zaak stands whose step is not in the process of here.
func (p *Process) another(at place) string {
	if own := p.version(); own != 0 && at.version > own {
		return " (in een nieuwere versie, die nu wordt uitgerold)"
	}
	return " (deze stap bestaat niet meer)"
}
