package proces

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

const (
	// moveWithin is how long a start waits for zaken that go on elsewhere. With
	// very many the rest goes while the component runs.
	moveWithin = 10 * time.Second
	// keepUpEvery is how often a component that runs looks for zaken that another
	// replica, with the process of before, brought to a step that is gone.
	keepUpEvery   = time.Minute
	carriedAtOnce = 200
)

// Settle finds out whether every zaak can go on in the process of today, gives the
// process its version, and brings zaken where TransitionsFile says. It comes before
// the first request. A *Refusal says that people have to decide something first;
// with any other error layer 2 could not be asked, and Settle can be done again.
func (p *Process) Settle(ctx context.Context) error {
	if p.Processes == nil {
		return nil
	}
	known, err := p.Processes.Processes(ctx, p.model.Name)
	if err != nil {
		return err
	}
	p.learn(known)
	todo, refusal := p.judge(ctx, known)
	if err := ctx.Err(); err != nil {
		return err
	}
	if !refusal.empty() {
		return refusal
	}
	var steps []string
	for _, n := range p.model.Steps() {
		steps = append(steps, n.Step)
	}
	version, err := p.Processes.Define(ctx, p.model.Name, outway.NewDefinition{Sum: p.model.Sum(), BPMN: string(p.BPMN), Steps: steps})
	if err != nil {
		return err
	}
	p.versions.mu.Lock()
	p.versions.own = version
	if !slices.Contains(p.versions.all, version) {
		p.versions.all = append([]int{version}, p.versions.all...)
		p.versions.seen[version] = p.now()
	}
	p.versions.mu.Unlock()
	p.Log.InfoContext(ctx, "proces", "zaaktype", p.model.Name, "versie", version, "kenmerk", p.model.Sum()[:12])
	p.sayUnknown(ctx, known)
	p.warnOf(ctx, refusal.gone())
	inTime, cancel := context.WithTimeout(ctx, moveWithin)
	defer cancel()
	if err := p.carry(inTime, todo); err != nil && ctx.Err() == nil && inTime.Err() != nil {
		return nil // the rest goes while the component runs
	} else if err != nil {
		return err
	}
	return nil
}

// sayUnknown says of how many open zaken nobody knows under which process they began:
// from before that was kept, at a step that the first process did not have.
func (p *Process) sayUnknown(ctx context.Context, known outway.Processes) {
	count := 0
	for _, at := range known.Open {
		if at.Began == 0 && (len(known.Definitions) > 0 || p.model.Step(at.Step) == nil) {
			count += at.Count
		}
	}
	if count > 0 {
		p.Log.WarnContext(ctx, "van sommige lopende zaken is niet bekend onder welk proces zij begonnen; hun oude stappen staan in de historie met hun naam", "zaken", count)
	}
}

// learn remembers which versions there are, and on which zaken stay.
func (p *Process) learn(known outway.Processes) {
	v := &p.versions
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.seen == nil {
		v.seen = map[int]time.Time{}
	}
	for _, d := range known.Definitions {
		v.seen[d.Version] = d.Seen
		if !slices.Contains(v.all, d.Version) {
			v.all = append(v.all, d.Version)
		}
		if d.Sum == p.model.Sum() && v.own == 0 {
			v.own = d.Version
		}
	}
	slices.SortFunc(v.all, func(a, b int) int { return b - a })
	stays := map[int]bool{}
	for _, at := range known.Open {
		if at.Stays != 0 {
			stays[at.Stays] = true
		}
	}
	v.stays = stays
}

// judge says what has to be done with the open zaken, and why the process cannot
// start like this.
func (p *Process) judge(ctx context.Context, known outway.Processes) (todo []outway.Carry, r *Refusal) {
	r = &Refusal{process: p, stranded: map[string]*stranded{}}
	for _, o := range known.Others {
		// Before processes were kept, only a register without a zaak of ours tells that
		// the name is a new one; others may keep zaken of their own here.
		if o.Ours || len(known.Definitions) == 0 && len(known.Open) == 0 {
			r.renamed = append(r.renamed, o)
		}
	}
	moved := map[string]bool{}
	for _, at := range known.Open {
		t, said := p.moves[at.Step]
		switch {
		case said && t.To != "":
			if !moved[at.Step] {
				moved[at.Step] = true
				todo = append(todo, outway.Carry{From: at.Step, To: t.To, Text: p.wentOn(ctx, at, t.To)})
			}
		case at.Stays != 0 && at.Stays != p.ownVersion(known):
			p.canStay(ctx, r, at, at.Stays)
		case p.model.Step(at.Step) != nil:
		case said:
			version := p.lastWith(ctx, known, at)
			if version == 0 {
				r.unknown = append(r.unknown, at)
				continue
			}
			if p.canStay(ctx, r, at, version) {
				todo = append(todo, outway.Carry{From: at.Step, Stays: version, Began: at.Began})
			}
		case p.laterHas(ctx, known, at.Step):
			r.later = append(r.later, at)
		default:
			r.strand(p.nodeOf(ctx, at), at)
		}
	}
	return todo, r
}

// ownVersion is the version that the process of today has already; 0 for none.
func (p *Process) ownVersion(known outway.Processes) int {
	for _, d := range known.Definitions {
		if d.Sum == p.model.Sum() {
			return d.Version
		}
	}
	return 0
}

// nodeOf is the step as zaken there had it; nil when nobody knows it.
func (p *Process) nodeOf(ctx context.Context, at outway.OpenAt) *bpmn.Node {
	return p.step(ctx, outway.Zaak{Began: at.Began, Stays: at.Stays}, at.Step)
}

// wentOn is what the history says of a zaak that goes on elsewhere.
func (p *Process) wentOn(ctx context.Context, at outway.OpenAt, to string) string {
	was, now := at.Step, to
	if n := p.nodeOf(ctx, at); n != nil {
		was = n.Title
	}
	if n := p.model.Step(to); n != nil {
		now = n.Title
	}
	return fmt.Sprintf("De stap “%s” bestaat niet meer; deze zaak ging door een wijziging van het proces verder bij “%s”.", was, now)
}

// lastWith is the version on which the zaken at a step stay: the one under which
// they began when it has the step, or else the newest that has it.
func (p *Process) lastWith(ctx context.Context, known outway.Processes, at outway.OpenAt) int {
	order := []int{at.Began}
	for _, d := range slices.Backward(known.Definitions) {
		order = append(order, d.Version)
	}
	for _, version := range order {
		if model := p.stored(ctx, version); version != 0 && model != nil && model.Step(at.Step) != nil {
			return version
		}
	}
	return 0
}

// canStay says whether a zaak at a step can run to its end in an earlier process
// with the code that is here, and notes in the refusal what is missing.
func (p *Process) canStay(ctx context.Context, r *Refusal, at outway.OpenAt, version int) bool {
	model := p.stored(ctx, version)
	if model == nil {
		r.cannot(at, version, []string{"die versie van het proces is niet te lezen"})
		return false
	}
	n := model.Step(at.Step)
	if n == nil {
		r.cannot(at, version, []string{"die versie van het proces heeft deze stap niet"})
		return false
	}
	var missing []string
	for _, n := range n.Following() {
		missing = append(missing, p.missingFor(n)...)
	}
	if missing != nil {
		r.cannot(at, version, missing)
	}
	return missing == nil
}

// missingFor lists what a step of an earlier process needs and the code has no
// more.
func (p *Process) missingFor(n *bpmn.Node) (missing []string) {
	miss := func(format string, args ...any) { missing = append(missing, fmt.Sprintf(format, args...)) }
	if n.Kind == bpmn.End {
		return nil
	}
	now := p.model.Step(n.Step)
	switch {
	case now == nil && !p.moves.Stays(n.Step):
		miss("de zaak komt ook langs stap %s; zet in %s ook: %s", n.Step, TransitionsFile, transitionLine(n.Step, stays))
	case now != nil && (now.StepKind != n.StepKind || now.Role != n.Role || now.Topic != n.Topic):
		miss("stap %s is er nu anders (%s) dan toen (%s)", n.Step, what(now), what(n))
	}
	if n.Kind == bpmn.Service {
		if p.Course.Questions[n.Step].Ask == nil {
			miss("de vraag van stap %s ontbreekt in 4-proces/verloop.go", n.Step)
		}
		return missing
	}
	if _, there := p.roles[n.Role]; !there {
		miss("rol %s van stap %s ontbreekt in 4-proces/rollen.go", n.Role, n.Step)
	}
	if !p.contract.Has("POST", operationOf(n.Step)) {
		miss("POST %s ontbreekt in 4-proces/openapi.yaml", operationOf(n.Step))
		return missing
	}
	if n.StepKind == "form" {
		if p.Forms != nil && !p.Forms[n.Step] {
			miss("de vragen van stap %s ontbreken in 5-interactie/schermen.go", n.Step)
		}
		return missing
	}
	choices := p.checker.choices(n.Step)
	for _, o := range n.Outcomes {
		if !slices.Contains(choices, o.Name) {
			miss("uitkomst %s van stap %s ontbreekt in 4-proces/openapi.yaml bij POST %s", o.Name, n.Step, operationOf(n.Step))
		}
	}
	return missing
}

// what says in some words what a step is.
func what(n *bpmn.Node) string {
	if n.Kind == bpmn.Service {
		return "een vraag aan " + n.Topic
	}
	return strings.TrimSpace(n.StepKind + " van rol " + n.Role)
}

// carry does what has to be done with the zaken, one line of the log for all of
// it. Another replica may do the same at this moment: layer 2 lets one go first.
func (p *Process) carry(ctx context.Context, todo []outway.Carry) error {
	if len(todo) == 0 {
		return nil
	}
	h := p.newAction("Zaken overzetten naar een gewijzigd proces", nil)
	return p.withLogboek(ctx, h, changes, func(ctx context.Context) error {
		for _, c := range todo {
			c.Most = carriedAtOnce
			count := 0
			for {
				n, err := p.Processes.Carry(ctx, p.model.Name, c)
				if count += n; err != nil || n == 0 {
					p.sayCarried(ctx, c, count, err)
					if err != nil {
						return err
					}
					break
				}
			}
			if c.Stays != 0 {
				p.versions.mu.Lock()
				p.versions.stays[c.Stays] = true
				p.versions.mu.Unlock()
			}
		}
		return nil
	})
}

func (p *Process) sayCarried(ctx context.Context, c outway.Carry, count int, err error) {
	switch {
	case err != nil:
		p.Log.WarnContext(ctx, "nog niet alle zaken van een stap die niet meer bestaat zijn overgezet", "stap", c.From, "zaken", count, "fout", err)
	case count > 0 && c.Stays != 0:
		p.Log.InfoContext(ctx, "zaken blijven op een eerdere versie van het proces", "stap", c.From, "versie", c.Stays, "zaken", count)
	case count > 0:
		p.Log.InfoContext(ctx, "zaken overgezet naar een andere stap van het proces", "van", c.From, "naar", c.To, "zaken", count)
	}
}

// keepUp brings zaken on that came to a step that is gone since the start: a
// replica with the process of before moved them, or a mark let go of them.
func (p *Process) keepUp(ctx context.Context) {
	if p.Processes == nil || p.version() == 0 {
		return
	}
	known, read := p.readKnown(ctx)
	if !read {
		return
	}
	todo, refusal := p.judge(ctx, known)
	p.warnOf(ctx, refusal.gone())
	if err := p.carry(ctx, p.onlyNeeded(ctx, todo)); err != nil && ctx.Err() == nil {
		p.Log.WarnContext(ctx, "zaken zijn niet over te zetten", "fout", err)
	}
}

// warnOf remembers which zaken cannot go on here, and says so when that is news.
func (p *Process) warnOf(ctx context.Context, gone map[string]outway.OpenAt) {
	p.versions.mu.Lock()
	news := !maps.Equal(p.versions.gone, gone)
	p.versions.gone = gone
	p.versions.mu.Unlock()
	if news {
		for _, text := range p.goneTexts() {
			p.Log.WarnContext(ctx, text)
		}
	}
}

// onlyNeeded leaves out what would find nothing: zaken that stand still wait until
// that is over, and asking for them every minute would fill the log.
func (p *Process) onlyNeeded(ctx context.Context, todo []outway.Carry) (needed []outway.Carry) {
	for _, c := range todo {
		if p.newerHas(ctx, c.From) {
			continue
		}
		found, err := p.Zaken.Zaken(ctx, outway.Filter{Zaaktype: p.model.Name, Steps: []string{c.From}, Open: true, Sort: "gewijzigdOp", Page: 1, Size: 100})
		if err == nil && slices.ContainsFunc(found.Zaken, func(z outway.Zaak) bool { return !z.Stopped() }) || found.Count > 100 {
			needed = append(needed, c)
		}
	}
	return needed
}

// newerHas says whether a later process has a step: then it is being rolled out at
// this moment, and its zaken are not ours to move.
func (p *Process) newerHas(ctx context.Context, step string) bool {
	p.versions.mu.Lock()
	own, all := p.versions.own, slices.Clone(p.versions.all)
	p.versions.mu.Unlock()
	for _, version := range all {
		if version <= own {
			break
		}
		if model := p.stored(ctx, version); model == nil || model.Step(step) != nil {
			return true
		}
	}
	return false
}

// warnings are what the health answer says.
func (p *Process) warnings() []string {
	all := p.goneTexts()
	if p.Warnings != nil {
		all = append(all, p.Warnings()...)
	}
	return all
}

func (p *Process) goneTexts() (all []string) {
	p.versions.mu.Lock()
	defer p.versions.mu.Unlock()
	for _, step := range sortedKeys(p.versions.gone) {
		all = append(all, fmt.Sprintf("Bij stap %s staan lopende zaken: %d. Het proces dat hier draait kent die stap niet. Zeg in %s waar zij verder gaan, tenzij er nu een andere versie wordt uitgerold.", step, p.versions.gone[step].Count, TransitionsFile))
	}
	return all
}
