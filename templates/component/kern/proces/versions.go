package proces

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// ProcessService is what layer 2 does with the processes under which zaken run.
type ProcessService interface {
	Processes(ctx context.Context, zaaktype string) (outway.Processes, error)
	Definition(ctx context.Context, zaaktype string, version int) (outway.Definition, error)
	Define(ctx context.Context, zaaktype string, d outway.NewDefinition) (version int, err error)
	Carry(ctx context.Context, zaaktype string, c outway.Carry) (count int, err error)
}

// versions are the processes under which zaken began. Layer 2 has them; here is
// what was needed of them since the start.
type versions struct {
	mu     sync.Mutex
	own    int                      // of the process of today; 0 when it has none
	all    []int                    // those that are known to be there, the newest first
	read   map[int]*bpmn.Process    // nil for one that this kern cannot read
	stays  map[int]bool             // on which zaken stay
	seen   map[int]time.Time        // since when zaken ran in one
	missed map[int]time.Time        // when layer 2 did not give one
	gone   map[string]outway.OpenAt // steps with zaken of which nobody said where they go on

	relearned time.Time   // when it was last read again which there are
	hurry     atomic.Bool // somebody waits for a zaak that goes on elsewhere
}

// again is how long layer 2 is not asked again for what it did not give.
const again = 10 * time.Second

// version is that of the process of today; 0 when layer 2 keeps none.
func (p *Process) version() int {
	p.versions.mu.Lock()
	defer p.versions.mu.Unlock()
	return p.versions.own
}

// stored is the process of a version; nil when it is not there to read.
func (p *Process) stored(ctx context.Context, version int) *bpmn.Process {
	v := &p.versions
	v.mu.Lock()
	model, known := v.read[version]
	wait := p.now().Before(v.missed[version].Add(again))
	own := v.own
	v.mu.Unlock()
	switch {
	case version == own && version != 0:
		return p.model
	case known || wait || version == 0 || p.Processes == nil:
		return model
	}
	d, err := p.Processes.Definition(ctx, p.model.Name, version)
	v.mu.Lock()
	defer v.mu.Unlock()
	if err != nil {
		if v.missed == nil {
			v.missed = map[int]time.Time{}
		}
		v.missed[version] = p.now()
		p.Log.WarnContext(ctx, "een eerdere versie van het proces is niet te lezen", "versie", version, "fout", err)
		return nil
	}
	if model, err = bpmn.Parse([]byte(d.BPMN)); err != nil {
		p.Log.WarnContext(ctx, "een eerdere versie van het proces is niet meer te lezen; de namen van haar stappen staan er zonder titel", "versie", version, "fout", err)
		model = nil
	} else if p.Rename != nil {
		p.Rename(model)
	}
	if v.read == nil {
		v.read = map[int]*bpmn.Process{}
	}
	v.read[version] = model
	return model
}

// models visits the processes in which to look for what a zaak did, the nearest
// first: the one that it follows, that of today, the one under which it began, and
// the others. A list of zaken is read without the others of those that are not
// needed.
func (p *Process) models(ctx context.Context, z outway.Zaak) func(yield func(int, *bpmn.Process) bool) {
	return p.modelsFrom(ctx, z, -1)
}

// modelsFrom is models with another one first; -1 for none.
func (p *Process) modelsFrom(ctx context.Context, z outway.Zaak, first int) func(yield func(int, *bpmn.Process) bool) {
	return func(yield func(int, *bpmn.Process) bool) {
		p.versions.mu.Lock()
		own, all := p.versions.own, slices.Clone(p.versions.all)
		p.versions.mu.Unlock()
		order := append([]int{z.Stays, own, z.Began}, all...)
		if z.Stays == 0 {
			order = order[1:]
		}
		if first >= 0 {
			order = append([]int{first}, order...)
		}
		seen := map[int]bool{}
		for _, version := range order {
			if seen[version] {
				continue
			}
			seen[version] = true
			model := p.model
			if version != own {
				model = p.stored(ctx, version)
			}
			if model != nil && !yield(version, model) {
				return
			}
		}
	}
}

// then is the version in which a zaak ran at a moment: the one on which it stays, or
// the newest that was there. -1 when nobody knows.
func (p *Process) then(z outway.Zaak, moment time.Time) int {
	p.versions.mu.Lock()
	defer p.versions.mu.Unlock()
	switch {
	case z.Stays != 0:
		return z.Stays
	case z.Began == 0 || p.versions.own == 0:
		return -1
	}
	for _, version := range p.versions.all {
		if since, known := p.versions.seen[version]; known && version >= z.Began && !since.After(moment) {
			return version
		}
	}
	return z.Began
}

// place is where a zaak stands: at one step, in the process that it follows. (Where
// a zaak can stand at several steps at once, this is what there is one of for
// each.)
type place struct {
	at      *bpmn.Node
	model   *bpmn.Process // that the zaak follows
	version int           // in which at stands; 0 when in none, or when that of today has none
	lost    bool          // the step is not there any more: nobody can do it
}

// at is where a zaak stands. There is always a place: a zaak whose step is gone is
// shown under the title that it had.
func (p *Process) at(ctx context.Context, z outway.Zaak) place {
	if n := p.model.Step(z.CurrentStep); n != nil && z.Stays == 0 { // nearly always
		return place{at: n, model: p.model, version: p.version()}
	}
	found, known := p.whereIs(ctx, z)
	if !known && z.Open() && p.relearn(ctx) {
		found, known = p.whereIs(ctx, z)
	}
	if known {
		return found
	}
	gone := &bpmn.Node{Step: z.CurrentStep, Title: z.CurrentStep, Kind: bpmn.User, StepKind: "task"}
	if !z.Open() {
		gone.Kind, gone.StepKind, gone.Result = bpmn.End, "end", z.Resultaat
	}
	return place{at: gone, model: p.model, lost: true}
}

// whereIs looks for the step of a zaak in the processes that are known.
func (p *Process) whereIs(ctx context.Context, z outway.Zaak) (found place, known bool) {
	for version, model := range p.models(ctx, z) {
		n := model.Step(z.CurrentStep)
		if n == nil {
			continue
		}
		if follows := z.Stays != 0 && version == z.Stays || z.Stays == 0 && model == p.model; follows {
			return place{at: n, model: model, version: version}, true
		}
		return place{at: n, model: p.model, version: version, lost: true}, true
	}
	return place{}, false
}

// drawing is the version of which the picture shows the zaak; 0 for that of today.
func (w place) drawing(own int) int {
	if w.version == own {
		return 0
	}
	return w.version
}

// step is a step by name, as a zaak had it; nil when nobody knows it.
func (p *Process) step(ctx context.Context, z outway.Zaak, name string) *bpmn.Node {
	for _, model := range p.models(ctx, z) {
		if n := model.Step(name); n != nil {
			return n
		}
	}
	return nil
}

// named is a step of today, or of a process on which zaken stay.
func (p *Process) named(name string) *bpmn.Node {
	if n := p.model.Step(name); n != nil {
		return n
	}
	for _, model := range p.staying() {
		if n := model.Step(name); n != nil {
			return n
		}
	}
	return nil
}

// staying lists the processes on which zaken stay, the newest first.
func (p *Process) staying() (all []*bpmn.Process) {
	p.versions.mu.Lock()
	defer p.versions.mu.Unlock()
	for _, version := range p.versions.all {
		if model := p.versions.read[version]; model != nil && p.versions.stays[version] && version != p.versions.own {
			all = append(all, model)
		}
	}
	return all
}

func (p *Process) stayers() bool { return len(p.staying()) > 0 }

// stepsOf lists the names of the steps that are meant, each once: of the process of
// today and of those on which zaken stay.
func (p *Process) stepsOf(meant func(*bpmn.Node) bool) (names []string) {
	for _, model := range append([]*bpmn.Process{p.model}, p.staying()...) {
		for _, n := range model.Steps() {
			if meant(n) && !slices.Contains(names, n.Step) {
				names = append(names, n.Step)
			}
		}
	}
	return names
}

// isForm says whether a step takes the fields of a form.
func (p *Process) isForm(step string) bool {
	n := p.named(step)
	return n != nil && n.StepKind == "form"
}

// processRoutes are the internal operations for the pictures of earlier processes.
func (p *Process) processRoutes() []rest.Route {
	if p.Processes == nil {
		return nil
	}
	return []rest.Route{{Method: http.MethodGet, Pattern: "/processen/{versie}/bpmn", Handler: rest.HandlerFunc(p.earlierFile)}}
}

// earlierFile hands out the BPMN file of a version.
func (p *Process) earlierFile(w http.ResponseWriter, r *http.Request) error {
	version, err := strconv.Atoi(r.PathValue("versie"))
	if err != nil {
		return rest.NotFound()
	}
	d, err := p.Processes.Definition(r.Context(), p.model.Name, version)
	if err != nil {
		return storeFault(err)
	}
	w.Header().Set("Content-Type", "application/xml")
	_, err = w.Write([]byte(d.BPMN))
	return err
}
